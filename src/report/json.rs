//! One JSON object a call and line (JSON lines), for machines: the row of `calls.csv` with its figures, segments and
//! events inside. Names are those of the columns; what cannot be measured is `null`.

use std::io::{self, Write};

use serde::{Serialize, Serializer, ser::SerializeMap};

use super::{
    table::{self, CallRow, Cell, Column, FigureRow, SegmentRow},
    words::Language,
};
use crate::{audit::Audit, label::Layer};

/// Writes all calls of `audit` to `out`.
///
/// # Errors
/// Where `out` cannot be written to.
pub fn write(audit: &Audit, language: Language, mut out: impl Write) -> io::Result<()> {
    let columns = Columns { calls: table::calls(), figures: table::figures(), segments: table::segments() };
    for call in &audit.calls {
        let (events, segments) =
            table::segment_rows(call).into_iter().partition(|row| row.label().layer() == Layer::Event);
        let object = Call {
            columns: &columns,
            row: CallRow::new(call, language),
            figures: table::figure_rows(call, language),
            segments,
            events,
        };
        serde_json::to_writer(&mut out, &object)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// Writes a table to `out`, one object a row; names are those of the columns.
///
/// # Errors
/// Where `out` cannot be written to.
pub fn write_table<Row>(columns: &[Column<Row>], rows: &[Row], mut out: impl Write) -> io::Result<()> {
    for row in rows {
        serde_json::to_writer(&mut out, &Object(columns, row))?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

struct Columns<'a> {
    calls: Vec<Column<CallRow<'a>>>,
    figures: Vec<Column<FigureRow<'a>>>,
    segments: Vec<Column<SegmentRow<'a>>>,
}

struct Call<'a> {
    columns: &'a Columns<'a>,
    row: CallRow<'a>,
    figures: Vec<FigureRow<'a>>,
    segments: Vec<SegmentRow<'a>>,
    events: Vec<SegmentRow<'a>>,
}

impl Serialize for Call<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for column in &self.columns.calls {
            map.serialize_entry(column.name, &column.cell(&self.row))?;
        }
        map.serialize_entry("figures", &Rows(&self.columns.figures, &self.figures))?;
        map.serialize_entry("segments", &Rows(&self.columns.segments, &self.segments))?;
        map.serialize_entry("events", &Rows(&self.columns.segments, &self.events))?;
        map.end()
    }
}

/// A table inside a call; its first column, the file, is the call's.
struct Rows<'a, Row>(&'a [Column<Row>], &'a [Row]);

impl<Row> Serialize for Rows<'_, Row> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.1.iter().map(|row| Object(&self.0[1..], row)))
    }
}

struct Object<'a, Row>(&'a [Column<Row>], &'a Row);

impl<Row> Serialize for Object<'_, Row> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|column| (column.name, column.cell(self.1))))
    }
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let thousandths = |value: f64| (value * 1000.0).round() / 1000.0 + 0.0;
        match self {
            Self::Empty => serializer.serialize_none(),
            Self::Text(text) | Self::Keys(text) => serializer.serialize_str(text),
            Self::Count(count) => serializer.serialize_u32(*count),
            Self::Seconds(value) | Self::Number(value) if value.is_finite() => {
                serializer.serialize_f64(thousandths(*value))
            }
            Self::Confidence(value) if value.is_finite() => serializer.serialize_f64(thousandths((*value).into())),
            Self::Seconds(_) | Self::Number(_) | Self::Confidence(_) => serializer.serialize_none(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::report::table::tests as made;

    #[test]
    fn a_call_is_one_object_on_one_line() {
        let audit = Audit { client: None, calls: vec![made::call("shop/1.wav"), made::refused("2.wav")] };
        let mut out = vec![];
        write(&audit, Language::En, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        let calls: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(calls.len(), 2);
        assert!(text.starts_with("{\"file\":\"shop/1.wav\",\"line\":\"shop\",\"recorded_at\":"), "{text}");
        assert_eq!(calls[0]["rings"], 2);
        assert_eq!(calls[0]["keys"], "07");
        assert_eq!(calls[0]["total_wait_s"], 19.0);
        assert_eq!(calls[0]["caller_channel"], Value::Null);
        assert_eq!(calls[0]["schema"], table::SCHEMA);
        assert_eq!(calls[0]["events"][1]["detail"], "7");
        assert_eq!(calls[0]["segments"][1]["label"], "ringback");
        assert_eq!(calls[0]["figures"][3]["figure"], "answered_s");
        assert_eq!(calls[0]["figures"][3]["confidence"], 0.7);
        assert_eq!(calls[1]["rings"], Value::Null);
        assert_eq!(calls[1]["reason"], "=this is no sound recording", "JSON needs no guard against formulas");
    }
}

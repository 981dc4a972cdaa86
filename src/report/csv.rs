//! Tables as CSV: RFC 4180 and UTF-8, or as a Dutch Excel opens it with a double click.
//!
//! No cell is one that a spreadsheet takes for a formula: text that starts like one gets an apostrophe in front. Numbers
//! are always numbers. In the Excel variety keys are written `="007"`, the one form whose zeros Excel keeps.

use std::io::{self, Write};

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use super::table::{Cell, Column};

/// What kind of CSV.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Dialect {
    /// Commas between cells, points in numbers (RFC 4180).
    #[default]
    Plain,
    /// Semicolons between cells, commas in numbers, keys that keep their zeros: for a Dutch Excel.
    ExcelNl,
}

/// What text may not start with in a spreadsheet (OWASP, "CSV Injection").
const FORMULA_STARTS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// Excel takes a file for UTF-8 only if it starts with this.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Writes the table of `columns` and `rows` to `out`.
///
/// # Errors
/// Where `out` cannot be written to.
pub fn write<Row>(
    dialect: Dialect,
    columns: &[Column<Row>],
    rows: impl IntoIterator<Item = Row>,
    mut out: impl Write,
) -> io::Result<()> {
    let delimiter = match dialect {
        Dialect::Plain => b',',
        Dialect::ExcelNl => {
            out.write_all(BYTE_ORDER_MARK)?;
            b';'
        }
    };
    let mut csv = csv::WriterBuilder::new().delimiter(delimiter).terminator(csv::Terminator::CRLF).from_writer(out);
    csv.write_record(columns.iter().map(|column| column.name))?;
    for row in rows {
        csv.write_record(columns.iter().map(|column| text(dialect, &column.cell(&row))))?;
    }
    csv.flush()
}

/// A cell as text.
fn text(dialect: Dialect, cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => guarded(text),
        Cell::Keys(keys) if dialect == Dialect::ExcelNl && !keys.is_empty() => {
            format!("=\"{}\"", keys.replace('"', ""))
        }
        Cell::Keys(keys) => guarded(keys),
        Cell::Count(count) => count.to_string(),
        Cell::Seconds(value) | Cell::Number(value) => thousandths(dialect, *value),
        Cell::Confidence(value) => thousandths(dialect, f64::from(*value)),
    }
}

fn guarded(text: &str) -> String {
    if text.starts_with(FORMULA_STARTS) { format!("'{text}") } else { text.to_owned() }
}

/// A number with three decimals; nothing for what is no number.
fn thousandths(dialect: Dialect, value: f64) -> String {
    if !value.is_finite() {
        return String::new();
    }
    let text = match format!("{value:.3}") {
        zero if zero == "-0.000" => "0.000".into(),
        text => text,
    };
    match dialect {
        Dialect::Plain => text,
        Dialect::ExcelNl => text.replace('.', ","),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        audit::Audit,
        report::{
            table::{self, tests as made},
            words::Language,
        },
    };

    fn calls(dialect: Dialect) -> String {
        let audit = Audit { client: None, calls: vec![made::call("shop/1.wav"), made::refused("-2;.wav")] };
        let mut out = vec![];
        write(dialect, &table::calls(), table::call_rows(&audit, Language::En), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn plain_csv_is_as_the_documentation_says() {
        assert_eq!(
            calls(Dialect::Plain),
            concat!(
                "file,line,recorded_at,duration_s,channels,caller_channel,country,warnings,outcome,rings,ring_s,answered_s,",
                "answered_by,keys,queue_s,hold_segments,hold_music_s,dead_air_s,announcements,time_to_human_s,",
                "wait_after_answer_s,total_wait_s,confidence,reason,contact_reason,schema,",
                "repeated_announcements,same_announcement,busy_announcements,apologies,informations,apology_share,",
                "information_share,message_share,music_share,longest_silence_s,longest_without_progress_s,music_loop_s,",
                "music_loops,tune_notes,loudness_jump_db,clipped_music,path,menu_s,menu_levels,container,codec\r\n",
                "shop/1.wav,shop,2026-05-12T10:15:00+02:00,30.000,1,,nl,,human,2,6.250,7.250,machine,07,12.000,1,7.500,0.000,",
                "1,20.000,12.750,19.000,0.700,answered at (unsure): a click where the line is switched through,buy,",
                "bezet-audit/1,2,3,,,,,,,,,,7.560,,4,6.500,,,,,wav,alaw\r\n",
                "'-2;.wav,shop,,,,,,,not_measurable,,,,,,,,,,,,,,,'=this is no sound recording,,bezet-audit/1,,,,,,,,,,,,,,,,,,,,,\r\n",
            )
        );
    }

    #[test]
    fn dutch_excel_keeps_zeros_and_reads_commas() {
        let text = calls(Dialect::ExcelNl);
        assert!(text.starts_with("\u{feff}file;line;"));
        assert!(text.contains(";6,250;7,250;machine;\"=\"\"07\"\"\";12,000;"), "{text}");
        assert!(text.contains("\r\n\"'-2;.wav\";shop;"), "{text}");
    }

    #[test]
    fn no_text_is_a_formula() {
        for text in ["=1+1", "+31", "-1", "@x", "\tx", "\rx"] {
            assert_eq!(super::text(Dialect::Plain, &Cell::Text(text.into())), format!("'{text}"));
        }
        assert_eq!(super::text(Dialect::Plain, &Cell::Keys("*1#".into())), "*1#");
        assert_eq!(super::text(Dialect::Plain, &Cell::Seconds(-0.0001)), "0.000");
        assert_eq!(super::text(Dialect::Plain, &Cell::Seconds(f64::NAN)), "");
    }

    #[test]
    fn events_lie_among_the_segments() {
        let call = made::call("1.wav");
        let mut out = vec![];
        write(Dialect::Plain, &table::segments(), table::segment_rows(&call), &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        let want = "1.wav,mono,12.500,20.000,music,,0.950\r\n1.wav,mono,13.000,13.100,dtmf,0,0.950\r\n";
        assert!(text.contains(want), "{text}");
    }

    #[test]
    fn every_figure_carries_where_it_comes_from() {
        let call = made::call("1.wav");
        let mut out = vec![];
        write(Dialect::Plain, &table::figures(), table::figure_rows(&call, Language::En), &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        let want =
            "1.wav,answered_s,7.250,s,0.700,a click where the line is switched through,7.200,7.300,click,0.700\r\n";
        assert!(text.contains(want), "{text}");
    }
}

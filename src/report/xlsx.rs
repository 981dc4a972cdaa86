//! The audit as an Excel workbook: the same tables as the CSV files, as sheets with real numbers and dates, in front of them
//! a page with the figures of each line and two charts.
//!
//! The same audit gives the same bytes: the workbook says nothing of when it was made.

use std::{
    collections::BTreeMap,
    io::{Seek, Write},
};

use chrono::DateTime;
use rust_xlsxwriter::{
    Chart, ChartDataLabel, ChartFont, ChartSolidFill, ChartType, Color, DocProperties, ExcelDateTime, Format,
    FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

use super::{
    chart::Wait,
    norms::{self, NormRow},
    scorecard::{self, ScoreRow},
    table::{self, Cell, Column},
    words::{self, Language},
};
use crate::{
    analysis::CallAnalysis,
    audit::Audit,
    metrics::Outcome,
    norms::Norm,
    statistics::{
        ranks::quantile,
        survival::{KaplanMeier, Observation},
    },
};

/// A sheet holds 1,048,576 rows; where a table has more, the sheet says so in its last one.
const MAX_ROWS: usize = 1_048_000;

/// Dark blue under white headings, as in the charts.
const HEADING: Color = Color::RGB(0x1F_3A_5F);

/// Wider columns are cut: sentences are read in the cell's own line.
const MAX_WIDTH: usize = 48;

/// Two lines of heading, in points.
const HEADING_HEIGHT: f64 = 32.0;

/// So many characters wide is a page that can still be read, on A4 across.
const PAGE_WIDTH: usize = 190;

/// How many rows of the sheet a chart covers.
const CHART_ROWS: u32 = 17;

/// Writes the workbook of `audit` to `out`.
///
/// # Errors
/// Where `out` cannot be written to.
pub fn write(
    audit: &Audit,
    verdicts: &[Norm],
    language: Language,
    out: impl Write + Seek + Send,
) -> Result<(), XlsxError> {
    let mut book = Workbook::new();
    // the year that Excel's calendar is surely right about; anything else would differ from run to run
    let never = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&never).set_comment("bezet"));
    let styles = Styles::new();

    overview(book.add_worksheet(), audit, language, &styles)?;
    if !verdicts.is_empty() {
        let rows = norms::rows(verdicts, audit, language);
        sheet(book.add_worksheet(), ("Normen", "Norms"), &norms::columns(), rows, language, &styles)?;
    }
    let rows = scorecard::rows(verdicts, audit, language);
    sheet(book.add_worksheet(), ("Scorekaart", "Scorecard"), &scorecard::columns(), rows, language, &styles)?;
    let rows = table::call_rows(audit, language);
    sheet(book.add_worksheet(), ("Gesprekken", "Calls"), &table::calls(), rows, language, &styles)?;
    let rows = audit.calls.iter().flat_map(|call| table::figure_rows(call, language));
    sheet(book.add_worksheet(), ("Cijfers", "Figures"), &table::figures(), rows, language, &styles)?;
    let rows = audit.calls.iter().flat_map(table::segment_rows);
    sheet(book.add_worksheet(), ("Segmenten", "Segments"), &table::segments(), rows, language, &styles)?;
    definitions(book.add_worksheet(), language, &styles)?;
    book.save_to_writer(out)
}

/// How cells look.
struct Styles {
    heading: Format,
    title: Format,
    text: Format,
    count: Format,
    seconds: Format,
    share: Format,
    date: Format,
}

impl Styles {
    fn new() -> Self {
        let number = |format: &str| Format::new().set_num_format(format).set_align(FormatAlign::Top);
        Self {
            heading: Format::new()
                .set_bold()
                .set_font_color(Color::White)
                .set_background_color(HEADING)
                .set_border_bottom(FormatBorder::Thin)
                .set_text_wrap()
                .set_align(FormatAlign::Top),
            title: Format::new().set_bold().set_font_size(16),
            text: Format::new().set_align(FormatAlign::Top).set_indent(1),
            count: number("0"),
            seconds: number("0.0"),
            share: number("0%"),
            date: number("yyyy-mm-dd hh:mm:ss"),
        }
    }
}

/// A table as a sheet: headings in words that stay in view, filters, columns as wide as what is in them.
fn sheet<Row>(
    sheet: &mut Worksheet,
    name: (&str, &str),
    columns: &[Column<Row>],
    rows: impl IntoIterator<Item = Row>,
    language: Language,
    styles: &Styles,
) -> Result<(), XlsxError> {
    sheet.set_name(language.of(name))?;
    let mut widths = vec![0; columns.len()];
    for (at, column) in columns.iter().enumerate() {
        let title = words::column(language, column.name).map_or(column.name, |words| words.title);
        widths[at] = title.chars().count().min(16);
        sheet.write_with_format(0, at as u16, title, &styles.heading)?;
    }
    let mut last = 0;
    for (number, row) in rows.into_iter().enumerate() {
        let at_row = number as u32 + 1;
        if number >= MAX_ROWS {
            let more = language
                .of(("meer rijen dan een blad kan bevatten: zie de CSV", "more rows than a sheet holds: see the CSV"));
            sheet.write_with_format(at_row, 0, more, &styles.text)?;
            break;
        }
        for (at, column) in columns.iter().enumerate() {
            let width = put(sheet, (at_row, at as u16), column, &column.cell(&row), styles)?;
            widths[at] = widths[at].max(width.min(MAX_WIDTH));
        }
        last = at_row;
    }
    for (at, width) in widths.iter().enumerate() {
        sheet.set_column_width(at as u16, *width as f64 + 2.0)?;
    }
    sheet.set_freeze_panes(1, 1)?;
    sheet.set_row_height(0, HEADING_HEIGHT)?;
    sheet.set_repeat_rows(0, 0)?;
    let width: usize = widths.iter().map(|width| width + 2).sum();
    for_paper(sheet, width.div_ceil(PAGE_WIDTH));
    sheet.autofilter(0, 0, last, columns.len() as u16 - 1)?;
    Ok(())
}

/// A4 across, as many pages beside each other as are told.
fn for_paper(sheet: &mut Worksheet, pages: usize) {
    const A4: u8 = 9;
    sheet.set_paper_size(A4).set_landscape().set_print_fit_to_pages(pages.max(1) as u16, 0);
    sheet.set_margins(0.4, 0.4, 0.5, 0.5, 0.3, 0.3);
}

/// One cell; how many characters wide it is.
fn put<Row>(
    sheet: &mut Worksheet,
    (row, at): (u32, u16),
    column: &Column<Row>,
    cell: &Cell,
    styles: &Styles,
) -> Result<usize, XlsxError> {
    match cell {
        Cell::Empty => return Ok(0),
        Cell::Text(text) if column.unit == "RFC 3339" => match DateTime::parse_from_rfc3339(text) {
            // Excel knows no time zones: the clock on the wall where the call was made
            Ok(moment) => {
                let moment = ExcelDateTime::parse_from_str(&moment.format("%Y-%m-%dT%H:%M:%S").to_string())?;
                sheet.write_datetime_with_format(row, at, &moment, &styles.date)?;
                return Ok(19);
            }
            Err(_) => sheet.write_string_with_format(row, at, text, &styles.text)?,
        },
        // as text: neither a formula nor a number without its zeros
        Cell::Text(text) | Cell::Keys(text) => sheet.write_string_with_format(row, at, text, &styles.text)?,
        Cell::Count(count) => sheet.write_number_with_format(row, at, f64::from(*count), &styles.count)?,
        Cell::Seconds(number) | Cell::Number(number) => {
            sheet.write_number_with_format(row, at, *number, &styles.seconds)?
        }
        Cell::Confidence(share) => sheet.write_number_with_format(row, at, f64::from(*share), &styles.share)?,
    };
    Ok(match cell {
        Cell::Text(text) | Cell::Keys(text) => text.chars().count(),
        _ => 8,
    })
}

/// The first page: each line's figures, and what became of the calls.
fn overview(sheet: &mut Worksheet, audit: &Audit, language: Language, styles: &Styles) -> Result<(), XlsxError> {
    sheet.set_name(language.of(("Overzicht", "Overview")))?;
    let title =
        audit.client.as_deref().unwrap_or(language.of(("Wat de beller meemaakt", "What the caller experiences")));
    sheet.write_with_format(0, 0, title, &styles.title)?;
    sheet.write_with_format(1, 0, words::calls(language, audit.calls.len()), &styles.text)?;
    let headings = [
        ("lijn", "line"),
        ("gesprekken", "calls"),
        ("iemand gesproken", "spoke to a person"),
        ("aandeel", "share"),
        ("helft binnen (s)", "half within (s)"),
        ("9 van de 10 binnen (s)", "9 in 10 within (s)"),
        ("keer overgaan (mediaan)", "rings (median)"),
        ("wachtmuziek per gesprek (s)", "hold music a call (s)"),
    ];
    const TOP: u32 = 3;
    for (at, heading) in headings.into_iter().enumerate() {
        sheet.write_with_format(TOP, at as u16, language.of(heading), &styles.heading)?;
        sheet.set_column_width(at as u16, if at == 0 { 40.0 } else { 15.0 })?;
    }
    sheet.set_row_height(TOP, HEADING_HEIGHT)?;
    let mut lines: BTreeMap<&str, Vec<&CallAnalysis>> = BTreeMap::new();
    for call in &audit.calls {
        lines.entry(&call.line).or_default().extend(call.finding.as_ref().ok());
    }
    let mut row = TOP;
    for (name, calls) in &lines {
        row += 1;
        let persons = calls.iter().filter(|call| call.metrics.outcome.value == Some(Outcome::Human)).count();
        let waits: Vec<Wait> = calls.iter().map(|call| Wait::of(call)).collect();
        let observed = waits.iter().filter_map(|w| w.total_s.map(|wait_s| Observation { wait_s, person: w.person }));
        let curve = KaplanMeier::of(&observed.collect::<Vec<_>>());
        let rings: Vec<f64> = calls.iter().filter_map(|call| call.metrics.rings.value.map(f64::from)).collect();
        let music: Vec<f64> = calls.iter().filter_map(|call| call.metrics.hold_music_s.value).collect();
        let mean = |values: &[f64]| (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64);
        sheet.write_with_format(row, 0, *name, &styles.text)?;
        sheet.write_number_with_format(row, 1, calls.len() as f64, &styles.count)?;
        sheet.write_number_with_format(row, 2, persons as f64, &styles.count)?;
        let share = (!calls.is_empty()).then(|| persons as f64 / calls.len() as f64);
        let numbers = [
            (share, &styles.share),
            (curve.quantile_s(0.5), &styles.seconds),
            (curve.quantile_s(0.9), &styles.seconds),
            (quantile(&rings, 0.5), &styles.seconds),
            (mean(&music), &styles.seconds),
        ];
        for (at, (value, style)) in numbers.into_iter().enumerate() {
            if let Some(value) = value {
                sheet.write_number_with_format(row, at as u16 + 3, value, style)?;
            }
        }
    }
    let last_line = row;
    row += 2;
    sheet.write_with_format(row, 0, language.of(("afloop", "how they ended")), &styles.heading)?;
    sheet.write_with_format(row, 1, language.of(("gesprekken", "calls")), &styles.heading)?;
    let first_outcome = row + 1;
    for outcome in Outcome::ALL {
        let is = |call: &&CallAnalysis| call.metrics.outcome.value == Some(outcome);
        let mut count = lines.values().flatten().filter(|call| is(call)).count();
        if outcome == Outcome::NotMeasurable {
            count += audit.calls.iter().filter(|call| call.finding.is_err()).count();
        }
        if count > 0 {
            row += 1;
            sheet.write_with_format(row, 0, words::outcome(language, outcome), &styles.text)?;
            sheet.write_number_with_format(row, 1, count as f64, &styles.count)?;
        }
    }
    let name = language.of(("Overzicht", "Overview"));
    let charts = [
        (
            (
                "Wachten op een medewerker: de helft heeft er een binnen",
                "Waiting for a person: half of them have one within",
            ),
            ("seconden", "seconds"),
            4,
            TOP + 1,
            last_line,
        ),
        (("Hoe de gesprekken eindigden", "How the calls ended"), ("gesprekken", "calls"), 1, first_outcome, row),
    ];
    for (number, (title, unit, value, first, last)) in charts.into_iter().enumerate() {
        if last < first {
            continue;
        }
        let mut chart = Chart::new(ChartType::Bar);
        let series = chart.add_series();
        series.set_categories((name, first, 0, last, 0)).set_values((name, first, value, last, value));
        series.set_format(ChartSolidFill::new().set_color(HEADING)).set_gap(60);
        series.set_data_label(ChartDataLabel::new().show_value());
        chart.title().set_name(language.of(title)).set_font(ChartFont::new().set_size(12));
        chart.x_axis().set_name(language.of(unit)).set_name_font(ChartFont::new().set_size(9).unset_bold());
        chart.legend().set_hidden();
        // the first row on top, as in the table
        chart.y_axis().set_reverse();
        chart.set_width(560).set_height(320);
        // below the tables, beside each other
        sheet.insert_chart(row + 2 + CHART_ROWS * (number as u32 / 2), 4 * (number as u16 % 2), &chart)?;
    }
    for_paper(sheet, 1);
    Ok(())
}

/// What every column means.
fn definitions(sheet: &mut Worksheet, language: Language, styles: &Styles) -> Result<(), XlsxError> {
    sheet.set_name(language.of(("Definities", "Definitions")))?;
    let headings = [("kolom", "column"), ("naam", "name"), ("eenheid", "unit"), ("betekenis", "meaning")];
    for (at, (heading, width)) in headings.into_iter().zip([28.0, 24.0, 12.0, 100.0]).enumerate() {
        sheet.write_with_format(0, at as u16, language.of(heading), &styles.heading)?;
        sheet.set_column_width(at as u16, width)?;
    }
    let columns = table::calls().into_iter().map(|c| (c.name, c.unit));
    let columns = columns.chain(table::segments().into_iter().map(|c| (c.name, c.unit)));
    let columns = columns.chain(table::figures().into_iter().map(|c| (c.name, c.unit)));
    let columns = columns.chain(norms::columns::<'static>().into_iter().map(|c: Column<NormRow>| (c.name, c.unit)));
    let columns =
        columns.chain(scorecard::columns::<'static>().into_iter().map(|c: Column<ScoreRow>| (c.name, c.unit)));
    let mut said: Vec<&str> = Vec::new();
    for (name, unit) in columns {
        let Some(words) = words::column(language, name).filter(|_| !said.contains(&name)) else { continue };
        said.push(name);
        let row = said.len() as u32;
        for (at, text) in [words.title, name, unit, words.definition].into_iter().enumerate() {
            sheet.write_with_format(row, at as u16, text, &styles.text)?;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    for_paper(sheet, 1);
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::{norms::profiles, report::table::tests as made};

    fn book(language: Language) -> Vec<u8> {
        let audit = Audit { client: Some("Café".into()), calls: vec![made::call("=a.wav"), made::refused("b.wav")] };
        let mut out = Cursor::new(Vec::new());
        write(&audit, profiles(), language, &mut out).unwrap();
        out.into_inner()
    }

    #[test]
    fn the_same_audit_gives_the_same_bytes() {
        assert_eq!(book(Language::Nl), book(Language::Nl));
        assert_ne!(book(Language::Nl), book(Language::En));
    }

    #[test]
    fn an_audit_without_calls_is_a_workbook_too() {
        let mut out = Cursor::new(Vec::new());
        write(&Audit::default(), &[], Language::En, &mut out).unwrap();
        assert!(out.into_inner().starts_with(b"PK"));
    }
}

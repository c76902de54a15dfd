//! Tables for spreadsheets: one set of rows, written as CSV, XLSX or JSON Lines, and read back. A text that a
//! spreadsheet would run is defused with an apostrophe, which reading takes away again.

use super::json::Json;

/// A cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cell {
    /// Nothing.
    Empty,
    /// A text.
    Text(String),
    /// A whole number.
    Number(i64),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Cell {
        if text.is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) }
    }
}

impl From<Option<&str>> for Cell {
    fn from(text: Option<&str>) -> Cell {
        text.map_or(Cell::Empty, Cell::from)
    }
}

impl From<u64> for Cell {
    fn from(number: u64) -> Cell {
        Cell::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

/// Rows under named columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Table {
    /// Names of the columns, as files have them.
    pub(crate) columns: Vec<String>,
    /// The rows; each has as many cells as there are columns.
    pub(crate) rows: Vec<Vec<Cell>>,
}

/// Whether a spreadsheet might take a text for a formula, or the mark of one that was defused before.
fn is_dangerous(text: &str) -> bool {
    // White space and quotation marks before the sign do not stop every program.
    let bare = text.trim_start_matches([' ', '\u{a0}', '\u{3000}', '"', '\u{feff}']);
    bare.starts_with([
        '=', '+', '-', '@', '\t', '\r', '\n', '|', '%', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
    ]) || text.starts_with('\'')
}

/// A text as a cell may hold it.
pub(crate) fn defused(text: &str) -> String {
    if is_dangerous(text) { format!("'{text}") } else { text.to_owned() }
}

/// The text that [`defused`] made a cell of.
pub(crate) fn armed(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(text) if is_dangerous(text) => text,
        _ => cell,
    }
}

impl Table {
    /// A table without rows.
    pub(crate) fn new(columns: &[&str]) -> Table {
        Table { columns: columns.iter().map(|name| (*name).to_owned()).collect(), rows: Vec::new() }
    }

    /// Comma-separated values with a byte-order mark, so that a spreadsheet takes it for UTF-8.
    pub(crate) fn csv(&self, heading: &dyn Fn(&str) -> String) -> String {
        let mut out = String::from("\u{feff}");
        let mut line = |cells: &mut dyn Iterator<Item = String>| {
            let cells: Vec<String> = cells.collect();
            out.push_str(&cells.join(","));
            out.push_str("\r\n");
        };
        line(&mut self.columns.iter().map(|name| quoted(&heading(name))));
        for row in &self.rows {
            line(&mut row.iter().map(|cell| match cell {
                Cell::Empty => String::new(),
                Cell::Text(text) => quoted(&defused(text)),
                Cell::Number(number) => number.to_string(),
            }));
        }
        out
    }

    /// One JSON object a row, absent cells as null.
    pub(crate) fn json(&self) -> impl Iterator<Item = Json> {
        self.rows.iter().map(|row| {
            let cell = |cell: &Cell| match cell {
                Cell::Empty => Json::Null,
                Cell::Text(text) => text.as_str().into(),
                Cell::Number(number) => Json::Integer(*number),
            };
            Json::object(self.columns.iter().map(String::as_str).zip(row.iter().map(cell)))
        })
    }

    /// A workbook with one sheet. Texts are typed as texts and defused all the same: a cell that is copied into
    /// another program must not run there either.
    ///
    /// # Errors
    /// What the writer of workbooks says: too many rows, a text too long for a cell.
    pub(crate) fn xlsx(&self, sheet: &str, heading: &dyn Fn(&str) -> String) -> Result<Vec<u8>, String> {
        /// What a cell holds in UTF-16 units; longer texts are refused by spreadsheets.
        const LONGEST: usize = 32_767;
        let mut book = rust_xlsxwriter::Workbook::new();
        let text = |text: &str| -> String {
            let text = defused(text);
            if text.encode_utf16().count() <= LONGEST {
                return text;
            }
            let mut short: String = text.chars().take(LONGEST / 2 - 1).collect();
            short.push('\u{2026}');
            short
        };
        let made = (|| {
            let page = book.add_worksheet();
            page.set_name(sheet)?;
            let bold = rust_xlsxwriter::Format::new().set_bold();
            for (column, name) in (0u16..).zip(&self.columns) {
                page.write_string_with_format(0, column, heading(name), &bold)?;
            }
            page.set_freeze_panes(1, 0)?;
            for (number, row) in (1u32..).zip(&self.rows) {
                for (column, cell) in (0u16..).zip(row) {
                    match cell {
                        Cell::Empty => {}
                        Cell::Text(words) => {
                            page.write_string(number, column, text(words))?;
                        }
                        Cell::Number(count) => {
                            #[expect(
                                clippy::cast_precision_loss,
                                reason = "a workbook has no other numbers"
                            )]
                            page.write_number(number, column, *count as f64)?;
                        }
                    }
                }
            }
            // The same rows give the same bytes: no clock.
            let day = rust_xlsxwriter::ExcelDateTime::from_ymd(2000, 1, 1)?;
            book.set_properties(&rust_xlsxwriter::DocProperties::new().set_creation_datetime(&day));
            book.save_to_buffer()
        })();
        made.map_err(|error: rust_xlsxwriter::XlsxError| error.to_string())
    }
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r', ';', '\t']) || text.starts_with([' ', '\u{feff}']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

/// Reads comma-, semicolon- or tab-separated values: the rows with their cells as texts, as they were before they
/// were defused. A mark that is opened and never closed ends the file's last row.
pub(crate) fn read_csv(text: &str) -> Vec<Vec<String>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let head = text.lines().next().unwrap_or_default();
    let separator =
        [',', ';', '\t'].into_iter().max_by_key(|mark| head.matches(*mark).count()).unwrap_or(',');
    let (mut rows, mut row, mut cell) = (Vec::new(), Vec::new(), String::new());
    let mut characters = text.chars().peekable();
    let (mut inside, mut any) = (false, false);
    while let Some(character) = characters.next() {
        any = true;
        match character {
            '"' if inside && characters.peek() == Some(&'"') => {
                characters.next();
                cell.push('"');
            }
            '"' if inside => inside = false,
            '"' if cell.is_empty() => inside = true,
            mark if mark == separator && !inside => row.push(std::mem::take(&mut cell)),
            '\r' if !inside && characters.peek() == Some(&'\n') => {}
            '\n' if !inside => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
                any = false;
            }
            other => cell.push(other),
        }
    }
    if any {
        row.push(cell);
        rows.push(row);
    }
    for row in &mut rows {
        for cell in row.iter_mut() {
            let bare = armed(cell).to_owned();
            *cell = bare;
        }
    }
    rows.retain(|row| row.iter().any(|cell| !cell.trim().is_empty()));
    rows
}

/// Reads the first sheet of a workbook: the rows with their cells as texts. Days stand as `2031-06-17`.
///
/// # Errors
/// What is wrong with the workbook.
pub(crate) fn read_xlsx(bytes: &[u8]) -> Result<Vec<Vec<String>>, String> {
    use calamine::{Data, DataType as _, Reader as _};
    let mut book: calamine::Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(bytes))
        .map_err(|error: calamine::XlsxError| error.to_string())?;
    let name = book.sheet_names().first().cloned().ok_or("the workbook has no sheet")?;
    let range = book.worksheet_range(&name).map_err(|error| error.to_string())?;
    let text = |cell: &Data| match cell {
        Data::Empty => String::new(),
        Data::DateTime(day) => {
            let (year, month, day, ..) = day.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        other => armed(&other.as_string().unwrap_or_default()).to_owned(),
    };
    let mut rows: Vec<Vec<String>> = range.rows().map(|row| row.iter().map(text).collect()).collect();
    rows.retain(|row| row.iter().any(|cell| !cell.trim().is_empty()));
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn plain(name: &str) -> String {
        name.to_owned()
    }

    #[test]
    fn nothing_that_a_spreadsheet_would_run_survives() {
        for text in [
            "=1+1",
            "+1",
            "-1+cmd|' /C calc'!A0",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            " =1",
            "\"=1",
            "＝1",
            "%0A=1",
            "'=1",
        ] {
            let table = Table { columns: vec!["a".into()], rows: vec![vec![text.into()]] };
            let csv = table.csv(&plain);
            let cell = csv.trim_start_matches('\u{feff}').split("\r\n").nth(1).unwrap();
            assert!(cell.trim_start_matches('"').starts_with('\''), "{text:?}: {cell:?}");
            assert_eq!(read_csv(&csv)[1][0], text);
            let book = table.xlsx("sheet", &plain).unwrap();
            assert_eq!(read_xlsx(&book).unwrap()[1][0], text);
        }
        assert_eq!(defused("三亿元-五亿元"), "三亿元-五亿元");
    }

    proptest! {
        #[test]
        fn every_cell_comes_back(cells in prop::collection::vec("[=+@'\"a甲;,\t ]{0,6}[\r\n]{0,2}[=b乙]{1,4}", 1..12)) {
            let cells: Vec<Cell> = cells.iter().map(|cell| cell.as_str().into()).collect();
            let table = Table { columns: (0..cells.len()).map(|n| n.to_string()).collect(), rows: vec![cells.clone()] };
            let read = read_csv(&table.csv(&plain));
            let again: Vec<Cell> = read[1].iter().map(|cell| cell.as_str().into()).collect();
            prop_assert_eq!(again, cells);
        }

        #[test]
        fn no_text_is_a_panic(text in "\\PC{0,60}|[\",;\n\ra]{0,30}", bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = (read_csv(&text), read_xlsx(&bytes));
        }
    }
}

//! The reader's own list of pages: `manifest.csv` in a folder, with the columns `file,paper,date,page_no`.

use std::collections::BTreeMap;
use std::path::Path;

use shiliu_press::ManifestRow;
use shiliu_text::{Date, Diagnostic, Severity};

use super::{IntakeLimits, read_steady};

/// Name of the file.
pub(super) const NAME: &str = "manifest.csv";

/// Largest manifest that is read, in bytes.
const LARGEST: u64 = 64 << 20;
/// How many rows that cannot be used are named.
const NAMED_ROWS: usize = 100;

/// What a folder's manifest says, by file name relative to that folder.
#[derive(Debug, Default)]
pub(super) struct Manifest {
    rows: BTreeMap<String, ManifestRow>,
}

impl Manifest {
    /// Reads the manifest of `folder`, if it has one. A row that cannot be used is a diagnostic.
    pub(super) fn of(folder: &Path, shown: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<Manifest> {
        let path = folder.join(NAME);
        path.symlink_metadata().ok()?;
        let limits = IntakeLimits { source: LARGEST, ..IntakeLimits::default() };
        let shown_name = format!("{shown}{NAME}");
        let bytes = match read_steady(&path, &limits) {
            Ok(bytes) => bytes,
            Err(diagnostic) => {
                diagnostics.push((*diagnostic).on(shown_name));
                return None;
            }
        };
        let Some(text) = decode(&bytes) else {
            diagnostics.push(
                Diagnostic::new(
                    "manifest-encoding",
                    Severity::Error,
                    "the manifest is not text: it is not used",
                )
                .on(shown_name)
                .hint("save it as CSV in UTF-8"),
            );
            return None;
        };
        let manifest = Manifest::parse(&text, shown, diagnostics);
        let missing = |name: &&String| {
            let outer = name.split_once('!').map_or(name.as_str(), |(outer, _)| outer);
            !folder.join(name.as_str()).exists() && !folder.join(outer).exists()
        };
        let missing: Vec<&str> = manifest.rows.keys().filter(missing).map(String::as_str).collect();
        if let Some(first) = missing.first() {
            let others = match missing.len() {
                1 => String::new(),
                many => format!(" and of {} others", many - 1),
            };
            diagnostics.push(
                Diagnostic::new(
                    "manifest-file-missing",
                    Severity::Warning,
                    format!("there is no file of the name `{first}`{others}"),
                )
                .on(shown_name)
                .hint("write names as they are in this folder, `/` between folders"),
            );
        }
        Some(manifest)
    }

    fn parse(text: &str, shown: &str, diagnostics: &mut Vec<Diagnostic>) -> Manifest {
        let mut reported = 0;
        let mut report = |line: usize, message: String| {
            reported += 1;
            if reported > NAMED_ROWS {
                return;
            }
            let message =
                if reported == NAMED_ROWS { format!("{message}; later rows are not named") } else { message };
            diagnostics.push(
                Diagnostic::new("manifest-row", Severity::Warning, message)
                    .on(format!("{shown}{NAME}"))
                    .hint(format!("mend line {line}; columns are file,paper,date,page_no, dates YYYY-MM-DD")),
            );
        };
        let mut manifest = Manifest::default();
        let (rows, unclosed) = cells(text.trim_start_matches('\u{feff}'));
        if let Some(line) = unclosed {
            report(
                line,
                format!("line {line}: a quotation mark is opened and not closed; the row ends the list"),
            );
        }
        let mut lines = rows.into_iter();
        let Some((_, header)) = lines.next() else { return manifest };
        let column = |name: &str| header.iter().position(|cell| cell.trim().eq_ignore_ascii_case(name));
        let (file, paper, date, page_no) =
            (column("file"), column("paper"), column("date"), column("page_no"));
        let Some(file) = file else {
            report(1, "the manifest has no column `file`: it is not used".to_owned());
            return manifest;
        };
        for (line, row) in lines {
            let cell = |at: Option<usize>| {
                at.and_then(|at| row.get(at)).map(|cell| cell.trim()).filter(|cell| !cell.is_empty())
            };
            let Some(name) = cell(Some(file)) else { continue };
            let day = cell(date).and_then(|text| {
                let day = Date::parse(text);
                if day.is_none() {
                    report(line, format!("line {line}: `{text}` is no date"));
                }
                day
            });
            let known = ManifestRow {
                paper: cell(paper).map(str::to_owned),
                date: day,
                page_no: cell(page_no).map(str::to_owned),
            };
            let written = name.replace('\\', "/");
            let relative = written.strip_prefix("./").unwrap_or(&written).to_owned();
            if manifest.rows.insert(relative, known).is_some() {
                report(line, format!("line {line}: `{name}` is listed a second time; the last row counts"));
            }
        }
        manifest
    }

    /// The row of a file, named relative to the manifest's folder; a member of an archive may be named with the
    /// archive (`x.zip!m.txt`), else the archive's row holds for all its members.
    pub(super) fn row(&self, relative: &str) -> Option<&ManifestRow> {
        let outer = relative.split_once('!').map_or(relative, |(outer, _)| outer);
        self.rows.get(relative).or_else(|| self.rows.get(outer))
    }
}

/// The characters of a CSV file: by its mark, else UTF-8, else GB18030, which spreadsheets on Chinese systems write.
fn decode(bytes: &[u8]) -> Option<String> {
    let text = match encoding_rs::Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding.decode_with_bom_removal(bytes).0.into_owned(),
        None => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => {
                encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(bytes)?.into_owned()
            }
        },
    };
    (!text.contains('\0')).then_some(text)
}

/// Rows of a CSV text (RFC 4180) with the number of the line each starts on, and the line of a row whose
/// quotation mark is never closed; that row is left out, because it swallowed all that follows.
fn cells(text: &str) -> (Vec<(usize, Vec<String>)>, Option<usize>) {
    let mut rows = Vec::new();
    let mut row: Vec<String> = Vec::new();
    let mut cell = String::new();
    let (mut quoted, mut line, mut first) = (false, 1, 1);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                cell.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if cell.is_empty() => quoted = true,
            ',' if !quoted => row.push(std::mem::take(&mut cell)),
            '\n' => {
                line += 1;
                if quoted {
                    cell.push('\n');
                    continue;
                }
                row.push(std::mem::take(&mut cell));
                rows.push((first, std::mem::take(&mut row)));
                first = line;
            }
            '\r' if !quoted => {}
            other => cell.push(other),
        }
    }
    if quoted {
        return (rows, Some(first));
    }
    if !cell.is_empty() || !row.is_empty() {
        row.push(cell);
        rows.push((first, row));
    }
    (rows, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_rows_and_names_those_that_cannot_be_used() {
        let mut diagnostics = Vec::new();
        let text = "\u{feff}file,paper,date,page_no\r\na.md,\"榴园日报, 海外版\",2031-04-05,A2\r\nb.md,,2031-4-5,\r\n\r\nc.zip,西岭晚报,,\r\n";
        let manifest = Manifest::parse(text, "press/", &mut diagnostics);
        let row = manifest.row("a.md").unwrap();
        assert_eq!(row.paper.as_deref(), Some("榴园日报, 海外版"));
        assert_eq!(
            (row.date.unwrap().to_string(), row.page_no.as_deref()),
            ("2031-04-05".to_owned(), Some("A2"))
        );
        assert_eq!(manifest.row("c.zip!x/1.md").unwrap().paper.as_deref(), Some("西岭晚报"));
        assert_eq!(manifest.row("d.md"), None);
        assert_eq!(diagnostics.len(), 1);
        assert!(diagnostics[0].message.contains("line 3"), "{}", diagnostics[0].message);
        assert_eq!(diagnostics[0].page.as_deref(), Some("press/manifest.csv"));
    }

    #[test]
    fn an_open_quotation_mark_is_named_and_spoils_no_row_before_it() {
        let mut diagnostics = Vec::new();
        let text = "File,Paper\n./a.md,西岭晚报\nb.md,\"榴园日报\nc.md,西岭晚报\n";
        let manifest = Manifest::parse(text, "", &mut diagnostics);
        assert_eq!(manifest.row("a.md").unwrap().paper.as_deref(), Some("西岭晚报"));
        assert_eq!((manifest.row("b.md"), manifest.row("c.md")), (None, None));
        assert!(diagnostics[0].message.starts_with("line 3: a quotation mark"), "{diagnostics:?}");
    }

    #[test]
    fn spreadsheets_of_chinese_systems_are_read() {
        let (bytes, _, _) = encoding_rs::GB18030.encode("file,paper\na.md,榴园日报\n");
        assert_eq!(decode(&bytes).as_deref(), Some("file,paper\na.md,榴园日报\n"));
        let wide: Vec<u8> = "\u{feff}file\n榴".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(&wide).as_deref(), Some("file\n榴"));
        assert_eq!(decode(b"\x00\x01"), None);
    }
}

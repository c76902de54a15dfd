//! The reader's own list of pages: `manifest.csv` in a folder, with the columns `file,paper,date,page_no`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use shiliu_press::ManifestRow;
use shiliu_text::{Date, Diagnostic, Severity};

/// Name of the file.
pub(super) const NAME: &str = "manifest.csv";

/// What a folder's manifest says, by file name relative to that folder.
#[derive(Debug, Default)]
pub(super) struct Manifest {
    rows: BTreeMap<String, ManifestRow>,
}

impl Manifest {
    /// Reads the manifest of `folder`, if it has one. A row that cannot be used is a diagnostic.
    pub(super) fn of(folder: &Path, shown: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<Manifest> {
        let bytes = fs::read(folder.join(NAME)).ok()?;
        Some(Manifest::parse(&String::from_utf8_lossy(&bytes), shown, diagnostics))
    }

    fn parse(text: &str, shown: &str, diagnostics: &mut Vec<Diagnostic>) -> Manifest {
        let mut report = |line: usize, message: String| {
            diagnostics.push(
                Diagnostic::new("manifest-row", Severity::Warning, message)
                    .on(format!("{shown}{NAME}"))
                    .hint(format!("mend line {line}; columns are file,paper,date,page_no, dates YYYY-MM-DD")),
            );
        };
        let mut manifest = Manifest::default();
        let mut lines = cells(text.trim_start_matches('\u{feff}')).into_iter();
        let Some((_, header)) = lines.next() else { return manifest };
        let column = |name: &str| header.iter().position(|cell| cell.trim() == name);
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
            if manifest.rows.insert(name.replace('\\', "/"), known).is_some() {
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

/// Rows of a CSV text (RFC 4180) with the number of the line each starts on.
fn cells(text: &str) -> Vec<(usize, Vec<String>)> {
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
    if !cell.is_empty() || !row.is_empty() {
        row.push(cell);
        rows.push((first, row));
    }
    rows
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
}

use std::collections::BTreeMap;

use shiliu_text::{Diagnostic, Digest, Outcome, Severity, digest_of};

use crate::fold::FoldTable;
use crate::form::FormSet;
use crate::lexicon::Lexicon;
use crate::pattern::PatternSet;

/// One row of a TOML data file: `[[section]] id = …`.
#[derive(Clone, Debug)]
pub struct Row {
    /// Unique within the pack, `zh.jump.forward.bracketed`.
    pub id: String,
    /// The language folder the row stands in (`zh`).
    pub language: String,
    /// The file and the line of the row's `id`, for messages.
    pub file: String,
    /// All keys of the row but `id`.
    pub keys: toml::Table,
}

impl Row {
    /// A text value of the row.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&str> {
        self.keys.get(key)?.as_str()
    }

    /// A list of texts; empty where the row has none.
    #[must_use]
    pub fn texts(&self, key: &str) -> Vec<&str> {
        let list = self.keys.get(key).and_then(toml::Value::as_array);
        list.map(|list| list.iter().filter_map(toml::Value::as_str).collect()).unwrap_or_default()
    }

    /// A whole number of the row.
    #[must_use]
    pub fn integer(&self, key: &str) -> Option<i64> {
        self.keys.get(key)?.as_integer()
    }

    /// Whether a flag of the row is set.
    #[must_use]
    pub fn flag(&self, key: &str) -> bool {
        self.keys.get(key).and_then(toml::Value::as_bool).unwrap_or(false)
    }
}

/// A tab-separated word list: a header line with column names, then one row a line; `#` starts a comment line.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// Column names.
    pub columns: Vec<String>,
    /// The rows, each with as many cells as there are columns (missing ones empty).
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// The place of a column.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }

    fn parse(text: &str) -> Table {
        let mut lines = text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
        let Some(header) = lines.next() else { return Table::default() };
        let columns: Vec<String> = header.split('\t').map(str::to_owned).collect();
        let rows = lines
            .map(|line| {
                let mut cells: Vec<String> = line.split('\t').map(str::to_owned).collect();
                cells.resize(columns.len().max(cells.len()), String::new());
                cells
            })
            .collect();
        Table { columns, rows }
    }
}

/// All language data, loaded once and passed explicitly.
#[derive(Debug)]
pub struct Pack {
    sections: BTreeMap<String, Vec<Row>>,
    patterns: BTreeMap<String, PatternSet>,
    tables: BTreeMap<(String, String), Table>,
    pub(crate) fold: FoldTable,
    lexicon: Lexicon,
    forms: BTreeMap<String, FormSet>,
    digest: Digest,
}

impl Pack {
    /// Loads data files given as (path, contents). Only paths below `lang/` are taken; the folder below it is
    /// the language. A row or file that cannot be used is reported and left out; the rest stands.
    #[must_use]
    pub fn load(files: &[(&str, &str)]) -> Outcome<Pack> {
        let mut diagnostics = Vec::new();
        let mut sections: BTreeMap<String, Vec<Row>> = BTreeMap::new();
        let mut classes: BTreeMap<String, String> = BTreeMap::new();
        let mut tables = BTreeMap::new();
        let mut hashed = Vec::new();
        for (path, contents) in files {
            let Some(inner) = path.strip_prefix("lang/") else { continue };
            hashed.extend_from_slice(path.as_bytes());
            hashed.push(0);
            hashed.extend_from_slice(contents.as_bytes());
            hashed.push(0);
            let (language, name) = inner.split_once('/').unwrap_or(("", inner));
            if let Some(stem) = name.strip_suffix(".tsv") {
                tables.insert((language.to_owned(), stem.to_owned()), Table::parse(contents));
                continue;
            }
            match contents.parse::<toml::Table>() {
                Ok(document) => {
                    read_document(path, language, document, &mut sections, &mut classes, &mut diagnostics);
                }
                Err(error) => diagnostics.push(
                    Diagnostic::new("data-file", Severity::Error, format!("not TOML: {error}"))
                        .on(*path)
                        .hint("mend the file, then run `shiliu lang check`"),
                ),
            }
        }
        let mut patterns = BTreeMap::new();
        for (section, rows) in &sections {
            let compiled = PatternSet::compile(rows, &classes);
            patterns.insert(section.clone(), compiled.collect_into(&mut diagnostics));
        }
        let fold = FoldTable::from_table(tables.get(&(String::new(), "fold".to_owned())));
        let (lexicon, refused) =
            Lexicon::build(&tables, sections.get("trap").map_or(&[], Vec::as_slice), &fold);
        for (language, table, word) in refused {
            let message = format!("`{word}` has a class or a value that is not known");
            let file = format!("lang/{language}/{table}.tsv");
            diagnostics.push(Diagnostic::new("data-word", Severity::Error, message).on(file));
        }
        let mut forms = BTreeMap::new();
        for (section, rows) in &sections {
            if rows.iter().any(|row| row.text("shape").is_some()) {
                let (set, refused) = FormSet::compile(rows);
                diagnostics.extend(refused);
                forms.insert(section.clone(), set);
            }
        }
        let digest = digest_of(&hashed);
        Outcome { value: Pack { sections, patterns, tables, fold, lexicon, forms, digest }, diagnostics }
    }

    /// The rows of a section over all languages, in order of file and line.
    #[must_use]
    pub fn rows(&self, section: &str) -> &[Row] {
        self.sections.get(section).map_or(&[], Vec::as_slice)
    }

    /// The compiled patterns of a section; a section that no file has is an empty set.
    #[must_use]
    pub fn patterns(&self, section: &str) -> &PatternSet {
        static EMPTY: PatternSet = PatternSet::empty();
        self.patterns.get(section).unwrap_or(&EMPTY)
    }

    /// The names of all sections, sorted.
    pub fn sections(&self) -> impl Iterator<Item = &str> {
        self.sections.keys().map(String::as_str)
    }

    /// How many rows all sections have.
    #[must_use]
    pub fn row_count(&self) -> usize {
        self.sections.values().map(Vec::len).sum()
    }

    /// The words of all lexicon tables (those whose columns start with `word` and `class`).
    #[must_use]
    pub fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    /// The compiled shapes of a section; a section that no file has is an empty set.
    #[must_use]
    pub fn forms(&self, section: &str) -> &FormSet {
        static EMPTY: std::sync::OnceLock<FormSet> = std::sync::OnceLock::new();
        self.forms.get(section).unwrap_or_else(|| EMPTY.get_or_init(FormSet::default))
    }

    /// A word list `lang/LANGUAGE/NAME.tsv`.
    #[must_use]
    pub fn table(&self, language: &str, name: &str) -> Option<&Table> {
        self.tables.get(&(language.to_owned(), name.to_owned()))
    }

    /// The word lists of one name over all languages, with their language, sorted.
    pub fn tables<'p>(&'p self, name: &'p str) -> impl Iterator<Item = (&'p str, &'p Table)> {
        self.tables
            .iter()
            .filter(move |((_, known), _)| known == name)
            .map(|((language, _), table)| (language.as_str(), table))
    }

    /// Hash over all data, part of every stage's cache key.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// Runs every row's `yes` and `no` examples; what fails is a diagnostic that names row and file.
    #[must_use]
    pub fn check(&self) -> Vec<Diagnostic> {
        self.patterns.values().flat_map(PatternSet::check).collect()
    }
}

fn read_document(
    path: &str,
    language: &str,
    document: toml::Table,
    sections: &mut BTreeMap<String, Vec<Row>>,
    classes: &mut BTreeMap<String, String>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for (section, value) in document {
        match value {
            toml::Value::Table(table) if section == "class" => {
                for (name, class) in table {
                    match class.as_str() {
                        Some(class) => {
                            // A class may be given by several languages: a slot then takes any of them.
                            let whole = classes.entry(name).or_default();
                            if !whole.is_empty() {
                                whole.push('|');
                            }
                            whole.push_str(class);
                        }
                        None => diagnostics.push(
                            Diagnostic::new(
                                "data-class",
                                Severity::Error,
                                format!("class `{name}` is not a text"),
                            )
                            .on(path),
                        ),
                    }
                }
            }
            toml::Value::Array(rows) => {
                for (index, row) in rows.into_iter().enumerate() {
                    let toml::Value::Table(mut keys) = row else { continue };
                    let Some(toml::Value::String(id)) = keys.remove("id") else {
                        let message = format!("row {} of [[{section}]] has no id", index + 1);
                        diagnostics.push(Diagnostic::new("data-row", Severity::Error, message).on(path));
                        continue;
                    };
                    let row = Row { id, language: language.to_owned(), file: path.to_owned(), keys };
                    sections.entry(section.clone()).or_default().push(row);
                }
            }
            _ => {
                let message = format!("`{section}` is neither a list of rows nor [class]");
                diagnostics.push(Diagnostic::new("data-row", Severity::Error, message).on(path));
            }
        }
    }
}

use std::collections::BTreeMap;

use shiliu_text::{Diagnostic, Digest, Outcome, Severity, digest_of};

/// So many states of a profile are told apart: there are no more in the world.
pub const MOST_STATES: usize = 256;

/// What a profile row is about: the name of its section in the data files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    /// A state: names, side words (`side`), one-character form (`short`), `capital`; `lead = true` for the one
    /// whose partners the others are.
    State,
    /// A word for several states: `members`.
    Group,
    /// An office holder: `state`, `title`, `offices`.
    Person,
    /// A body of the mechanism or its neighbourhood.
    Body,
    /// A meeting of the mechanism: `edition`, `date`, `place`.
    Meeting,
    /// A declaration, treaty, initiative.
    Instrument,
    /// A project or programme.
    Project,
    /// A city, port, region.
    Place,
    /// Priorities of one meeting: `items`.
    Area,
    /// A sector word with its DAC and SDG codes.
    Sector,
    /// A news agency or a paper: `states` says whose.
    Press,
    /// How often the register is reviewed: `type` weekly, monthly or quarterly, `date` the first review.
    Cadence,
}

impl Section {
    /// All sections.
    pub const ALL: [Section; 12] = [
        Section::State,
        Section::Group,
        Section::Person,
        Section::Body,
        Section::Meeting,
        Section::Instrument,
        Section::Project,
        Section::Place,
        Section::Area,
        Section::Sector,
        Section::Press,
        Section::Cadence,
    ];

    /// The word used in data files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Section::State => "state",
            Section::Group => "group",
            Section::Person => "person",
            Section::Body => "body",
            Section::Meeting => "meeting",
            Section::Instrument => "instrument",
            Section::Project => "project",
            Section::Place => "place",
            Section::Area => "area",
            Section::Sector => "sector",
            Section::Press => "press",
            Section::Cadence => "cadence",
        }
    }

    fn parse(word: &str) -> Option<Section> {
        Section::ALL.into_iter().find(|section| section.as_str() == word)
    }
}

/// An office with its period; both ends EDTF, empty where open or not known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Office {
    /// The title as printed after or before the name.
    pub title: String,
    /// First day.
    pub from: String,
    /// Last day.
    pub to: String,
}

/// One row of a profile.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// Its id, unique in the profile.
    pub id: String,
    /// File and line of the row, for messages.
    pub at: String,
    /// Names by language, the usual one first. Those of the languages of the pages are found in texts; the first of each
    /// language of the interface is what its screens call the row, in our own plain words where no official name is known.
    pub names: BTreeMap<String, Vec<String>>,
    /// Words for the state's side at a table (`side`), by language.
    pub side: BTreeMap<String, Vec<String>>,
    /// One-character form of a state, used in compounds.
    pub short: Option<String>,
    /// `type` of a body, instrument, project, place or meeting.
    pub kind: Option<String>,
    /// States it belongs to, by id.
    pub states: Vec<String>,
    /// States of a group, by id.
    pub members: Vec<String>,
    /// Host place or state.
    pub host: Option<String>,
    /// Id of the body it is part of.
    pub parent: Option<String>,
    /// Id of the body it grew out of.
    pub lineage: Option<String>,
    /// EDTF day or year of founding, signing or meeting.
    pub date: Option<String>,
    /// Edition of a meeting.
    pub edition: Option<i64>,
    /// Place of a meeting.
    pub place: Option<String>,
    /// Id of the meeting an area list or instrument belongs to.
    pub meeting: Option<String>,
    /// Offices of a person.
    pub offices: Vec<Office>,
    /// Items of an area list.
    pub items: Vec<String>,
    /// What the items are called in other languages, each list in the order of `items`.
    pub item_names: BTreeMap<String, Vec<String>>,
    /// Sector words of the items or of the row.
    pub sectors: Vec<String>,
    /// DAC 3-digit purpose code of a sector.
    pub dac: Option<i64>,
    /// SDG goal of a sector.
    pub sdg: Option<i64>,
    /// Organs, offices and periods that only this state has: who holds one belongs to it.
    pub institutions: Vec<String>,
    /// Language of a state's papers, where no other state of the profile prints in it.
    pub language: Option<String>,
    /// Whether it is the state whose partners the others are.
    pub lead: bool,
    /// What kind of public document states it.
    pub source: String,
}

impl Entry {
    /// The usual name in a language, else in any.
    #[must_use]
    pub fn name(&self, language: &str) -> &str {
        self.names
            .get(language)
            .or_else(|| self.names.values().next())
            .and_then(|names| names.first())
            .map_or(self.id.as_str(), String::as_str)
    }

    /// Every name with its language.
    pub fn all_names(&self) -> impl Iterator<Item = (&str, &str)> + '_ {
        self.names
            .iter()
            .chain(&self.side)
            .flat_map(|(language, names)| names.iter().map(move |name| (language.as_str(), name.as_str())))
    }

    /// The title held on a day (EDTF text); the latest one where the day is not known.
    #[must_use]
    pub fn title_on(&self, day: Option<&str>) -> Option<&str> {
        let held = |office: &&Office| {
            day.is_none_or(|day| {
                (office.from.is_empty() || office.from.as_str() <= day)
                    && (office.to.is_empty() || day <= office.to.as_str())
            })
        };
        self.offices.iter().rfind(held).map(|office| office.title.as_str())
    }
}

/// One mechanism as data: its states, bodies, offices, instruments, projects, places and areas. Rows of
/// `profiles/NAME/`.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    /// Folder name (`china-central-asia`).
    pub name: String,
    entries: BTreeMap<Section, Vec<Entry>>,
    digest: Digest,
}

impl Profile {
    /// Loads the profile `name` from data files given as (path, contents), paths like
    /// `profiles/NAME/bodies.toml`. What cannot be used is reported and left out; a name that no path has
    /// gives an empty profile and an error.
    #[must_use]
    pub fn load(name: &str, files: &[(&str, &str)]) -> Outcome<Profile> {
        let mut diagnostics = Vec::new();
        let mut entries: BTreeMap<Section, Vec<Entry>> = BTreeMap::new();
        let mut hashed = Vec::new();
        let folder = format!("profiles/{name}/");
        for (path, contents) in files.iter().filter(|(path, _)| path.starts_with(&folder)) {
            hashed.extend_from_slice(path.as_bytes());
            hashed.push(0);
            hashed.extend_from_slice(contents.as_bytes());
            hashed.push(0);
            match contents.parse::<toml::Table>() {
                Ok(document) => read_rows(path, contents, document, &mut entries, &mut diagnostics),
                Err(error) => diagnostics.push(
                    Diagnostic::new("profile-file", Severity::Error, format!("not TOML: {error}"))
                        .on(*path)
                        .hint("mend the line named, then run `shiliu profile check`"),
                ),
            }
        }
        if hashed.is_empty() {
            diagnostics.push(
                Diagnostic::new("profile-missing", Severity::Error, format!("no profile `{name}`"))
                    .hint("`shiliu profile show` lists the built-in ones; a folder can be given by its path"),
            );
        }
        Outcome { value: Profile { name: name.to_owned(), entries, digest: digest_of(&hashed) }, diagnostics }
    }

    /// The rows of a section, in order of file and line.
    #[must_use]
    pub fn entries(&self, section: Section) -> &[Entry] {
        self.entries.get(&section).map_or(&[], Vec::as_slice)
    }

    /// The row with that id, and its section.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<(Section, &Entry)> {
        self.entries
            .iter()
            .find_map(|(section, rows)| rows.iter().find(|row| row.id == id).map(|row| (*section, row)))
    }

    /// The profile without the rows for which `leave_out` says so: how much the names carry is measured with it.
    #[must_use]
    pub fn without(&self, leave_out: &dyn Fn(Section, &Entry) -> bool) -> Profile {
        let mut kept = Vec::new();
        let mut entries = self.entries.clone();
        for (section, rows) in &mut entries {
            rows.retain(|row| !leave_out(*section, row));
            kept.extend(rows.iter().flat_map(|row| [row.id.as_bytes(), &[0]].concat()));
        }
        kept.extend_from_slice(self.digest.0.as_slice());
        Profile { name: self.name.clone(), entries, digest: digest_of(&kept) }
    }

    /// Hash over its data, part of every cache key that uses it.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// What contradicts itself: ids given twice, one name for two rows of a section, references to rows that are
    /// not there, offices that overlap, codes and dates of a wrong shape. A name inside another name is a note:
    /// the longer one wins where both fit.
    #[must_use]
    pub fn check(&self) -> Vec<Diagnostic> {
        let mut check = Check { found: Vec::new() };
        let mut ids: BTreeMap<&str, &Entry> = BTreeMap::new();
        for (section, entry) in self.entries.iter().flat_map(|(s, rows)| rows.iter().map(move |row| (s, row)))
        {
            if let Some(first) = ids.insert(&entry.id, entry) {
                check.error(
                    entry,
                    format!("the id stands at {} too", first.at),
                    "give one of them another id",
                );
            }
            check.entry(*section, entry);
        }
        for (section, rows) in &self.entries {
            check.names(*section, rows);
        }
        for (section, entry) in self.entries.iter().flat_map(|(s, rows)| rows.iter().map(move |row| (s, row)))
        {
            let states = entry.states.iter().chain(&entry.members).map(|id| (id, Section::State));
            let bodies = entry.parent.iter().chain(&entry.lineage).map(|id| (id, Section::Body));
            let meetings = entry.meeting.iter().map(|id| (id, Section::Meeting));
            for (id, wanted) in states.chain(bodies).chain(meetings) {
                if !self.entries(wanted).iter().any(|row| &row.id == id) {
                    let message = format!("names the {} `{id}`, which no row has", wanted.as_str());
                    check.error(entry, message, "add the row or mend the id");
                }
            }
            if *section == Section::Body && entry.parent.as_deref() == Some(entry.id.as_str()) {
                check.error(entry, "is its own parent".to_owned(), "name the body above it");
            }
        }
        let leads = self.entries(Section::State).iter().filter(|state| state.lead).count();
        if leads > 1 {
            let last = self.entries(Section::State).iter().rfind(|state| state.lead);
            if let Some(state) = last {
                check.error(state, "a second state has lead = true".to_owned(), "keep one");
            }
        }
        if let Some(state) = self.entries(Section::State).get(MOST_STATES) {
            let message = format!("stands behind {MOST_STATES} other states, and no more are told apart");
            check.error(state, message, "leave states out that are not needed");
        }
        check.found
    }
}

struct Check {
    found: Vec<Diagnostic>,
}

impl Check {
    fn error(&mut self, entry: &Entry, message: String, hint: &str) {
        let message = format!("{}: {message}", entry.id);
        self.found
            .push(Diagnostic::new("profile-row", Severity::Error, message).on(entry.at.as_str()).hint(hint));
    }

    fn entry(&mut self, section: Section, entry: &Entry) {
        if entry.source.is_empty() {
            self.error(entry, "no source".to_owned(), "say what kind of public document states it");
        }
        if entry.names.values().all(Vec::is_empty) && !matches!(section, Section::Area | Section::Sector) {
            self.error(entry, "no name".to_owned(), "names.LANGUAGE = [\"usual name\", …]");
        }
        if entry.all_names().any(|(_, name)| name.trim().is_empty()) {
            self.error(entry, "an empty name".to_owned(), "drop it: it would match everywhere");
        }
        if section == Section::Cadence {
            if !matches!(entry.kind.as_deref(), Some("weekly" | "monthly" | "quarterly")) {
                let hint = "type = \"weekly\", \"monthly\" or \"quarterly\"";
                self.error(entry, "a cadence is weekly, monthly or quarterly".to_owned(), hint);
            }
            if entry.date.as_deref().and_then(shiliu_text::Date::parse).is_none() {
                self.error(entry, "no first day".to_owned(), "date = \"YYYY-MM-DD\" of the first review");
            }
        }
        for (language, names) in &entry.item_names {
            if names.len() != entry.items.len() {
                let message =
                    format!("item_names.{language} has {} for {} items", names.len(), entry.items.len());
                self.error(entry, message, "one name for each item, in the same order");
            }
        }
        if section == Section::Group && entry.members.is_empty() {
            self.error(entry, "a group without members".to_owned(), "members = [state ids]");
        }
        if let Some(date) = &entry.date
            && !is_edtf_day(date)
        {
            self.error(entry, format!("date `{date}` is not YYYY, YYYY-MM or YYYY-MM-DD"), "mend the date");
        }
        if entry.dac.is_some_and(|code| !(100..1000).contains(&code)) {
            self.error(entry, "a DAC code has three digits".to_owned(), "see the DAC sector list");
        }
        if entry.sdg.is_some_and(|goal| !(1..=17).contains(&goal)) {
            self.error(entry, "SDG goals run from 1 to 17".to_owned(), "mend the number");
        }
        for (index, office) in entry.offices.iter().enumerate() {
            for date in [&office.from, &office.to] {
                if !date.is_empty() && !is_edtf_day(date) {
                    self.error(entry, format!("office date `{date}` is no date"), "YYYY-MM-DD or shorter");
                }
            }
            let ended = |a: &Office, b: &Office| !a.to.is_empty() && !b.from.is_empty() && a.to <= b.from;
            for other in &entry.offices[..index] {
                if other.title == office.title && !ended(other, office) && !ended(office, other) {
                    let message = format!("the office `{}` is held twice at one time", office.title);
                    self.error(entry, message, "give each period from and to");
                }
            }
        }
    }

    fn names(&mut self, section: Section, rows: &[Entry]) {
        let mut known: BTreeMap<(&str, &str), &Entry> = BTreeMap::new();
        for entry in rows {
            for key in entry.all_names() {
                if let Some(first) = known.insert(key, entry)
                    && first.id != entry.id
                    && section != Section::Area
                {
                    let message =
                        format!("the name `{}` belongs to `{}` at {} too", key.1, first.id, first.at);
                    self.error(entry, message, "one name, one row: merge the rows or tell the names apart");
                }
            }
        }
        let names: Vec<(&str, &Entry)> = known.iter().map(|((_, name), entry)| (*name, *entry)).collect();
        for (inner, short) in &names {
            let holder = names.iter().find(|(outer, long)| long.id != short.id && outer.contains(inner));
            if let Some((outer, long)) = holder
                && inner.chars().count() > 1
                && section != Section::State
            {
                let message =
                    format!("{}: the name `{inner}` stands inside `{outer}` of `{}`", short.id, long.id);
                self.found.push(
                    Diagnostic::new("profile-name-inside", Severity::Note, message)
                        .on(short.at.as_str())
                        .hint("where both fit the longer wins"),
                );
            }
        }
    }
}

fn is_edtf_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let digits = |part: &str, length: usize| part.len() == length && part.bytes().all(|b| b.is_ascii_digit());
    match parts.as_slice() {
        [year] => digits(year, 4),
        [year, month] => digits(year, 4) && digits(month, 2) && ("01"..="12").contains(month),
        [year, month, day] => {
            let number = |part: &str| part.parse().ok();
            digits(year, 4)
                && digits(month, 2)
                && digits(day, 2)
                && matches!((number(month), number(day)), (Some(month), Some(day))
                    if year.parse().ok().and_then(|year| shiliu_text::Date::new(year, month, day)).is_some())
        }
        _ => false,
    }
}

fn read_rows(
    path: &str,
    contents: &str,
    document: toml::Table,
    entries: &mut BTreeMap<Section, Vec<Entry>>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for (word, value) in document {
        let mut report = |message: String, hint: &str| {
            diagnostics.push(Diagnostic::new("profile-row", Severity::Error, message).on(path).hint(hint));
        };
        let Some(section) = Section::parse(&word) else {
            let known: Vec<&str> = Section::ALL.iter().map(|section| section.as_str()).collect();
            report(format!("no section [[{word}]]"), &format!("sections are {}", known.join(", ")));
            continue;
        };
        let rows = match value {
            toml::Value::Array(rows) => rows,
            single => vec![single],
        };
        for (index, row) in rows.into_iter().enumerate() {
            let toml::Value::Table(keys) = row else {
                report(format!("row {} of [[{word}]] is not a table", index + 1), "write [[section]] rows");
                continue;
            };
            match read_entry(path, contents, keys) {
                Ok(entry) => entries.entry(section).or_default().push(entry),
                Err(message) => {
                    report(format!("row {} of [[{word}]]: {message}", index + 1), "mend the row");
                }
            }
        }
    }
}

fn read_entry(path: &str, contents: &str, keys: toml::Table) -> Result<Entry, String> {
    let mut entry = Entry::default();
    for (key, value) in keys {
        match key.as_str() {
            "id" => entry.id = text(&key, value)?,
            "names" => entry.names = by_language(&key, value)?,
            "side" => entry.side = by_language(&key, value)?,
            "short" => entry.short = Some(text(&key, value)?),
            "type" => entry.kind = Some(text(&key, value)?),
            "states" => entry.states = texts(&key, value)?,
            "members" => entry.members = texts(&key, value)?,
            "host" => entry.host = Some(text(&key, value)?),
            "parent" => entry.parent = Some(text(&key, value)?),
            "lineage" => entry.lineage = Some(text(&key, value)?),
            "date" => entry.date = Some(text(&key, value)?),
            "place" => entry.place = Some(text(&key, value)?),
            "meeting" => entry.meeting = Some(text(&key, value)?),
            "source" => entry.source = text(&key, value)?,
            "items" => entry.items = texts(&key, value)?,
            "item_names" => entry.item_names = by_language(&key, value)?,
            "sectors" => entry.sectors = texts(&key, value)?,
            "edition" => entry.edition = Some(number(&key, value)?),
            "dac" => entry.dac = Some(number(&key, value)?),
            "sdg" => entry.sdg = Some(number(&key, value)?),
            "lead" => entry.lead = value.as_bool().ok_or("`lead` is true or false")?,
            "institutions" => entry.institutions = texts(&key, value)?,
            "language" => entry.language = Some(text(&key, value)?),
            "offices" => entry.offices = offices(value)?,
            _ => return Err(format!("no key `{key}`")),
        }
    }
    if entry.id.is_empty() {
        return Err("no id".to_owned());
    }
    let wanted = format!("\"{}\"", entry.id);
    let line = contents
        .lines()
        .position(|line| line.trim_start().starts_with("id") && line.contains(&wanted))
        .map_or(0, |line| line + 1);
    entry.at = format!("{path}:{line}");
    Ok(entry)
}

fn text(key: &str, value: toml::Value) -> Result<String, String> {
    match value {
        toml::Value::String(text) => Ok(text),
        _ => Err(format!("`{key}` is not a text")),
    }
}

fn number(key: &str, value: toml::Value) -> Result<i64, String> {
    value.as_integer().ok_or_else(|| format!("`{key}` is not a whole number"))
}

fn texts(key: &str, value: toml::Value) -> Result<Vec<String>, String> {
    match value {
        toml::Value::Array(list) => list.into_iter().map(|item| text(key, item)).collect(),
        toml::Value::String(text) => Ok(vec![text]),
        _ => Err(format!("`{key}` is not a list of texts")),
    }
}

fn by_language(key: &str, value: toml::Value) -> Result<BTreeMap<String, Vec<String>>, String> {
    let toml::Value::Table(table) = value else {
        return Err(format!("`{key}` is given by language: {key}.zh = [\"…\"]"));
    };
    table.into_iter().map(|(language, names)| Ok((language, texts(key, names)?))).collect()
}

fn offices(value: toml::Value) -> Result<Vec<Office>, String> {
    let toml::Value::Array(list) = value else { return Err("`offices` is a list of tables".to_owned()) };
    list.into_iter()
        .map(|office| {
            let toml::Value::Table(keys) = office else { return Err("an office is a table".to_owned()) };
            let mut read = Office::default();
            for (key, value) in keys {
                match key.as_str() {
                    "title" => read.title = text(&key, value)?,
                    "from" => read.from = text(&key, value)?,
                    "to" => read.to = text(&key, value)?,
                    _ => return Err(format!("an office has no key `{key}`")),
                }
            }
            Ok(read)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(contents: &str) -> Outcome<Profile> {
        Profile::load("try", &[("profiles/try/rows.toml", contents)])
    }

    #[test]
    fn messages_name_file_row_and_mend() {
        let loaded = load("[[state]]\nid = \"a\"\nnames.zh = 3\n\n[[planet]]\nid = \"b\"\n");
        let messages: Vec<&str> = loaded.diagnostics.iter().map(|d| d.message.as_str()).collect();
        assert_eq!(messages, ["no section [[planet]]", "row 1 of [[state]]: `names` is not a list of texts"]);
        assert!(loaded.diagnostics.iter().all(|d| d.page.as_deref() == Some("profiles/try/rows.toml")));
        assert_eq!(load("[[state]\n").diagnostics[0].code, "profile-file");
        assert_eq!(Profile::load("none", &[]).diagnostics[0].code, "profile-missing");
    }

    #[test]
    fn more_states_than_are_told_apart_are_named() {
        let states = |count: usize| -> String {
            let row = |number: usize| {
                let name: String =
                    number.to_string().chars().map(|digit| char::from(digit as u8 + 17)).collect();
                format!("[[state]]\nid = \"s{number}\"\nnames.zh = [\"{name}QQ\"]\nsource = \"s\"\n")
            };
            (0..count).map(row).collect()
        };
        let told = |count: usize| -> Vec<String> {
            let checked = load(&states(count)).value.check();
            let messages = checked.into_iter().map(|diagnostic| diagnostic.message);
            messages.filter(|message| message.contains("told apart")).collect()
        };
        assert!(told(MOST_STATES).is_empty());
        assert_eq!(
            told(MOST_STATES + 2),
            ["s256: stands behind 256 other states, and no more are told apart"]
        );
    }

    #[test]
    fn a_profile_that_contradicts_itself_is_told_where() {
        let loaded = load(
            "[[state]]\nid = \"a\"\nnames.zh = [\"甲国\"]\nsource = \"s\"\n\
             [[state]]\nid = \"b\"\nnames.zh = [\"甲国\"]\nsource = \"s\"\n\
             [[body]]\nid = \"c\"\nnames.zh = [\"甲国中心\", \"中心\"]\nparent = \"d\"\ndate = \"2025-02-30\"\nsource = \"s\"\n\
             [[body]]\nid = \"e\"\nnames.zh = [\"数据中心\"]\nsource = \"s\"\n",
        );
        assert!(loaded.diagnostics.is_empty());
        let found = loaded.value.check();
        let messages: Vec<String> =
            found.iter().map(|d| format!("{} {}", d.page.as_deref().unwrap_or(""), d.message)).collect();
        assert_eq!(
            messages,
            [
                "profiles/try/rows.toml:10 c: date `2025-02-30` is not YYYY, YYYY-MM or YYYY-MM-DD",
                "profiles/try/rows.toml:6 b: the name `甲国` belongs to `a` at profiles/try/rows.toml:2 too",
                "profiles/try/rows.toml:10 c: the name `中心` stands inside `数据中心` of `e`",
                "profiles/try/rows.toml:10 c: names the body `d`, which no row has",
            ]
        );
    }

    #[test]
    fn items_have_one_name_each() {
        let loaded = load(
            "[[area]]\nid = \"a\"\nitems = [\"甲\", \"乙\"]\nitem_names.en = [\"first\"]\nsource = \"s\"\n",
        );
        let found = loaded.value.check();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].message, "a: item_names.en has 1 for 2 items");
    }

    #[test]
    fn built_in_profiles_are_sound() {
        let files = crate::builtin();
        for name in ["china-central-asia", "lanhai"] {
            let loaded = Profile::load(name, files);
            assert_eq!(loaded.diagnostics, [], "{name}");
            let errors: Vec<_> =
                loaded.value.check().into_iter().filter(|found| found.severity == Severity::Error).collect();
            assert_eq!(errors, [], "{name}");
        }
    }
}

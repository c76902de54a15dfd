use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use shiliu_lang::{Pack, Profile, Section, Traditional};
use shiliu_ledger::Label;
use shiliu_text::{Digest, Span};

use super::characters::CharacterSet;
use super::states::States;
use super::tree::{Found, Tree};

/// What a word is for. Rows of `lang/*/{speech,commitments,…}.tsv` name it in their `class` column; rows of the
/// profile have the first ten.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Class {
    State,
    Side,
    Group,
    Person,
    Body,
    Meeting,
    Instrument,
    Project,
    Place,
    /// Several states by context: `we`, `both`, `all`, `others`.
    Circle,
    /// Says of two states named by their short forms what is between them (relations, trade).
    Bilateral,
    /// The word for a government, which after a state's name means the state.
    Government,
    /// Opens a clause that says to what end the next one is done.
    Aim,
    Pronoun,
    Collective,
    Speech,
    SpeechAfter,
    Attributive,
    Adverb,
    Preposition,
    Frame,
    Conjunction,
    Cue,
    Action,
    Slogan,
    Done,
    Quantifier,
    Title,
    TitlePart,
    /// Binds a state's name to the word behind it (`of X's nationality`).
    TitleBound,
    Byline,
    NameEnd,
    /// A deed that may follow a name, and stands inside names of other things too (`joint`, `report`).
    NameDeed,
    /// A verb of speech with what is felt: nothing is said (`expresses thanks`).
    Feeling,
    BodySuffix,
    BodyVerb,
    ProjectSuffix,
    ProjectVerb,
    ProjectAfter,
    InstrumentHead,
    InstrumentVerb,
    EventSuffix,
    EventVerb,
    EventBefore,
    EventAct,
    /// What is done to a thing that is opened, founded or handed over.
    EventDone,
    PlaceSuffix,
    PlaceBefore,
    ListEnd,
    ClaimNoun,
    ClaimVerb,
    Sector,
    Salutation,
    Boundary,
    Plan,
    MeasureEnd,
    Joiner,
    Tail,
    TitleStop,
    PersonCounter,
    Numbering,
    PhraseTail,
    /// A name of the world at large that holds words for deeds.
    WorldName,
    Negation,
    Aspect,
    Generic,
    Breakdown,
    Compounder,
    Abstract,
    Urge,
    PromiseNamed,
    /// An organ, office or period that one state alone has.
    Institution,
    /// A news agency or a paper.
    Press,
    /// The end of a verb that says what something is made into or brought to.
    Result,
    /// Bounds a length of time as a deadline (`within`, `the coming`).
    Within,
    /// Says that a date or an amount is changed to another.
    Change,
    /// Closes a clause of time.
    Afterwards,
    /// A word for the time at which something is to be done.
    Schedule,
    /// Opens what a document is about (`on the mutual recognition of …`).
    About,
    /// Says that a short form follows (`hereinafter …`).
    ShortForm,
    /// Opens a clause that says what a promise is for or whom it reaches.
    Purpose,
    /// Opens a source (`according to …`).
    According,
    /// Stands right before the name of somebody without a title.
    NameLead,
    /// Closes a modifier before its noun.
    Modifier,
    /// Raises or renames a body into another.
    Raised,
    /// Says what something is.
    Copula,
    /// Closes a stretch of time that begins with a date (`since`).
    Since,
    /// Says that a deed lies before what is told (`earlier`).
    Earlier,
    /// Opens narration behind what somebody said (`on the same day`); value `after` stands behind a subject.
    Narration,
    /// Closes a line under which what was agreed is listed.
    Outcomes,
    /// Opens a dateline (`our correspondent`).
    DatelineStart,
    /// Closes a dateline.
    DatelineEnd,
    /// Closes a dateline behind the number of its day, with the word for the day.
    DatelineDay,
    /// Says of a deed that it is not done: refused, failed at or only hoped for.
    Withheld,
    /// Opens no name: a word for a time, or one that joins deeds; value `office` for what goes with an office.
    NoName,
    /// A verb that carries a noun for a deed (`gives support`, `reaches agreement`).
    Carrying,
    /// What a plan or a notice does with what it contains (`the plan sets out: …`), with the force of that.
    SetsOut,
    /// What a figure is to come to (`reaches`, `stays below`).
    Reaches,
    /// What is exchanged in talk and is no document.
    Views,
    /// A verb of appointing (value `to`), or of taking an office, behind the name.
    Appoints,
    /// Stands between a name and the office that somebody is appointed to.
    Appointed,
    /// What is found out or counted, and no document of the mechanism where it is published.
    Findings,
    /// A word for what will be that other names end in, read behind a subject only.
    Modal,
    /// Says of a meeting that it is the next or the last one, not the first.
    OtherEdition,
    /// Makes the date behind it the last day (`no later than`).
    Latest,
    /// Closes a clause that says that something stays as it is.
    Unchanged,
    /// What is opened or taken into use on a day and no project by its name alone (`liner service`, `system`).
    EventThing,
    /// How many classes there are.
    Last,
}

const CLASSES: &[(&str, Class)] = &[
    ("circle", Class::Circle),
    ("bilateral", Class::Bilateral),
    ("government", Class::Government),
    ("aim", Class::Aim),
    ("pronoun", Class::Pronoun),
    ("collective", Class::Collective),
    ("speech", Class::Speech),
    ("speech-after", Class::SpeechAfter),
    ("attributive", Class::Attributive),
    ("adverb", Class::Adverb),
    ("preposition", Class::Preposition),
    ("frame", Class::Frame),
    ("conjunction", Class::Conjunction),
    ("cue", Class::Cue),
    ("action", Class::Action),
    ("slogan", Class::Slogan),
    ("done", Class::Done),
    ("quantifier", Class::Quantifier),
    ("title", Class::Title),
    ("title-part", Class::TitlePart),
    ("title-bound", Class::TitleBound),
    ("byline", Class::Byline),
    ("name-end", Class::NameEnd),
    ("feeling", Class::Feeling),
    ("name-deed", Class::NameDeed),
    ("body-suffix", Class::BodySuffix),
    ("body-verb", Class::BodyVerb),
    ("project-suffix", Class::ProjectSuffix),
    ("project-verb", Class::ProjectVerb),
    ("project-after", Class::ProjectAfter),
    ("instrument-head", Class::InstrumentHead),
    ("instrument-verb", Class::InstrumentVerb),
    ("event-suffix", Class::EventSuffix),
    ("event-verb", Class::EventVerb),
    ("event-before", Class::EventBefore),
    ("event-act", Class::EventAct),
    ("event-done", Class::EventDone),
    ("place-suffix", Class::PlaceSuffix),
    ("place-before", Class::PlaceBefore),
    ("list-end", Class::ListEnd),
    ("claim-noun", Class::ClaimNoun),
    ("claim-verb", Class::ClaimVerb),
    ("sector", Class::Sector),
    ("salutation", Class::Salutation),
    ("boundary", Class::Boundary),
    ("plan", Class::Plan),
    ("measure-end", Class::MeasureEnd),
    ("joiner", Class::Joiner),
    ("tail", Class::Tail),
    ("title-stop", Class::TitleStop),
    ("person-counter", Class::PersonCounter),
    ("numbering", Class::Numbering),
    ("phrase-tail", Class::PhraseTail),
    ("world-name", Class::WorldName),
    ("negation", Class::Negation),
    ("aspect", Class::Aspect),
    ("generic", Class::Generic),
    ("breakdown", Class::Breakdown),
    ("compounder", Class::Compounder),
    ("abstract", Class::Abstract),
    ("urge", Class::Urge),
    ("promise-named", Class::PromiseNamed),
    ("result", Class::Result),
    ("within", Class::Within),
    ("change", Class::Change),
    ("afterwards", Class::Afterwards),
    ("schedule", Class::Schedule),
    ("about", Class::About),
    ("short-form", Class::ShortForm),
    ("purpose", Class::Purpose),
    ("according", Class::According),
    ("raised", Class::Raised),
    ("copula", Class::Copula),
    ("since", Class::Since),
    ("earlier", Class::Earlier),
    ("narration", Class::Narration),
    ("outcomes", Class::Outcomes),
    ("no-name", Class::NoName),
    ("modifier", Class::Modifier),
    ("name-lead", Class::NameLead),
    ("dateline-start", Class::DatelineStart),
    ("dateline-end", Class::DatelineEnd),
    ("dateline-day", Class::DatelineDay),
    ("withheld", Class::Withheld),
    ("carrying", Class::Carrying),
    ("sets-out", Class::SetsOut),
    ("reaches", Class::Reaches),
    ("views", Class::Views),
    ("findings", Class::Findings),
    ("modal", Class::Modal),
    ("latest", Class::Latest),
    ("unchanged", Class::Unchanged),
    ("event-thing", Class::EventThing),
    ("other-edition", Class::OtherEdition),
    ("appoints", Class::Appoints),
    ("appointed", Class::Appointed),
];

/// The word lists of one language that record grammars read.
const TABLES: &[&str] = &[
    "speech",
    "commitments",
    "actors",
    "titles",
    "persons",
    "bodies",
    "projects",
    "instruments",
    "events",
    "placenames",
    "areas",
    "sectors",
    "indicators",
];

/// A word with its class.
#[derive(Clone, Debug)]
pub(super) struct Word {
    pub(super) class: Class,
    /// Id of the row it stands in.
    pub(super) id: Label,
    /// What the row says of it (`F4 announced`, a type, a status, a sector).
    pub(super) value: Label,
    /// Index of the profile row, for the classes of the profile; of other words that of their grade.
    pub(super) row: usize,
    /// The states that a row of the profile is of: itself, the members of a group, those it names.
    pub(super) states: States,
}

/// What a word that grades a promise says of it.
#[derive(Clone, Debug)]
pub(super) struct Grade {
    pub(super) force: Label,
    pub(super) modality: Label,
    pub(super) status: Label,
}

impl Grade {
    fn of(value: &str) -> Grade {
        let mut words = value.split(' ').map(Label::of);
        Grade {
            force: words.next().unwrap_or_default(),
            modality: words.next().unwrap_or_default(),
            status: words.next().unwrap_or(Label::fixed("announced")),
        }
    }
}

/// A place where a word stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hit {
    pub(super) span: Span,
    pub(super) word: u32,
    pub(super) class: Class,
}

/// All words of the language data and one profile, as one tree.
#[derive(Debug)]
pub(super) struct Lexicon {
    tree: Tree,
    pub(super) words: Vec<Word>,
    /// Family names of one character.
    surnames: CharacterSet,
    /// What longer ones begin with, and they themselves, sorted.
    long_surname_heads: CharacterSet,
    long_surnames: Vec<String>,
    /// Verbs of speech of two characters that say nothing but that somebody speaks, with their words.
    speech: Vec<([char; 2], u32)>,
    /// Family names so rare that they tell a name only where no word is known.
    rare_surnames: CharacterSet,
    transliteration: CharacterSet,
    particles: CharacterSet,
    money_ends: CharacterSet,
    short_states: CharacterSet,
    /// One-character forms of states with their rows.
    short_rows: Vec<(char, usize)>,
    /// What each state is called in the language of the files.
    state_names: Vec<Label>,
    grades: Vec<Grade>,
    /// Items of the profile's lists of priorities; each word's number is a place in `area_places`.
    areas: Tree,
    /// List and item, as indexes, the earlier list last.
    area_places: Vec<(usize, usize)>,
    /// The items of each list with the list's row.
    area_labels: Vec<(Label, Vec<Label>)>,
    person_counters: BTreeSet<String>,
    /// Traditional characters as the words of the lexicon are written.
    pub(super) traditional: Traditional,
}

/// The rows of states by their ids.
pub(super) fn rows(profile: &Profile, ids: &[String]) -> States {
    let states = profile.entries(Section::State);
    ids.iter().filter_map(|id| states.iter().position(|state| &state.id == id)).collect()
}

type Key = (Digest, Digest);

/// Compiled lexicons by the hash of their data: compiling costs milliseconds, a text may be one line long.
static COMPILED: Mutex<Vec<(Key, Arc<Lexicon>)>> = Mutex::new(Vec::new());
const KEPT: usize = 6;

impl Lexicon {
    /// The lexicon of that data, compiled once.
    pub(super) fn of(pack: &Pack, profile: &Profile) -> Arc<Lexicon> {
        let key = (pack.digest(), profile.digest());
        let mut compiled = COMPILED.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some((_, known)) = compiled.iter().find(|(known, _)| *known == key) {
            return Arc::clone(known);
        }
        let fresh = Arc::new(Lexicon::compile(pack, profile));
        if compiled.len() >= KEPT {
            compiled.remove(0);
        }
        compiled.push((key, Arc::clone(&fresh)));
        fresh
    }

    fn compile(pack: &Pack, profile: &Profile) -> Lexicon {
        let mut listed: Vec<(String, Word)> = Vec::new();
        let mut grades: Vec<Grade> = vec![Grade::of("")];
        let mut surnames = BTreeSet::new();
        let mut rare_surnames = BTreeSet::new();
        let mut transliteration = BTreeSet::new();
        let mut particles = BTreeSet::new();
        let mut money_ends = BTreeSet::new();
        for language in ["zh", "ru", "en", "kk"] {
            for table in TABLES {
                let Some(table) = pack.table(language, table) else { continue };
                for row in &table.rows {
                    let cell = |index: usize| row.get(index).map_or("", String::as_str);
                    let (id, class, words, value) = (cell(0), cell(1), cell(2), cell(3));
                    match class {
                        "surname" => surnames.extend(words.split_whitespace().map(str::to_owned)),
                        "surname-rare" => {
                            rare_surnames.extend(words.chars().filter(|c| !c.is_whitespace()));
                        }
                        "transliteration" => {
                            transliteration.extend(words.chars().filter(|c| !c.is_whitespace()));
                        }
                        "particle" => particles.extend(words.chars().filter(|c| !c.is_whitespace())),
                        "money-end" => money_ends.extend(words.chars().filter(|c| !c.is_whitespace())),
                        _ => {
                            let Some(&(_, class)) = CLASSES.iter().find(|(name, _)| *name == class) else {
                                continue;
                            };
                            // The first grade is that of words that grade nothing.
                            let row = if value.starts_with('F') { grades.len() } else { 0 };
                            if row > 0 {
                                grades.push(Grade::of(value));
                            }
                            let (id, value) = (Label::of(id), Label::of(value));
                            for word in words.split_whitespace() {
                                let (id, value) = (id.clone(), value.clone());
                                let entry = Word { class, id, value, row, states: States::default() };
                                // A word of a spaced script keeps its inner space as an underscore in the table.
                                listed.push((word.replace('_', " "), entry));
                            }
                        }
                    }
                }
            }
        }
        for (section, class) in [
            (Section::State, Class::State),
            (Section::Group, Class::Group),
            (Section::Person, Class::Person),
            (Section::Body, Class::Body),
            (Section::Meeting, Class::Meeting),
            (Section::Instrument, Class::Instrument),
            (Section::Project, Class::Project),
            (Section::Place, Class::Place),
            (Section::Press, Class::Press),
        ] {
            for (row, entry) in profile.entries(section).iter().enumerate() {
                let value = Label::of(entry.kind.as_deref().unwrap_or_default());
                let id = Label::of(&entry.id);
                let states = match class {
                    Class::State => States::of(row),
                    Class::Group => rows(profile, &entry.members),
                    _ => rows(profile, &entry.states),
                };
                let word = |class| Word { class, id: id.clone(), value: value.clone(), row, states };
                for name in entry.names.values().flatten() {
                    listed.push((name.clone(), word(class)));
                    // A recogniser loses the dash inside a name more often than any other mark.
                    if name.contains('—') {
                        listed.push((name.replace('—', ""), word(class)));
                    }
                }
                for name in &entry.institutions {
                    listed.push((name.clone(), word(Class::Institution)));
                }
                for name in entry.side.values().flatten() {
                    listed.push((name.clone(), word(Class::Side)));
                }
            }
        }
        let person_counters = listed
            .iter()
            .filter(|(_, word)| word.class == Class::PersonCounter)
            .map(|(text, _)| text.clone())
            .collect();
        let mut order: Vec<usize> = (0..listed.len()).collect();
        order.sort_by(|&a, &b| listed[a].0.cmp(&listed[b].0).then(a.cmp(&b)));
        let mut texts: Vec<&str> = Vec::new();
        let mut patterns: Vec<Vec<(u32, Class)>> = Vec::new();
        let mut words = Vec::with_capacity(listed.len());
        let mut speech: Vec<([char; 2], u32)> = Vec::new();
        for index in order {
            let (text, word) = &listed[index];
            if text.is_empty() {
                continue;
            }
            let number = u32::try_from(words.len()).unwrap_or(u32::MAX);
            let plain = word.id.ends_with(".state") || word.id.ends_with(".point");
            if word.class == Class::Speech
                && plain
                && let [first, second] = text.chars().collect::<Vec<char>>()[..]
            {
                speech.push(([first, second], number));
            }
            words.push(word.clone());
            if texts.last() == Some(&text.as_str()) {
                if let Some(last) = patterns.last_mut() {
                    last.push((number, word.class));
                }
            } else {
                texts.push(text);
                patterns.push(vec![(number, word.class)]);
            }
        }
        let states = profile.entries(Section::State);
        let short_states = states.iter().filter_map(|state| state.short.as_ref()?.chars().next()).collect();
        let short_rows = states.iter().enumerate().filter_map(|(row, state)| {
            let mut characters = state.short.as_deref()?.chars();
            characters.next().filter(|_| characters.next().is_none()).map(|only| (only, row))
        });
        let area_labels = profile
            .entries(Section::Area)
            .iter()
            .map(|entry| (Label::of(&entry.id), entry.items.iter().map(|item| Label::of(item)).collect()));
        // The latest list that names an item counts, of one list the first item.
        let lists = profile.entries(Section::Area).iter().enumerate().rev();
        let items: Vec<(usize, usize, &str)> = lists
            .flat_map(|(list, entry)| {
                entry.items.iter().enumerate().map(move |(item, text)| (list, item, text.as_str()))
            })
            .collect();
        let mut by_text: BTreeMap<&str, u32> = BTreeMap::new();
        for (number, (_, _, text)) in items.iter().enumerate() {
            by_text.entry(text).or_insert(u32::try_from(number).unwrap_or(u32::MAX));
        }
        let areas = Tree::of(by_text.into_iter().map(|(text, number)| (text, vec![(number, Class::Last)])));
        let heads = |fits: fn(usize) -> bool| {
            let names = surnames.iter().filter(move |name| fits(name.chars().count()));
            names.filter_map(|name| name.chars().next()).collect()
        };
        Lexicon {
            traditional: Traditional::of(pack),
            areas,
            area_places: items.into_iter().map(|(list, item, _)| (list, item)).collect(),
            tree: Tree::of(texts.into_iter().zip(patterns)),
            words,
            surnames: heads(|length| length == 1),
            long_surname_heads: heads(|length| length > 1),
            long_surnames: surnames.iter().filter(|name| name.chars().count() > 1).cloned().collect(),
            speech,
            rare_surnames: rare_surnames.into_iter().collect(),
            transliteration: transliteration.into_iter().collect(),
            particles: particles.into_iter().collect(),
            money_ends: money_ends.into_iter().collect(),
            short_states,
            short_rows: short_rows.collect(),
            state_names: states.iter().map(|state| Label::of(state.name("zh"))).collect(),
            grades,
            area_labels: area_labels.collect(),
            person_counters,
        }
    }

    /// What a cue says of a promise.
    pub(super) fn grade(&self, cue: &Word) -> &Grade {
        &self.grades[cue.row]
    }

    /// The row of the state whose one-character form is a character.
    pub(super) fn short_row(&self, character: char) -> Option<usize> {
        self.short_rows.iter().find(|(known, _)| *known == character).map(|(_, row)| *row)
    }

    /// The names of states in the language of the files, in the order of the profile.
    pub(super) fn state_names(&self, states: States) -> impl Iterator<Item = Label> + '_ {
        states.rows().filter_map(|row| self.state_names.get(row).cloned())
    }

    /// An item of the profile's lists of priorities, with the row of its list.
    pub(super) fn area(&self, list: usize, item: usize) -> Option<(Label, Label)> {
        let (id, items) = self.area_labels.get(list)?;
        Some((items.get(item)?.clone(), id.clone()))
    }

    /// Every word in `text`, also inside another.
    pub(super) fn hits(&self, text: &str) -> Found {
        self.tree.find(text)
    }

    /// The item of the profile's lists of priorities that a text names, as list and item: of the latest list the
    /// first.
    pub(super) fn area_in(&self, text: &str) -> Option<(usize, usize)> {
        let number = self.areas.words_in(text).map(|(number, _)| number).min()?;
        self.area_places.get(number as usize).copied()
    }

    /// Whether a character says nothing when words are compared.
    pub(super) fn is_particle(&self, character: char) -> bool {
        self.particles.has(character)
    }

    /// Whether the one-character form of a state begins with a character.
    pub(super) fn is_short_state(&self, character: char) -> bool {
        self.short_states.has(character)
    }

    /// Whether a unit is a counter of people.
    pub(super) fn is_person_counter(&self, unit: &str) -> bool {
        self.person_counters.contains(unit)
    }

    /// Whether a character ends the names of currencies.
    pub(super) fn is_money_end(&self, character: char) -> bool {
        self.money_ends.has(character)
    }

    pub(super) fn is_transliteration(&self, character: char) -> bool {
        self.transliteration.has(character)
    }

    /// The verb of speech of two characters that shares one of them, at its place, with two others.
    pub(super) fn speech_like(&self, two: [char; 2]) -> Option<u32> {
        let like = |known: &&([char; 2], u32)| known.0[0] == two[0] || known.0[1] == two[1];
        self.speech.iter().find(like).map(|(_, word)| *word)
    }

    /// Whether a character is a family name that few people have.
    pub(super) fn is_rare_surname(&self, character: char) -> bool {
        self.rare_surnames.has(character)
    }

    /// Bytes of the family name at the head of `text`: two characters before one.
    pub(super) fn surname(&self, text: &str) -> Option<usize> {
        let mut characters = text.chars();
        let first = characters.next()?;
        let one = first.len_utf8();
        if self.long_surname_heads.has(first)
            && let Some(second) = characters.next()
            && let two = one + second.len_utf8()
            && self.long_surnames.binary_search_by(|name| name.as_str().cmp(&text[..two])).is_ok()
        {
            return Some(two);
        }
        self.surnames.has(first).then_some(one)
    }
}

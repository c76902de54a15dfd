use crate::Label;

/// What a record is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A meeting, visit, signing, launch.
    Event,
    /// A body of the mechanism or beside it.
    Body,
    /// A document that binds or declares.
    Instrument,
    /// Who will do what, for whom, by when.
    Commitment,
    /// A project or programme.
    Project,
    /// A single figure of a measure.
    Figure,
    /// A figure that is part of a total.
    Indicator,
    /// A person in an office.
    Person,
    /// Words with their speaker.
    Quote,
    /// A list of priorities.
    Area,
    /// A place.
    Place,
    /// The text claims n and names some.
    Claim,
    /// A relation between two records.
    Link,
}

impl Kind {
    /// All kinds in the order of the contract.
    pub const ALL: [Kind; 13] = [
        Kind::Event,
        Kind::Body,
        Kind::Instrument,
        Kind::Commitment,
        Kind::Project,
        Kind::Figure,
        Kind::Indicator,
        Kind::Person,
        Kind::Quote,
        Kind::Area,
        Kind::Place,
        Kind::Claim,
        Kind::Link,
    ];

    /// The word used in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Event => "event",
            Kind::Body => "body",
            Kind::Instrument => "instrument",
            Kind::Commitment => "commitment",
            Kind::Project => "project",
            Kind::Figure => "figure",
            Kind::Indicator => "indicator",
            Kind::Person => "person",
            Kind::Quote => "quote",
            Kind::Area => "area",
            Kind::Place => "place",
            Kind::Claim => "claim",
            Kind::Link => "link",
        }
    }

    /// The kind of a word used in files.
    #[must_use]
    pub fn parse(text: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// The fields of the kind, in the order in which files list them. A record has no other field.
    #[must_use]
    pub fn fields(self) -> &'static [&'static str] {
        match self {
            Kind::Event => &["type", "name", "edition", "date", "place", "participants", "outcome"],
            Kind::Body => &["name", "type", "status", "since", "host", "parent", "lineage"],
            Kind::Instrument => &["name", "type", "status", "parties", "date", "event"],
            Kind::Commitment => &[
                "actors",
                "recipients",
                "action",
                "object",
                "quantity",
                "deadline",
                "cue",
                "modality",
                "force",
                "specificity",
                "polarity",
                "status",
                "area",
                "sector",
                "meeting",
            ],
            Kind::Project => &["name", "type", "countries", "status", "status_line", "sector"],
            Kind::Figure | Kind::Indicator => {
                &["measure", "value", "unit", "cmp", "as_of", "scope", "parent"]
            }
            Kind::Person => &["name", "title", "country", "role"],
            Kind::Quote => &["speaker", "title", "cue", "mode", "text"],
            Kind::Area => &["list", "items", "meeting"],
            Kind::Place => &["name", "type", "country"],
            Kind::Claim => &["claims", "n", "names"],
            Kind::Link => &["from", "to", "relation"],
        }
    }
}

/// A value of a field.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// A text: a name, an EDTF date, a word of a fixed vocabulary, a decimal number as text.
    Text(Label),
    /// A whole number.
    Integer(i64),
    /// Several values, in order.
    List(Vec<Value>),
    /// Named values, in order (a quantity: value, unit, cmp, text).
    Map(Vec<(&'static str, Value)>),
    /// Known to be absent.
    Null,
}

impl Value {
    /// A text value.
    #[must_use]
    pub fn text(text: impl Into<Label>) -> Value {
        Value::Text(text.into())
    }

    /// A list of texts.
    #[must_use]
    pub fn texts<T: Into<Label>>(texts: impl IntoIterator<Item = T>) -> Value {
        Value::List(texts.into_iter().map(|text| Value::Text(text.into())).collect())
    }

    /// The text of a text value.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The texts of a list (a single text counts as a list of one).
    #[must_use]
    pub fn as_texts(&self) -> Vec<&str> {
        match self {
            Value::Text(text) => vec![text],
            Value::List(values) => values.iter().filter_map(Value::as_text).collect(),
            _ => Vec::new(),
        }
    }
}

/// Why a field has its value. A value that no page prints cannot be stored as printed: `Printed` needs a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldBasis<P> {
    /// The characters that say so.
    Printed(P),
    /// What it follows from: a profile row's id, a rule's id, "reference date".
    Inferred(Label),
}

/// A value with its basis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field<P> {
    /// The value.
    pub value: Value,
    /// Why.
    pub basis: FieldBasis<P>,
}

/// The fields of a record by name, in order of the names; only names of [`Kind::fields`]. A record has few, so they
/// stand in one list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fields<P>(Vec<(&'static str, Field<P>)>);

impl<P> Fields<P> {
    /// No fields, with room for so many.
    #[must_use]
    pub fn with_capacity(room: usize) -> Fields<P> {
        Fields(Vec::with_capacity(room))
    }

    /// The field of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Field<P>> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, field)| field)
    }

    /// Sets a field.
    pub fn insert(&mut self, name: &'static str, field: Field<P>) {
        // A record has few, and most names differ in their first letter.
        let order = |known: &str| {
            let first = known.as_bytes().first().cmp(&name.as_bytes().first());
            first.then_with(|| known.cmp(name))
        };
        let place = self.0.iter().position(|(known, _)| order(known).is_ge());
        match place {
            None => self.0.push((name, field)),
            Some(place) if self.0[place].0 == name => self.0[place].1 = field,
            Some(place) => self.0.insert(place, (name, field)),
        }
    }

    /// Names and fields in order of the names.
    pub fn iter(&self) -> impl Iterator<Item = (&&'static str, &Field<P>)> + '_ {
        self.0.iter().map(|(name, field)| (name, field))
    }

    /// The fields in order of their names.
    pub fn values(&self) -> impl Iterator<Item = &Field<P>> + '_ {
        self.0.iter().map(|(_, field)| field)
    }
}

impl<P> Default for Fields<P> {
    fn default() -> Fields<P> {
        Fields(Vec::new())
    }
}

/// A candidate for the ledger. `P` is where its characters stand: a span of the text it was found in, then the
/// evidence on every printing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record<P> {
    /// What it is about.
    pub kind: Kind,
    /// Its fields.
    pub fields: Fields<P>,
    /// Id of the row or rule that found it.
    pub rule: Label,
    /// The shortest stretch that says it, at most one sentence for body, instrument, project, event, commitment.
    pub at: P,
    /// Marks in fixed words (`stance`, `damaged`, `sum-differs`, `changes`, `promise-named`).
    pub flags: Vec<&'static str>,
}

impl<P> Record<P> {
    /// A record without fields.
    #[must_use]
    pub fn new(kind: Kind, rule: impl Into<Label>, at: P) -> Record<P> {
        // Hardly a record has all; a list of so many fields is still a small piece of memory.
        const ROOM: usize = 14;
        Record {
            kind,
            fields: Fields::with_capacity(kind.fields().len().min(ROOM)),
            rule: rule.into(),
            at,
            flags: Vec::new(),
        }
    }

    /// Sets a field that the text prints.
    ///
    /// # Panics
    /// In a development build on a name that is not in [`Kind::fields`]: a mistake in the program, found by any test
    /// that reaches it.
    pub fn printed(&mut self, name: &'static str, value: Value, at: P) {
        debug_assert!(self.kind.fields().contains(&name), "{:?} has no field {name}", self.kind);
        self.fields.insert(name, Field { value, basis: FieldBasis::Printed(at) });
    }

    /// Sets a field that follows from something else.
    ///
    /// # Panics
    /// As [`Record::printed`].
    pub fn inferred(&mut self, name: &'static str, value: Value, from: impl Into<Label>) {
        debug_assert!(self.kind.fields().contains(&name), "{:?} has no field {name}", self.kind);
        self.fields.insert(name, Field { value, basis: FieldBasis::Inferred(from.into()) });
    }

    /// A field's value.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&Value> {
        self.fields.get(name).map(|field| &field.value)
    }

    /// A field's text.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.value(name)?.as_text()
    }

    /// A field's text, shared.
    #[must_use]
    pub fn label(&self, name: &str) -> Option<Label> {
        match self.value(name)? {
            Value::Text(text) => Some(text.clone()),
            _ => None,
        }
    }

    /// The record with its places led elsewhere, each to exactly one place of the same kind.
    #[must_use]
    pub fn moved(mut self, place: &mut dyn FnMut(&P) -> P) -> Record<P> {
        self.at = place(&self.at);
        for (_, field) in &mut self.fields.0 {
            if let FieldBasis::Printed(at) = &mut field.basis {
                *at = place(at);
            }
        }
        self
    }

    /// The record at other places: `None` where its own place leads nowhere; a printed field whose place leads
    /// nowhere keeps its value as inferred from the record's text.
    #[must_use]
    pub fn ground<Q>(self, place: &mut dyn FnMut(&P) -> Option<Q>) -> Option<Record<Q>> {
        let at = place(&self.at)?;
        let mut fields = Fields::with_capacity(self.fields.0.len());
        for (name, field) in self.fields.0 {
            let basis = match field.basis {
                FieldBasis::Printed(p) => place(&p).map_or_else(
                    || FieldBasis::Inferred(Label::fixed("another reading of the place")),
                    FieldBasis::Printed,
                ),
                FieldBasis::Inferred(from) => FieldBasis::Inferred(from),
            };
            fields.0.push((name, Field { value: field.value, basis }));
        }
        Some(Record { kind: self.kind, fields, rule: self.rule, at, flags: self.flags })
    }
}

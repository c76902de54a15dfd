use shiliu_text::Span;

use crate::Ground;

/// One printing as testimony to a story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// Its name (the article's id); the result does not depend on the order in which witnesses are given, it is
    /// ordered by `rank`, then `key`.
    pub key: String,
    /// Order of sigla: date, page, place, as a sortable text.
    pub rank: String,
    /// Its reading text.
    pub text: String,
    /// The stretches of `text` that print the story (bytes, sorted, disjoint); the rest is not collated.
    pub coverage: Vec<Span>,
    /// Groups witnesses that share a recogniser or a page: reliability is pooled over a group.
    pub engine: Option<String>,
}

/// Why a difference touches the sense, whatever its size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Substance {
    /// A number.
    Number,
    /// A date.
    Date,
    /// A name.
    Name,
    /// A negation.
    Negation,
}

impl Substance {
    /// All of them.
    pub const ALL: [Substance; 4] =
        [Substance::Number, Substance::Date, Substance::Name, Substance::Negation];

    /// The word used in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Substance::Number => "number",
            Substance::Date => "date",
            Substance::Name => "name",
            Substance::Negation => "negation",
        }
    }
}

/// What kind of departure from the lemma a reading is (讹脱衍倒).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReadingKind {
    /// Other characters.
    Substitution,
    /// Fewer.
    Omission,
    /// More.
    Addition,
    /// The same at another place.
    Transposition,
}

impl ReadingKind {
    /// All of them.
    pub const ALL: [ReadingKind; 4] =
        [ReadingKind::Substitution, ReadingKind::Omission, ReadingKind::Addition, ReadingKind::Transposition];

    /// The word used in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            ReadingKind::Substitution => "substitution",
            ReadingKind::Omission => "omission",
            ReadingKind::Addition => "addition",
            ReadingKind::Transposition => "transposition",
        }
    }
}

/// What most likely caused it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// Width or kind of a mark.
    Punctuation,
    /// Glyphs that look alike.
    LookAlike,
    /// A fluent misreading by the recogniser.
    Misreading,
    /// An editor's other word.
    Wording,
    /// Another number.
    Number,
    /// Another name.
    Name,
    /// Lost on the page (column foot).
    Lost,
    /// Cut by an editor.
    Abridgement,
    /// Cut or moved by a jump.
    Jump,
}

impl Cause {
    /// All of them.
    pub const ALL: [Cause; 9] = [
        Cause::Punctuation,
        Cause::LookAlike,
        Cause::Misreading,
        Cause::Wording,
        Cause::Number,
        Cause::Name,
        Cause::Lost,
        Cause::Abridgement,
        Cause::Jump,
    ];

    /// The word used in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Cause::Punctuation => "punctuation",
            Cause::LookAlike => "look-alike",
            Cause::Misreading => "misreading",
            Cause::Wording => "wording",
            Cause::Number => "number",
            Cause::Name => "name",
            Cause::Lost => "lost",
            Cause::Abridgement => "abridgement",
            Cause::Jump => "jump",
        }
    }
}

/// Whether the evidence settles a locus.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Decision {
    /// It does.
    Decided,
    /// It does not; the lemma is provisional.
    Undecided,
}

/// What one or more witnesses read at a locus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The characters; empty for an omission.
    pub text: String,
    /// The witnesses that read so (indexes into [`Story::witnesses`]) with the bytes of their text; an omission
    /// has the empty span where the text would stand.
    pub witnesses: Vec<(usize, Span)>,
    /// Departure from the lemma; `None` for the lemma itself.
    pub kind: Option<ReadingKind>,
    /// Most likely cause; `None` for the lemma.
    pub cause: Option<Cause>,
    /// Probability that this reading is right, in thousandths; those of a locus sum to about 1000.
    pub probability: u32,
    /// What speaks for it more than for the lemma (negative: less), by kind of evidence: log-odds in milli-nats. Empty
    /// for the lemma, and where no decision was computed here.
    pub grounds: Vec<(Ground, i32)>,
}

/// A place where witnesses differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locus {
    /// Bytes of the established text (empty where the lemma is an omission).
    pub at: Span,
    /// Index of the lemma in `readings`.
    pub lemma: usize,
    /// Whether the evidence settles it.
    pub decision: Decision,
    /// Probability of the lemma, in thousandths.
    pub confidence: u32,
    /// Number shared by the two ends of a moved block.
    pub moved: Option<u32>,
    /// Number shared by loci that are one event although they stand apart: both marks of a pair, the pieces of one
    /// long loss.
    pub event: Option<u32>,
    /// Why it touches the sense, if it does.
    pub substance: Option<Substance>,
    /// What may have stood here although no witness has it: the parts of damaged readings put together as the story has
    /// them elsewhere. Never part of the established text.
    pub conjecture: Option<String>,
    /// The readings: disjoint over the witnesses that cover the place, and complete.
    pub readings: Vec<Reading>,
}

/// The work several papers print.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Story {
    /// The witnesses in order of their sigla.
    pub witnesses: Vec<Witness>,
    /// The established text (校定本).
    pub established: String,
    /// Loci: sorted, disjoint over `established`.
    pub loci: Vec<Locus>,
    /// For each witness, the pieces of `established` that it covers: (bytes of established, bytes of witness),
    /// equal characters, between loci; sorted by the established side.
    pub agreements: Vec<Vec<(Span, Span)>>,
}

impl Story {
    /// The siglum of a witness: A … Z, AA ….
    #[must_use]
    pub fn siglum(index: usize) -> String {
        let mut rest = index;
        let mut letters = Vec::new();
        loop {
            letters.push(char::from(b'A' + u8::try_from(rest % 26).expect("below 26")));
            if rest < 26 {
                break;
            }
            rest = rest / 26 - 1;
        }
        letters.iter().rev().collect()
    }

    /// A witness's text within its coverage: the established text, with the witness's own reading at every locus
    /// (invariant 5). A moved block is read where the witness has it.
    #[must_use]
    pub fn rebuild(&self, witness: usize) -> String {
        let mut text = String::new();
        let mut reached = 0usize;
        for locus in &self.loci {
            text.push_str(&self.established[reached..locus.at.range().start]);
            if let Some((reading, _)) = self.reading_of(locus, witness) {
                text.push_str(&reading.text);
            }
            reached = locus.at.range().end;
        }
        text.push_str(&self.established[reached..]);
        text
    }

    /// The same put together from the agreements and the readings, by their places in the witness.
    #[must_use]
    pub fn rebuild_by_place(&self, witness: usize) -> String {
        // Pieces are ordered by their place in the witness: a moved block stands elsewhere in the story.
        let mut pieces: Vec<(Span, &str)> = self.agreements[witness]
            .iter()
            .map(|(here, there)| (*there, here.of(&self.established)))
            .collect();
        for reading in self.loci.iter().flat_map(|locus| &locus.readings) {
            if let Some((_, span)) = reading.witnesses.iter().find(|(index, _)| *index == witness) {
                pieces.push((*span, reading.text.as_str()));
            }
        }
        pieces.sort_by_key(|(span, _)| *span);
        pieces.into_iter().map(|(_, text)| text).collect()
    }

    /// Where a span of the established text stands in a witness: from the first to the last character of it
    /// that the witness has; `None` where it has none of it.
    #[must_use]
    pub fn in_witness(&self, span: Span, witness: usize) -> Option<Span> {
        let mut found: Option<Span> = None;
        let mut add = |part: Span| found = Some(found.map_or(part, |sofar: Span| sofar.cover(part)));
        let pieces = &self.agreements[witness];
        let first = pieces.partition_point(|(here, _)| here.end <= span.start);
        for (here, there) in pieces[first..].iter().take_while(|(here, _)| here.start < span.end) {
            if let Some(shared) = here.intersect(span) {
                let shift = shared.start - here.start;
                let start = there.start + shift;
                add(Span { start, end: start + (shared.end - shared.start) });
            }
        }
        let first = self.loci.partition_point(|locus| locus.at.end <= span.start);
        for locus in self.loci[first..].iter().take_while(|locus| locus.at.start < span.end) {
            let Some((reading, at)) = self.reading_of(locus, witness) else { continue };
            let moved_to = |number: u32| {
                self.loci
                    .iter()
                    .filter(move |other| other.moved == Some(number))
                    .find_map(|other| self.reading_of(other, witness).filter(|(_, place)| !place.is_empty()))
            };
            let (text, at) = match locus.moved {
                Some(number) if at.is_empty() => match moved_to(number) {
                    Some((there, place)) => (there.text.as_str(), place),
                    None => continue,
                },
                _ => (reading.text.as_str(), at),
            };
            if at.is_empty() {
                continue;
            }
            let lemma = locus.at.of(&self.established);
            match locus.at.intersect(span) {
                // The same characters: exactly those asked for.
                Some(shared) if text == lemma && at.len() == lemma.len() => {
                    let start = at.start + (shared.start - locus.at.start);
                    add(Span { start, end: start + (shared.end - shared.start) });
                }
                _ => add(at),
            }
        }
        found
    }

    /// What a witness reads at a locus, with its bytes.
    #[must_use]
    pub fn reading_of<'a>(&self, locus: &'a Locus, witness: usize) -> Option<(&'a Reading, Span)> {
        locus.readings.iter().find_map(|reading| {
            let at = reading.witnesses.binary_search_by_key(&witness, |(index, _)| *index).ok()?;
            Some((reading, reading.witnesses[at].1))
        })
    }
}

/// What the collation must ask the world above: integers in milli-nats, the same on every platform.
pub trait Judge: Sync {
    /// Log-odds that the witness's recogniser reads a character right, from all stories of its page.
    fn reliability(&self, witness: &Witness) -> i32;
    /// How readily `meant` is printed or recognised as `printed`; 0 unknown, larger is likelier.
    fn confusable(&self, printed: char, meant: char) -> i32;
    /// How often the rest of the archive prints `reading` between `left` and `right`.
    fn attested(&self, left: &str, reading: &str, right: &str) -> i32;
    /// Whether a reading is part of a number, date, name or negation, read between `left` and `right` (either may be
    /// empty).
    fn substantive(&self, left: &str, reading: &str, right: &str) -> Option<Substance>;
    /// Log-odds that `right` reads on from `left` in the language of the texts and is not another place joined to it; 0
    /// unknown.
    fn reads_on(&self, _left: &str, _right: &str) -> i32 {
        0
    }
    /// Logarithm of the probability of `reading` and what follows it, behind `left`, in the language of the texts;
    /// `None` where the language has nothing to say of such a reading.
    fn worded(&self, _left: &str, _reading: &str, _right: &str) -> Option<i32> {
        None
    }
}

/// Knows nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NeutralJudge;

impl Judge for NeutralJudge {
    fn reliability(&self, _witness: &Witness) -> i32 {
        4000
    }
    fn confusable(&self, _printed: char, _meant: char) -> i32 {
        0
    }
    fn attested(&self, _left: &str, _reading: &str, _right: &str) -> i32 {
        0
    }
    fn substantive(&self, _left: &str, reading: &str, _right: &str) -> Option<Substance> {
        reading.chars().any(char::is_numeric).then_some(Substance::Number)
    }
}

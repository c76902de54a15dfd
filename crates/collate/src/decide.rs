//! Which reading stands: log-odds in milli-nats from who says what, and how likely each kind of error is.
//!
//! For a candidate reading *r* the score is its prior plus, for every witness that testifies, the logarithm of the
//! probability that it prints what it prints if *r* is right. The errors considered are omission, addition,
//! substitution and variant form; their shares are fixed for two witnesses (which cannot tell a loss from an
//! invention) and learned from the story for more. The rate of errors of each witness is learned from the story
//! too, starting from what the [`Judge`] knows of its page and recogniser.

use crate::cohesion::Cohesion;
use crate::conjecture::conjecture;
use crate::evidence::{ln_ratio, probabilities};
use crate::grounds::Terms;
use crate::places::Places;
use crate::rates::Rates;
use crate::stream::{Glyph, Stream};
use crate::table::{Absence, NONE, Table};
use crate::units::{Unit, UnitKind};
use crate::usage::Usage;
use crate::{Ground, Judge, Witness};

/// A locus is decided when its lemma has at least this probability, in thousandths; else it stays undecided and
/// the lemma is provisional.
pub const DECIDED_FROM: u32 = 700;

/// What a glyph costs a reading that has it, and a witness that invents it: one of some four hundred.
const GLYPH: i64 = 6000;
/// A wrong glyph is one of some twenty that could have been read in the place of the right one.
const WRONG_GLYPH: i64 = 3000;
/// When two err at one place, they print the same wrong glyph half of the time.
const SHARED_GLYPH: i64 = 700;
/// Each further glyph of one loss, invention or misreading.
const FURTHER: i64 = 700;
/// Marks are put in more readily than letters.
const MARK_INVENTED: i64 = 1500;
/// A variant form of the same mark.
const VARIANT: i64 = 1500;
/// The most that the commonest form of a mark is worth.
const HOUSE_FORM_MOST: i64 = 3000;
/// Log-odds of being right at a difference that recurs.
const RECURRING: i64 = 4000;
/// White space kept or dropped against the manner of the script.
const LAYOUT_MANNER: i64 = 2500;
/// One more witness for a layout.
const LAYOUT_VOTE: i64 = 1500;
/// What lies in a block that belongs elsewhere stands there.
const ELSEWHERE_ODDS: i64 = 3500;
/// A reading of which more stands within [`ATTRACTION_REACH`] glyphs of the same witness may come from there.
const ATTRACTION: i64 = 400;
const ATTRACTION_REACH: usize = 200;
/// A recogniser's second testimony to the same error counts half.
const SHARED_ENGINE: i64 = 500;
/// A lead of so many witnesses outweighs whatever else speaks for a reading.
const SETTLED_BY: usize = 6;
/// What the world above may add to or take from one candidate.
const ATTESTED_MOST: i64 = 4000;
const CONFUSABLE_MOST: i64 = 2500;
/// So many characters on either side show whether a text reads on.
const SEAM_REACH: usize = 3;
/// What the language says of a reading counts so many thousandths: recognisers err fluently.
const WORDED: i64 = 400;
const WORDED_MOST: i64 = 4000;
/// Errors are less independent than the model says: scores are scaled by this, in thousandths.
const SOFTEN: i64 = 850;
/// Where a reading is at least so likely (thousandths) nothing else need be thought of.
const CONJECTURED_BELOW: u32 = 900;
/// Silence is no reading to choose.
const RULED_OUT: i64 = -100_000;
const ITERATIONS: usize = 4;

/// A distinct reading of a unit and who has it.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    /// As printed, with layout.
    pub(crate) text: String,
    pub(crate) witnesses: Vec<usize>,
    /// What speaks for it whoever prints it.
    prior: Terms,
}

impl Candidate {
    /// Its witnesses that testify: who lacks a long stretch here says nothing of what stands in it.
    fn speakers<'a>(&'a self, unit: &'a Unit) -> impl Iterator<Item = usize> + 'a {
        let empty = self.text.trim().is_empty();
        self.witnesses.iter().copied().filter(move |witness| !(empty && unit.silent[*witness].is_some()))
    }

    fn speaker(&self, unit: &Unit) -> Option<usize> {
        self.speakers(unit).next()
    }
}

/// A unit with its readings and the odds.
#[derive(Clone, Debug)]
pub(crate) struct Verdict {
    pub(crate) candidates: Vec<Candidate>,
    /// In thousandths, one a candidate.
    pub(crate) probabilities: Vec<u32>,
    /// What each candidate's score is made of.
    pub(crate) terms: Vec<Terms>,
    pub(crate) lemma: usize,
    /// Over a hole: the long text belongs to another story.
    pub(crate) foreign: bool,
    /// What no witness has and may have stood here.
    pub(crate) conjecture: Option<String>,
}

/// What one witness did wrong in one unit; counts of glyphs.
#[derive(Clone, Copy, Debug, Default)]
struct Error {
    variants: i64,
    wrong: i64,
    lost: i64,
    invented: i64,
    /// How close the wrong glyphs look to the right ones, in milli-nats.
    close: i64,
    /// Only marks are touched.
    marks: bool,
}

impl Error {
    /// Whether it is one: another form of the same mark is not.
    fn counts(&self) -> bool {
        self.wrong + self.lost + self.invented > 0
    }

    /// ln of its probability, but for how reliable the witness is; `again` when another witness did the same.
    ///
    /// One unit is one event: the kind of the event is paid once, each further glyph little.
    fn cost(&self, rates: &Rates, again: bool) -> Terms {
        let mut terms = Terms::of(Ground::Form, -VARIANT * self.variants);
        if !self.counts() {
            return terms;
        }
        let share = match (self.wrong, self.lost, self.invented) {
            (0, _, 0) => rates.lost,
            (0, 0, _) => rates.invented + if self.marks { MARK_INVENTED } else { 0 },
            // Other words of another length: a slight lean to the longer.
            _ if self.invented > self.lost => rates.wrong - (rates.lost - rates.invented).max(0) / 4,
            _ => rates.wrong,
        };
        let glyphs = if again {
            SHARED_GLYPH * (self.wrong + self.invented)
        } else {
            WRONG_GLYPH * self.wrong + GLYPH * self.invented
        };
        terms[Ground::Manner] = share - glyphs - FURTHER * (self.wrong + self.lost + self.invented - 1);
        terms[Ground::Shape] = self.close;
        terms
    }
}

/// Everything decisions look at.
pub(crate) struct Court<'a> {
    pub(crate) table: &'a Table,
    pub(crate) streams: &'a [Stream],
    /// Witnesses in the order of the streams.
    pub(crate) witnesses: &'a [Witness],
    pub(crate) judge: &'a dyn Judge,
    /// How often each form of a mark is printed in all witnesses, by (label, form).
    pub(crate) forms: std::collections::BTreeMap<(u32, char), u32>,
}

impl Court<'_> {
    /// Decides all units. `texts` gives for each unit what every witness prints there.
    pub(crate) fn decide(&self, units: &[Unit], texts: &[Vec<&str>]) -> Vec<Verdict> {
        let given: Vec<i64> = self
            .witnesses
            .iter()
            .map(|witness| i64::from(self.judge.reliability(witness)).clamp(500, 9000))
            .collect();
        let usage = Usage::of(self, units);
        let mut verdicts: Vec<Verdict> =
            units.iter().zip(texts).map(|(unit, texts)| self.open(unit, texts, &usage)).collect();
        let repeated = self.repeated(units, &verdicts);
        let mut cohesion = Cohesion::default();
        let belongs: Vec<i64> = units.iter().map(|unit| cohesion.belongs(self, unit)).collect();
        for (verdict, belongs) in verdicts.iter_mut().zip(&belongs) {
            verdict.foreign = *belongs < 0;
        }
        let mut rates = Rates::first(self, units, &verdicts, &given);
        for round in 0..ITERATIONS {
            let places = Places::of(self, units, &usage, &rates.right);
            for (at, unit) in units.iter().enumerate() {
                let terms = self.scores(unit, &verdicts[at], &rates, &places, repeated[at], belongs[at]);
                let scores: Vec<i64> = terms.iter().map(Terms::sum).collect();
                let verdict = &mut verdicts[at];
                verdict.terms = terms;
                verdict.probabilities = probabilities(&scores);
                verdict.lemma =
                    (0..scores.len()).max_by_key(|&at| (scores[at], std::cmp::Reverse(at))).unwrap_or(0);
            }
            if round + 1 < ITERATIONS {
                rates = Rates::learn(self, units, &verdicts, &given);
            }
        }
        for (unit, verdict) in units.iter().zip(&mut verdicts) {
            if verdict.probabilities[verdict.lemma] < CONJECTURED_BELOW {
                verdict.conjecture = conjecture(&usage, self, unit);
            }
        }
        verdicts
    }

    fn open(&self, unit: &Unit, texts: &[&str], usage: &Usage) -> Verdict {
        let mut candidates: Vec<Candidate> = Vec::new();
        for (witness, text) in texts.iter().enumerate() {
            match candidates.iter_mut().find(|candidate| candidate.text == *text) {
                Some(candidate) => candidate.witnesses.push(witness),
                None => candidates.push(Candidate {
                    text: (*text).to_owned(),
                    witnesses: vec![witness],
                    prior: Terms::default(),
                }),
            }
        }
        if matches!(unit.kind, UnitKind::Glyphs | UnitKind::Swap) {
            let settled = is_settled(unit, &candidates);
            for candidate in &mut candidates {
                let Some(witness) = candidate.speaker(unit) else { continue };
                candidate.prior = self.prior(unit, witness);
                if !settled {
                    candidate.prior[Ground::Archive] = self.attested(unit, &candidate.text, witness);
                    candidate.prior[Ground::Usage] = usage.speaks_for(self, unit, witness);
                }
            }
            if !settled {
                self.weigh_wording(unit, &mut candidates);
            }
        }
        Verdict {
            candidates,
            probabilities: Vec::new(),
            terms: Vec::new(),
            lemma: 0,
            foreign: false,
            conjecture: None,
        }
    }

    /// How well the language puts each reading between its neighbours, beyond what any glyph costs.
    fn weigh_wording(&self, unit: &Unit, candidates: &mut [Candidate]) {
        let worded = |candidate: &Candidate| -> Option<Option<i64>> {
            let Some(witness) = candidate.speaker(unit) else { return Some(None) };
            let (left, right) = self.context(unit, witness, SEAM_REACH);
            let letters: String = candidate.text.chars().filter(|one| !one.is_whitespace()).collect();
            let length = i64::try_from(letters.chars().count()).unwrap_or(0);
            let said = self.judge.worded(&left, &letters, &right)?;
            Some(Some((i64::from(said) + GLYPH * length) * WORDED / 1000))
        };
        // Readings of which one cannot be judged cannot be compared.
        let Some(said) = candidates.iter().map(worded).collect::<Option<Vec<Option<i64>>>>() else { return };
        let Some(best) = said.iter().flatten().max().copied() else { return };
        for (candidate, said) in candidates.iter_mut().zip(said) {
            candidate.prior[Ground::Language] = said.map_or(0, |said| (said - best).max(-WORDED_MOST));
        }
    }

    /// What the language says of a witness that reads on from the glyph before `seam` to the glyph there.
    pub(crate) fn reads_on(&self, witness: usize, seam: usize) -> i64 {
        self.joined(witness, seam, seam)
    }

    /// The same if what lies between the glyph before `left_end` and glyph `right` were not there.
    pub(crate) fn joined(&self, witness: usize, left_end: usize, right: usize) -> i64 {
        let glyphs = &self.streams[witness].glyphs;
        let text = |glyphs: &[Glyph]| glyphs.iter().map(|glyph| glyph.raw).collect::<String>();
        let left = &glyphs[left_end.saturating_sub(SEAM_REACH)..left_end];
        let right = &glyphs[right.min(glyphs.len())..(right + SEAM_REACH).min(glyphs.len())];
        i64::from(self.judge.reads_on(&text(left), &text(right)))
    }

    pub(crate) fn glyph(&self, witness: usize, column: usize) -> Option<Glyph> {
        let cell = self.table.column(column)[witness];
        (cell != NONE).then(|| self.streams[witness].glyphs[cell as usize])
    }

    /// What the scores of the candidates are made of, in milli-nats.
    fn scores(
        &self,
        unit: &Unit,
        verdict: &Verdict,
        rates: &Rates,
        places: &Places,
        repeated: bool,
        belongs: i64,
    ) -> Vec<Terms> {
        let candidates = &verdict.candidates;
        match unit.kind {
            UnitKind::Layout => self
                .layout_scores(unit, candidates)
                .into_iter()
                .map(|score| Terms::of(Ground::Layout, score))
                .collect(),
            UnitKind::Hole(Absence::Lost) => candidates
                .iter()
                .map(|candidate| {
                    let silent = candidate.witnesses.iter().all(|witness| unit.silent[*witness].is_some());
                    Terms::of(Ground::Belonging, if silent { -belongs } else { 0 })
                })
                .collect(),
            UnitKind::Hole(Absence::Elsewhere(number)) => {
                let (stands, not) = places.scores(self, unit, number);
                candidates
                    .iter()
                    .map(|candidate| if candidate.text.trim().is_empty() { not } else { stands })
                    .map(|score| Terms::of(Ground::Place, score))
                    .collect()
            }
            UnitKind::Glyphs | UnitKind::Swap if places.is_elsewhere(self, unit) => candidates
                .iter()
                .map(|candidate| if candidate.text.trim().is_empty() { 0 } else { -ELSEWHERE_ODDS })
                .map(|score| Terms::of(Ground::Place, score))
                .collect(),
            UnitKind::Glyphs | UnitKind::Swap => candidates
                .iter()
                .map(|candidate| {
                    let Some(truth) = candidate.speaker(unit) else {
                        return Terms::of(Ground::Testimony, RULED_OUT);
                    };
                    let mut score = candidate.prior;
                    let mut erring = 0usize;
                    for other in candidates.iter().filter(|other| !std::ptr::eq(*other, candidate)) {
                        let Some(first) = other.speaker(unit) else { continue };
                        let error = self.error(unit, first, truth);
                        // The first that errs so, and those that do it again; in thousandths of a witness.
                        let costs = [error.cost(rates, false), error.cost(rates, true)];
                        let mut counts = [0i64; 2];
                        let mut engines: Vec<&str> = Vec::new();
                        for (nth, witness) in other.speakers(unit).enumerate() {
                            // A difference that recurs is an editor's choice: it says nothing about who misreads.
                            let right = if repeated { RECURRING } else { rates.right[witness] };
                            let clump = if erring > 0 { rates.clump } else { 0 };
                            let mut share = 1000;
                            if let Some(engine) = self.witnesses[witness].engine.as_deref() {
                                if engines.contains(&engine) {
                                    share = SHARED_ENGINE;
                                } else {
                                    engines.push(engine);
                                }
                            }
                            counts[usize::from(nth > 0)] += share;
                            let said = if error.counts() { clump - right } else { clump };
                            score[Ground::Testimony] += said * share / 1000;
                            erring += usize::from(error.counts());
                        }
                        for (cost, count) in costs.iter().zip(counts).filter(|(_, count)| *count > 0) {
                            score.add(&cost.scaled(count));
                        }
                    }
                    score
                })
                .map(|terms: Terms| terms.scaled(SOFTEN))
                .collect(),
        }
    }

    /// What speaks for a reading whoever prints it.
    fn prior(&self, unit: &Unit, witness: usize) -> Terms {
        let mut prior = Terms::default();
        for column in unit.columns() {
            let Some(glyph) = self.glyph(witness, column) else { continue };
            prior[Ground::Manner] -= GLYPH;
            // The form of a mark that the story prints most is its house form.
            let mut forms = (0..self.witnesses.len()).filter_map(|other| self.glyph(other, column));
            if glyph.mark && forms.all(|other| other.label == glyph.label) {
                let count = self.forms.get(&(glyph.label, glyph.raw)).copied().unwrap_or(1);
                prior[Ground::Form] += i64::from(ln_ratio(u64::from(count), 1)).min(HOUSE_FORM_MOST);
            }
        }
        prior[Ground::Repetition] = -self.attraction(unit, witness);
        prior
    }

    /// What the world above knows of a reading between its neighbours.
    fn attested(&self, unit: &Unit, text: &str, witness: usize) -> i64 {
        let (left, right) = self.context(unit, witness, 6);
        i64::from(self.judge.attested(&left, text, &right)).clamp(-ATTESTED_MOST, ATTESTED_MOST)
    }

    /// The characters of a witness before and after a unit.
    pub(crate) fn context(&self, unit: &Unit, witness: usize, reach: usize) -> (String, String) {
        let stream = &self.streams[witness];
        let columns = unit.columns();
        let before = columns.clone().chain(columns.end..self.table.len()).find_map(|column| {
            let cell = self.table.column(column)[witness];
            (cell != NONE).then_some(cell as usize)
        });
        let start = before.unwrap_or(stream.glyphs.len());
        let own = columns.filter(|column| self.table.column(*column)[witness] != NONE).count();
        let text = |glyphs: &[Glyph]| glyphs.iter().map(|glyph| glyph.raw).collect::<String>();
        let end = (start + own).min(stream.glyphs.len());
        (
            text(&stream.glyphs[start.saturating_sub(reach)..start]),
            text(&stream.glyphs[end..(end + reach).min(stream.glyphs.len())]),
        )
    }

    /// A phrase of three or more glyphs that stands a second time near by in the same witness may have been read
    /// there instead of here.
    fn attraction(&self, unit: &Unit, witness: usize) -> i64 {
        let glyphs = &self.streams[witness].glyphs;
        let mut own = unit.columns().filter_map(|column| {
            let cell = self.table.column(column)[witness];
            (cell != NONE).then_some(cell as usize)
        });
        let Some(first) = own.next() else { return 0 };
        let last = own.next_back().unwrap_or(first);
        if last - first < 2 || last - first > 40 {
            return 0;
        }
        let phrase = &glyphs[first..=last];
        let near =
            &glyphs[first.saturating_sub(ATTRACTION_REACH)..(last + ATTRACTION_REACH).min(glyphs.len())];
        let alike =
            |window: &&[Glyph]| window.iter().zip(phrase).all(|(one, other)| one.label == other.label);
        let found = near.windows(phrase.len()).filter(alike).count();
        if found > 1 { ATTRACTION } else { 0 }
    }

    /// What `witness` did wrong if what `truth` prints is right.
    fn error(&self, unit: &Unit, witness: usize, truth: usize) -> Error {
        let mut error = Error { marks: true, ..Error::default() };
        for column in unit.columns() {
            match (self.glyph(witness, column), self.glyph(truth, column)) {
                (Some(own), Some(meant)) if own.label == meant.label => {
                    error.variants += i64::from(own.raw != meant.raw);
                }
                (Some(own), Some(meant)) => {
                    let close = i64::from(self.judge.confusable(own.raw, meant.raw));
                    error.close += close.clamp(0, CONFUSABLE_MOST);
                    error.wrong += 1;
                    error.marks &= own.mark && meant.mark;
                }
                (None, Some(meant)) => {
                    error.lost += 1;
                    error.marks &= meant.mark;
                }
                (Some(own), None) => {
                    error.invented += 1;
                    error.marks &= own.mark;
                }
                (None, None) => {}
            }
        }
        error
    }

    /// White space: votes, then the manner of the script (a paragraph ends where a sentence does; words of spaced scripts
    /// are spaced, of unspaced ones not).
    fn layout_scores(&self, unit: &Unit, candidates: &[Candidate]) -> Vec<i64> {
        let column = unit.elements.start / 2;
        let side = |column: usize| (0..self.streams.len()).find_map(|witness| self.glyph(witness, column));
        let before = column.checked_sub(1).and_then(side);
        let after = if column < self.table.len() { side(column) } else { None };
        let unspaced =
            |glyph: Option<Glyph>| glyph.is_none_or(|glyph| crate::marks::is_unspaced_script(glyph.raw));
        let ended = before
            .is_none_or(|glyph| crate::marks::ends_sentence(glyph.raw) || crate::marks::closes(glyph.raw));
        candidates
            .iter()
            .map(|candidate| {
                let votes = i64::try_from(candidate.witnesses.len()).unwrap_or(i64::MAX / LAYOUT_VOTE);
                let fits = if candidate.text.contains('\n') && (unspaced(before) || unspaced(after)) {
                    ended && !candidate.text.contains([' ', '\t', '\r'])
                } else if unspaced(before) || unspaced(after) {
                    candidate.text.is_empty() && !(ended && candidates.iter().any(|other| other.text == "\n"))
                } else {
                    !candidate.text.is_empty()
                };
                votes * LAYOUT_VOTE + if fits { LAYOUT_MANNER } else { 0 }
            })
            .collect()
    }

    /// Whether the same two readings divide the same witnesses at two or more units.
    fn repeated(&self, units: &[Unit], verdicts: &[Verdict]) -> Vec<bool> {
        let key = |at: usize| -> Option<Vec<(&str, &[usize])>> {
            let verdict = &verdicts[at];
            let substitutes = unit_is_substitution(self, &units[at]);
            (units[at].kind == UnitKind::Glyphs && verdict.candidates.len() == 2 && substitutes).then(|| {
                let mut key: Vec<(&str, &[usize])> = verdict
                    .candidates
                    .iter()
                    .map(|candidate| (candidate.text.as_str(), candidate.witnesses.as_slice()))
                    .collect();
                key.sort_unstable();
                key
            })
        };
        let mut counts = std::collections::BTreeMap::new();
        for at in 0..units.len() {
            if let Some(key) = key(at) {
                *counts.entry(key).or_insert(0usize) += 1;
            }
        }
        (0..units.len()).map(|at| key(at).is_some_and(|key| counts[&key] > 1)).collect()
    }
}

/// Whether so many more witnesses print one reading than all others that nothing else need be asked.
fn is_settled(unit: &Unit, candidates: &[Candidate]) -> bool {
    let counts = candidates.iter().map(|candidate| candidate.speakers(unit).count());
    let (all, most) = counts.fold((0, 0), |(all, most), count| (all + count, most.max(count)));
    2 * most >= all + SETTLED_BY
}

/// Whether some column of a unit has glyphs in all witnesses that testify.
pub(crate) fn unit_is_substitution(court: &Court<'_>, unit: &Unit) -> bool {
    unit.columns().any(|column| {
        let cells = court.table.column(column);
        cells.iter().zip(&unit.silent).all(|(cell, silent)| silent.is_some() || *cell != NONE)
    })
}

//! How well an apparatus tells what was done to made printings. Takes plain texts and places.

use std::collections::BTreeMap;
use std::ops::Range;

use super::{Kind, MadeStory};

/// A reading of an apparatus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundReading {
    /// Its text.
    pub text: String,
    /// Witnesses that have it and where (characters of their texts).
    pub witnesses: Vec<(usize, Range<usize>)>,
    /// Kind, for readings that are not the lemma.
    pub kind: Option<Kind>,
    /// Cause, a word of the contract.
    pub cause: Option<&'static str>,
}

/// A locus of an apparatus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundLocus {
    /// Its readings, the lemma first.
    pub readings: Vec<FoundReading>,
    /// Loci of one number are one event.
    pub event: Option<u32>,
    /// Number of the moved block.
    pub moved: Option<u32>,
    /// Whether it says that it is decided.
    pub decided: bool,
    /// Probability of the lemma in thousandths.
    pub confidence: u32,
}

/// An apparatus with the text it establishes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Apparatus {
    /// Established characters, each with a witness's character that it stands on.
    pub established: Vec<(char, Option<(usize, usize)>)>,
    /// Loci by place.
    pub loci: Vec<FoundLocus>,
}

/// Ten bins of confidence: loci, rightly chosen ones, sum of the confidences in thousandths.
pub type Bins = [(usize, usize, u64); 10];

/// Sums over stories.
#[derive(Clone, Debug, Default)]
pub struct Scores {
    /// Stories.
    pub stories: usize,
    /// Characters of the true texts.
    pub characters: usize,
    /// Edits between the established text and the truth, of the best single witness, and of the mean one.
    pub errors: usize,
    /// The same of the best witness of each story.
    pub best: usize,
    /// The same of all witnesses divided by their number.
    pub mean: f64,
    /// Stories in which the established text is worse than the best witness.
    pub worse: usize,
    /// Characters of the union, those present in the established text, and those present in the right order.
    pub union: usize,
    /// See [`Scores::union`].
    pub present: usize,
    /// See [`Scores::union`].
    pub in_order: usize,
    /// True variation units, found ones, and matched ones.
    pub units: usize,
    /// See [`Scores::units`].
    pub found: usize,
    /// See [`Scores::units`].
    pub matched: usize,
    /// True against found causes.
    pub causes: BTreeMap<(&'static str, &'static str), usize>,
    /// Kinds rightly named, and all.
    pub kinds: (usize, usize),
    /// Loci that the truth decides, of these decided ones, of these right ones.
    pub decidable: usize,
    /// See [`Scores::decidable`].
    pub decided: usize,
    /// See [`Scores::decidable`].
    pub right: usize,
    /// Calibration over the loci that the truth decides.
    pub bins: Bins,
    /// The loci of these whose lemma is wrong, in words.
    pub wrong: Vec<String>,
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { f64::NAN } else { part as f64 / whole as f64 }
}

impl Scores {
    /// Edits of the established text over those of the best witnesses.
    #[must_use]
    pub fn over_best(&self) -> f64 {
        share(self.errors, self.best)
    }

    /// Edits of the established text over those of the mean witness.
    #[must_use]
    pub fn over_mean(&self) -> f64 {
        self.errors as f64 / self.mean
    }

    /// F1 of the variation units.
    #[must_use]
    pub fn unit_f1(&self) -> f64 {
        share(2 * self.matched, self.units + self.found)
    }

    /// Share of the causes rightly named.
    #[must_use]
    pub fn cause_accuracy(&self) -> f64 {
        let all: usize = self.causes.values().sum();
        let right: usize = self.causes.iter().filter(|((a, b), _)| a == b).map(|(_, n)| n).sum();
        share(right, all)
    }

    /// Expected calibration error: the mean distance of confidence and share of right choices over ten bins.
    #[must_use]
    pub fn calibration_error(&self) -> f64 {
        let all: usize = self.bins.iter().map(|bin| bin.0).sum();
        let distance = |&(count, right, sum): &(usize, usize, u64)| {
            (right as f64 - sum as f64 / 1000.0).abs() / count.max(1) as f64 * count as f64
        };
        self.bins.iter().map(distance).sum::<f64>() / all.max(1) as f64
    }

    /// Adds one story.
    pub fn add(&mut self, story: &MadeStory, found: &Apparatus) {
        let union = story.union();
        let truth: Vec<char> = story
            .truth
            .iter()
            .zip(&union)
            .filter(|(one, known)| **known && !one.is_whitespace())
            .map(|(one, _)| *one)
            .collect();
        let established: Vec<char> =
            found.established.iter().map(|(one, _)| *one).filter(|one| !one.is_whitespace()).collect();
        let errors = edits(&established, &truth);
        let each: Vec<usize> = story
            .witnesses
            .iter()
            .map(|witness| {
                let own: Vec<char> = witness
                    .printed
                    .iter()
                    .map(|one| one.character)
                    .filter(|one| !one.is_whitespace())
                    .collect();
                edits(&own, &truth)
            })
            .collect();
        let best = each.iter().copied().min().unwrap_or(0);
        self.stories += 1;
        self.characters += truth.len();
        self.errors += errors;
        self.best += best;
        self.mean += each.iter().sum::<usize>() as f64 / each.len().max(1) as f64;
        self.worse += usize::from(errors > best);
        self.add_coverage(story, found, &union);
        let places = Places::of(story);
        let loci: Vec<(usize, Range<usize>)> = found
            .loci
            .iter()
            .enumerate()
            .filter(|(_, locus)| !is_layout(locus))
            .filter_map(|(at, locus)| Some((at, places.in_truth(locus)?)))
            .collect();
        let units = true_units(story);
        let groups = found_units(found, &loci);
        self.units += units.len();
        self.found += groups.len();
        let mut free = vec![true; groups.len()];
        for unit in &units {
            let near = |group: &Group| {
                group.at.start.abs_diff(unit.at.start) <= 1 && group.at.end.abs_diff(unit.at.end) <= 1
            };
            let distance = |at: usize| {
                groups[at].at.start.abs_diff(unit.at.start) + groups[at].at.end.abs_diff(unit.at.end)
            };
            let hit =
                (0..groups.len()).filter(|at| free[*at] && near(&groups[*at])).min_by_key(|at| distance(*at));
            let Some(hit) = hit else { continue };
            free[hit] = false;
            self.matched += 1;
            self.add_causes(story, found, unit, &groups[hit]);
        }
        for (at, range) in &loci {
            self.add_decision(story, &found.loci[*at], range, &units);
        }
    }

    fn add_coverage(&mut self, story: &MadeStory, found: &Apparatus, union: &[bool]) {
        let counts = |at: usize| union[at] && !story.truth[at].is_whitespace();
        let origins: Vec<usize> = found
            .established
            .iter()
            .filter_map(|(_, from)| {
                from.and_then(|(witness, at)| story.witnesses[witness].printed[at].origin)
            })
            .filter(|at| counts(*at))
            .collect();
        let mut seen = vec![false; story.truth.len()];
        for at in &origins {
            seen[*at] = true;
        }
        self.union += (0..union.len()).filter(|at| counts(*at)).count();
        self.present += seen.iter().filter(|one| **one).count();
        // The longest increasing subsequence.
        let mut ends: Vec<usize> = Vec::new();
        for at in origins {
            let slot = ends.partition_point(|end| *end < at);
            if slot == ends.len() { ends.push(at) } else { ends[slot] = at }
        }
        self.in_order += ends.len();
    }

    fn add_causes(&mut self, story: &MadeStory, found: &Apparatus, unit: &Unit, group: &Group) {
        for (witness, event) in &unit.events {
            let event = &story.witnesses[*witness].events[*event];
            let of = |at: &usize| found.loci[*at].readings.iter().position(|reading| has(reading, *witness));
            let long = event.at.len() > 12 && event.printed.is_empty();
            let locus = group
                .loci
                .iter()
                .find(|at| {
                    let reading = of(at).map(|reading| &found.loci[**at].readings[reading]);
                    !long || reading.is_some_and(|reading| reading.text.trim().is_empty())
                })
                .or(group.loci.first());
            let Some(at) = locus else { continue };
            let locus = &found.loci[*at];
            let Some(own) = of(at) else { continue };
            let mut named = locus.readings[own].cause;
            if own == 0 {
                // The wrong reading is the lemma: the cause stands with the right one.
                let truth = plain(story.truth[unit.at.clone()].iter());
                let right = locus.readings.iter().skip(1).find(|reading| plain_text(&reading.text) == truth);
                named = right.or(locus.readings.get(1)).and_then(|reading| reading.cause);
            } else {
                self.kinds.1 += 1;
                self.kinds.0 += usize::from(locus.readings[own].kind == Some(event.kind));
            }
            *self.causes.entry((event.cause, named.unwrap_or("none"))).or_insert(0) += 1;
        }
    }

    fn add_decision(&mut self, story: &MadeStory, locus: &FoundLocus, at: &Range<usize>, units: &[Unit]) {
        // Of two wordings neither is wrong.
        let meets = |unit: &&Unit| {
            unit.at.start <= at.end && at.start <= unit.at.end && unit.at.len() <= 2 * at.len().max(4)
        };
        let worded = units.iter().filter(meets).any(|unit| {
            unit.events
                .iter()
                .any(|(witness, event)| story.witnesses[*witness].events[*event].cause == "wording")
        });
        if worded {
            return;
        }
        let truth = plain(story.truth[at.clone()].iter());
        let is_right = |reading: &FoundReading| {
            let own = plain_text(&reading.text);
            // Of a long stretch it is asked whether it stands here, not whether it is clean.
            if truth.len() >= 12 { own.len() * 2 >= truth.len() } else { own == truth }
        };
        if !locus.readings.iter().any(is_right) {
            return;
        }
        let right = is_right(&locus.readings[0]);
        self.decidable += 1;
        self.decided += usize::from(locus.decided);
        self.right += usize::from(locus.decided && right);
        let bin = &mut self.bins[(locus.confidence as usize / 100).min(9)];
        *bin = (bin.0 + 1, bin.1 + usize::from(right), bin.2 + u64::from(locus.confidence));
        if !right {
            self.wrong.push(described(story, locus, at));
        }
    }
}

/// A locus beside the truth: what stands around it, the true characters, each reading with its witnesses.
fn described(story: &MadeStory, locus: &FoundLocus, at: &Range<usize>) -> String {
    let text = |range: Range<usize>| story.truth[range].iter().collect::<String>();
    let readings: Vec<String> = locus
        .readings
        .iter()
        .map(|reading| {
            let who: Vec<String> = reading.witnesses.iter().map(|(witness, _)| witness.to_string()).collect();
            format!("{}={}", who.join("+"), reading.text)
        })
        .collect();
    let before = text(at.start.saturating_sub(6)..at.start);
    let after = text(at.end..(at.end + 6).min(story.truth.len()));
    let (own, share) = (text(at.clone()), locus.confidence);
    format!("{before}[{own}]{after}  {}  {share}", readings.join(" | "))
}

fn has(reading: &FoundReading, witness: usize) -> bool {
    reading.witnesses.iter().any(|(other, _)| *other == witness)
}

fn plain<'c>(text: impl Iterator<Item = &'c char>) -> Vec<char> {
    text.copied().filter(|one| !one.is_whitespace()).collect()
}

fn plain_text(text: &str) -> Vec<char> {
    text.chars().filter(|one| !one.is_whitespace()).collect()
}

fn is_layout(locus: &FoundLocus) -> bool {
    let first = plain_text(&locus.readings[0].text);
    locus.readings.iter().all(|reading| plain_text(&reading.text) == first)
}

/// A true variation unit and the events it is made of.
struct Unit {
    at: Range<usize>,
    /// (witness, event).
    events: Vec<(usize, usize)>,
}

/// Found loci that are one unit.
struct Group {
    at: Range<usize>,
    loci: Vec<usize>,
}

/// Events of all witnesses: small ones that overlap, or touch in one witness, are one unit; each long loss and each
/// moved block is one of its own.
fn true_units(story: &MadeStory) -> Vec<Unit> {
    let mut small: Vec<(Range<usize>, (usize, usize))> = Vec::new();
    let mut units: Vec<Unit> = Vec::new();
    for (witness, made) in story.witnesses.iter().enumerate() {
        for (number, event) in made.events.iter().enumerate() {
            if event.at.len() > 12 {
                units.push(Unit { at: event.at.clone(), events: vec![(witness, number)] });
            } else {
                small.push((event.at.clone(), (witness, number)));
            }
        }
    }
    small.sort_by_key(|(at, who)| (at.start, at.end, *who));
    let first_small = units.len();
    for (at, who) in small {
        if let Some(last) = units[first_small..].last_mut() {
            let overlaps =
                at.start < last.at.end || at.is_empty() && last.at.is_empty() && at.start == last.at.start;
            let touches = at.start == last.at.end && last.events.iter().any(|(witness, _)| *witness == who.0);
            if overlaps || touches {
                last.at.end = last.at.end.max(at.end);
                last.events.push(who);
                continue;
            }
        }
        units.push(Unit { at, events: vec![who] });
    }
    units
}

fn found_units(found: &Apparatus, loci: &[(usize, Range<usize>)]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut known: BTreeMap<(bool, u32), usize> = BTreeMap::new();
    for (at, range) in loci {
        let locus = &found.loci[*at];
        let long = |reading: &FoundReading| matches!(reading.cause, Some("lost" | "abridgement"));
        let key = match (locus.moved, locus.event) {
            // The place a block moved to is the same event as the place it left.
            (Some(_), _) if range.is_empty() => continue,
            (Some(number), _) => Some((true, number)),
            (None, Some(number)) if locus.readings.iter().any(long) => Some((false, number)),
            _ => None,
        };
        if let Some(group) = key.and_then(|key| known.get(&key)) {
            let group = &mut groups[*group];
            group.at = group.at.start.min(range.start)..group.at.end.max(range.end);
            group.loci.push(*at);
            continue;
        }
        if let Some(key) = key {
            known.insert(key, groups.len());
        }
        groups.push(Group { at: range.clone(), loci: vec![*at] });
    }
    groups
}

/// For each witness: the place in the truth that follows the last character before one, and that of the next one.
struct Places {
    before: Vec<Vec<usize>>,
    after: Vec<Vec<usize>>,
    steady: Vec<bool>,
}

impl Places {
    fn of(story: &MadeStory) -> Places {
        let mut places = Places { before: Vec::new(), after: Vec::new(), steady: Vec::new() };
        for witness in &story.witnesses {
            let mut last = 0;
            let mut before = vec![0];
            for one in &witness.printed {
                last = one.origin.map_or(last, |origin| origin + 1);
                before.push(last);
            }
            let mut next = story.truth.len();
            let mut after: Vec<usize> = vec![next];
            for one in witness.printed.iter().rev() {
                next = one.origin.unwrap_or(next);
                after.push(next);
            }
            after.reverse();
            places.before.push(before);
            places.after.push(after);
            places.steady.push(witness.events.iter().all(|event| event.moved_to.is_none()));
        }
        places
    }

    /// The stretch of the truth that a locus is about.
    fn in_truth(&self, locus: &FoundLocus) -> Option<Range<usize>> {
        let all = || locus.readings.iter().flat_map(|reading| &reading.witnesses);
        let steady = all().any(|(witness, _)| self.steady[*witness]);
        let mut found: Option<(usize, usize)> = None;
        for (witness, at) in all().filter(|(witness, _)| self.steady[*witness] || !steady) {
            let (start, end) = (self.before[*witness][at.start], self.after[*witness][at.end]);
            if start <= end {
                let known = found.unwrap_or((start, end));
                found = Some((known.0.max(start), known.1.min(end)));
            }
        }
        found.filter(|(start, end)| start <= end).map(|(start, end)| start..end)
    }
}

/// Edit distance of two texts that are alike: a band around the diagonal that grows until it is wide enough.
#[must_use]
pub fn edits(x: &[char], y: &[char]) -> usize {
    let head = x.iter().zip(y).take_while(|(a, b)| a == b).count();
    let (x, y) = (&x[head..], &y[head..]);
    let tail = x.iter().rev().zip(y.iter().rev()).take_while(|(a, b)| a == b).count();
    let (x, y) = (&x[..x.len() - tail], &y[..y.len() - tail]);
    let mut half = 16.max(x.len().abs_diff(y.len()) + 1);
    loop {
        let distance = edits_in_band(x, y, half);
        if distance <= half || half >= x.len().max(y.len()) {
            return distance;
        }
        half *= 2;
    }
}

fn edits_in_band(x: &[char], y: &[char], half: usize) -> usize {
    const FAR: usize = usize::MAX / 2;
    let mut row: Vec<usize> = (0..=y.len()).map(|at| if at <= half { at } else { FAR }).collect();
    for (i, a) in x.iter().enumerate() {
        let (low, high) = ((i + 1).saturating_sub(half), (i + 1 + half).min(y.len()));
        let mut diagonal = if low == 0 { row[0] } else { row[low - 1] };
        let mut left = FAR;
        if low == 0 {
            row[0] = i + 1;
            left = i + 1;
        } else {
            row[low - 1] = FAR;
        }
        for at in low.max(1)..=high {
            let above = row[at];
            let cost = diagonal + usize::from(*a != y[at - 1]);
            let value = cost.min(above + 1).min(left + 1);
            diagonal = above;
            row[at] = value;
            left = value;
        }
    }
    row[y.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_counted() {
        let count = |x: &str, y: &str| edits(&x.chars().collect::<Vec<_>>(), &y.chars().collect::<Vec<_>>());
        assert_eq!(count("kitten", "sitting"), 3);
        assert_eq!(count("", "abc"), 3);
        let long = "abcdefghij".repeat(30);
        assert_eq!(count(&long, &long[40..]), 40);
        assert_eq!(count(&long, &format!("{}xyz", &long[3..])), 6);
    }
}

//! How the story itself uses its characters: a reading whose neighbours stand beside it elsewhere in the text is
//! likelier than one met nowhere else.
//!
//! What that is worth is measured on the story: how often two neighbouring characters of it stand together at another
//! place too, and how often they would after a letter was lost, another had been read, or two places of the text had been
//! joined (errors made by rule in the agreed text itself). So a short text, or one that never repeats itself, gives
//! hardly any evidence.

use std::ops::Range;

use crate::decide::Court;
use crate::evidence::ln_ratio;
use crate::stream::Glyph;
use crate::table::NONE;
use crate::units::{Unit, UnitKind};

/// At most so many places of the text are looked at to learn what a joint is worth.
const SAMPLES: usize = 3000;
/// Shorter texts teach nothing.
const LEAST: usize = 100;
/// At most about so many differences are looked at to learn the manner of the errors.
const DIFFERENCES: usize = 300;
/// At most so many other places of one pair are looked at.
const OTHER_PLACES: usize = 24;
/// So many characters around a place are the place itself, not another one.
const ITSELF: usize = 3;
/// Joints of one reading depend on each other: their evidence counts so many thousandths.
const WEIGHT: i64 = 800;
const MOST: i64 = 5000;
/// Before the story's own errors are seen: so many thousandths of them are by chance, the others read as fluently as the
/// text itself; and that counts as so many joints.
const BY_RULE: u64 = 300;
const PRIOR_JOINTS: u64 = 30;
/// In thousandths: of differences that one side lacks so many were put in by the other.
const RIGHT_LOSSES: u64 = 100;
/// A joint is met nowhere else, elsewhere, or elsewhere with one or both of the characters around it.
const LEVELS: usize = 4;
/// Joints between letters, and those that a mark takes part in.
const CLASSES: usize = 2;
/// A joint that stands in the text, beside the ways in which it may have been [`Made`].
const TRUE: usize = 3;

/// How a joint may have come about that does not stand in the text.
#[derive(Clone, Copy)]
enum Made {
    /// The letter between the two was lost.
    Lost,
    /// One of them was read for another.
    Wrong,
    /// Two places were joined.
    Joined,
}

/// How often joints of each kind were seen: made in each way, then true; by class and level.
type Seen = [[[u64; LEVELS]; CLASSES]; TRUE + 1];
/// What two neighbours say: (log-odds by class and level).
type Odds = [[i64; LEVELS]; CLASSES];

/// The characters of the story by agreement, and what joints are worth.
#[derive(Debug)]
pub(crate) struct Usage {
    /// The voted characters.
    text: Vec<Voted>,
    /// For each column the number of voted characters before it.
    before: Vec<u32>,
    /// Pairs of neighbouring characters and where the first stands, sorted.
    pairs: Vec<((u32, u32), u32)>,
    /// Log-odds of a joint being true, against each way in which it may have been made.
    odds: [Odds; TRUE],
}

#[derive(Clone, Copy, Debug)]
struct Voted {
    /// `None` for a digit: figures follow no usage.
    label: Option<u32>,
    agreed: bool,
}

/// A joint: the two characters and those around them.
type Joint = [Option<u32>; 4];

impl Usage {
    /// Learns from the columns on which most witnesses agree.
    pub(crate) fn of(court: &Court<'_>, units: &[Unit]) -> Usage {
        let (text, before) = voted(court);
        let mut pairs: Vec<((u32, u32), u32)> = text
            .windows(2)
            .zip(0u32..)
            .filter(|(pair, _)| pair[0].agreed && pair[1].agreed)
            .filter_map(|(pair, at)| Some(((pair[0].label?, pair[1].label?), at)))
            .collect();
        pairs.sort_unstable();
        let mut usage = Usage { text, before, pairs, odds: [[[0; LEVELS]; CLASSES]; TRUE] };
        usage.learn(court, units);
        usage
    }

    fn learn(&mut self, court: &Court<'_>, units: &[Unit]) {
        let places: Vec<usize> = (2..self.text.len().saturating_sub(2))
            .filter(|&at| self.text[at].label.is_some() && self.text[at].agreed)
            .collect();
        if places.len() < LEAST {
            return;
        }
        // Two joints of each level before any is seen.
        let mut seen = [[[4u64; LEVELS]; CLASSES]; TRUE + 1];
        let step = (places.len() / SAMPLES).max(1);
        for (nth, &at) in places.iter().enumerate().step_by(step) {
            let [before, left, own, right, after] =
                [at - 2, at - 1, at, at + 1, at + 2].map(|place| self.label(place));
            // Another place, far from this one.
            let far = places[(nth * 7919 + places.len() / 2) % places.len()];
            let itself = [around(at), around(far)];
            let mut add = |made: usize, joint: Joint| {
                if let Some((class, level)) = self.level(joint, &itself) {
                    seen[made][class][level] += 2;
                }
            };
            add(TRUE, [before, left, own, right]);
            add(Made::Joined as usize, [before, left, self.label(far), self.label(far + 1)]);
            if !own.is_some_and(is_mark) {
                add(Made::Lost as usize, [before, left, right, after]);
                let other = self.label(far).filter(|other| Some(*other) != own && !is_mark(*other));
                add(Made::Wrong as usize, [before, left, other, right]);
                add(Made::Wrong as usize, [left, other, right, after]);
            }
        }
        let seen = self.weigh_errors(court, units, seen);
        let [lost, wrong, joined, truly] = seen.map(|classes| classes.map(shares));
        for (odds, made) in self.odds.iter_mut().zip([lost, wrong, joined]) {
            for (odds, (truly, made)) in odds.iter_mut().zip(truly.iter().zip(made)) {
                *odds = std::array::from_fn(|level| i64::from(truly[level] - made[level]));
            }
        }
    }

    /// Puts what the story's own errors look like in the place of those made by rule. A fluent recogniser's errors stand
    /// in the text as if they belonged there, or come from near by. Of the readings of a difference one is right and
    /// shows what true joints show; what is left over is the manner of the wrong ones.
    fn weigh_errors(&self, court: &Court<'_>, units: &[Unit], mut seen: Seen) -> Seen {
        let truly = seen[TRUE].map(thousandths);
        let mut found = [[[0u64; LEVELS]; CLASSES]; 2];
        let mut right = [[0u64; CLASSES]; 2];
        let step = (units.len() / DIFFERENCES).max(1);
        let usable = |unit: &&Unit| unit.kind == UnitKind::Glyphs && self.is_usable(court, unit);
        for unit in units.iter().step_by(step).filter(usable) {
            let mut readings: Vec<Vec<Option<u32>>> = (0..court.table.width)
                .filter(|witness| unit.silent[*witness].is_none())
                .map(|witness| reading(court, unit, witness))
                .collect();
            readings.sort_unstable();
            readings.dedup();
            let full = readings.iter().filter(|reading| !reading.is_empty()).count() as u64;
            for reading in &readings {
                let (made, share) = match (reading.is_empty(), full) {
                    (true, _) => (Made::Lost, RIGHT_LOSSES),
                    // Beside nothing but a loss it is right as a rule.
                    (false, 1) => continue,
                    (false, _) => (Made::Wrong, 1000 / full),
                };
                for (class, level) in self.joints(&unit.columns(), reading) {
                    found[made as usize][class][level] += 1000;
                    right[made as usize][class] += share;
                }
            }
        }
        for made in [Made::Lost as usize, Made::Wrong as usize] {
            for class in 0..CLASSES {
                let by_rule = thousandths(seen[made][class]);
                for level in 0..LEVELS {
                    let own = truly[class][level];
                    let known = by_rule[level] * BY_RULE / 1000 + own * (1000 - BY_RULE) / 1000;
                    let left = found[made][class][level].saturating_sub(right[made][class] * own / 1000);
                    seen[made][class][level] = left + PRIOR_JOINTS * known.max(1);
                }
            }
        }
        seen
    }

    fn label(&self, at: usize) -> Option<u32> {
        self.text.get(at)?.label
    }

    /// Of which class a joint is and how well it is known elsewhere; `None` where it has no two characters.
    fn level(&self, joint: Joint, itself: &[Range<usize>]) -> Option<(usize, usize)> {
        let [before, left, right, after] = joint;
        let pair = (left?, right?);
        let from = self.pairs.partition_point(|(known, _)| *known < pair);
        let places = self.pairs[from..].iter().take(OTHER_PLACES).take_while(|(known, _)| *known == pair);
        let (mut met, mut with_before, mut with_after) = (false, false, false);
        for (_, at) in places {
            let at = *at as usize;
            if itself.iter().any(|itself| itself.contains(&at) || itself.contains(&(at + 1))) {
                continue;
            }
            met = true;
            with_before |= before.is_some() && at.checked_sub(1).and_then(|at| self.label(at)) == before;
            with_after |= after.is_some() && self.label(at + 2) == after;
        }
        let class = usize::from(is_mark(pair.0) || is_mark(pair.1));
        Some((class, usize::from(met) + usize::from(with_before) + usize::from(with_after)))
    }

    /// The number of voted characters before a column.
    fn place(&self, column: usize) -> usize {
        self.before.get(column).map_or(self.text.len(), |at| *at as usize)
    }

    /// Whether a unit is a matter of letters, in its place.
    pub(crate) fn is_usable(&self, court: &Court<'_>, unit: &Unit) -> bool {
        let lettered = |column: usize| {
            (0..court.table.width)
                .filter_map(|other| court.glyph(other, column))
                .all(|glyph| label_of(glyph).is_some() && !glyph.mark)
        };
        let mut columns = unit.columns();
        !columns.is_empty() && columns.all(|column| court.table.moved[column].is_none() && lettered(column))
    }

    /// Log-odds in milli-nats that speak for what a witness reads over the columns of a unit.
    pub(crate) fn speaks_for(&self, court: &Court<'_>, unit: &Unit, witness: usize) -> i64 {
        if !self.is_usable(court, unit) {
            return 0;
        }
        self.weight(&unit.columns(), &reading(court, unit, witness))
    }

    /// The same for any letters, whether a witness has them or not.
    pub(crate) fn weight(&self, columns: &Range<usize>, reading: &[Option<u32>]) -> i64 {
        let made = if reading.is_empty() { Made::Lost } else { Made::Wrong };
        let joints = self.joints(columns, reading);
        let odds: i64 = joints.iter().map(|(class, level)| self.odds[made as usize][*class][*level]).sum();
        (odds * WEIGHT / 1000).clamp(-MOST, MOST)
    }

    /// Whether all joints that letters would make over some columns are met elsewhere.
    pub(crate) fn is_met(&self, columns: &Range<usize>, reading: &[Option<u32>]) -> bool {
        self.joints(columns, reading).iter().all(|(_, level)| *level > 0)
    }

    /// The one letter that the story has elsewhere between the two characters before and the two after some columns;
    /// `None` where it has none there or several.
    pub(crate) fn between(&self, columns: &Range<usize>) -> Option<u32> {
        let (start, end) = (self.place(columns.start), self.place(columns.end));
        let pair = (self.label(start.checked_sub(2)?)?, self.label(start - 1)?);
        let after = [self.label(end)?, self.label(end + 1)?];
        let from = self.pairs.partition_point(|(known, _)| *known < pair);
        let places = self.pairs[from..].iter().take(OTHER_PLACES).take_while(|(known, _)| *known == pair);
        let mut letters: Vec<u32> = places
            .map(|(_, at)| *at as usize)
            .filter(|at| at + 2 != start)
            .filter(|at| [self.label(at + 3), self.label(at + 4)] == after.map(Some))
            .filter_map(|at| self.label(at + 2).filter(|label| !is_mark(*label)))
            .collect();
        letters.sort_unstable();
        letters.dedup();
        (letters.len() == 1).then(|| letters[0])
    }

    /// Class and level of the joints that a reading makes.
    fn joints(&self, columns: &Range<usize>, reading: &[Option<u32>]) -> Vec<(usize, usize)> {
        let (start, end) = (self.place(columns.start), self.place(columns.end));
        let mut whole: Vec<Option<u32>> =
            [2, 1].map(|back| start.checked_sub(back).and_then(|at| self.label(at))).to_vec();
        whole.extend(reading);
        whole.extend([self.label(end), self.label(end + 1)]);
        let itself = start.saturating_sub(ITSELF)..end + ITSELF;
        whole
            .windows(4)
            .filter_map(|joint| {
                self.level([joint[0], joint[1], joint[2], joint[3]], std::slice::from_ref(&itself))
            })
            .collect()
    }

    /// The neighbourhoods of some columns, which are not another place when one of them is judged.
    pub(crate) fn neighbourhoods(&self, columns: &[usize]) -> Vec<Range<usize>> {
        columns.iter().map(|column| around(self.place(*column))).collect()
    }

    /// Log-odds in milli-nats that a text reads on between two of its glyphs, the second of them `seam`, and is not two
    /// places joined. What stands in `itself` is no other place.
    pub(crate) fn reads_on(&self, glyphs: &[Glyph], seam: usize, itself: &[Range<usize>]) -> i64 {
        let label = |at: Option<usize>| at.and_then(|at| glyphs.get(at)).copied().and_then(label_of);
        let joint = [
            label(seam.checked_sub(2)),
            label(seam.checked_sub(1)),
            label(Some(seam)),
            label(Some(seam + 1)),
        ];
        let odds = &self.odds[Made::Joined as usize];
        self.level(joint, itself).map_or(0, |(class, level)| odds[class][level])
    }
}

/// The letters that a witness has over the columns of a unit.
pub(crate) fn reading(court: &Court<'_>, unit: &Unit, witness: usize) -> Vec<Option<u32>> {
    unit.columns().filter_map(|column| court.glyph(witness, column)).map(label_of).collect()
}

/// The share of each level in thousandths.
fn thousandths(counts: [u64; LEVELS]) -> [u64; LEVELS] {
    let all = counts.iter().sum::<u64>().max(1);
    counts.map(|count| count * 1000 / all)
}

/// Logarithms of the share of each level.
fn shares(counts: [u64; LEVELS]) -> [i32; LEVELS] {
    let all = counts.iter().sum();
    counts.map(|count| ln_ratio(count, all))
}

fn around(at: usize) -> Range<usize> {
    at.saturating_sub(ITSELF)..at + ITSELF + 1
}

fn is_mark(label: u32) -> bool {
    char::from_u32(label).is_none_or(|one| !one.is_alphanumeric())
}

fn label_of(glyph: Glyph) -> Option<u32> {
    (!glyph.raw.is_numeric()).then_some(glyph.label)
}

/// The voted character of every column that stands, and for each column the number of those before it.
fn voted(court: &Court<'_>) -> (Vec<Voted>, Vec<u32>) {
    let table = court.table;
    let mut text = Vec::with_capacity(table.len());
    let mut before = Vec::with_capacity(table.len());
    let mut next_hole = vec![0usize; table.width];
    let mut votes: Vec<(Glyph, usize)> = Vec::new();
    for column in 0..table.len() {
        before.push(u32::try_from(text.len()).unwrap_or(u32::MAX));
        // What stands a second time, out of place, is no other place.
        if table.moved[column].is_some() {
            continue;
        }
        votes.clear();
        let (mut present, mut silent) = (0usize, 0usize);
        for (witness, cell) in table.column(column).iter().enumerate() {
            if *cell != NONE {
                present += 1;
                let glyph = court.streams[witness].glyphs[*cell as usize];
                match votes.iter_mut().find(|vote| vote.0.label == glyph.label) {
                    Some(vote) => vote.1 += 1,
                    None => votes.push((glyph, 1)),
                }
                continue;
            }
            let holes = &table.holes[witness];
            while holes.get(next_hole[witness]).is_some_and(|hole| hole.columns.end <= column) {
                next_hole[witness] += 1;
            }
            let hole = holes.get(next_hole[witness]);
            silent += usize::from(hole.is_some_and(|hole| hole.columns.contains(&column)));
        }
        let speaking = table.width - silent;
        let Some(best) = votes.iter().rev().max_by_key(|vote| vote.1) else { continue };
        if present * 2 >= speaking {
            text.push(Voted { label: label_of(best.0), agreed: best.1 * 2 > speaking });
        }
    }
    (text, before)
}

//! Which unmarked lines are headlines. A line that breaks off where a column was cut stands alone like a headline, but its
//! words go on somewhere, and what goes on there has no better beginning; a headline that stands behind such a line, or
//! right above its text without a blank line, does not look like one, but its words go on nowhere.
//!
//! What is seen of a line and of the texts around it is weighed by `lang/zh/heads.tsv`, fitted by `benchsuite/head_odds.py`
//! to made pages and real prose.

use shiliu_lang::{Border, Pack};

use super::chains::units_between;
use super::evidence::{Runs, Topics, Words};
use super::nodes::{HeadForm, headline_shape, marked_heads};
use super::rescue::RESCUED;
use super::strips::StripKind;
use super::units::{EndState, StartState, Unit, WIDEST_COLUMN};
use super::wording::{begins_as, ends_as};

/// A group of which one cell applies: its name in the table and how many cells it has.
const GROUPS: [(&str, usize); 23] = [
    ("shape", SHAPES),
    ("goes-on", EVIDENCE.len() + 2),
    ("goes-on-best", AHEAD.len() + 2),
    ("comes-from", EVIDENCE.len() + 2),
    ("ends", ENDS.len() + 2),
    ("begins", BEGINS.len() + 2),
    ("length", LENGTHS.len() + 1),
    ("next", 7),
    ("headline-end", BORDERS.len() + 1),
    ("headline-begin", BORDERS.len() + 1),
    ("previous", 8),
    ("flow", 8),
    ("into-next", EVIDENCE.len() + 2),
    ("among", (AMONG.len() + 1) * (SHORT.len() + 1)),
    ("setting", SETTINGS * 2 * 3 * 2),
    ("through", ALIKE.len() + 2),
    ("through-subject", NEAR.len() + 2),
    ("above-subject", NEAR.len() + 2),
    ("below-subject", NEAR.len() + 2),
    ("rather-below", RATHER.len() + 2),
    ("form", HeadForm::COUNT * FORM_SETTINGS),
    ("lead-below", LEADS.len() + 2),
    ("wording", WORDINGS.len() + 2),
];
/// A line whose shape speaks more against it than this is no headline.
const LEAST_SHAPE: i32 = -8;
/// Classes of shapes, one for each figure from the least on.
const SHAPES: usize = 20;
/// Bounds of the classes of evidence at a seam, in thousandths of a bit.
const EVIDENCE: [i32; 9] = [-1500, 0, 1500, 3000, 4500, 6000, 7500, 9000, 11_000];
/// Bounds of the classes of how much better a text goes on with the line than with any other, in the same measure.
const AHEAD: [i32; 7] = [-6000, -3000, -1000, 1000, 3000, 6000, 9000];
/// Bounds of the classes of how much a line ends as paragraphs and headlines do, in eighths of a bit.
const ENDS: [i32; 6] = [-40, -24, -8, 8, 24, 36];
/// Bounds of the classes of how much it begins as they do.
const BEGINS: [i32; 7] = [-24, -12, -4, 4, 12, 24, 40];
/// Bounds of the classes of how much it ends or begins as headlines do, in thousandths of a bit.
const BORDERS: [i32; 9] = [-7500, -5000, -3500, -2000, -500, 1000, 2500, 4000, 6000];
/// Bounds of the classes of how much the text below begins as articles do, in thousandths of a bit.
const LEADS: [i32; 7] = [-6000, -4000, -2500, -1000, 500, 2000, 4000];
/// Bounds of the classes of how much a line's characters are those of headlines, in thousandths of a bit.
const WORDINGS: [i32; 9] = [-8500, -6500, -5000, -3500, -2000, -700, 700, 2500, 4500];
/// Bounds of the classes of how long a line is, in characters.
const LENGTHS: [i32; 7] = [5, 8, 11, 15, 20, 28, 40];

/// Bounds of the classes of how much of its column a line fills, in hundredths.
const FILLS: [u32; 3] = [46, 71, 89];
/// Bounds of the classes of how long texts near by are, and how long the line is beside them, in characters.
const AMONG: [usize; 3] = [26, 61, 121];
const SHORT: [usize; 3] = [9, 16, 26];
/// How many classes there are of how a line is set: by the share of its column that it fills, or by its length beside texts near by
/// where nothing is wrapped.
const SETTINGS: usize = 7;
/// How many settings a line's punctuation is weighed in: wrapped and short of its column, wrapped and full; where nothing is wrapped, much
/// shorter than the texts near by, and not.
const FORM_SETTINGS: usize = 4;
/// So many lines, and so many texts, either side tell how wide the column is and how long texts are.
const NEAR_LINES: usize = 12;
const NEAR_TEXTS: usize = 8;

/// Bounds of the classes of what the characters of the text below a line have in common with those of the text above, in thousandths.
const ALIKE: [i32; 8] = [-2600, -1900, -1300, -800, -300, 300, 1200, 2500];
/// Bounds of the classes of how near texts are in subject, in thousandths.
const NEAR: [i32; 7] = [-120, -20, 70, 160, 270, 400, 560];
/// Bounds of the classes of how much more of a line's characters the text below has than the one above, in thousandths.
const RATHER: [i32; 7] = [-2500, -1200, -400, 400, 1200, 2500, 4500];
/// So many texts above and below a line tell whether one subject goes through.
const TEXTS_ABOVE: usize = 4;
const TEXTS_BELOW: usize = 3;

/// A line that has the shape of a headline and less than these log odds is taken for a piece. A little below even ones: a headline that
/// is lost costs a reader more than a piece that is printed as one.
const PIECE: i32 = -700;
/// A line that has not is taken for a headline from these log odds on.
const UNSHAPED: i32 = 1000;
/// No more lines in a row are taken for headlines that have not their shape.
const MOST_LINES: usize = 4;
/// A line that goes on with a headline next to it by this much is a line of it.
const WRAPPED: i32 = 3000;
/// Of shapes from this on a line is taken for a headline at first sight.
pub(super) const SHAPED: i32 = 2;
/// How many characters such a line has.
const SHORTEST: usize = 4;
const LONGEST: usize = 36;
/// So many units either side are looked at for what goes on with a line.
const REACH: usize = 150;
/// A text is at least this long to be one that a line may go on with.
const LEAST_TEXT: usize = 10;

/// The figures of a group, by a table of groups and what each of their cells is worth; none where the table has no such group.
pub(super) fn figures_of(pack: &Pack, table: &str, group: &str) -> Vec<i32> {
    let rows = pack.table("zh", table).map(|table| table.rows.as_slice()).unwrap_or_default();
    let row = rows.iter().find(|row| row.first().is_some_and(|first| first == group));
    let cells = row.and_then(|row| row.get(1)).map(String::as_str).unwrap_or_default();
    cells.split(' ').filter_map(|figure| figure.parse().ok()).collect()
}

/// What the groups are worth, in thousandths of a bit, by the table.
#[derive(Clone, Debug, Default)]
pub(super) struct HeadOdds {
    base: i32,
    worth: Vec<Vec<i32>>,
}

impl HeadOdds {
    /// The rows of the table.
    pub(super) fn of(pack: &Pack) -> HeadOdds {
        let figures = |name: &str| figures_of(pack, "heads", name);
        let base = figures("base").first().copied().unwrap_or_default();
        HeadOdds { base, worth: GROUPS.iter().map(|(name, _)| figures(name)).collect() }
    }

    /// The most that the odds can be, whatever the texts around the line tell.
    fn at_best(&self, cells: &[usize; GROUPS.len()]) -> i32 {
        let worth = |(at, (group, cell)): (usize, (&Vec<i32>, &usize))| {
            let known = if FAR_GROUPS.contains(&at) { group.iter().max() } else { group.get(*cell) };
            known.copied().unwrap_or_default()
        };
        self.base + self.worth.iter().zip(cells).enumerate().map(worth).sum::<i32>()
    }

    /// The log odds that the line is a headline.
    fn weigh(&self, cells: &[usize; GROUPS.len()]) -> i32 {
        let worth = |(group, cell): (&Vec<i32>, &usize)| group.get(*cell).copied().unwrap_or_default();
        self.base + self.worth.iter().zip(cells).map(worth).sum::<i32>()
    }
}

fn class(bounds: &[i32], value: i32) -> usize {
    bounds.partition_point(|bound| *bound <= value)
}

/// The class of what may be missing: 0 where it is.
fn class_or_none(bounds: &[i32], value: Option<i32>) -> usize {
    value.map_or(0, |value| class(bounds, value) + 1)
}

/// The groups that are asked last, since they look at all texts near by.
const FAR_GROUPS: std::ops::RangeInclusive<usize> = 1..=3;

/// How the lines and texts of a page are set: for each unit how much of its column its first line fills, in hundredths, where the
/// page is wrapped; and how long texts near it are.
struct Setting {
    fill: Vec<Option<u32>>,
    length: Vec<usize>,
}

impl Setting {
    fn of(units: &[Unit]) -> Setting {
        let is_text = |unit: &Unit| unit.kind == StripKind::Text && unit.heading == 0;
        let mut lines: Vec<u32> = Vec::new();
        let mut first_line = Vec::with_capacity(units.len());
        for unit in units {
            first_line.push(lines.len());
            if is_text(unit) {
                // Whatever is wider is no line of a column.
                lines.extend(unit.widths.iter().map(|width| (*width).min(2 * WIDEST_COLUMN)));
            }
        }
        let mut near: Vec<u32> = Vec::new();
        let fill = units.iter().zip(first_line).map(|(unit, line)| {
            near.clear();
            near.extend(&lines[line.saturating_sub(NEAR_LINES)..(line + NEAR_LINES + 1).min(lines.len())]);
            near.sort_unstable();
            let typical = *near.get(near.len() * 3 / 5)?;
            let full = near.iter().filter(|width| width.abs_diff(typical) * 10 <= typical).count();
            let wrapped = (12..=WIDEST_COLUMN).contains(&typical) && full * 2 > near.len();
            (wrapped && is_text(unit))
                .then(|| unit.widths.first().map(|width| (*width).min(2 * WIDEST_COLUMN) * 100 / typical))?
        });
        let fill = fill.collect();
        let lengths: Vec<usize> = units.iter().map(|unit| unit.text.len()).collect();
        let length = (0..units.len()).map(|at| {
            let near = at.saturating_sub(NEAR_TEXTS)..(at + NEAR_TEXTS + 1).min(units.len());
            let texts = near.filter(|other| *other != at && is_text(&units[*other]));
            let mut lengths: Vec<usize> = texts.map(|other| lengths[other]).collect();
            lengths.sort_unstable();
            lengths.get(lengths.len() / 2).copied().unwrap_or(0)
        });
        Setting { length: length.collect(), fill }
    }

    /// The cell of a unit in `form`.
    fn form_cell(&self, unit: &Unit, at: usize, form: HeadForm) -> usize {
        let short = unit.text.len() * 4 <= self.length[at];
        let setting = match self.fill[at] {
            Some(fill) => usize::from(fill > FILLS[2]),
            None => 2 + usize::from(!short),
        };
        form as usize * FORM_SETTINGS + setting
    }

    /// The cells of a unit in `among` and `setting`.
    fn cells(&self, units: &[Unit], at: usize) -> [usize; 2] {
        let unit = &units[at];
        let near = self.length[at];
        let among = AMONG.partition_point(|bound| *bound <= near);
        let short = SHORT.partition_point(|bound| *bound <= unit.text.len());
        let set = match self.fill[at] {
            Some(fill) => FILLS.partition_point(|bound| *bound <= fill),
            None if unit.text.len() * 4 <= near => 4,
            None if unit.text.len() * 2 <= near => 5,
            None => 6,
        };
        let open = |unit: &Unit| unit.end == EndState::Open;
        let before = at.checked_sub(1).map(|before| &units[before]);
        let previous = match before.filter(|before| before.is_text() && before.heading == 0) {
            None => 0,
            Some(before) if open(before) => 1,
            Some(_) => 2,
        };
        let longer = units.get(at + 1).is_some_and(|next| {
            next.is_text()
                && next.heading == 0
                && next.text.len() * 2 > near
                && next.text.len() > unit.text.len()
        });
        let setting = ((set * 2 + usize::from(open(unit))) * 3 + previous) * 2 + usize::from(longer);
        [among * (SHORT.len() + 1) + short, setting]
    }
}

/// What the page's characters, words and subjects say.
type Known<'k> = (&'k Runs, &'k Words, &'k Topics);

/// What is seen of the line `at` and of its neighbours: for each group its cell, those of [`FAR_GROUPS`] left open.
fn seen_near(
    units: &[Unit],
    headline: &[bool],
    at: usize,
    (runs, words, topics): Known<'_>,
    (shape, setting): (i32, &Setting),
) -> [usize; GROUPS.len()] {
    let unit = &units[at];
    let between = |left: usize, right: usize| units_between(units, (left, right), runs, words);
    let previous = at.checked_sub(1).map(|before| (&units[before], headline[before]));
    let next = units.get(at + 1);
    let text_below = next.filter(|next| next.is_text() && headline.get(at + 1) != Some(&true));
    let form = HeadForm::of(units, at);
    let form_cell = setting.form_cell(&units[at], at, form);
    let shape = shape - form.worth();
    let [among, setting] = setting.cells(units, at);
    let [through, through_subject, above_subject, below_subject, rather_below] =
        company(units, headline, at, topics);
    [
        usize::try_from(shape - LEAST_SHAPE).unwrap_or_default().min(SHAPES - 1),
        0,
        0,
        0,
        class_or_none(&ENDS, unit.ends),
        class_or_none(&BEGINS, unit.begins),
        class(&LENGTHS, i32::try_from(unit.text.len()).unwrap_or(i32::MAX)),
        match next {
            None => 0,
            Some(_) if headline.get(at + 1) == Some(&true) => 1,
            Some(next) if matches!(next.kind, StripKind::Byline | StripKind::Deck) => 6,
            Some(next) if !next.is_text() => 2,
            Some(next) => match next.start {
                StartState::Dateline | StartState::Jump => 3,
                _ if next.begins.is_some_and(|begins| begins >= 8) => 4,
                _ => 5,
            },
        },
        class(&BORDERS, ends_as(Border::Headline, &unit.text, &unit.edges.1)),
        class(&BORDERS, begins_as(Border::Headline, &unit.text, &unit.edges.0)),
        match previous {
            None => 0,
            Some((_, true)) => 1,
            Some((before, _)) if matches!(before.kind, StripKind::Section | StripKind::Masthead) => 2,
            Some((before, _)) if !before.is_text() => 3,
            Some((before, _)) => match before.end {
                EndState::Closed => 4,
                EndState::Terminal => 5,
                EndState::Open if between(at - 1, at) < 0 => 6,
                EndState::Open => 7,
            },
        },
        usize::from(unit.after_blank)
            | usize::from(unit.flows_on) << 1
            | usize::from(unit.cut_from_line_before) << 2,
        class_or_none(&EVIDENCE, text_below.map(|_| between(at, at + 1))),
        among,
        setting,
        through,
        through_subject,
        above_subject,
        below_subject,
        rather_below,
        form_cell,
        class_or_none(&LEADS, text_below.filter(|next| next.dateline.is_none()).and_then(Unit::lead)),
        class_or_none(&WORDINGS, unit.headline_wording()),
    ]
}

/// Whether one subject goes through from the texts above a line to those below, as it does past a subhead, and which of them the
/// line speaks of.
fn company(units: &[Unit], headline: &[bool], at: usize, topics: &Topics) -> [usize; 5] {
    let is_text = |other: &usize| {
        units[*other].is_text() && !headline[*other] && units[*other].text.len() >= LEAST_TEXT
    };
    let near = NEAR_TEXTS.min(at);
    let above: Vec<usize> = (at - near..at).rev().filter(is_text).take(TEXTS_ABOVE).collect();
    let below: Vec<usize> =
        (at + 1..(at + 1 + NEAR_TEXTS).min(units.len())).filter(is_text).take(TEXTS_BELOW).collect();
    let characters = topics.characters();
    let counts = |texts: &[usize]| (!texts.is_empty()).then(|| characters.grown(None, texts.iter().copied()));
    let (of_above, of_below) = (counts(&above), counts(&below));
    let subjects = [&above, &below].map(|texts| topics.subject_of(texts.iter().copied()));
    let own = topics.subject(at);
    let line = characters.sample([at]);
    let through = of_above.as_ref().filter(|_| !below.is_empty());
    let through = through.map(|above| characters.sample(below.iter().copied()).excess(above));
    let rather_below = of_above.zip(of_below).map(|(above, below)| line.excess(&below) - line.excess(&above));
    [
        class_or_none(&ALIKE, through),
        class_or_none(&NEAR, subjects[0].nearness(&subjects[1])),
        class_or_none(&NEAR, subjects[0].nearness(own)),
        class_or_none(&NEAR, subjects[1].nearness(own)),
        class_or_none(&RATHER, rather_below),
    ]
}

/// What is seen of the texts around the line `at`, for [`FAR_GROUPS`].
fn seen_far(units: &[Unit], headline: &[bool], at: usize, (runs, words, _): Known<'_>) -> [usize; 3] {
    let unit = &units[at];
    let near = at.saturating_sub(REACH)..(at + REACH + 1).min(units.len());
    let between = |left: usize, right: usize| units_between(units, (left, right), runs, words);
    let is_text = |other: usize| {
        other != at && units[other].is_text() && !headline[other] && units[other].text.len() >= LEAST_TEXT
    };
    let breaks_off = |other: usize| is_text(other) && units[other].end == EndState::Open;
    let follows = |other: usize| {
        is_text(other) && !matches!(units[other].start, StartState::Dateline | StartState::Jump)
    };
    // Of what may go on behind the line, the text that does so best.
    let best = (unit.end == EndState::Open)
        .then(|| near.clone().filter(|other| follows(*other)).map(|other| (between(at, other), other)))
        .and_then(|texts| texts.max_by_key(|(evidence, other)| (*evidence, std::cmp::Reverse(*other))));
    let ahead = best.map(|(evidence, text)| {
        let other = near.clone().filter(|other| breaks_off(*other) && *other != text);
        let rival = other.map(|other| between(other, text)).max();
        evidence - rival.unwrap_or(0)
    });
    let from = near.filter(|other| breaks_off(*other)).map(|other| between(other, at)).max();
    [
        class_or_none(&EVIDENCE, best.map(|(evidence, _)| evidence)),
        class_or_none(&AHEAD, ahead),
        class_or_none(&EVIDENCE, from),
    ]
}

/// The shape of a line that no mark makes a headline and that may be one.
fn shape_in_doubt(units: &[Unit], at: usize, words: &Words, marked_page: i32) -> Option<i32> {
    let unit = &units[at];
    if unit.names_notice || unit.heading > 0 || !unit.edges.0.chinese || !unit.edges.1.chinese {
        return None;
    }
    let shape = headline_shape(units, at, words, marked_page);
    // No headline ends with a full stop; a question or an exclamation may be one.
    let sentence = unit.text.last().is_some_and(|last| matches!(last, '。' | '．'));
    let like = (SHORTEST..=LONGEST).contains(&unit.text.len()) && !sentence;
    let plain = shape - HeadForm::of(units, at).worth();
    (shape >= SHAPED || like && plain >= LEAST_SHAPE).then_some(shape)
}

/// Tells the unmarked lines that are headlines from those that are not, by all that is seen of them: `headline` holds what their
/// shape makes of them. Gives the log odds of those that were weighed.
pub(super) fn tell_headlines(
    units: &[Unit],
    headline: &mut [bool],
    known: Known<'_>,
    odds: &HeadOdds,
) -> Vec<Option<i32>> {
    let (runs, words, _) = known;
    let marked_page = marked_heads(units);
    let setting = Setting::of(units);
    let mut told = vec![None; units.len()];
    let decided: Vec<(usize, bool)> = (0..units.len())
        .filter_map(|at| Some((at, shape_in_doubt(units, at, words, marked_page)?)))
        .filter_map(|(at, shape)| {
            let needed = if headline[at] { PIECE } else { UNSHAPED };
            let mut cells = seen_near(units, headline, at, known, (shape, &setting));
            if odds.at_best(&cells) < needed.min(RESCUED) {
                return headline[at].then_some((at, false));
            }
            cells[FAR_GROUPS].copy_from_slice(&seen_far(units, headline, at, known));
            let worth = odds.weigh(&cells);
            told[at] = Some(worth);
            let is_head = worth >= needed;
            (is_head != headline[at]).then_some((at, is_head))
        })
        .collect();
    decided.into_iter().for_each(|(at, is_head)| headline[at] = is_head);
    // A headline that was wrapped: a line that goes on in a headline below it, or with one above.
    let goes_on = |left: usize, right: usize| units_between(units, (left, right), runs, words);
    let wrapped: Vec<usize> = (0..units.len())
        .filter(|at| !headline[*at] && shape_in_doubt(units, *at, words, marked_page).is_some())
        .filter(|at| {
            let above = at.checked_sub(1).filter(|above| units[*above].is_text());
            let below = Some(at + 1).filter(|below| units.get(*below).is_some_and(Unit::is_text));
            let open_above = above.is_some_and(|above| units[above].end == EndState::Open);
            let from_above = above.filter(|_| open_above).map(|above| goes_on(above, *at));
            let into_below = below.map(|below| goes_on(*at, below));
            let in_head = |line: Option<usize>| line.is_some_and(|line| headline[line]);
            in_head(below) && into_below >= Some(WRAPPED) && from_above < into_below
                || in_head(above) && from_above >= Some(WRAPPED) && into_below < from_above
        })
        .collect();
    wrapped.into_iter().for_each(|at| headline[at] = true);
    // Many short lines in a row are a list, a table or verse; what their shape made of them stays.
    let shaped =
        |at: usize| shape_in_doubt(units, at, words, marked_page).is_none_or(|shape| shape >= SHAPED);
    let mut from = 0;
    while from < units.len() {
        let to = (from..units.len()).find(|at| !headline[*at]).unwrap_or(units.len());
        if to - from > MOST_LINES {
            (from..to).for_each(|at| headline[at] = shaped(at));
        }
        from = to + 1;
    }
    told
}

/// For each line in doubt its place among the units and what is seen of it: one figure a group.
pub(super) fn in_doubt(units: &[Unit], headline: &[bool], known: Known<'_>) -> Vec<(usize, Vec<usize>)> {
    let words = known.1;
    let marked_page = marked_heads(units);
    let setting = Setting::of(units);
    (0..units.len())
        .filter_map(|at| Some((at, shape_in_doubt(units, at, words, marked_page)?)))
        .map(|(at, shape)| {
            let mut cells = seen_near(units, headline, at, known, (shape, &setting));
            cells[FAR_GROUPS].copy_from_slice(&seen_far(units, headline, at, known));
            (at, cells.to_vec())
        })
        .collect()
}

//! Kicker, headline and deck among the lines of a head. The font is lost, but not the order, the lengths, what the page marks, whether
//! two lines read on as one, and what of them stands in the first words of the text below: every way to part the lines is weighed
//! by `lang/zh/head_lines.tsv`, fitted by `benchsuite/head_lines.py` to made pages.

use shiliu_lang::{Border, Pack, is_han};
use shiliu_text::Span;

use super::evidence::{Runs, Words, seam_evidence};
use super::heads::figures_of;
use super::nodes::{Node, NodeKind};
use super::units::Unit;
use super::wording::{begins_as, ends_as};
use crate::Role;

/// A group of which one cell applies for a part or for a border of two lines: its name in the table and how many cells it has.
const GROUPS: [(&str, usize); 22] = [
    ("structure", 4 * 3 * 3 * 3),
    ("headline-length", LENGTHS.len() + 1),
    ("deck-length", LENGTHS.len() + 1),
    ("kicker-beside", RATIOS.len() + 1),
    ("kicker-marks", MARKS),
    ("deck-marks", MARKS),
    ("within-marks", MARKS),
    ("kicker-seam", SEAMS.len() + 1),
    ("deck-seam", SEAMS.len() + 1),
    ("within-seam", SEAMS.len() + 1),
    ("kicker-fill", FILLS.len() + 2),
    ("deck-fill", FILLS.len() + 2),
    ("within-fill", FILLS.len() + 2),
    ("kicker-looks", LOOKS),
    ("headline-looks", LOOKS * 2),
    ("kicker-first", 6),
    ("headline-first", 6),
    ("deck-first", 6),
    ("headline-begin", BORDERS.len() + 1),
    ("headline-end", BORDERS.len() + 1),
    ("kicker-text", SHARES.len() + 2),
    ("headline-text", SHARES.len() + 2),
];
// Places of the groups. Where groups stand for kicker, headline and deck, or for the border above the headline, the one behind it and
// those inside a part, they follow each other in that order.
const STRUCTURE: usize = 0;
/// Of the kicker there is none: its length stands beside the headline's.
const PART_LENGTH: usize = 0;
const KICKER_BESIDE: usize = 3;
const BORDER_MARKS: usize = 4;
const BORDER_SEAM: usize = 7;
const BORDER_FILL: usize = 10;
const PART_LOOKS: usize = 13;
const PART_FIRST: usize = 15;
const HEADLINE_BEGIN: usize = 18;
const HEADLINE_END: usize = 19;
const PART_IN_TEXT: usize = 20;

/// Bounds of the classes of how long a part is, in characters.
const LENGTHS: [usize; 9] = [4, 6, 8, 10, 13, 16, 20, 25, 32];
/// Bounds of the classes of how long a part is beside the headline, in hundredths.
const RATIOS: [usize; 7] = [35, 55, 75, 95, 120, 160, 220];
/// Bounds of the classes of evidence that two lines read on as one, in thousandths of a bit.
const SEAMS: [i32; 8] = [-4000, -2000, -500, 500, 1500, 3000, 5000, 8000];
/// Bounds of the classes of how much of its column a line fills, in hundredths.
const FILLS: [u32; 4] = [60, 75, 85, 95];
/// Bounds of the classes of how much a part begins or ends as headlines do, in thousandths of a bit.
const BORDERS: [i32; 7] = [-5000, -3500, -2000, -500, 1000, 2500, 4000];
/// Bounds of the classes of how much of a part stands in the first words of the text, in hundredths.
const SHARES: [usize; 5] = [10, 25, 40, 60, 80];
/// A line behind a deck that goes on with it by this much is a line of it, in thousandths of a bit.
const WRAPPED: i32 = -500;
/// How two lines are marked beside each other.
const MARKS: usize = 6;
/// How many classes of punctuation there are.
const LOOKS: usize = 5;
/// So many characters of the text below a head are its first words.
const FIRST_WORDS: usize = 120;
/// The name of a column has no more characters.
const LONGEST_NAME: usize = 4;
/// A width of lines is known from a text of so many.
const LINES: usize = 3;

/// What the groups are worth, in thousandths of a bit, by the table.
#[derive(Clone, Debug, Default)]
pub(super) struct LineOdds(Vec<Vec<i32>>);

impl LineOdds {
    /// The rows of the table.
    pub(super) fn of(pack: &Pack) -> LineOdds {
        LineOdds(GROUPS.iter().map(|(name, _)| figures_of(pack, "head_lines", name)).collect())
    }

    fn weigh(&self, seen: &[(usize, usize)]) -> i32 {
        let worth = |(group, cell): &(usize, usize)| self.0.get(*group)?.get(*cell).copied();
        seen.iter().filter_map(worth).sum()
    }
}

/// A head of several lines as its ways to part them are seen.
#[derive(Clone, Debug)]
pub struct SeenHead {
    /// Its lines.
    pub lines: Vec<Span>,
    /// For each way to part them, the first line of the headline and the one behind its last, and what is seen.
    pub ways: Vec<((usize, usize), Vec<usize>)>,
}

/// How the lines of a head are parted: where the headline begins and where it ends.
pub(super) type Parting = (usize, usize);

/// All ways to part so many lines.
pub(super) fn partings(lines: usize) -> impl Iterator<Item = Parting> {
    (0..lines).flat_map(move |from| (from + 1..=lines).map(move |to| (from, to)))
}

/// The lines of a head, and the text below them.
pub(super) struct HeadLines<'u> {
    lines: Vec<&'u Unit>,
    /// For each border between two lines what says that they read on.
    seams: Vec<i32>,
    /// The width of the lines of the text below, where it is wrapped.
    column: Option<u32>,
    first_words: &'u [char],
}

impl<'u> HeadLines<'u> {
    pub(super) fn of(
        lines: Vec<&'u Unit>,
        below: Option<&'u Unit>,
        (runs, words): (&Runs, &Words),
    ) -> HeadLines<'u> {
        let seam = |pair: &[&Unit]| {
            let (above, below) = ((&*pair[0].text, &pair[0].edges.1), (&*pair[1].text, &pair[1].edges.0));
            seam_evidence(runs, words, above, below)
        };
        let seams = lines.windows(2).map(seam).collect();
        let text = below.map(|unit| unit.text.as_slice()).unwrap_or_default();
        let column = below
            .filter(|unit| unit.widths.len() >= LINES)
            .and_then(|unit| unit.widths.iter().max().copied());
        HeadLines { lines, seams, column, first_words: &text[..text.len().min(FIRST_WORDS)] }
    }

    /// The best way to part them.
    pub(super) fn best(&self, odds: &LineOdds) -> Parting {
        let ways = partings(self.lines.len()).filter(|way| self.may_be(*way));
        let ways = ways.map(|way| (odds.weigh(&self.seen(way)), way));
        ways.max_by_key(|(worth, way)| (*worth, std::cmp::Reverse(*way)))
            .map_or((0, self.lines.len()), |(_, way)| way)
    }

    /// Whether nothing forbids to part them so: what reads like a kicker is one, and a word that the page marks otherwise than the
    /// line below names a column.
    fn may_be(&self, (from, to): Parting) -> bool {
        let lines = &self.lines;
        if lines[0].kicker && !lines[1].kicker && from != 1 {
            return false;
        }
        (1..lines.len()).all(|border| {
            let (above, below) = (lines[border - 1], lines[border]);
            let marked = above.heading > 0 && below.heading > 0 && above.heading != below.heading;
            let name = marked && above.text.len() <= LONGEST_NAME;
            !name || border == from || border == to
        })
    }

    /// What is seen where they are parted so: groups and their cells.
    pub(super) fn seen(&self, (from, to): Parting) -> Vec<(usize, usize)> {
        let count = self.lines.len();
        let parts = [0..from, from..to, to..count];
        let length = |part: &std::ops::Range<usize>| -> usize {
            self.lines[part.clone()].iter().map(|line| line.text.len()).sum()
        };
        let lengths = parts.each_ref().map(length);
        let structure =
            ((count.min(5) - 2) * 3 + from.min(2)) * 9 + (to - from - 1).min(2) * 3 + (count - to).min(2);
        let mut seen = vec![(STRUCTURE, structure)];
        for (at, part) in parts.iter().enumerate().filter(|(_, part)| !part.is_empty()) {
            seen.push((PART_FIRST + at, first_of(self.lines[part.start])));
            if at > 0 {
                seen.push((PART_LENGTH + at, LENGTHS.partition_point(|bound| *bound <= lengths[at])));
            }
            if at < 2 {
                let looks = self.looks(part.clone());
                let several = usize::from(part.len() > 1);
                seen.push((PART_LOOKS + at, if at == 1 { looks * 2 + several } else { looks }));
                seen.push((PART_IN_TEXT + at, self.in_text(part.clone())));
            }
        }
        if from > 0 {
            let ratio = lengths[0] * 100 / lengths[1].max(1);
            seen.push((KICKER_BESIDE, RATIOS.partition_point(|bound| *bound <= ratio)));
        }
        let (first, last) = (self.lines[from], self.lines[to - 1]);
        let class = |value: i32| BORDERS.partition_point(|bound| *bound <= value);
        seen.push((HEADLINE_BEGIN, class(begins_as(Border::Headline, &first.text, &first.edges.0))));
        seen.push((HEADLINE_END, class(ends_as(Border::Headline, &last.text, &last.edges.1))));
        for border in 1..count {
            let kind = match border {
                _ if border == from => 0,
                _ if border == to => 1,
                _ => 2,
            };
            let (above, below) = (self.lines[border - 1], self.lines[border]);
            seen.push((BORDER_MARKS + kind, marks(above.heading, below.heading)));
            seen.push((BORDER_SEAM + kind, SEAMS.partition_point(|bound| *bound <= self.seams[border - 1])));
            let fill = self.column.map(|column| above.width * 100 / column.max(1));
            seen.push((
                BORDER_FILL + kind,
                fill.map_or(0, |fill| FILLS.partition_point(|bound| *bound <= fill) + 1),
            ));
        }
        seen
    }

    /// The punctuation inside a part.
    fn looks(&self, part: std::ops::Range<usize>) -> usize {
        let lines = &self.lines[part];
        let has =
            |wanted: &dyn Fn(char) -> bool| lines.iter().any(|line| line.text.iter().any(|c| wanted(*c)));
        let printed =
            |line: &Unit| -> u32 { line.text.iter().map(|c| if (*c as u32) < 0x1100 { 1 } else { 2 }).sum() };
        if has(&|c| matches!(c, '，' | '；' | '。' | ',' | ';')) {
            1
        } else if has(&|c| matches!(c, '：' | ':')) {
            2
        } else if lines.iter().any(|line| line.width > printed(line)) {
            3
        } else if has(&|c| matches!(c, '·' | '—' | '－')) {
            4
        } else {
            0
        }
    }

    /// How much of a part stands in the first words of the text: pairs of characters.
    fn in_text(&self, part: std::ops::Range<usize>) -> usize {
        if self.first_words.is_empty() {
            return 0;
        }
        let pairs = self.lines[part].iter().flat_map(|line| line.text.windows(2));
        let pairs = pairs.filter(|pair| pair.iter().all(|c| is_han(*c)));
        let (mut all, mut found) = (0, 0);
        for pair in pairs {
            all += 1;
            found += usize::from(self.first_words.windows(2).any(|other| other == pair));
        }
        if all == 0 { 0 } else { 1 + SHARES.partition_point(|bound| *bound <= found * 100 / all) }
    }
}

/// The places of the lines of a head that may be kicker, headline or deck, where there are several.
fn open_lines(node: &Node) -> Vec<usize> {
    (0..node.units.len()).filter(|at| node.units[*at].1 == Role::Headline).collect()
}

/// The text below a head.
fn text_below<'u>(nodes: &[Node], at: usize, units: &'u [Unit]) -> Option<&'u Unit> {
    let mut below =
        nodes[at + 1..].iter().filter(|node| !matches!(node.kind, NodeKind::Aside | NodeKind::Photo));
    below.next().filter(|node| node.kind == NodeKind::Body).map(|node| &units[node.main])
}

/// Kicker, headline and deck among the lines of all heads.
pub(super) fn name_lines(nodes: &mut [Node], units: &[Unit], known: (&Runs, &Words), odds: &LineOdds) {
    for at in (0..nodes.len()).filter(|at| nodes[*at].kind == NodeKind::Head).collect::<Vec<_>>() {
        wrapped_decks(&mut nodes[at], units, known);
        let places = open_lines(&nodes[at]);
        if let [(_, role @ Role::Deck)] = nodes[at].units.as_mut_slice() {
            // A deck alone is what there is of a headline.
            *role = Role::Headline;
        }
        if places.len() < 2 || odds.0.iter().all(Vec::is_empty) {
            continue;
        }
        let lines = places.iter().map(|place| &units[nodes[at].units[*place].0]).collect();
        let (from, to) = HeadLines::of(lines, text_below(nodes, at, units), known).best(odds);
        for (line, place) in places.into_iter().enumerate() {
            nodes[at].units[place].1 = match line {
                _ if line < from => Role::Kicker,
                _ if line < to => Role::Headline,
                _ => Role::Deck,
            };
        }
    }
}

/// What goes on with a deck is a line of it.
fn wrapped_decks(node: &mut Node, units: &[Unit], (runs, words): (&Runs, &Words)) {
    for at in 1..node.units.len() {
        let ((above, role), (below, below_role)) = (node.units[at - 1], node.units[at]);
        if role != Role::Deck || below_role != Role::Headline {
            continue;
        }
        let (above, below) = (&units[above], &units[below]);
        let (above, below) = ((&*above.text, &above.edges.1), (&*below.text, &below.edges.0));
        if seam_evidence(runs, words, above, below) >= WRAPPED {
            node.units[at].1 = Role::Deck;
        }
    }
}

/// For each head of several lines these lines, and for each way to part them what is seen, as places in a list of all cells.
pub(super) fn ways_to_part(nodes: &[Node], units: &[Unit], known: (&Runs, &Words)) -> Vec<SeenHead> {
    let mut firsts = vec![0];
    firsts.extend(GROUPS.iter().scan(0, |sum, (_, cells)| {
        *sum += cells;
        Some(*sum)
    }));
    let several = |at: &usize| nodes[*at].kind == NodeKind::Head && open_lines(&nodes[*at]).len() > 1;
    (0..nodes.len())
        .filter(several)
        .map(|at| {
            let places = open_lines(&nodes[at]);
            let lines: Vec<&Unit> = places.iter().map(|place| &units[nodes[at].units[*place].0]).collect();
            let spans = lines.iter().map(|line| line.spans[0]).collect();
            let head = HeadLines::of(lines, text_below(nodes, at, units), known);
            let cells = |way| head.seen(way).into_iter().map(|(group, cell)| firsts[group] + cell).collect();
            SeenHead { lines: spans, ways: partings(places.len()).map(|way| (way, cells(way))).collect() }
        })
        .collect()
}

/// How a line begins or, where that says more, ends.
fn first_of(line: &Unit) -> usize {
    let (first, last) = (line.text.first().copied(), line.text.last().copied());
    match (first, last) {
        (Some('—' | '－' | '-' | '―'), _) => 1,
        (Some('（' | '('), _) => 2,
        _ if line.kicker => 3,
        (_, Some('？' | '！' | '?' | '!' | '”' | '’')) => 4,
        (Some('“' | '‘' | '《'), _) => 5,
        _ => 0,
    }
}

/// How two lines are marked: neither, both alike, the upper one higher, the lower one higher, only one of them.
fn marks(above: u8, below: u8) -> usize {
    match (above, below) {
        (0, 0) => 0,
        (0, _) => 4,
        (_, 0) => 5,
        (above, below) if above == below => 1,
        (above, below) if above < below => 2,
        _ => 3,
    }
}

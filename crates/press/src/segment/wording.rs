//! What a dictionary says of the two sides of a cut: does the left end need what the right end gives?
//!
//! Two in five cuts in mid-sentence fall inside a word. A word that begins on the left and ends on the right, and
//! explains both ends better than they explain themselves, is the best evidence there is.

use std::cell::{OnceCell, RefCell};
use std::ops::Deref;
use std::rc::Rc;

use shiliu_lang::{Border, CharacterEdge, CharacterModel, Dictionary, JointModel, JointSide, is_han};

/// Characters of either side that are looked at.
const SIDE: usize = 6;
/// Longest word.
const LONGEST: usize = 8;
/// A character that is no word by itself is this rare, in tenths of a bit.
const NO_WORD: i32 = 240;

/// The place of no word in the dictionary.
const NO_PLACE: u32 = u32::MAX;

/// One end of a stretch of text, prepared for comparison with many other ends.
#[derive(Clone, Debug, Default)]
pub(super) struct Edge(Rc<EdgeFacts>);

impl Deref for Edge {
    type Target = EdgeFacts;

    fn deref(&self) -> &EdgeFacts {
        &self.0
    }
}

/// What an [`Edge`] knows.
#[derive(Clone, Debug, Default)]
pub(super) struct EdgeFacts {
    /// The Han characters next to the cut, in reading order; as many as `count`.
    han: [char; SIDE],
    count: usize,
    /// Rarity of the best cut into words of all but the `n` characters next to the cut.
    without: [i32; SIDE + 1],
    /// Of an end: for each number of characters next to the cut, their place among the words of the dictionary.
    begun: [u32; SIDE],
    /// Whether the word next to the cut, cut off here, is one character that seldom is a word.
    leftover: bool,
    /// The characters next to the cut, as the character model knows them.
    pub characters: CharacterEdge,
    /// The side as the network sees it, once it was asked for.
    joint: OnceCell<JointSide>,
    /// Whether Han stands among them.
    pub chinese: bool,
}

/// How near the cut Han must stand for the character model to be asked.
const NEAR: usize = 3;

/// Longest word by which the ends are cut.
const LONGEST_INSIDE: usize = 4;

/// A single character at least this rare, in tenths of a bit, is more often part of a word than a word.
const PART: i32 = 110;

/// A few characters with the places of all words among them.
struct Spelled<'t> {
    text: &'t [char],
    /// For each place where a word may begin and for each number of characters.
    places: [[u32; SIDE]; SIDE],
}

impl<'t> Spelled<'t> {
    fn of(text: &'t [char]) -> Spelled<'t> {
        let mut places = [[NO_PLACE; SIDE]; SIDE];
        for (start, places) in places.iter_mut().enumerate().take(text.len()) {
            let walk = Dictionary::chinese().walk(&text[start..]);
            places.iter_mut().zip(walk).for_each(|(slot, place)| *slot = place);
        }
        Spelled { text, places }
    }

    fn place(&self, start: usize, end: usize) -> Option<u32> {
        Some(self.places[start][end - start - 1]).filter(|place| *place != NO_PLACE)
    }

    fn rarity(&self, start: usize, end: usize) -> Option<i32> {
        let known = self.place(start, end).and_then(|place| Dictionary::chinese().rarity_at(place));
        known.or((end - start == 1).then_some(NO_WORD))
    }

    /// Rarity of the best cut into words of each head.
    fn heads(&self) -> [i32; SIDE + 1] {
        let mut best = [0; SIDE + 1];
        for end in 1..=self.text.len() {
            best[end] = (end.saturating_sub(LONGEST_INSIDE)..end)
                .filter_map(|start| Some(best[start] + self.rarity(start, end)?))
                .min()
                .unwrap_or(0);
        }
        best
    }

    /// Rarity of the best cut into words from each place to the end.
    fn tails(&self) -> [i32; SIDE + 1] {
        let mut best = [0; SIDE + 1];
        for start in (0..self.text.len()).rev() {
            best[start] = (start + 1..=self.text.len().min(start + LONGEST_INSIDE))
                .filter_map(|end| Some(best[end] + self.rarity(start, end)?))
                .min()
                .unwrap_or(0);
        }
        best
    }

    /// Whether the last word, or the first one, is one character that seldom is a word; words are cut as by
    /// [`Dictionary::cut`].
    fn leftover(&self, last: bool) -> bool {
        let dictionary = Dictionary::chinese();
        // For each place: the cost from there to the end, and where the first word ends.
        let mut best = [(0_u64, 0_usize); SIDE + 1];
        for start in (0..self.text.len()).rev() {
            let mut found: Option<(u64, usize)> = None;
            for (end, behind) in (start + 1..=self.text.len()).zip(&best[start + 1..]) {
                let Some(place) = self.place(start, end) else { break };
                if let Some(cost) = dictionary.cost_at(place) {
                    let cost = u64::from(cost) + behind.0;
                    // Of equal cuts the one with the longer word.
                    if found.is_none_or(|(least, _)| cost <= least) {
                        found = Some((cost, end));
                    }
                }
            }
            let alone = || (best[start + 1].0 + u64::from(dictionary.cost_of_unknown()), start + 1);
            best[start] = found.unwrap_or_else(alone);
        }
        let (mut start, mut end) = (0, best[0].1);
        while last && end < self.text.len() {
            (start, end) = (end, best[end].1);
        }
        let rarity = || self.place(start, end).and_then(|place| dictionary.rarity_at(place));
        end == start + 1 && rarity().is_none_or(|rarity| rarity >= PART)
    }
}

/// An edge knows no more of a text than so many characters.
const REACH: usize = JointModel::REACH;
/// So many edges made lately are kept, of ends and of beginnings: those of a large page.
const KEPT: usize = 1 << 11;

/// The characters that an edge is made of.
type Made = ([char; REACH], usize);

/// Edges made lately, by what they are made of. The same lines are looked at where columns are told, where columns in turn are
/// taken apart and where texts are put together.
struct Lately(Vec<Option<(Made, Edge)>>);

thread_local! {
    static ENDS: RefCell<Lately> = RefCell::new(Lately(vec![None; KEPT]));
    static BEGINNINGS: RefCell<Lately> = RefCell::new(Lately(vec![None; KEPT]));
}

impl Lately {
    /// The edge that characters next to a cut make.
    fn edge(&mut self, near: &[char], make: impl FnOnce(&[char]) -> EdgeFacts) -> Edge {
        let mut made: Made = (['\0'; REACH], near.len());
        made.0[..near.len()].copy_from_slice(near);
        let mix = |hash: u64, one: &char| {
            (hash ^ u64::from(*one)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23)
        };
        let slot = near.iter().fold(near.len() as u64, mix) as usize % KEPT;
        match &self.0[slot] {
            Some((known, edge)) if *known == made => edge.clone(),
            _ => {
                let edge = Edge(Rc::new(make(near)));
                self.0[slot] = Some((made, edge.clone()));
                edge
            }
        }
    }
}

impl Edge {
    /// The end of a text without white space.
    pub(super) fn left(text: &[char]) -> Edge {
        let near = &text[text.len().saturating_sub(REACH)..];
        ENDS.with_borrow_mut(|ends| ends.edge(near, EdgeFacts::left))
    }

    /// The beginning of a text without white space.
    pub(super) fn right(text: &[char]) -> Edge {
        let near = &text[..text.len().min(REACH)];
        BEGINNINGS.with_borrow_mut(|beginnings| beginnings.edge(near, EdgeFacts::right))
    }
}

impl EdgeFacts {
    /// The end of a text.
    fn left(text: &[char]) -> EdgeFacts {
        let count = text.iter().rev().take(SIDE).take_while(|c| is_han(**c)).count();
        let han = &text[text.len() - count..];
        let chinese = text.iter().rev().take(NEAR).any(|c| is_han(*c));
        let mut edge = EdgeFacts { count, chinese, ..EdgeFacts::default() };
        if chinese {
            edge.characters = CharacterModel::chinese().end_of(text);
        }
        if count > 0 {
            let spelled = Spelled::of(han);
            edge.han[..count].copy_from_slice(han);
            edge.leftover = spelled.leftover(true);
            edge.without = spelled.heads();
            edge.without[..=count].reverse();
            for taken in 1..=count {
                edge.begun[taken - 1] = spelled.places[count - taken][taken - 1];
            }
        }
        edge
    }

    /// The beginning of a text.
    fn right(text: &[char]) -> EdgeFacts {
        let count = text.iter().take(SIDE).take_while(|c| is_han(**c)).count();
        let han = &text[..count];
        let chinese = text.iter().take(NEAR).any(|c| is_han(*c));
        let mut edge = EdgeFacts { count, chinese, ..EdgeFacts::default() };
        if chinese {
            edge.characters = CharacterModel::chinese().beginning_of(text);
        }
        if count > 0 {
            let spelled = Spelled::of(han);
            edge.han[..count].copy_from_slice(han);
            edge.leftover = spelled.leftover(false);
            edge.without = spelled.tails();
        }
        edge
    }

    /// Whether Han stands next to the cut.
    pub(super) fn ends_in_han(&self) -> bool {
        self.count > 0
    }

    /// The Han characters next to the cut, in reading order.
    fn han(&self) -> &[char] {
        &self.han[..self.count]
    }
}

/// The end of a text as the network sees it.
fn end_of<'e>(text: &[char], edge: &'e Edge) -> &'e JointSide {
    edge.joint.get_or_init(|| JointModel::chinese().end_of(text))
}

/// The beginning of a text as the network sees it.
fn beginning_of<'e>(text: &[char], edge: &'e Edge) -> &'e JointSide {
    edge.joint.get_or_init(|| JointModel::chinese().beginning_of(text))
}

/// How much likelier the network finds it that the two texts read as one than that they met by chance, in thousandths of a
/// bit; each with its edge at the cut.
pub(super) fn together((left, left_edge): (&[char], &Edge), (right, right_edge): (&[char], &Edge)) -> i32 {
    JointModel::chinese().together(end_of(left, left_edge), beginning_of(right, right_edge))
}

/// How much likelier a border stands before the text than chance has it, in thousandths of a bit.
pub(super) fn begins_as(border: Border, text: &[char], edge: &Edge) -> i32 {
    JointModel::chinese().begins(border, beginning_of(text, edge))
}

/// The same of a border behind the text.
pub(super) fn ends_as(border: Border, text: &[char], edge: &Edge) -> i32 {
    JointModel::chinese().ends(end_of(text, edge), border)
}

/// By how much a word over the cut explains the two ends better than they explain themselves, in tenths of a bit;
/// `None` where no word lies over the cut.
pub(super) fn word_over(left: &Edge, right: &Edge) -> Option<i32> {
    let dictionary = Dictionary::chinese();
    let mut best: Option<i32> = None;
    for (taken, begun) in (1..).zip(&left.begun[..left.count]) {
        let mut place = Some(*begun).filter(|place| *place != NO_PLACE);
        for (given, character) in (1..=LONGEST - taken).zip(right.han()) {
            place = place.and_then(|place| dictionary.follow(place, *character));
            let Some(place) = place else { break };
            if let Some(rarity) = dictionary.rarity_at(place) {
                let gain =
                    left.without[0] + right.without[0] - left.without[taken] - right.without[given] - rarity;
                best = best.max(Some(gain));
            }
        }
    }
    best
}

/// The row of the table that a cut falls into, by what the dictionary says: a leftover and no word over the cut,
/// nothing, then words that explain ever more.
pub(super) fn row_of(left: &Edge, right: &Edge) -> usize {
    match word_over(left, right) {
        Some(91..) => 6,
        Some(61..) => 5,
        Some(41..) => 4,
        Some(21..) => 3,
        Some(1..) => 2,
        _ => usize::from(!left.leftover && !right.leftover),
    }
}

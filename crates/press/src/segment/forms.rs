//! What the form of texts tells of which goes on with which: labels of speakers (a question is followed by an answer), numbers
//! in a row, words with which an item begins whatever stands before it.

use std::collections::BTreeMap;

use super::nodes::{Node, NodeKind};
use super::rules::{Rules, first_hit};
use super::strips::{head_of, is_closing, is_comma, is_stop};
use super::units::{EndState, Unit};

/// A text with a label behind texts of the same labels, in the measure of what other printings tell.
const SAME_LABELS: i32 = 64_000;
/// The same behind a text without, though others with its labels stand above.
const OTHER_LABELS: i32 = -80_000;
/// A text without a label behind a question.
const NO_ANSWER: i32 = -64_000;
/// A text without a label behind an answer, where more with its labels stand below.
const NO_LABEL: i32 = -48_000;
/// The number that comes next.
const NEXT_NUMBER: i32 = 12_000;
/// A later number, where not all are printed.
const LATER_NUMBER: i32 = 6000;
/// A number that is not higher than the one before.
const NOT_HIGHER: i32 = -12_000;
/// A number behind a text without numbers, though the one before it stands elsewhere.
const NUMBER_AWAY: i32 = -8000;
/// What begins an item goes on with nothing.
const BEGINS: i32 = -120_000;

/// A label has no more characters.
const LONGEST_LABEL: usize = 8;
/// No fewer texts have the labels of a conversation.
const FEWEST_LABELLED: usize = 3;
/// So many bytes of a sentence are looked at for its number.
const NUMBER_BYTES: usize = 40;

/// What the form of one text tells.
#[derive(Clone, Debug, Default)]
struct Form {
    /// Whether it begins an item.
    begins: bool,
    /// The conversation it is of, and its label there.
    label: Option<(usize, usize)>,
    /// Whether it asks.
    asks: bool,
    /// The first list number, where it is above one, and the last one of each style.
    first: Option<(String, u32)>,
    last: BTreeMap<String, u32>,
    /// The number that a sentence broken off in a word of order goes on with.
    torn: Option<u32>,
    /// Whether it ends with such a word.
    ends_torn: bool,
    closed: bool,
}

/// What the form of a page's texts tells, node by node.
#[derive(Clone, Debug, Default)]
pub(super) struct Forms {
    of: Vec<Form>,
    /// For each conversation its first and its last text.
    ends: Vec<(usize, usize)>,
    /// The nodes that hold a list number.
    holders: BTreeMap<(String, u32), Vec<usize>>,
}

impl Forms {
    /// What stands on a page.
    pub(super) fn of(units: &[Unit], nodes: &[Node], rules: &Rules<'_>) -> Forms {
        let mut forms = Forms { of: vec![Form::default(); nodes.len()], ..Forms::default() };
        let bodies: Vec<usize> = (0..nodes.len()).filter(|at| nodes[*at].kind == NodeKind::Body).collect();
        for at in &bodies {
            let unit = &units[nodes[*at].main];
            let form = &mut forms.of[*at];
            form.closed = nodes[*at].end == EndState::Closed;
            let head: String = unit.text.iter().take(LONGEST_LABEL * 2).collect();
            form.begins = unit.starts_line && rules.item.is_match(&head);
            numbers(form, unit, rules);
        }
        for (at, form) in forms.of.iter().enumerate() {
            for (style, number) in &form.last {
                forms.holders.entry((style.clone(), *number)).or_default().push(at);
            }
        }
        forms.find_conversations(units, nodes, &bodies, rules);
        forms
    }

    /// Texts that begin with one of a few labels in turn are of one conversation: labels of texts right behind each other.
    fn find_conversations(&mut self, units: &[Unit], nodes: &[Node], bodies: &[usize], rules: &Rules<'_>) {
        let mut numbers: BTreeMap<&[char], usize> = BTreeMap::new();
        let labels: Vec<Option<usize>> = bodies
            .iter()
            .map(|at| {
                let label = label_of(&units[nodes[*at].main], rules)?;
                let next = numbers.len();
                Some(*numbers.entry(label).or_insert(next))
            })
            .collect();
        let mut group: Vec<usize> = (0..numbers.len()).collect();
        for pair in labels.windows(2) {
            if let [Some(one), Some(other)] = pair {
                let (from, to) = (group[*one].max(group[*other]), group[*one].min(group[*other]));
                group.iter_mut().filter(|of| **of == from).for_each(|of| *of = to);
            }
        }
        for conversation in 0..group.len() {
            let of: Vec<(usize, usize)> = bodies
                .iter()
                .zip(&labels)
                .filter_map(|(at, label)| Some((*at, (*label)?)))
                .filter(|(_, label)| group[*label] == conversation)
                .collect();
            let first = of.first().map_or(0, |(_, label)| *label);
            let several = of.iter().any(|(_, label)| *label != first);
            if of.len() < FEWEST_LABELLED || !several {
                continue;
            }
            let number = self.ends.len();
            self.ends.push((of[0].0, of[of.len() - 1].0));
            for (at, label) in of {
                let text = &units[nodes[at].main].text;
                let last = text.iter().rev().find(|character| !is_closing(**character));
                self.of[at].asks = matches!(last, Some('？' | '?'));
                self.of[at].label = Some((number, label));
            }
        }
    }

    /// Whether the form of a node tells anything about what comes behind it.
    pub(super) fn tells(&self, node: usize) -> bool {
        self.of.get(node).is_some_and(|form| form.label.is_some() || !form.last.is_empty())
    }

    /// What is told about `node` in a row that ends with `tail`, `known` being the last node of the row that tells anything.
    pub(super) fn behind(&self, tail: usize, known: Option<usize>, node: usize) -> i32 {
        let (Some(form), Some(above)) = (self.of.get(node), self.of.get(tail)) else { return 0 };
        if form.begins {
            return BEGINS;
        }
        let known = known.and_then(|known| self.of.get(known));
        self.by_label((form, node), above, known) + self.by_number((form, node), above, known)
    }

    fn by_label(&self, (form, node): (&Form, usize), above: &Form, known: Option<&Form>) -> i32 {
        match (form.label, above.label) {
            (Some((conversation, label)), _) => match known.and_then(|known| Some((known, known.label?))) {
                // Of two questions one behind the other the first has lost its answer.
                Some((known, (same, last))) if same == conversation => {
                    if known.asks && last == label {
                        0
                    } else {
                        SAME_LABELS
                    }
                }
                _ if self.ends[conversation].0 == node => 0,
                _ => OTHER_LABELS,
            },
            (None, Some((conversation, _))) if above.closed => {
                if above.asks {
                    NO_ANSWER
                } else if self.ends[conversation].1 > node {
                    NO_LABEL
                } else {
                    0
                }
            }
            _ => 0,
        }
    }

    fn by_number(&self, (form, node): (&Form, usize), above: &Form, known: Option<&Form>) -> i32 {
        if let (Some(number), true) = (form.torn, above.ends_torn) {
            let last = above.last.values().chain(known.into_iter().flat_map(|known| known.last.values()));
            return if last.into_iter().any(|last| last + 1 == number) { NEXT_NUMBER } else { 0 };
        }
        let Some((style, number)) = &form.first else { return 0 };
        let last = above.last.get(style).or_else(|| known.and_then(|known| known.last.get(style)));
        match last {
            Some(last) if last + 1 == *number => NEXT_NUMBER,
            Some(last) if last < number => LATER_NUMBER,
            Some(_) => NOT_HIGHER,
            None => {
                let before = self.holders.get(&(style.clone(), number - 1));
                let elsewhere = before.is_some_and(|holders| holders.iter().any(|holder| *holder != node));
                if elsewhere { NUMBER_AWAY } else { 0 }
            }
        }
    }
}

/// The label that a text begins with: a few letters before a colon that names what they say, not who says it.
fn label_of<'u>(unit: &'u Unit, rules: &Rules<'_>) -> Option<&'u [char]> {
    let colon = unit.text.iter().take(LONGEST_LABEL + 1).position(|c| matches!(c, '：' | ':'))?;
    let label = &unit.text[..colon];
    if label.is_empty() || !label.iter().all(|c| c.is_alphabetic()) || !unit.starts_line {
        return None;
    }
    let head: String = unit.text[..=colon].iter().collect();
    let says = rules.follow.is_match(&head) || rules.opening.is_match(&head);
    (!says && unit.text.len() > colon + 1).then_some(label)
}

/// The list numbers at the beginning of a text's sentences.
fn numbers(form: &mut Form, unit: &Unit, rules: &Rules<'_>) {
    let text = &unit.text;
    form.ends_torn = text.last() == Some(&rules.ordinal);
    let mut starts = true;
    let mut sentence = String::with_capacity(NUMBER_BYTES * 2);
    for at in 0..text.len() {
        let begins = std::mem::replace(&mut starts, is_stop(text[at]) || is_comma(text[at]));
        if !begins {
            continue;
        }
        sentence.clear();
        sentence.extend(text[at..].iter().take(NUMBER_BYTES / 3));
        let sentence = head_of(&sentence, NUMBER_BYTES);
        let hit = first_hit(rules.enumerator, sentence, |row| row.text("style") != Some("comma"));
        let Some(hit) = hit else {
            if at == 0 {
                let torn: String = std::iter::once(rules.ordinal).chain(sentence.chars()).collect();
                let hit = first_hit(rules.enumerator, &torn, |_| true);
                form.torn =
                    hit.and_then(|hit| hit.slot("number").and_then(|slot| rules.number(slot.of(&torn))));
            }
            continue;
        };
        let Some(number) = hit.slot("number").and_then(|slot| rules.number(slot.of(sentence))) else {
            continue;
        };
        let style = hit.row.text("style").unwrap_or_default().to_owned();
        if form.first.is_none() && form.last.is_empty() && number > 1 {
            form.first = Some((style.clone(), number));
        }
        form.last.insert(style, number);
    }
}

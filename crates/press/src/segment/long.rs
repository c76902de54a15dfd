//! Very long pages in parts, each read by itself: what is known of all pieces of a page at once grows with the part
//! and not with the file, and the words of one part do not blur those of another.

use shiliu_text::{Diagnostic, Severity};

use super::drafts::Draft;
use super::told::Placement;
use super::units::{EndState, StartState, Unit};
use super::wording::Edge;
use super::{Cut, nodes::Node};
use crate::Page;

/// From where on a page is read in parts, and how long these are, in bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// A page of no more is read whole.
    whole: usize,
    /// Of a longer one each part has at least so many,
    part: usize,
    /// and so many more are looked through for a place where an article begins.
    looked_through: usize,
}

/// The largest sheets that papers print have a tenth of it.
pub(super) const LIMITS: Limits = Limits { whole: 1 << 20, part: 1 << 19, looked_through: 1 << 17 };
/// A line of no more characters may be a headline.
const LONGEST_HEAD: usize = 32;
/// So many lines of a head stand above a dateline at most.
const HEAD_LINES: usize = 3;

/// In how many parts a page is read, about.
pub(super) fn expected_parts(page: &Page) -> usize {
    let bytes = page.layer.text.len();
    if bytes <= LIMITS.whole { 1 } else { bytes.div_ceil(LIMITS.part + LIMITS.looked_through / 2) }
}

/// The units of a page in parts, in order; one where the page is not long.
pub(super) fn parts_of(mut units: Vec<Unit>, limits: Limits) -> Vec<Vec<Unit>> {
    let bytes_of = |unit: &Unit| unit.spans.iter().map(|span| span.len()).sum::<usize>();
    let all: usize = units.iter().map(bytes_of).sum();
    if all <= limits.whole {
        return vec![units];
    }
    let mut cuts: Vec<usize> = Vec::new();
    let mut best: Option<(u8, usize, usize)> = None;
    let mut bytes = 0;
    for (at, unit) in units.iter().enumerate() {
        if bytes >= limits.part {
            let sure = sureness(&units, at);
            if best.is_none_or(|(known, ..)| sure > known) {
                best = Some((sure, at, bytes));
            }
            if let Some((sure, cut, before)) = best
                && (sure == SUREST || bytes >= limits.part + limits.looked_through)
            {
                cuts.push(cut);
                bytes -= before;
                best = None;
            }
        }
        bytes += bytes_of(unit);
    }
    let mut parts: Vec<Vec<Unit>> = cuts.iter().rev().map(|cut| units.split_off(*cut)).collect();
    parts.push(units);
    parts.reverse();
    parts
}

const SUREST: u8 = 3;

/// How sure an article begins with a unit, behind one.
fn sureness(units: &[Unit], at: usize) -> u8 {
    let Some(before) = at.checked_sub(1).map(|before| &units[before]) else { return 0 };
    let unit = &units[at];
    let in_text = before.heading > 0 || before.is_text() && before.end == EndState::Open;
    if in_text || unit.flows_on || unit.cut_from_line_before || before.kicker {
        return 0;
    }
    let short =
        |unit: &&Unit| unit.is_text() && unit.end == EndState::Open && unit.text.len() <= LONGEST_HEAD;
    let head = units[at..].iter().take(HEAD_LINES).take_while(short).count();
    let dateline = units.get(at + head).is_some_and(|unit| unit.start == StartState::Dateline);
    match (unit.heading > 0 || dateline && unit.starts_line, unit.after_blank) {
        (true, _) => SUREST,
        (false, true) => 2,
        (false, false) => 1,
    }
}

/// Gives up what is only asked of a part before its page is put together.
pub(super) fn forget_words(units: &mut [Unit]) {
    let none = (Edge::default(), Edge::default());
    for unit in units {
        unit.text = Vec::new();
        unit.edges = none.clone();
    }
}

/// Parts that were read as one page again.
pub(super) fn joined(parts: impl IntoIterator<Item = Cut>) -> Cut {
    let mut parts = parts.into_iter();
    let Some(mut whole) = parts.next() else { return Cut::default() };
    for part in parts {
        let (units, nodes) = (whole.units.len(), whole.nodes.len());
        whole.units.extend(part.units);
        whole.nodes.extend(part.nodes.into_iter().map(|node| behind(node, units)));
        whole.decided.drafts.extend(part.decided.drafts.into_iter().map(|draft| moved(draft, nodes)));
        whole.decided.subheads.extend(part.decided.subheads);
        whole.ends.extend(part.ends);
    }
    whole
}

/// A node, its units counted from those of the parts before.
fn behind(mut node: Node, units: usize) -> Node {
    node.main += units;
    node.units.iter_mut().for_each(|(unit, _)| *unit += units);
    node
}

/// A draft, its nodes counted from those of the parts before.
fn moved(mut draft: Draft, nodes: usize) -> Draft {
    let Draft { head, nodes: texts, photos, copies, lost_after, .. } = &mut draft;
    let places = head.iter_mut().chain(texts).chain(photos).chain(copies).chain(lost_after);
    places.for_each(|node| *node += nodes);
    draft
}

/// What is said of a page that was read in parts.
pub(super) fn told_of(page: &Page, parts: usize) -> Diagnostic {
    let message = format!(
        "the page is longer than {} bytes; it was read in {parts} parts, and no article goes over from one into the next",
        LIMITS.whole
    );
    Diagnostic::new("page-in-parts", Severity::Note, message)
        .on(&page.key.path)
        .hint("give the pages of such a file one by one")
}

/// What other printings tell of a part.
pub(super) fn told_in(placements: &[Placement], units: &[Unit]) -> Vec<Placement> {
    let first = units.iter().map(Unit::first).min().unwrap_or(0);
    let last = units.iter().map(Unit::last).max().unwrap_or(0);
    placements.iter().copied().filter(|told| told.at.start < last && told.at.end > first).collect()
}

#[cfg(test)]
mod tests {
    use shiliu_lang::{Pack, builtin};

    use super::*;
    use crate::segment::rules::Rules;
    use crate::segment::{cut, units::units_of};
    use crate::{Page, PageKey, Segmenter};

    const SMALL: Limits = Limits { whole: 2000, part: 1000, looked_through: 600 };

    fn page(text: &str, pack: &Pack) -> Page {
        let key = PageKey { path: "p.txt".to_owned(), ..PageKey::default() };
        crate::read(text.as_bytes(), &key, pack).value.remove(0)
    }

    /// Articles one behind the other, each of another matter.
    fn articles() -> String {
        let matters =
            ["桥梁", "渔业", "学校", "果园", "电站", "图书", "铁路", "医院", "剧院", "粮仓", "茶山", "港口"];
        let article = |(day, matter): (usize, &&str)| {
            format!(
                "# 望澜{matter}工程开工\n\n本报望澜6月{}日电 （记者 林一）望澜{matter}工程昨天在南岸开工，建设者来自六个县。\n\n\
                 {matter}工程预计两年内建成，当地居民说，{matter}建成以后生活会方便得多，望澜市将继续支持{matter}建设。\n\n",
                day + 1
            )
        };
        matters.iter().enumerate().map(article).collect()
    }

    #[test]
    fn parts_hold_all_units_and_begin_with_articles() {
        let pack = Pack::load(builtin()).value;
        let rules = Rules::new(&pack);
        let page = page(&articles(), &pack);
        let units = units_of(&page, &rules);
        let spans = |units: &[Unit]| units.iter().map(|unit| unit.spans.clone()).collect::<Vec<_>>();
        let all = spans(&units);
        let parts = parts_of(units, SMALL);
        assert!(parts.len() >= 3, "{}", parts.len());
        assert!(parts.iter().all(|part| part[0].heading > 0));
        assert_eq!(parts.iter().flat_map(|part| spans(part)).collect::<Vec<_>>(), all);
        let length = |part: &Vec<Unit>| part.iter().flat_map(|unit| &unit.spans).map(|span| span.len()).sum();
        let lengths: Vec<usize> = parts.iter().map(length).collect();
        assert!(
            lengths.iter().all(|length| *length < SMALL.part + SMALL.looked_through + 400),
            "{lengths:?}"
        );
    }

    #[test]
    fn a_page_in_parts_gives_the_articles_of_the_whole() {
        let pack = Pack::load(builtin()).value;
        let rules = Rules::new(&pack);
        let page = page(&articles(), &pack);
        let texts = |limits: Limits| {
            let mut parts = 0;
            let cut = cut(&page, &[], &rules, limits, &mut || parts += 1);
            let span =
                |node: &usize| cut.nodes[*node].units.iter().map(|(unit, _)| cut.units[*unit].spans[0]);
            let drafts = cut.decided.drafts.iter();
            let of_draft =
                |draft: &Draft| draft.head.iter().chain(&draft.nodes).flat_map(span).collect::<Vec<_>>();
            (parts, drafts.map(of_draft).collect::<Vec<_>>(), cut.decided.subheads.len() == cut.nodes.len())
        };
        let (parts, in_parts, marked) = texts(SMALL);
        assert!(parts >= 3 && marked);
        assert_eq!((1, in_parts, true), texts(LIMITS));
    }

    #[test]
    fn text_without_any_place_to_cut_is_cut_all_the_same() {
        let pack = Pack::load(builtin()).value;
        let rules = Rules::new(&pack);
        // Each line breaks off, so no place is sure.
        let lines: String = "两岸居民同意修建新桥据悉明河\n\n".repeat(200);
        let units = units_of(&page(&lines, &pack), &rules);
        assert!((1..units.len()).all(|at| sureness(&units, at) == 0));
        let parts = parts_of(units, SMALL);
        assert!(parts.len() >= 4, "{} parts", parts.len());
    }

    #[test]
    fn as_many_steps_are_told_as_were_said() {
        let pack = Pack::load(builtin()).value;
        let page = page(&articles(), &pack);
        let mut steps = 0;
        let segmenter = Segmenter::new(&pack);
        let _ = segmenter.page_in_steps(0, &page, &[], &mut || steps += 1);
        assert_eq!((steps, Segmenter::steps(&page)), (1, 1));
    }
}

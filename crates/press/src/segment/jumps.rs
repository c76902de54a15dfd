//! Jumps between pages of one issue: a piece that goes on elsewhere and one that comes from elsewhere become one
//! article where page numbers, labels, words and the sentence across the seam agree. What does not resolve stays
//! an open end with what is known, and a diagnostic.

use std::collections::{BTreeMap, BTreeSet};

use shiliu_text::{Date, Derived, DerivedBuilder, Diagnostic, Located, Severity};

use super::derived::is_unspaced;
use super::evidence::{Topics, Words};
use super::repeats::Repeats;
use super::strips::ends_sentence;
use super::told::{Placement, across};
use crate::{Article, End, JumpTarget, Page, Segmented};

/// A match must score more than this, in thousandths of a bit.
const LEAST: i32 = 3000;
/// And more than the next best match for either side by this much.
const MARGIN: i32 = 1000;

/// What other printings tell about the beginning and the end of an article.
type Ends = (Option<Placement>, Option<Placement>);
/// What another printing tells from this on makes up for a jump line that is missing.
const SURE: i32 = 30_000;

/// Joins what jump lines connect, in place.
pub(super) fn resolve(
    pages: &[Page],
    result: &mut Segmented,
    ends: &[Ends],
    words: &Words,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let all = || 0..result.articles.len();
    let jumps_on = |at: usize| result.articles[at].tail == End::Elsewhere;
    let comes_from = |at: usize| result.articles[at].jump_from.is_some();
    // Where another printing tells, one of the two jump lines may be missing.
    let forward: Vec<usize> = all().filter(|at| jumps_on(*at) || ends[*at].1.is_some()).collect();
    let back: Vec<usize> = all().filter(|at| comes_from(*at) || ends[*at].0.is_some()).collect();
    let pairs = matches(result, ends, &forward, &back, words);
    let joined: BTreeMap<usize, usize> = pairs.iter().copied().collect();
    let behind: BTreeSet<usize> = pairs.iter().map(|(_, right)| *right).collect();
    for at in forward.iter().filter(|at| result.articles[**at].tail == End::Elsewhere) {
        if !joined.contains_key(at) {
            report_orphan(pages, &result.articles[*at], false, diagnostics);
        }
    }
    for at in back.iter().filter(|at| result.articles[**at].jump_from.is_some()) {
        if !behind.contains(at) {
            report_orphan(pages, &result.articles[*at], true, diagnostics);
        }
    }
    join(result, &pairs);
}

fn report_orphan(pages: &[Page], article: &Article, back: bool, diagnostics: &mut Vec<Diagnostic>) {
    let target = if back { &article.jump_from } else { &article.jump_to };
    let Some((page, span)) = target.as_ref().and_then(|target| target.at) else { return };
    let message = if back {
        "the piece comes from another page, and no page given holds its beginning"
    } else {
        "the piece goes on elsewhere, and no page given holds the rest"
    };
    diagnostics.push(
        Diagnostic::new("orphan-jump", Severity::Note, message)
            .on(&pages[page].key.path)
            .at(Located { text: pages[page].layer.id, span })
            .hint("give the pages of the whole issue together"),
    );
}

/// Pairs of articles that one jump connects, best first, each article once on each side.
fn matches(
    result: &Segmented,
    ends: &[Ends],
    forward: &[usize],
    back: &[usize],
    words: &Words,
) -> Vec<(usize, usize)> {
    if forward.is_empty() || back.is_empty() {
        return Vec::new();
    }
    let texts: Vec<Vec<char>> = forward
        .iter()
        .chain(back)
        .map(|at| result.articles[*at].text.text.chars().filter(|c| !c.is_whitespace()).collect())
        .collect();
    let slices: Vec<&[char]> = texts.iter().map(Vec::as_slice).collect();
    let topics = Topics::of(&slices, &Repeats::of(&slices));
    let outer = |at: &usize| Outer::of(result, *at);
    let (from, to): (Vec<Outer<'_>>, Vec<Outer<'_>>) =
        (forward.iter().map(outer).collect(), back.iter().map(outer).collect());
    let mut offers: Vec<(i32, usize, usize)> = Vec::new();
    for (i, left) in forward.iter().enumerate() {
        let fits = |j: usize| {
            let right = back[j];
            let told = across(ends[*left].1, ends[right].0);
            let (on, back) = (from[i].is_on, to[j].is_back);
            let may = on && back || (on || back) && told >= SURE;
            let outer = may.then(|| from[i].evidence(&to[j])).flatten().filter(|_| *left != right)?;
            Some((j, outer + told))
        };
        let next = to.partition_point(|right| right.page < from[i].page);
        let before = (0..next).rev().filter_map(fits).take(COMPARED);
        let behind = (next..to.len()).filter_map(fits).take(COMPARED);
        for (j, outer) in before.chain(behind) {
            let right = &back[j];
            let (a, b) = (i, forward.len() + j);
            let mut score = outer + topics.excess(topics.words(a), 1, topics.words(b)).clamp(-4000, 6000);
            let near = topics.subject(a).nearness(topics.subject(b));
            score += near.map_or(0, |near| {
                ((near - CHANCE_NEAR_OF_TEXTS) * NEAR_WORTH).clamp(-MOST_NEAR_OF_TEXTS, MOST_NEAR_OF_TEXTS)
            });
            let whole = ends_sentence(&result.articles[*left].text.text);
            score += if whole { 0 } else { words.seam(slices[a], slices[b]) };
            if score > LEAST {
                offers.push((score, *left, *right));
            }
        }
    }
    offers.sort_unstable_by_key(|(score, left, right)| (std::cmp::Reverse(*score), *left, *right));
    best_of(&offers)
}

/// The offers that nothing nearly as good speaks against, best first; `offers` are given best first.
fn best_of(offers: &[(i32, usize, usize)]) -> Vec<(usize, usize)> {
    let mut of_left: BTreeMap<usize, Vec<(i32, usize)>> = BTreeMap::new();
    let mut of_right: BTreeMap<usize, Vec<(i32, usize)>> = BTreeMap::new();
    for (score, left, right) in offers {
        of_left.entry(*left).or_default().push((*score, *right));
        of_right.entry(*right).or_default().push((*score, *left));
    }
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    let (mut lefts, mut rights): (BTreeSet<usize>, BTreeSet<usize>) = Default::default();
    for (score, left, right) in offers {
        if lefts.contains(left) || rights.contains(right) {
            continue;
        }
        // Better ones that are still free were given up, and speak against this one too.
        let rivals = |others: &[(i32, usize)], own: &usize, taken: &BTreeSet<usize>| {
            let near = others.iter().take_while(|(other, _)| score - other < MARGIN);
            near.filter(|(_, at)| at != own).any(|(_, at)| !taken.contains(at))
        };
        if !rivals(&of_left[left], right, &rights) && !rivals(&of_right[right], left, &lefts) {
            pairs.push((*left, *right));
            lefts.insert(*left);
            rights.insert(*right);
        }
    }
    pairs
}

/// Of very many pieces that fit by page, label and number as many are compared by what they say, on the nearest pages
/// before and behind each: the pages of an issue stand together.
const COMPARED: usize = 200;

/// How near two long texts are in subject by chance, in thousandths; what each thousandth above or below is worth, and
/// all of them at most, in thousandths of a bit. Set on made pages 101..160: with another printing given .881 of the
/// interrupted stories are whole, without this .869.
const CHANCE_NEAR_OF_TEXTS: i32 = 250;
const NEAR_WORTH: i32 = 8;
const MOST_NEAR_OF_TEXTS: i32 = 3000;

/// What is known of where a piece stands and where it leads.
struct Outer<'a> {
    page: usize,
    paper: Option<&'a str>,
    printed: Option<Date>,
    number: Option<&'a str>,
    forward: Option<&'a JumpTarget>,
    back: Option<&'a JumpTarget>,
    /// Whether it goes on elsewhere.
    is_on: bool,
    /// Whether it comes from elsewhere.
    is_back: bool,
}

impl<'a> Outer<'a> {
    fn of(result: &'a Segmented, at: usize) -> Outer<'a> {
        let article = &result.articles[at];
        let identity = &result.identities[article.page];
        Outer {
            page: article.page,
            paper: identity.paper.as_ref().map(|paper| paper.value.as_str()),
            printed: identity.date.as_ref().filter(|date| date.basis.is_printed()).map(|date| date.value),
            number: identity.page_no.as_ref().map(|page| page.value.as_str()),
            forward: article.jump_to.as_ref(),
            back: article.jump_from.as_ref(),
            is_on: article.tail == End::Elsewhere,
            is_back: article.jump_from.is_some(),
        }
    }

    /// What page numbers, labels and issue say of a piece that may go on behind this one; `None` where they forbid it.
    fn evidence(&self, next: &Outer<'_>) -> Option<i32> {
        if self.page == next.page {
            return None;
        }
        if matches!((self.paper, next.paper), (Some(one), Some(other)) if one != other) {
            return None;
        }
        if matches!((self.printed, next.printed), (Some(one), Some(other)) if one != other) {
            return None;
        }
        let (forward, back) = (self.forward, next.back);
        let mut score = 0;
        let numbers = [
            (forward.and_then(|jump| jump.page_no.as_deref()), next.number),
            (back.and_then(|jump| jump.page_no.as_deref()), self.number),
        ];
        for (said, is) in numbers {
            match (said, is) {
                (Some(said), Some(is)) if same_number(said, is) => score += 2500,
                (Some(_), Some(_)) => return None,
                _ => {}
            }
        }
        match (forward.and_then(|jump| jump.label), back.and_then(|jump| jump.label)) {
            (Some(x), Some(y)) if x == y => score += 5000,
            (Some(_), Some(_)) => return None,
            (None, None) => {}
            _ => score -= 1000,
        }
        Some(score)
    }
}

/// Papers mix forms: a bare number agrees with the same number of any section.
fn same_number(said: &str, is: &str) -> bool {
    fn bare(number: &str) -> &str {
        number.trim_start_matches(|c: char| c.is_ascii_alphabetic())
    }
    let lettered = |number: &str| number.starts_with(|c: char| c.is_ascii_alphabetic());
    if lettered(said) && lettered(is) { said == is } else { bare(said) == bare(is) }
}

/// Makes one article of each pair and renumbers the rest.
fn join(result: &mut Segmented, pairs: &[(usize, usize)]) {
    if pairs.is_empty() {
        return;
    }
    // Where each article's characters go: to the first of its row.
    let before: BTreeMap<usize, usize> = pairs.iter().map(|(left, right)| (*right, *left)).collect();
    let lead = |mut at: usize| {
        for _ in 0..pairs.len() {
            match before.get(&at) {
                Some(left) => at = *left,
                None => break,
            }
        }
        at
    };
    let leads: Vec<usize> = (0..result.articles.len()).map(lead).collect();
    // A ring of jumps would lead nowhere: its members stay as they are.
    let sound: Vec<(usize, usize)> =
        pairs.iter().copied().filter(|(left, _)| leads[leads[*left]] == leads[*left]).collect();
    let next: BTreeMap<usize, usize> = sound.iter().copied().collect();
    let mut slots: Vec<Option<Article>> =
        std::mem::take(&mut result.articles).into_iter().map(Some).collect();
    for (left, _) in sound.iter().filter(|(left, _)| leads[*left] == *left) {
        let mut at = *left;
        while let Some(right) = next.get(&at) {
            let (Some(mut a), Some(b)) = (slots[*left].take(), slots[*right].take()) else { break };
            take_over(&mut a, b);
            slots[*left] = Some(a);
            at = *right;
        }
    }
    let mut number = vec![0; slots.len()];
    let mut kept = 0;
    for (at, slot) in slots.iter().enumerate() {
        number[at] = kept;
        kept += usize::from(slot.is_some());
    }
    for zone in result.zones.iter_mut().flatten() {
        for article in &mut zone.articles {
            *article = number[leads[*article]];
        }
        zone.articles.dedup();
    }
    result.articles = slots.into_iter().flatten().collect();
}

fn take_over(first: &mut Article, rest: Article) {
    if let Some(jump) = &mut first.jump_to
        && jump.page.is_none()
    {
        jump.page = Some(rest.page);
    }
    first.text = continued(&first.text, &rest.text);
    first.fragments.extend(rest.fragments);
    first.losses.extend(rest.losses);
    first.tail = rest.tail;
    first.headline = first.headline.take().or(rest.headline);
    first.byline = first.byline.take().or(rest.byline);
    first.dateline = first.dateline.take().or(rest.dateline);
    first.reference = first.reference.take().or(rest.reference);
}

/// Two reading texts as one, by the rule for a break between paragraphs or inside one.
fn continued(first: &Derived, rest: &Derived) -> Derived {
    let mut builder = DerivedBuilder::default();
    copy(&mut builder, first);
    let (left, right) = (first.text.chars().next_back(), rest.text.chars().next());
    if ends_sentence(&first.text) {
        builder.insert("\n");
    } else if !left.is_some_and(is_unspaced) && !right.is_some_and(is_unspaced) {
        builder.insert(" ");
    }
    copy(&mut builder, rest);
    builder.finish()
}

fn copy(builder: &mut DerivedBuilder, from: &Derived) {
    for (at, origin, verbatim) in from.map.origins() {
        let characters = at.of(&from.text);
        match origin {
            Some(origin) if verbatim => builder.copy_from(origin.text, origin.span, characters),
            Some(origin) => builder.replace(origin.text, origin.span, characters),
            None => builder.insert(characters),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What [`best_of`] gives, each offer compared with each other one.
    fn by_comparing_all(offers: &[(i32, usize, usize)]) -> Vec<(usize, usize)> {
        let mut pairs: Vec<(usize, usize)> = Vec::new();
        for (score, left, right) in offers {
            if pairs.iter().any(|(a, b)| a == left || b == right) {
                continue;
            }
            let taken = |a: usize, b: usize| pairs.iter().any(|(x, y)| *x == a || *y == b);
            let rival = |(other, a, b): &(i32, usize, usize)| {
                (a == left) != (b == right) && !taken(*a, *b) && score - other < MARGIN
            };
            if !offers.iter().any(rival) {
                pairs.push((*left, *right));
            }
        }
        pairs
    }

    fn sorted(mut offers: Vec<(i32, usize, usize)>) -> Vec<(i32, usize, usize)> {
        offers.sort_unstable_by_key(|(score, left, right)| (std::cmp::Reverse(*score), *left, *right));
        offers.dedup_by_key(|(_, left, right)| (*left, *right));
        offers
    }

    proptest::proptest! {
        /// Few offers are looked at, and the same ones are taken.
        #[test]
        fn offers_are_taken_as_by_comparing_all(
            offers in proptest::collection::vec((0..8_i32, 0..7_usize, 0..7_usize), 0..30)
        ) {
            let mut offers: Vec<(i32, usize, usize)> =
                offers.into_iter().map(|(score, left, right)| (score * 400, left, right + 3)).collect();
            offers.sort_unstable_by_key(|(_, left, right)| (*left, *right));
            offers.dedup_by_key(|(_, left, right)| (*left, *right));
            let offers = sorted(offers);
            proptest::prop_assert_eq!(best_of(&offers), by_comparing_all(&offers));
        }
    }

    #[test]
    fn very_many_offers_are_not_compared_with_each_other() {
        // Comparing all with all would take minutes.
        let offers = (0..100_000).map(|at| (5000, at, 200_000 + at)).collect();
        assert_eq!(best_of(&sorted(offers)).len(), 100_000);
    }
}

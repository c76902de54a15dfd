//! Jumps between pages of one issue: a piece that goes on elsewhere and one that comes from elsewhere become one
//! article where page numbers, labels, words and the sentence across the seam agree. What does not resolve stays
//! an open end with what is known, and a diagnostic.

use shiliu_text::{Derived, DerivedBuilder, Diagnostic, Located, Severity};

use super::derived::is_unspaced;
use super::evidence::{Topics, Words};
use super::repeats::Repeats;
use super::strips::ends_sentence;
use super::told::{Placement, across};
use crate::{Article, End, Page, Segmented};

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
    for at in forward.iter().filter(|at| result.articles[**at].tail == End::Elsewhere) {
        if !pairs.iter().any(|(left, _)| left == at) {
            report_orphan(pages, &result.articles[*at], false, diagnostics);
        }
    }
    for at in back.iter().filter(|at| result.articles[**at].jump_from.is_some()) {
        if !pairs.iter().any(|(_, right)| right == at) {
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
    let mut offers: Vec<(i32, usize, usize)> = Vec::new();
    for (i, left) in forward.iter().enumerate() {
        for (j, right) in back.iter().enumerate() {
            let told = across(ends[*left].1, ends[*right].0);
            let on = result.articles[*left].tail == End::Elsewhere;
            let from = result.articles[*right].jump_from.is_some();
            if !(on && from || (on || from) && told >= SURE) {
                continue;
            }
            let Some(outer) = outer_evidence(result, *left, *right) else { continue };
            let (a, b) = (i, forward.len() + j);
            let mut score =
                outer + told + topics.excess(topics.words(a), 1, topics.words(b)).clamp(-4000, 6000);
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
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for (score, left, right) in &offers {
        if pairs.iter().any(|(a, b)| a == left || b == right) {
            continue;
        }
        let taken = |a: usize, b: usize| pairs.iter().any(|(x, y)| *x == a || *y == b);
        let rival = offers
            .iter()
            .any(|(other, a, b)| (a == left) != (b == right) && !taken(*a, *b) && score - other < MARGIN);
        if !rival {
            pairs.push((*left, *right));
        }
    }
    pairs
}

/// How near two long texts are in subject by chance, in thousandths; what each thousandth above or below is worth, and
/// all of them at most, in thousandths of a bit. Set on made pages 101..160: with another printing given .881 of the
/// interrupted stories are whole, without this .869.
const CHANCE_NEAR_OF_TEXTS: i32 = 250;
const NEAR_WORTH: i32 = 8;
const MOST_NEAR_OF_TEXTS: i32 = 3000;

/// What page numbers, labels and issue say; `None` where they forbid the match.
fn outer_evidence(result: &Segmented, left: usize, right: usize) -> Option<i32> {
    let (a, b) = (&result.articles[left], &result.articles[right]);
    if a.page == b.page || left == right {
        return None;
    }
    let (from, to) = (&result.identities[a.page], &result.identities[b.page]);
    let differ = |x: Option<&str>, y: Option<&str>| matches!((x, y), (Some(x), Some(y)) if x != y);
    let paper = |identity: &crate::Identity| identity.paper.as_ref().map(|paper| paper.value.clone());
    if differ(paper(from).as_deref(), paper(to).as_deref()) {
        return None;
    }
    if let (Some(x), Some(y)) = (&from.date, &to.date)
        && x.value != y.value
        && x.basis.is_printed()
        && y.basis.is_printed()
    {
        return None;
    }
    let forward = a.jump_to.as_ref();
    let back = b.jump_from.as_ref();
    let mut score = 0;
    let numbers = [
        (
            forward.and_then(|jump| jump.page_no.as_deref()),
            to.page_no.as_ref().map(|page| page.value.as_str()),
        ),
        (
            back.and_then(|jump| jump.page_no.as_deref()),
            from.page_no.as_ref().map(|page| page.value.as_str()),
        ),
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

/// Papers mix forms: a bare number agrees with the same number of any section.
fn same_number(said: &str, is: &str) -> bool {
    let bare = |number: &str| number.trim_start_matches(|c: char| c.is_ascii_alphabetic()).to_owned();
    let lettered = |number: &str| number.starts_with(|c: char| c.is_ascii_alphabetic());
    if lettered(said) && lettered(is) { said == is } else { bare(said) == bare(is) }
}

/// Makes one article of each pair and renumbers the rest.
fn join(result: &mut Segmented, pairs: &[(usize, usize)]) {
    if pairs.is_empty() {
        return;
    }
    // Where each article's characters go: to the first of its row.
    let lead = |mut at: usize| {
        for _ in 0..pairs.len() {
            match pairs.iter().find(|(_, right)| *right == at) {
                Some((left, _)) => at = *left,
                None => break,
            }
        }
        at
    };
    let leads: Vec<usize> = (0..result.articles.len()).map(lead).collect();
    // A ring of jumps would lead nowhere: its members stay as they are.
    let sound: Vec<(usize, usize)> =
        pairs.iter().copied().filter(|(left, _)| leads[leads[*left]] == leads[*left]).collect();
    let mut slots: Vec<Option<Article>> =
        std::mem::take(&mut result.articles).into_iter().map(Some).collect();
    for (left, _) in sound.iter().filter(|(left, _)| leads[*left] == *left) {
        let mut at = *left;
        while let Some((_, right)) = sound.iter().find(|(from, _)| *from == at) {
            let (Some(mut a), Some(b)) = (slots[*left].take(), slots[*right].take()) else { break };
            take_over(&mut a, b);
            slots[*left] = Some(a);
            at = *right;
        }
    }
    let mut number = vec![0; slots.len()];
    let mut next = 0;
    for (at, slot) in slots.iter().enumerate() {
        number[at] = next;
        next += usize::from(slot.is_some());
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

//! What a family tells segmentation: where the pieces of a page stand in a fuller printing of their story. Only
//! members of one family speak for each other; what merely shares a passage says nothing.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use shiliu_press::{Page, Placement, Segmented, is_comma};
use shiliu_reprint::{Family, Passage, Relation, Traced, Tracer};
use shiliu_text::{Derived, Located, Span};

/// Printings of a story that a page is compared with, the longest ones.
const COMPARED: usize = 3;
/// Longest page and printing that are compared, in bytes.
const LONGEST: usize = 1 << 20;
/// Bytes that a page has to share with a printing in all.
const LEAST: usize = 100;
/// Hundredths of a printing that the articles of a page have to hold together, where none of them is in its family.
const HELD: usize = 40;
/// Bytes of one stretch from which on it is no formula.
const LONG: usize = 180;
/// Hundredths of the lines that are shared at all which have to be shared.
const WHOLE_LINES: usize = 75;
/// Bytes of a stretch that have to be left where another printing has the rest.
const LEFT: usize = 60;
/// Bytes of the marks at the ends of a line, which are not compared.
const MARKS: u32 = 6;
/// Bytes after which two texts that went their own ways do not meet again.
const DIVERGED: i64 = 240;
/// Hundredths of what is shared that may stand in such places.
const APART: usize = 12;
/// White space between two lines of one text, in bytes.
const BLANK: u32 = 24;
/// Bytes put between the parts of a printing that do not follow each other on its page.
const ROOM: u32 = 4096;
/// Bytes of a printing between two pieces that still touch.
const TOUCHING: u32 = Placement::SLACK;

/// One printing of a story beside one page.
struct Pair {
    page: usize,
    /// Articles of other pages, each with the bytes of it that print the story, and the number of that story.
    printings: Vec<(usize, Span, usize)>,
}

/// For each page, where its stretches stand in other printings; nothing for pages on which these change nothing.
pub(super) fn of(
    pages: &[Page],
    segmented: &Segmented,
    passages: &[Passage],
    families: &[Family],
    known: &[Vec<Placement>],
) -> Vec<Vec<Placement>> {
    let pairs = pairs(segmented, passages, families);
    let mut by_page: BTreeMap<usize, Vec<&Pair>> = BTreeMap::new();
    for pair in pairs.iter().filter(|pair| pages[pair.page].layer.text.len() <= LONGEST) {
        by_page.entry(pair.page).or_default().push(pair);
    }
    let by_page: Vec<(usize, Vec<&Pair>)> = by_page.into_iter().collect();
    let told: Vec<(usize, Vec<Placement>)> =
        by_page.par_iter().map(|(page, pairs)| (*page, trace(pages, segmented, *page, pairs))).collect();
    let crossings = crossings(segmented, &told);
    let mut again: BTreeSet<usize> = told
        .iter()
        // What was told once stays told: without it the page would be cut as it was before.
        .filter(|(page, placements)| !known[*page].is_empty() || troubled(*page, segmented, placements))
        .map(|(page, _)| *page)
        .chain(crossings.iter().filter(|crossing| crossing.torn).flat_map(|crossing| crossing.pages.clone()))
        .collect();
    // Where a part of a story is cut again, its other parts have to be told as well, or they may lose each other.
    loop {
        let known = again.len();
        for Crossing { pages, .. } in &crossings {
            if pages.iter().any(|page| again.contains(page)) {
                again.extend(pages);
            }
        }
        if again.len() == known {
            break;
        }
    }
    let mut result = vec![Vec::new(); pages.len()];
    for (page, placements) in told.into_iter().filter(|(page, _)| again.contains(page)) {
        result[page] = placements;
    }
    result
}

/// Which page is compared with which printings: those of the families that its articles are in, and those of which
/// its articles together hold a good part, though none of them alone is a printing.
fn pairs(segmented: &Segmented, passages: &[Passage], families: &[Family]) -> Vec<Pair> {
    let pages_of: Vec<BTreeSet<usize>> = segmented
        .articles
        .iter()
        .map(|article| article.fragments.iter().map(|fragment| fragment.page).collect())
        .collect();
    // Stories by the pages they are looked for on.
    let mut wanted: BTreeSet<(usize, usize)> = BTreeSet::new();
    let mut story_of: Vec<Option<usize>> = vec![None; segmented.articles.len()];
    // What reuses a text, or is cut from one pattern with it, prints no part of its story.
    let mut apart: BTreeSet<(usize, usize)> = BTreeSet::new();
    for (story, family) in families.iter().enumerate() {
        for member in &family.members {
            story_of[member.key as usize].get_or_insert(story);
            if family.members.len() > 1 {
                wanted.extend(pages_of[member.key as usize].iter().map(|page| (story, *page)));
            }
        }
        // A short text that stands whole in a long one is announced there, but for one that has no head: a piece.
        let piece = |key: u32| {
            let article = &segmented.articles[key as usize];
            article.headline.is_none() && article.dateline.is_none()
        };
        let reused = family.related.iter().filter(|member| match member.relation {
            Relation::SharedPassage => false,
            Relation::Announcement => !piece(member.key),
            _ => true,
        });
        apart.extend(reused.map(|member| (story, member.key as usize)));
    }
    // Bytes of each article that stand on each page.
    let mut held: BTreeMap<(usize, usize), Vec<Span>> = BTreeMap::new();
    for passage in passages {
        let (a, b) = (passage.a as usize, passage.b as usize);
        for (article, span, other) in [(a, passage.a_span, b), (b, passage.b_span, a)] {
            if story_of[article].is_some_and(|story| !apart.contains(&(story, other))) {
                for page in pages_of[other].difference(&pages_of[article]) {
                    held.entry((article, *page)).or_default().push(span);
                }
            }
        }
    }
    for ((article, page), spans) in held {
        let length = segmented.articles[article].text.text.len();
        let longest = spans.iter().map(|span| span.len()).max().unwrap_or(0);
        let shared = length_of(spans);
        if let Some(story) = story_of[article]
            && shared >= LEAST
            && (shared * 100 >= length * HELD || longest >= LONG)
        {
            wanted.insert((story, page));
        }
    }
    let same = same_texts(families);
    let mut pairs = Vec::new();
    for of_story in wanted.iter().collect::<Vec<_>>().chunk_by(|one, other| one.0 == other.0) {
        let story = of_story[0].0;
        let mut printings: Vec<(usize, Span)> = families[story]
            .members
            .iter()
            .map(|member| {
                let article = member.key as usize;
                let whole = Span::new(0, segmented.articles[article].text.text.len());
                (article, member.spans.iter().copied().reduce(Span::cover).unwrap_or(whole))
            })
            .filter(|(_, prints)| prints.len() <= LONGEST)
            .collect();
        printings.sort_by_key(|(article, prints)| (std::cmp::Reverse(prints.len()), *article));
        for (_, page) in of_story {
            let others = printings.iter().filter(|(article, _)| !pages_of[*article].contains(page));
            let number = |article: usize| *same.get(&(article, story)).unwrap_or(&story);
            let printings: Vec<(usize, Span, usize)> = others
                .take(COMPARED)
                .map(|(article, prints)| (*article, *prints, number(*article)))
                .collect();
            if !printings.is_empty() {
                pairs.push(Pair { page: *page, printings });
            }
        }
    }
    pairs.sort_by_key(|pair| pair.page);
    pairs
}

/// An article may be in several families. Where much the same of it stands in two of them they are one story here:
/// for each article and family the first such family.
fn same_texts(families: &[Family]) -> BTreeMap<(usize, usize), usize> {
    let mut known: BTreeMap<usize, Vec<(usize, Span)>> = BTreeMap::new();
    let mut same = BTreeMap::new();
    for (story, family) in families.iter().enumerate() {
        for member in &family.members {
            let Some(prints) = member.spans.iter().copied().reduce(Span::cover) else { continue };
            let before = known.entry(member.key as usize).or_default();
            let overlaps = |(_, other): &&(usize, Span)| {
                let shared = prints.end.min(other.end).saturating_sub(prints.start.max(other.start)) as usize;
                shared * 2 > prints.len().min(other.len())
            };
            match before.iter().find(overlaps) {
                Some((first, _)) => {
                    same.insert((member.key as usize, story), *first);
                }
                None => before.push((story, prints)),
            }
        }
    }
    same
}

/// Bytes in any of the spans.
fn length_of(mut spans: Vec<Span>) -> usize {
    spans.sort_unstable();
    let mut end = 0;
    let mut sum = 0;
    for span in spans {
        sum += span.end.saturating_sub(span.start.max(end)) as usize;
        end = end.max(span.end);
    }
    sum
}

/// The stretches of one page, each in the printing that has most around it.
fn trace(pages: &[Page], segmented: &Segmented, page: usize, pairs: &[&Pair]) -> Vec<Placement> {
    let text: &str = &pages[page].layer.text;
    let tracer = Tracer::new(text);
    let lines: Vec<Span> = pages[page].lines.iter().map(|line| line.span).collect();
    // The printings with the longest stretches first: a pattern that several stories fill in agrees piece by piece.
    let mut offers: Vec<(u64, usize, usize, Vec<Traced>)> = Vec::new();
    let mut compared: BTreeSet<(usize, usize)> = BTreeSet::new();
    for (article, prints, story) in pairs.iter().flat_map(|pair| &pair.printings) {
        if !compared.insert((*article, *story)) {
            continue;
        }
        let traced = tracer.stretches(prints.of(&segmented.articles[*article].text.text));
        let traced: Vec<Traced> =
            traced.into_iter().map(|one| Traced { fuller: shifted(one.fuller, *prints), ..one }).collect();
        let weight = traced.iter().map(|one| (one.text.len() as u64).pow(2)).sum();
        let traced = whole_lines(fitting(traced, &lines, text), &lines, text);
        if !traced.is_empty()
            && !diverges(&traced, text)
            && !is_cut_itself(&traced, &segmented.articles[*article].text, &lines)
        {
            offers.push((weight, *story, *article, traced));
        }
    }
    offers.sort_by_key(|(weight, story, article, _)| (std::cmp::Reverse(*weight), *story, *article));
    let mut taken: BTreeMap<u32, u32> = BTreeMap::new();
    let mut found = Vec::new();
    for (_, story, article, traced) in offers {
        let free: Vec<Traced> = traced.into_iter().filter_map(|one| untaken(one, &taken, text)).collect();
        if free.iter().map(|one| one.text.len()).sum::<usize>() < LEAST {
            continue;
        }
        let seams = seams_of(&segmented.articles[article].text);
        let length = u32::try_from(segmented.articles[article].text.text.len()).unwrap_or(u32::MAX);
        let number = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
        for one in free {
            taken.insert(one.text.start, one.text.end);
            found.push(Placement {
                at: one.text,
                story: number(story),
                printing: number(article),
                place: parted(one.fuller, &seams.parts),
                firm: (seams.firm(one.fuller.start, false), seams.firm(one.fuller.end, true)),
                inside: begins_inside(&segmented.articles[article].text.text, one.fuller.start),
                goes_on: one.fuller.end + TOUCHING < length,
            });
        }
    }
    found.sort_unstable();
    unite(segmented, text, &mut found);
    found
}

fn shifted(span: Span, from: Span) -> Span {
    Span { start: span.start + from.start, end: span.end + from.start }
}

/// The stretches that are whole lines, by and large, and the long ones: two texts of one pattern agree in parts of
/// their lines.
fn whole_lines(traced: Vec<Traced>, lines: &[Span], text: &str) -> Vec<Traced> {
    let shared_with = |line: Span, one: &Traced| {
        let (start, end) = (line.start.max(one.text.start), line.end.min(one.text.end));
        if start < end { solid(Span { start, end }, text) } else { 0 }
    };
    // Of a line that a stretch has but an end of nothing is asked.
    let touched = |one: &Traced| {
        let from = lines.partition_point(|line| line.end <= one.text.start + TOUCHING);
        let upto = lines.partition_point(|line| line.start + TOUCHING < one.text.end);
        from..upto.max(from)
    };
    let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
    for one in &traced {
        for at in touched(one) {
            *shared.entry(at).or_default() += shared_with(lines[at], one);
        }
    }
    let whole = |one: &Traced| {
        let of_lines: usize = touched(one).map(|at| solid(lines[at], text)).sum();
        let held: usize = touched(one).map(|at| shared[&at]).sum();
        one.text.len() >= LONG || held * 100 >= of_lines * WHOLE_LINES
    };
    let all: usize = shared.keys().map(|at| solid(lines[*at], text)).sum();
    if shared.values().sum::<usize>() * 100 >= all * WHOLE_LINES {
        return traced;
    }
    let kept: Vec<bool> = traced.iter().map(whole).collect();
    traced.into_iter().zip(kept).filter_map(|(one, kept)| kept.then_some(one)).collect()
}

/// Whether what stands before a place of a text is no end of a sentence.
fn begins_inside(text: &str, at: u32) -> bool {
    let before = text.get(..at as usize).unwrap_or_default().chars().next_back();
    before.is_some_and(runs_on)
}

/// Bytes of a span without white space.
fn solid(span: Span, text: &str) -> usize {
    span.of(text).chars().filter(|character| !character.is_whitespace()).map(char::len_utf8).sum()
}

/// What of a stretch no other printing has taken, cut at one or both ends; nothing where little is left.
fn untaken(mut one: Traced, taken: &BTreeMap<u32, u32>, text: &str) -> Option<Traced> {
    let before = one.text;
    for (start, end) in taken.range(..one.text.end).rev().take(16) {
        if *end <= one.text.start {
            continue;
        }
        if *start <= one.text.start {
            one.text.start = (*end).min(one.text.end);
        } else if *end >= one.text.end {
            one.text.end = *start;
        } else {
            return None;
        }
    }
    if one.text == before {
        return Some(one);
    }
    if one.text.len() < LEFT {
        return None;
    }
    let lost = |from: u32, to: u32| u32::try_from(solid(Span { start: from, end: to }, text)).unwrap_or(0);
    one.fuller.start += lost(before.start, one.text.start);
    one.fuller.end = one.fuller.end.saturating_sub(lost(one.text.end, before.end));
    (one.fuller.start < one.fuller.end).then_some(one)
}

/// A short stretch counts only where it begins or ends a line: a formula stands inside one.
fn fitting(traced: Vec<Traced>, lines: &[Span], text: &str) -> Vec<Traced> {
    let fits = |one: &Traced| {
        let at = lines.partition_point(|line| line.end <= one.text.start);
        let starts = lines.get(at).is_some_and(|line| line.start + MARKS >= one.text.start);
        let at = lines.partition_point(|line| line.end < one.text.end);
        let ends = lines.get(at).is_some_and(|line| one.text.end + MARKS >= line.end);
        one.text.len() >= LEFT || starts || ends || solid(one.text, text) >= LEFT
    };
    traced.into_iter().filter(fits).collect()
}

/// Whether the two texts go their own ways and meet again all the time, as two of one pattern do.
fn diverges(traced: &[Traced], text: &str) -> bool {
    let mut in_file = traced.to_vec();
    in_file.sort_unstable_by_key(|one| one.text);
    let mut apart = 0;
    for pair in in_file.windows(2) {
        let here = Span { start: pair[0].text.end, end: pair[1].text.start.max(pair[0].text.end) };
        let there = i64::from(pair[1].fuller.start) - i64::from(pair[0].fuller.end);
        let here = solid(here, text);
        if (0..=DIVERGED).contains(&there) && here as i64 <= DIVERGED {
            apart += here.min(usize::try_from(there).unwrap_or(0));
        }
    }
    let shared: usize = traced.iter().map(|one| one.text.len()).sum();
    apart * 100 > shared * APART
}

/// Whether of the page and the printing it is the printing that was cut: pages are cut between lines, so where the two
/// do not agree on what goes on where, the one right inside a line is right.
fn is_cut_itself(traced: &[Traced], printing: &Derived, lines: &[Span]) -> bool {
    let seams = seams_of(printing);
    let firm_here = |at: u32| {
        let line = lines.partition_point(|line| line.end <= at + MARKS);
        lines.get(line).is_some_and(|line| line.start + MARKS < at)
    };
    let apart = |end: u32, start: u32| end.abs_diff(start) > TOUCHING;
    let mut right = 0;
    let mut wrong = 0;
    let mut vote = |printing: bool, page: bool| {
        right += usize::from(printing && !page);
        wrong += usize::from(page && !printing);
    };
    let mut there = traced.to_vec();
    there.sort_unstable_by_key(|one| one.fuller);
    for pair in there.windows(2) {
        if !apart(pair[0].fuller.end, pair[1].fuller.start) && apart(pair[0].text.end, pair[1].text.start) {
            let page = firm_here(pair[0].text.end) && firm_here(pair[1].text.start);
            vote(seams.firm(pair[0].fuller.end, true) && seams.firm(pair[1].fuller.start, false), page);
        }
    }
    let mut here = traced.to_vec();
    here.sort_unstable_by_key(|one| one.text);
    for pair in here.windows(2) {
        if !apart(pair[0].text.end, pair[1].text.start) && apart(pair[0].fuller.end, pair[1].fuller.start) {
            let printing = seams.firm(pair[0].fuller.end, true) && seams.firm(pair[1].fuller.start, false);
            vote(printing, firm_here(pair[0].text.end) && firm_here(pair[1].text.start));
        }
    }
    wrong > right
}

/// Where the text of an article was put together.
struct Seams {
    /// Where it goes on at a place that does not follow on its page: there it is no witness for another page.
    parts: Vec<u32>,
    /// Where it goes on in another line.
    lines: Vec<u32>,
}

impl Seams {
    /// Whether a line runs on at a place, behind it or before it.
    fn firm(&self, at: u32, behind: bool) -> bool {
        let (from, to) = if behind { (at, at + MARKS) } else { (at.saturating_sub(MARKS), at) };
        let near = self.lines.partition_point(|line| *line < from);
        self.lines.get(near).is_none_or(|line| *line > to)
    }
}

fn seams_of(article: &Derived) -> Seams {
    let mut seams = Seams { parts: Vec::new(), lines: Vec::new() };
    let mut last: Option<Located> = None;
    for (at, origin, _) in article.map.origins() {
        let Some(origin) = origin else { continue };
        if let Some(last) = last {
            let follows = last.text == origin.text
                && last.span.end <= origin.span.start
                && origin.span.start - last.span.end <= BLANK;
            if !follows {
                seams.parts.push(at.start);
            }
            if !follows || last.span.end < origin.span.start {
                seams.lines.push(at.start);
            }
        }
        last = Some(origin);
    }
    seams
}

/// A place with room at every seam, so that nothing touches across one.
fn parted(place: Span, seams: &[u32]) -> Span {
    let room = |at: u32| {
        let before = seams.partition_point(|seam| *seam <= at);
        u32::try_from(before).unwrap_or(u32::MAX).saturating_mul(ROOM)
    };
    let start = place.start.saturating_add(room(place.start));
    let end = place.end.saturating_add(room(place.end.saturating_sub(1)));
    Span { start, end: end.max(start) }
}

/// Where two stretches follow each other on the page and neither goes on elsewhere on it, the other paper's page was
/// cut between them, and that cut says nothing here; unless the second begins there under a head of its own.
fn unite(segmented: &Segmented, text: &str, placements: &mut [Placement]) {
    let touches = |one: &Placement, other: &Placement| {
        one.printing == other.printing && one.place.end.abs_diff(other.place.start) <= TOUCHING
    };
    let mut ends: BTreeSet<(u32, u32)> = BTreeSet::new();
    let mut starts: BTreeSet<(u32, u32)> = BTreeSet::new();
    for one in placements.iter() {
        ends.insert((one.printing, one.place.end));
        starts.insert((one.printing, one.place.start));
    }
    let near = |known: &BTreeSet<(u32, u32)>, printing: u32, at: u32| {
        known.range((printing, at.saturating_sub(TOUCHING))..=(printing, at + TOUCHING)).next().is_some()
    };
    for at in 1..placements.len() {
        let (one, other) = (placements[at - 1], placements[at]);
        let between = one.at.end.max(other.at.start) - one.at.end.min(other.at.start);
        if one.story == other.story || between > TOUCHING || touches(&one, &other) {
            continue;
        }
        let gap = Span { start: one.at.end.min(other.at.start), end: other.at.start };
        // Inside a line, and not behind a sentence, no text gives way to another.
        if gap.of(text).chars().all(runs_on) {
            rename(placements, other.story, one.story);
            continue;
        }
        if solid(gap, text) > TOUCHING as usize
            || near(&starts, one.printing, one.place.end)
            || near(&ends, other.printing, other.place.start)
        {
            continue;
        }
        let second = &segmented.articles[other.printing as usize];
        let headed = second.headline.is_some() || second.dateline.is_some();
        if other.place.start <= TOUCHING && headed {
            continue;
        }
        rename(placements, other.story, one.story);
    }
}

/// Whether a character may stand inside a sentence.
fn runs_on(character: char) -> bool {
    character.is_alphanumeric() || character == ' ' || is_comma(character)
}

fn rename(placements: &mut [Placement], from: u32, to: u32) {
    for placement in placements.iter_mut().filter(|placement| placement.story == from) {
        placement.story = to;
    }
}

/// The article that a stretch of a page was put into: the one with most of its bytes.
fn article_of(page: usize, segmented: &Segmented, at: Span) -> Option<usize> {
    let zones = &segmented.zones[page];
    let from = zones.partition_point(|zone| zone.span.end <= at.start);
    let mut shares: BTreeMap<Option<usize>, u32> = BTreeMap::new();
    for zone in zones[from..].iter().take_while(|zone| zone.span.start < at.end) {
        let shared = zone.span.end.min(at.end) - zone.span.start.max(at.start);
        *shares.entry(zone.articles.first().copied()).or_default() += shared;
    }
    let most = shares.into_iter().max_by_key(|(article, shared)| (*shared, std::cmp::Reverse(*article)));
    most.and_then(|(article, _)| article)
}

/// Whether the articles of a page are not as the other printings have it: one story in several articles, or two in
/// one, or its pieces in another order.
fn troubled(page: usize, segmented: &Segmented, placements: &[Placement]) -> bool {
    let mut article_of_story: BTreeMap<u32, usize> = BTreeMap::new();
    let mut story_of_article: BTreeMap<usize, u32> = BTreeMap::new();
    let mut by_place = placements.to_vec();
    by_place.sort_unstable_by_key(|one| (one.story, one.printing, one.place));
    for one in &by_place {
        let Some(article) = article_of(page, segmented, one.at) else { return true };
        if *article_of_story.entry(one.story).or_insert(article) != article
            || *story_of_article.entry(article).or_insert(one.story) != one.story
        {
            return true;
        }
    }
    by_place.windows(2).any(|pair| pair[0].story == pair[1].story && pair[0].at.start > pair[1].at.start)
}

/// Pages on which a story ends or goes on at one place of a printing.
struct Crossing {
    pages: BTreeSet<usize>,
    /// Whether the parts are in several articles.
    torn: bool,
}

/// Where a story ends on one page that goes on, by the same printing, on another.
fn crossings(segmented: &Segmented, told: &[(usize, Vec<Placement>)]) -> Vec<Crossing> {
    type Part = (usize, Option<usize>);
    let mut starts: BTreeMap<u32, Vec<(u32, Part)>> = BTreeMap::new();
    let mut ends: BTreeMap<(u32, u32), BTreeSet<Part>> = BTreeMap::new();
    for (page, placements) in told {
        for one in placements {
            let part = (*page, article_of(*page, segmented, one.at));
            starts.entry(one.printing).or_default().push((one.place.start, part));
            ends.entry((one.printing, one.place.end)).or_default().insert(part);
        }
    }
    starts.values_mut().for_each(|list| list.sort_unstable());
    // Ends that the same pages go on from are one place: many papers may break a story there.
    let mut places: BTreeMap<(u32, usize, usize), BTreeSet<Part>> = BTreeMap::new();
    for ((printing, end), parts) in ends {
        let Some(list) = starts.get(&printing) else { continue };
        let from = list.partition_point(|(start, _)| start + TOUCHING < end);
        let upto = list.partition_point(|(start, _)| *start <= end + TOUCHING);
        if from < upto {
            places.entry((printing, from, upto)).or_default().extend(parts);
        }
    }
    let mut found = Vec::new();
    for ((printing, from, upto), mut parts) in places {
        parts.extend(starts[&printing][from..upto].iter().map(|(_, part)| *part));
        let pages: BTreeSet<usize> = parts.iter().map(|(page, _)| *page).collect();
        if pages.len() > 1 {
            let articles: BTreeSet<Option<usize>> = parts.iter().map(|(_, article)| *article).collect();
            found.push(Crossing { pages, torn: articles.len() > 1 });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use shiliu_text::{DerivedBuilder, Layer, SourceId};

    use super::*;

    #[test]
    fn of_two_texts_the_one_that_goes_over_between_lines_was_cut() {
        let pipes = "灯湾市供水公司昨天宣布，老城区旧管网的改造比原定日期提前两周完成，沿线居民从今晚起不再分时用水，\
            施工队夜里开挖，天亮前回填，沿街的店铺照常营业，公交线路没有改道，新管道的接口全部改用球墨铸铁。";
        let market = "石桥镇的秋季集市本周末照常开放，来自十一个村的摊主带来新米和竹器，镇上为此腾出了小学操场，\
            镇文化站准备了三场皮影戏，演的都是老人们点名要看的旧戏，孩子们可以到后台摸一摸影人，夜里还放电影。";
        let lines = |text: &str, room: usize| {
            let text: Vec<char> = text.chars().collect();
            text.chunks(room).map(String::from_iter).collect::<Vec<String>>()
        };
        let (left, right) = (lines(pipes, 25), lines(market, 25));
        let mixed: Vec<String> = left.into_iter().zip(right).flat_map(|(one, other)| [one, other]).collect();
        let apart = [lines(pipes, 16), lines(market, 16)].concat();
        // A page of these lines, and all of them as the text of one article.
        let page = |lines: &[String]| {
            let layer = Layer::new(SourceId::of(b"a page"), lines.join("\n"));
            let mut text = DerivedBuilder::default();
            let mut spans = Vec::new();
            let mut at = 0;
            for line in lines {
                spans.push(Span::new(at, at + line.len()));
                text.copy(&layer, spans[spans.len() - 1]);
                at += line.len() + 1;
            }
            (layer, spans, text.finish())
        };
        let (mixed, apart) = (page(&mixed), page(&apart));
        let cut = |page: &(Layer, Vec<Span>, Derived), printing: &Derived| {
            let traced = Tracer::new(&page.0.text).stretches(&printing.text);
            assert!(traced.len() > 4, "{traced:?}");
            is_cut_itself(&traced, printing, &page.1)
        };
        assert!(cut(&apart, &mixed.2), "the printing mixes them");
        assert!(!cut(&mixed, &apart.2), "the page mixes them");
    }
}

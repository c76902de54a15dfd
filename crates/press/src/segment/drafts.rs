//! Chains, heads and pictures of one page put together as drafts of articles.

use std::collections::{BTreeMap, BTreeSet};

use shiliu_lang::Subject;

use super::chains::{Chain, Ground, best_assignment, link};
use super::evidence::{Runs, Topics, union};
use super::nodes::{Node, NodeKind, heads_above};
use super::rescue::rescue_heads;
use super::rules::Rules;
use super::told::Told;
use super::units::{EndState, StartState, Unit};
use crate::Role;

/// A picture text must hold this share (thousandths) of its words in common with an article next to it.
const PICTURE_SHARE: i32 = 150;
/// The first lines of a head must share this much more (thousandths) with the text above than with that below.
const SPLIT_SHARE: i32 = 120;
/// By how much more (thousandths) a head must share with the text above to be its head.
const ABOVE_MORE: i32 = 90;
/// And this, where the text below begins as under a head.
const ABOVE_SURE: i32 = 60;
/// And this, where the text above has a head.
const ABOVE_HEADED: i32 = 45;
/// Words in common of the texts above and below, so that a head between them is a subhead.
const SAME_SUBJECT: i32 = 1800;
/// A head must hold more than this share (thousandths) of its words in common with text that it does not stand at.
const HEAD_FITS: i32 = 400;
/// What standing right before its text counts for a head, in thousandths of its words.
const RIGHT_BEFORE: i32 = 450;
/// What standing right behind its text counts for a head.
const RIGHT_BEHIND: i32 = 400;
/// What a dateline or an author line between a head and the text below counts.
const SURE_START: i32 = 300;
/// What the first look at a head and the text below it counts.
const BOUND: i32 = 100;
/// Text shorter than this is hardly a sentence that breaks off.
const SHORTEST_SENTENCE: usize = 14;
/// A seam of this strength or less shows that text is missing there.
const LOST_BETWEEN: i32 = -4000;
/// A seam of this strength across a head shows that the head stands inside a sentence.
const SPLITS: i32 = 2500;
/// A head that shares less (thousandths) with the text below is not bound to what goes on elsewhere.
const HEAD_SHARE: i32 = 150;
/// A seam of this strength shows that a text goes on where another breaks off.
const GOES_ON: i32 = 5000;

/// A headline has this many characters.
const SHORTEST_HEAD: usize = 4;
const LONGEST_HEAD: usize = 32;

/// One article of one page, as node indexes.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    /// The head, if one was found.
    pub head: Option<usize>,
    /// Running text in reading order, subheads (head nodes) between.
    pub nodes: Vec<usize>,
    /// Pictures with their texts.
    pub photos: Vec<usize>,
    /// Second copies of its passages.
    pub copies: Vec<usize>,
    /// How its text begins and ends.
    pub start: Option<StartState>,
    pub end: EndState,
    /// Nodes after which text is missing.
    pub lost_after: Vec<usize>,
    /// Whether its last sentence is one of those.
    pub breaks_off: bool,
    /// Whether a jump line says where it goes on.
    pub goes_on: bool,
    /// Whether it is a picture with its text.
    pub picture: bool,
    words: Vec<u32>,
    subject: Subject,
    size: usize,
}

/// Everything decided about one page.
#[derive(Default)]
pub(super) struct Decided {
    pub drafts: Vec<Draft>,
    /// Subhead nodes inside articles.
    pub subheads: Vec<bool>,
    /// Texts that turn out to be the headline of an article that has no other, each with its other lines.
    pub rescued: Vec<(usize, Vec<usize>)>,
}

/// What is known of a page before its nodes are linked: heads bound, second copies left out.
pub(super) struct Prepared<'a> {
    pub ground: Ground<'a>,
    bound: Vec<Option<usize>>,
    copies: BTreeMap<usize, usize>,
    /// For each unit that may be a headline the log odds that it is one.
    odds: &'a [Option<i32>],
}

impl<'a> Prepared<'a> {
    pub(super) fn of(
        units: &'a [Unit],
        nodes: &'a [Node],
        runs: &'a Runs,
        rules: &'a Rules<'_>,
        topics: &'a Topics,
        parallels: &'a [Vec<usize>],
        (told, odds): (Told<'a>, &'a [Option<i32>]),
    ) -> Prepared<'a> {
        let mut ground = Ground {
            units,
            nodes,
            runs,
            words: &rules.words,
            weights: &rules.weights,
            broken_weights: &rules.broken_weights,
            ordered_weights: &rules.ordered_weights,
            topics,
            parallels,
            headed: vec![false; nodes.len()],
            head_of: vec![None; nodes.len()],
            above: heads_above(units, nodes),
            left_out: vec![false; nodes.len()],
            told,
        };
        let bound = bind_heads(&mut ground);
        let copies = second_copies(&mut ground);
        Prepared { ground, bound, copies, odds }
    }

    /// Decides which nodes of the page form which article.
    pub(super) fn decide(&self) -> Decided {
        build(&self.ground, &self.bound, (&self.copies, self.odds), link(&self.ground))
    }

    /// Units taken for running text that turn out to be headlines: a few words without a stop that no text took up,
    /// right before the beginning of an article without a head or right behind the end of one.
    pub(super) fn missed_heads(&self, decided: &Decided) -> Vec<usize> {
        let Ground { nodes, units, .. } = &self.ground;
        let body = |at: &usize| nodes[*at].kind == NodeKind::Body && !self.ground.left_out[*at];
        let bare: Vec<&Draft> =
            decided.drafts.iter().filter(|draft| draft.head.is_none() && !draft.picture).collect();
        let begins: BTreeSet<usize> = bare.iter().filter_map(|draft| draft.nodes.first().copied()).collect();
        let ends: BTreeSet<usize> = bare.iter().filter_map(|draft| draft.nodes.last().copied()).collect();
        let mut missed = Vec::new();
        for draft in decided.drafts.iter().filter(|draft| !draft.picture) {
            let plain = |node: &usize| {
                let unit = &units[nodes[*node].main];
                body(node)
                    && nodes[*node].units.len() == 1
                    && unit.starts_line
                    && unit.end == EndState::Open
                    && !unit.text.iter().any(|c| matches!(c, '，' | '。' | '；' | '：' | ',' | ';'))
            };
            let length: usize = draft.nodes.iter().map(|node| units[nodes[*node].main].text.len()).sum();
            let (Some(&first), Some(&last)) = (draft.nodes.first(), draft.nodes.last()) else { continue };
            if !(SHORTEST_HEAD..=LONGEST_HEAD).contains(&length) || !draft.nodes.iter().all(plain) {
                continue;
            }
            if last < first || draft.nodes.len() != (first..=last).filter(body).count() {
                continue;
            }
            let below = (last + 1..nodes.len()).find(body);
            let above = (0..first).rev().find(body);
            let starts = below.is_some_and(|at| begins.contains(&at) && !units[nodes[at].main].flows_on);
            let closes = above.is_some_and(|at| ends.contains(&at) && nodes[at].end != EndState::Open);
            if starts || closes {
                missed.extend(draft.nodes.iter().map(|node| nodes[*node].main));
            }
        }
        missed
    }
}

fn words_of(ground: &Ground<'_>, node: usize) -> Vec<u32> {
    let mut words: Vec<u32> = Vec::new();
    for (unit, role) in &ground.nodes[node].units {
        if !matches!(role, Role::Byline | Role::Jump | Role::Credit) {
            words = union(&words, ground.topics.words(*unit));
        }
    }
    words
}

/// Cuts a head of several lines in two where its first lines belong to the text above it (a headline after its
/// body) and the others to the text below.
pub(super) fn split_heads(nodes: Vec<Node>, units: &[Unit], topics: &Topics) -> Vec<Node> {
    let mut result: Vec<Node> = Vec::with_capacity(nodes.len());
    for (at, node) in nodes.iter().enumerate() {
        let around = |step: isize| {
            let mut words = Vec::new();
            let mut subject = Subject::default();
            let mut place = at.checked_add_signed(step);
            for _ in 0..6 {
                let Some(near) =
                    place.and_then(|place| nodes.get(place)).filter(|near| near.kind != NodeKind::Head)
                else {
                    break;
                };
                if near.kind != NodeKind::Aside {
                    words = union(&words, topics.words(near.main));
                    subject.add(topics.subject(near.main));
                }
                place = place.and_then(|place| place.checked_add_signed(step));
            }
            (words, subject)
        };
        if node.kind != NodeKind::Head || node.units.len() < 2 {
            result.push(node.clone());
            continue;
        }
        let (above, below) = (around(-1), around(1));
        let gain = |units: &[(usize, Role)]| {
            let words = units.iter().fold(Vec::new(), |words, (unit, _)| union(&words, topics.words(*unit)));
            let subject = topics.subject_of(units.iter().map(|(unit, _)| *unit));
            let fits =
                |text: &(Vec<u32>, Subject)| topics.share(&text.0, &words) + company(&subject, &text.1);
            fits(&above) - fits(&below)
        };
        let mut best: Option<(i32, usize)> = None;
        for cut in 1..node.units.len() {
            if matches!(node.units[cut].1, Role::Byline | Role::Deck) || !units[node.units[cut].0].after_blank
            {
                continue;
            }
            let (first, second) = (gain(&node.units[..cut]), gain(&node.units[cut..]));
            if first > SPLIT_SHARE && second <= 0 && best.is_none_or(|(sofar, _)| first - second > sofar) {
                best = Some((first - second, cut));
            }
        }
        match best {
            Some((_, cut)) if !above.0.is_empty() && !below.0.is_empty() => {
                let mut first = node.clone();
                let mut second = node.clone();
                first.units.truncate(cut);
                second.units.drain(..cut);
                second.main = second.units[0].0;
                result.push(first);
                result.push(second);
            }
            _ => result.push(node.clone()),
        }
    }
    result
}

/// For each head the running text it stands before and belongs to: sure where a dateline, a jump line or an author
/// line follows, else by marks and common words.
fn bind_heads(ground: &mut Ground<'_>) -> Vec<Option<usize>> {
    let nodes = ground.nodes;
    let mut bound = vec![None; nodes.len()];
    for head in 0..nodes.len() {
        if nodes[head].kind != NodeKind::Head {
            continue;
        }
        let next =
            (head + 1..nodes.len()).find(|at| !matches!(nodes[*at].kind, NodeKind::Aside | NodeKind::Photo));
        let Some(body) = next.filter(|at| nodes[*at].kind == NodeKind::Body) else { continue };
        if ground.told.goes_on(body) && nodes[body].start != StartState::Dateline {
            continue;
        }
        let previous =
            (0..head).rev().find(|at| !matches!(nodes[*at].kind, NodeKind::Aside | NodeKind::Photo));
        let previous = previous.filter(|at| nodes[*at].kind == NodeKind::Body);
        let sure = matches!(nodes[body].start, StartState::Dateline | StartState::Jump)
            || nodes[head]
                .units
                .iter()
                .any(|(unit, role)| *role == Role::Byline || ground.units[*unit].names_notice)
            || previous.is_none();
        let words = words_of(ground, head);
        let after = previous.map_or(0, |at| fits_run(ground, at, head, &words, true));
        let before = fits_run(ground, body, head, &words, false);
        let headed_before = previous.is_some_and(|at| run_has_head(ground, at));
        let above_fits = after
            > ABOVE_MORE
                + before
                + if sure { ABOVE_SURE } else { 0 }
                + if headed_before { ABOVE_HEADED } else { 0 };
        if above_fits {
            continue;
        }
        if !sure && nodes[head].units.len() == 1 && ground.units[nodes[head].main].is_numbered() {
            continue;
        }
        if !sure {
            // A head between two halves of one sentence is no head of the second half.
            let goes_on = |left: usize| nodes[left].end == EndState::Open && !nodes[left].goes_on;
            let splits = previous.is_some_and(|at| {
                goes_on(at) && (nodes[body].start == StartState::Inside || ground.between(at, body) >= SPLITS)
            });
            // Nor is it one where the text below goes on elsewhere and shares nothing with the head.
            let from = body.saturating_sub(NEARBY);
            let elsewhere = before < HEAD_SHARE
                && nodes[body].start == StartState::Neutral
                && (from..(body + NEARBY).min(nodes.len())).any(|at| {
                    at != body
                        && nodes[at].kind == NodeKind::Body
                        && goes_on(at)
                        && ground.between(at, body) >= GOES_ON
                });
            let subject = previous.map_or(0, |at| {
                let run_before = run_words(ground, at, true);
                let run_after = run_words(ground, body, false);
                ground.topics.excess(&run_before.0, run_before.1, &run_after.0)
            });
            // A head of the level of the one before heads a text of its own.
            let own = ground.above[body].map_or(0, |above| above.level);
            let alike = own > 0 && previous.is_some_and(|at| level_of_run(ground, at) == own);
            let same_subject = subject > SAME_SUBJECT && !alike;
            if splits || elsewhere || same_subject {
                continue;
            }
        }
        bound[head] = Some(body);
        ground.headed[body] = true;
        ground.head_of[body] = Some(head);
    }
    bound
}

/// Pieces of a page around a head in which its text may begin.
const NEARBY: usize = 60;

/// The words of up to four nodes of running text in a row, ending (or beginning) at `from`.
fn run_words(ground: &Ground<'_>, from: usize, backwards: bool) -> (Vec<u32>, usize) {
    let mut words = Vec::new();
    let mut size = 0;
    let mut at = from;
    while size < 4 && ground.nodes[at].kind == NodeKind::Body {
        words = union(&words, ground.topics.words(ground.nodes[at].main));
        size += 1;
        if backwards {
            if at == 0 || ground.nodes[at].start == StartState::Dateline {
                break;
            }
            at -= 1;
        } else {
            at += 1;
            if at == ground.nodes.len() || ground.nodes[at].start == StartState::Dateline {
                break;
            }
        }
    }
    (words, size)
}

/// Whether the run of text that ends at `from` stands under a head of its own.
fn run_has_head(ground: &Ground<'_>, from: usize) -> bool {
    (0..=from)
        .rev()
        .take(8)
        .take_while(|at| ground.nodes[*at].kind == NodeKind::Body)
        .any(|at| ground.headed[at])
}

/// The marked level of the head over the run of text that ends at `from`; nothing where it has none.
fn level_of_run(ground: &Ground<'_>, from: usize) -> u8 {
    let mut run = (0..=from).rev().take(8).take_while(|at| ground.nodes[*at].kind == NodeKind::Body);
    let head = run.find(|at| ground.headed[*at]).and_then(|at| ground.above[at]);
    head.map_or(0, |above| above.level)
}

/// How well a head fits the text that ends (or begins) at `from`.
fn fits_run(ground: &Ground<'_>, from: usize, head: usize, words: &[u32], backwards: bool) -> i32 {
    let (run, size) = run_words(ground, from, backwards);
    let node = |step: usize| if backwards { from - step } else { from + step };
    let subject = ground.topics.subject_of((0..size).map(|step| ground.nodes[node(step)].main));
    ground.topics.share(&run, words) + company(&subject_of(ground, head), &subject)
}

/// What a head speaks of, its author's names left aside.
fn subject_of(ground: &Ground<'_>, node: usize) -> Subject {
    let named = |role: &Role| !matches!(role, Role::Byline | Role::Jump | Role::Credit);
    let units = ground.nodes[node].units.iter().filter(|(_, role)| named(role));
    ground.topics.subject_of(units.map(|(unit, _)| *unit))
}

/// A head and a text of different subjects are this near by chance, in thousandths. Set on made pages 101..160: headlines
/// right .742, without what follows .732.
const CHANCE_NEAR_OF_HEAD: i32 = 100;
/// No more than this is added to the share of common words.
const MOST_NEAR_OF_HEAD: i32 = 400;

/// What the company of its words tells of a head and a text, in the measure of the share of common words.
fn company(head: &Subject, text: &Subject) -> i32 {
    head.nearness(text).map_or(0, |near| (near - CHANCE_NEAR_OF_HEAD).clamp(0, MOST_NEAR_OF_HEAD))
}

/// Text that stands right before a misplaced copy may have been misplaced with it: it joins the copy's article
/// where it speaks more of that one's subject than of its neighbour's.
fn move_with_copy(ground: &Ground<'_>, copy: usize, original: usize, drafts: &mut [Draft]) {
    let Some(before) = copy.checked_sub(1).filter(|at| ground.nodes[*at].kind == NodeKind::Body) else {
        return;
    };
    if ground.headed[before] || ground.left_out[before] {
        return;
    }
    let holds = |node: usize| drafts.iter().position(|draft| draft.nodes.contains(&node));
    let (Some(from), Some(to)) = (holds(before), holds(original)) else { return };
    if from == to || drafts[from].nodes.len() < 2 || drafts[from].nodes.last() != Some(&before) {
        return;
    }
    let words = ground.topics.words(ground.nodes[before].main);
    let rest = &drafts[from].nodes[..drafts[from].nodes.len() - 1];
    let kept =
        rest.iter().fold(Vec::new(), |all, node| union(&all, ground.topics.words(ground.nodes[*node].main)));
    let stays = ground.topics.excess(&kept, rest.len(), words);
    let moves = ground.topics.excess(&drafts[to].words, drafts[to].size, words);
    if moves < stays + 1000 {
        return;
    }
    drafts[from].nodes.pop();
    drafts[from].size -= 1;
    drafts[from].words = kept;
    if let Some(last) = drafts[from].nodes.last() {
        drafts[from].end = ground.nodes[*last].end;
        drafts[from].goes_on = ground.nodes[*last].goes_on;
    }
    drafts[to].words = union(&drafts[to].words, words);
    drafts[to].size += 1;
    drafts[to].nodes.push(before);
    drafts[to].end = ground.nodes[before].end;
}

/// Shortest passage that counts as printed twice, in characters.
const SHORTEST_COPY: usize = 16;

/// By how much one copy must fit its neighbours better than the other.
const MISFIT: u32 = 2500;

/// Finds passages that stand twice on the page and leaves the misplaced copy out; gives copy → original.
fn second_copies(ground: &mut Ground<'_>) -> BTreeMap<usize, usize> {
    let mut by_text: BTreeMap<&[char], Vec<usize>> = BTreeMap::new();
    for (at, node) in ground.nodes.iter().enumerate() {
        let text = &ground.units[node.main].text;
        if node.kind == NodeKind::Body && text.len() >= SHORTEST_COPY {
            by_text.entry(text).or_default().push(at);
        }
    }
    let mut pairs: Vec<(usize, usize)> =
        by_text.values().filter(|places| places.len() == 2).map(|places| (places[0], places[1])).collect();
    pairs.sort_unstable();
    let order: Vec<usize> = (0..ground.nodes.len()).collect();
    let mut copies = BTreeMap::new();
    let mut at = 0;
    while at < pairs.len() {
        // Passages that follow each other at both places move together.
        let mut end = at + 1;
        while end < pairs.len()
            && pairs[end].0 == pairs[end - 1].0 + 1
            && pairs[end].1 == pairs[end - 1].1 + 1
        {
            end += 1;
        }
        let run = &pairs[at..end];
        let (first, last) = (run[0], run[run.len() - 1]);
        let fit_first = fit(ground, &order, first.0, last.0);
        let fit_second = fit(ground, &order, first.1, last.1);
        if fit_first.abs_diff(fit_second) < MISFIT {
            // Both stand well where they are: a formula that two articles print.
            at = end;
            continue;
        }
        let drop_first = fit_second >= fit_first;
        for (a, b) in run {
            let (copy, original) = if drop_first { (*a, *b) } else { (*b, *a) };
            ground.left_out[copy] = true;
            copies.insert(copy, original);
        }
        at = end;
    }
    copies
}

/// How well the nodes `first..=last` fit between their neighbours.
fn fit(ground: &Ground<'_>, order: &[usize], first: usize, last: usize) -> i32 {
    let body = |at: usize| ground.nodes.get(at).is_some_and(|node| node.kind == NodeKind::Body);
    let mut words = Vec::new();
    for node in first..=last {
        words = union(&words, ground.topics.words(ground.nodes[node].main));
    }
    let middle = Chain::new((first..=last).collect(), words, ground.nodes);
    let mut score = 0;
    if first > 0 && body(first - 1) {
        let (around, size) = run_words(ground, first - 1, true);
        let around = Chain { size, ..Chain::new(vec![first - 1], around, ground.nodes) };
        score += ground.seam(order, first - 1, first).clamp(-5000, 8000) + ground.affinity(&around, &middle);
    }
    if body(last + 1) {
        let (around, size) = run_words(ground, last + 1, false);
        let around = Chain { size, ..Chain::new(vec![last + 1], around, ground.nodes) };
        score += ground.seam(order, last, last + 1).clamp(-5000, 8000) + ground.affinity(&around, &middle);
    } else if ground.nodes[last].end == EndState::Open {
        score -= 4000;
    }
    score
}

fn build(
    ground: &Ground<'_>,
    bound: &[Option<usize>],
    (copies, odds): (&BTreeMap<usize, usize>, &[Option<i32>]),
    chains: Vec<Chain>,
) -> Decided {
    let nodes = ground.nodes;
    let mut subheads = vec![false; nodes.len()];
    let mut drafts: Vec<Draft> = Vec::new();
    for chain in chains {
        let (Some(&first), Some(&last)) = (chain.nodes.first(), chain.nodes.last()) else { continue };
        let words = chain.words;
        let subject = ground.topics.subject_of(chain.nodes.iter().map(|node| nodes[*node].main));
        drafts.push(Draft {
            subject,
            start: Some(nodes[first].start),
            end: nodes[last].end,
            goes_on: nodes[last].goes_on,
            words,
            size: chain.size,
            nodes: chain.nodes,
            ..Draft::default()
        });
    }
    for (copy, original) in copies {
        move_with_copy(ground, *copy, *original, &mut drafts);
    }
    give_heads(ground, bound, &mut drafts, &mut subheads);
    let rescued = rescue_heads(ground, odds, &mut drafts, &mut subheads);
    let photos = (0..nodes.len()).filter(|at| nodes[*at].kind == NodeKind::Photo);
    let titled: Vec<usize> =
        drafts.iter().filter(|draft| draft.picture).flat_map(|draft| draft.nodes.iter().copied()).collect();
    for photo in photos.filter(|photo| !titled.contains(photo)) {
        place_photo(ground, photo, &mut drafts);
    }
    for (copy, original) in copies {
        if let Some(at) = holder(&drafts, Some(*original)) {
            drafts[at].copies.push(*copy);
        }
    }
    for draft in &mut drafts {
        note_losses(ground, draft);
    }
    drafts.sort_by_key(|draft| draft.head.into_iter().chain(draft.nodes.iter().copied()).min());
    Decided { drafts, subheads, rescued }
}

/// A picture with a title is an item of its own; any other belongs to the article around it or, of the articles
/// next to it, to the one that its words fit, else it stands alone.
fn place_photo(ground: &Ground<'_>, photo: usize, drafts: &mut Vec<Draft>) {
    let nodes = ground.nodes;
    let words = words_of(ground, photo);
    let titled = nodes[photo].units.iter().any(|(_, role)| *role == Role::Headline);
    let body = |at: &usize| nodes[*at].kind == NodeKind::Body && !ground.left_out[*at];
    let above = (0..photo).rev().find(body);
    let below = (photo + 1..nodes.len()).find(body);
    let (up, down) = (holder(drafts, above), holder(drafts, below));
    let subject = subject_of(ground, photo);
    let fits =
        |draft: &Draft| ground.topics.share(&draft.words, &words) + company(&subject, &draft.subject) / 2;
    let share = |at: Option<usize>| at.map_or(0, |at| fits(&drafts[at]));
    let only_credit = nodes[photo].units.iter().all(|(_, role)| *role == Role::Credit);
    let chosen = if titled {
        None
    } else if only_credit || (up.is_some() && up == down) {
        up.or(down)
    } else if share(up).max(share(down)) >= PICTURE_SHARE {
        if share(up) >= share(down) { up } else { down }
    } else {
        let mut best: Option<(i32, usize)> = None;
        let few = drafts.len() <= MOST_COMPARED;
        for (at, draft) in drafts.iter().enumerate().filter(|(_, draft)| few && !draft.picture) {
            let share = fits(draft);
            if share >= PICTURE_SHARE * 3 / 2 && best.is_none_or(|(most, _)| share > most) {
                best = Some((share, at));
            }
        }
        best.map(|(_, at)| at)
    };
    match chosen {
        Some(at) => drafts[at].photos.push(photo),
        None => drafts.push(Draft { nodes: vec![photo], picture: true, words, size: 1, ..Draft::default() }),
    }
}

/// On pages with more articles than this only neighbours are compared, so that time stays linear.
const MOST_COMPARED: usize = 300;

/// The draft that holds a node. Drafts are made in order of their first nodes, so the search begins near by.
fn holder(drafts: &[Draft], node: Option<usize>) -> Option<usize> {
    let node = node?;
    let near = drafts.partition_point(|draft| draft.nodes.first().is_some_and(|first| *first <= node));
    let holds = |at: &usize| !drafts[*at].picture && drafts[*at].nodes.contains(&node);
    let behind = near.saturating_sub(MOST_COMPARED);
    (behind..near).rev().find(holds).or_else(|| (near..drafts.len().min(near + MOST_COMPARED)).find(holds))
}

/// A head that stands between two articles.
struct LooseHead {
    node: usize,
    words: Vec<u32>,
    subject: Subject,
    /// The draft whose last text stands above it, and the one whose first text stands below.
    up: Option<usize>,
    down: Option<usize>,
}

/// Gives each head its text. A head between two pieces of one article is a subhead; the others go to the articles
/// that they fit best all together: by the words in common, and by standing right before an article's text or right
/// behind it. A head that fits nowhere stands alone.
fn give_heads(ground: &Ground<'_>, bound: &[Option<usize>], drafts: &mut Vec<Draft>, subheads: &mut [bool]) {
    let nodes = ground.nodes;
    let body = |at: &usize| nodes[*at].kind == NodeKind::Body && !ground.left_out[*at];
    let mut loose: Vec<LooseHead> = Vec::new();
    for head in (0..nodes.len()).filter(|at| nodes[*at].kind == NodeKind::Head) {
        let above = (0..head).rev().find(body);
        let below = (head + 1..nodes.len()).find(body);
        let (up, down) = (holder(drafts, above), holder(drafts, below));
        // What the text begins with stands below its headline, whatever of it stands above.
        let begins = |at: usize| drafts[at].nodes.first().copied() == below;
        if let Some(at) = up.filter(|at| up == down && !begins(*at)) {
            let place = drafts[at].nodes.iter().position(|node| Some(*node) == below).unwrap_or(0);
            drafts[at].nodes.insert(place, head);
            subheads[head] = true;
            continue;
        }
        let up = up.filter(|at| drafts[*at].nodes.last().copied() == above);
        let down = down.filter(|at| drafts[*at].nodes.first().copied() == below);
        let (words, subject) = (words_of(ground, head), subject_of(ground, head));
        loose.push(LooseHead { node: head, words, subject, up, down });
    }
    let fits = |head: &LooseHead, at: usize| -> i32 {
        let LooseHead { node, words, subject, up, down } = head;
        let draft = &drafts[at];
        if draft.picture {
            return 0;
        }
        let mut score =
            ground.topics.share(&draft.words, words) + company(subject, &draft.subject) - HEAD_FITS;
        if *down == Some(at) {
            score += RIGHT_BEFORE;
            let author = nodes[*node].units.iter().any(|(_, role)| *role == Role::Byline);
            if author || matches!(draft.start, Some(StartState::Dateline)) {
                score += SURE_START;
            }
            if bound[*node].is_some() {
                score += BOUND;
            }
        }
        if *up == Some(at) {
            score += RIGHT_BEHIND;
        }
        score.max(0)
    };
    let few = drafts.len().max(loose.len()) <= MOST_COMPARED;
    let given: Vec<Option<usize>> = if few {
        let size = drafts.len().max(loose.len());
        let mut gains = vec![0; size * size];
        for (row, head) in loose.iter().enumerate() {
            for at in 0..drafts.len() {
                gains[row * size + at] = fits(head, at);
            }
        }
        let columns = best_assignment(&gains, size);
        (0..loose.len()).map(|row| Some(columns[row]).filter(|at| gains[row * size + at] > 0)).collect()
    } else {
        let mut taken = vec![false; drafts.len()];
        let mut best = |head: &LooseHead| {
            let near = head.down.into_iter().chain(head.up).filter(|at| !taken[*at] && fits(head, *at) > 0);
            let found = near.max_by_key(|at| (fits(head, *at), std::cmp::Reverse(*at)));
            found.inspect(|at| taken[*at] = true)
        };
        loose.iter().map(&mut best).collect()
    };
    for (LooseHead { node: head, words, .. }, at) in loose.into_iter().zip(given) {
        match at {
            Some(at) => {
                drafts[at].head = Some(head);
                drafts[at].words = union(&drafts[at].words, &words);
            }
            None => {
                // A picture with a title is an item of its own.
                let next = head + 1;
                let picture = nodes.get(next).is_some_and(|node| node.kind == NodeKind::Photo);
                let kept = if picture { vec![next] } else { Vec::new() };
                drafts.push(Draft {
                    head: Some(head),
                    nodes: kept,
                    picture,
                    words,
                    size: 1,
                    ..Draft::default()
                });
            }
        }
    }
}

/// Where text is missing: after a node that ends in mid-sentence and has no partner, or whose partner does not go on
/// where it breaks off.
fn note_losses(ground: &Ground<'_>, draft: &mut Draft) {
    if draft.picture {
        return;
    }
    let breaks_off = |node: usize| {
        let text = &ground.units[ground.nodes[node].main].text;
        let sentence = text.len() >= SHORTEST_SENTENCE
            && text.iter().any(|c| matches!(c, '，' | '。' | '、' | '；' | '：' | ',' | ';'));
        ground.nodes[node].end == EndState::Open && sentence
    };
    let bodies: Vec<usize> =
        draft.nodes.iter().copied().filter(|node| ground.nodes[*node].kind == NodeKind::Body).collect();
    // Between two lines of a column that stand one below the other a seam that is unlikely tells too little.
    let next_line = |pair: &[usize]| {
        pair[1] == pair[0] + 1 && ground.units[ground.nodes[pair[1]].main].cut_from_line_before
    };
    for pair in bodies.windows(2) {
        if breaks_off(pair[0])
            && !next_line(pair)
            && !ground.nodes[pair[0]].goes_on
            && ground.nodes[pair[1]].start != StartState::Inside
            && ground.between(pair[0], pair[1]) <= LOST_BETWEEN
        {
            draft.lost_after.push(pair[0]);
        }
    }
    if let Some(last) = bodies.last().copied()
        && breaks_off(last)
        && !ground.nodes[last].goes_on
    {
        draft.lost_after.push(last);
        draft.breaks_off = true;
    }
}

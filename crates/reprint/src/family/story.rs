//! From weighed pairs to families: texts are taken apart where they print two stories, pieces of one article
//! are kept together, and every member gets its relation to the story.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use shiliu_text::Span;

use super::bridge::take_down;
use super::edge::Edge;
use super::extent::{Ruler, union};
use super::forest::Forest;
use super::{Family, Listed, Member, Places, Relation};

/// Two printings in one text belong to one story when they overlap by this share of the shorter one, in
/// thousandths.
const OVERLAP: usize = 300;
/// A member that covers this share of the story, in thousandths, prints it whole.
const WHOLE: u64 = 850;
/// A piece that starts within the first so many thousandths of the story is cut at its end, not taken out.
const HEAD: u64 = 100;

/// How many pairs that speak for one story a pair outweighs that speaks against it: noise hides a pattern more
/// often than it makes one.
const AGAINST: u32 = 3;

/// A stretch of one text that prints one story.
#[derive(Clone, Debug)]
struct Part {
    text: usize,
    spans: Vec<Span>,
}

/// Families of all texts, sorted by name.
pub(super) fn gather(docs: &[Listed<'_>], rulers: &[Ruler], edges: &mut [Edge]) -> Vec<Family> {
    take_down(edges);
    let edges = &*edges;
    let (parts, part_of) = take_apart(docs, edges);
    let mut forest = Forest::new(parts.len());
    for &(left, right) in part_of.iter().flatten() {
        forest.join(left, right);
    }
    join_pieces(docs, rulers, edges, &parts, &mut forest);
    let mut forest = refine(edges, &part_of, forest);
    let mut by_root: Vec<(usize, usize)> = (0..parts.len()).map(|at| (forest.root(at), at)).collect();
    by_root.sort_unstable();
    let mut stories: Vec<Vec<Part>> = Vec::new();
    let mut stories_of: Vec<Vec<usize>> = vec![Vec::new(); docs.len()];
    for cluster in by_root.chunk_by(|left, right| left.0 == right.0) {
        if let &[(_, only)] = cluster {
            stories_of[parts[only].text].push(stories.len());
            stories.push(vec![parts[only].clone()]);
            continue;
        }
        let mut members: BTreeMap<usize, Vec<Span>> = BTreeMap::new();
        for &(_, at) in cluster {
            members.entry(parts[at].text).or_default().extend(&parts[at].spans);
        }
        for &text in members.keys() {
            stories_of[text].push(stories.len());
        }
        let members = members.into_iter().map(|(text, spans)| Part { text, spans: union(spans) });
        stories.push(members.collect());
    }
    let edges_of = edges_of_texts(docs.len(), edges);
    let related = relate(docs, edges, &stories_of, stories.len());
    let mut alone: Vec<bool> = stories_of.iter().map(|stories| stories.len() == 1).collect();
    for edge in edges.iter().filter(|edge| edge.block && edge.joins) {
        alone[edge.a] = false;
        alone[edge.b] = false;
    }
    let mut families: Vec<Family> = stories
        .iter()
        .zip(related)
        .map(|(members, related)| describe(docs, rulers, edges, &edges_of, members, &alone, related))
        .collect();
    name(docs, &mut families);
    families
}

/// Calls every family by its smallest member. Where a text is in several, the first keeps its name, and the next
/// goes by the smallest that no other has.
fn name(docs: &[Listed<'_>], families: &mut [Family]) {
    let places = Places::of(docs);
    let called = |member: &Member| places.find(member.key).map_or("", |at| docs[at].name);
    families.sort_by(|left, right| {
        let order = |family: &Family| {
            let first = family.members.first();
            (first.map(called), first.and_then(|member| member.spans.first().copied()), family.members.len())
        };
        let keys = |family: &Family| family.members.iter().map(|member| member.key).collect::<Vec<u32>>();
        order(left).cmp(&order(right)).then_with(|| keys(left).cmp(&keys(right)))
    });
    let mut taken: HashSet<&str> = HashSet::new();
    let mut numbered: BTreeSet<String> = BTreeSet::new();
    // A text that nobody else prints is its own family.
    for alone in [true, false] {
        for family in families.iter_mut().filter(|family| (family.members.len() == 1) == alone) {
            let smallest = family.members.first().map(called).unwrap_or_default();
            let is_free = |name: &str| !taken.contains(name) && !numbered.contains(name);
            if let Some(name) = family.members.iter().map(called).find(|name| is_free(name)) {
                family.name = name.to_owned();
                taken.insert(name);
                continue;
            }
            let mut names = (2..).map(|at: u32| format!("{smallest}#{at}"));
            family.name = names.find(|name| is_free(name)).unwrap_or_default();
            numbered.insert(family.name.clone());
        }
    }
    families.sort_by(|left, right| left.name.cmp(&right.name));
}

/// The parts of every text, and for every joining edge the parts it joins.
fn take_apart(docs: &[Listed<'_>], edges: &[Edge]) -> (Vec<Part>, Vec<Option<(usize, usize)>>) {
    // Per text, its joining edges by place.
    let mut ends: Vec<(usize, &[Span], usize, bool)> = Vec::new();
    for (at, edge) in edges.iter().enumerate().filter(|(_, edge)| edge.joins) {
        ends.push((edge.a, &edge.a_spans, at, false));
        ends.push((edge.b, &edge.b_spans, at, true));
    }
    ends.sort_unstable();
    let mut parts: Vec<Part> = Vec::new();
    let mut part_of: Vec<Option<(usize, usize)>> =
        edges.iter().map(|edge| edge.joins.then_some((0, 0))).collect();
    let mut joined = vec![false; docs.len()];
    for of_text in ends.chunk_by(|left, right| left.0 == right.0) {
        joined[of_text[0].0] = true;
        let mut groups: Vec<(Part, Vec<usize>)> = Vec::new();
        // Groups that end before anything still to come are done with; only the others are looked at.
        let mut done: Vec<(Part, Vec<usize>)> = Vec::new();
        for (at, &(text, spans, ..)) in of_text.iter().enumerate() {
            let mut own = (Part { text, spans: spans.to_vec() }, vec![at]);
            let mut kept = Vec::with_capacity(groups.len() + 1);
            for group in groups {
                if group.0.spans.last().is_some_and(|last| last.end <= spans[0].start) {
                    done.push(group);
                } else if overlap(&group.0.spans, spans) {
                    own.0.spans = union([own.0.spans, group.0.spans].concat());
                    own.1.extend(group.1);
                } else {
                    kept.push(group);
                }
            }
            kept.push(own);
            groups = kept;
        }
        groups.extend(done);
        for (part, members) in groups {
            for member in members {
                let (_, _, edge, second) = of_text[member];
                if let Some((left, right)) = &mut part_of[edge] {
                    *(if second { right } else { left }) = parts.len();
                }
            }
            parts.push(part);
        }
    }
    for (text, doc) in docs.iter().enumerate().filter(|&(text, _)| !joined[text]) {
        parts.push(Part { text, spans: vec![Span::new(0, doc.length)] });
    }
    (parts, part_of)
}

fn overlap(left: &[Span], right: &[Span]) -> bool {
    let length = |spans: &[Span]| spans.iter().map(|span| span.len()).sum::<usize>();
    let mut shared = 0;
    let mut first = 0;
    for &span in left {
        while right.get(first).is_some_and(|other| other.end <= span.start) {
            first += 1;
        }
        for other in &right[first..] {
            if other.start >= span.end {
                break;
            }
            shared += other.intersect(span).map_or(0, Span::len);
        }
    }
    shared * 1000 >= length(left).min(length(right)) * OVERLAP
}

/// Takes stories apart again that hold texts cut from one pattern: what is most alike is joined first, and two
/// halves stay apart when enough pairs between them speak against one story.
fn refine(edges: &[Edge], part_of: &[Option<(usize, usize)>], mut forest: Forest) -> Forest {
    // Parts of every text that joined something.
    let mut parts_of: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (edge, parts) in edges.iter().zip(part_of) {
        if let &Some((left, right)) = parts {
            parts_of.entry(edge.a).or_default().push(left);
            parts_of.entry(edge.b).or_default().push(right);
        }
    }
    for parts in parts_of.values_mut() {
        parts.sort_unstable();
        parts.dedup();
    }
    let mut against: Vec<(usize, usize)> = Vec::new();
    for edge in edges.iter().filter(|edge| edge.template) {
        let (Some(left), Some(right)) = (parts_of.get(&edge.a), parts_of.get(&edge.b)) else { continue };
        for &one in left {
            against.extend(
                right
                    .iter()
                    .filter(|&&other| forest.root(one) == forest.root(other))
                    .map(|&other| (one, other)),
            );
        }
    }
    if against.is_empty() {
        return forest;
    }
    let mut torn: Vec<usize> = against.iter().map(|&(part, _)| forest.root(part)).collect();
    torn.sort_unstable();
    torn.dedup();
    let mut fresh = Forest::new(forest.len());
    // For every part, the parts it was compared with: how many pairs speak for one story, how many against.
    let mut votes: BTreeMap<usize, BTreeMap<usize, (u32, u32)>> = BTreeMap::new();
    let mut inside: Vec<usize> = Vec::new();
    for (at, parts) in part_of.iter().enumerate() {
        let &Some((left, right)) = parts else { continue };
        if torn.binary_search(&forest.root(left)).is_ok() {
            inside.push(at);
            votes.entry(left).or_default().entry(right).or_default().0 += 1;
            votes.entry(right).or_default().entry(left).or_default().0 += 1;
        } else {
            fresh.join(left, right);
        }
    }
    for &(left, right) in &against {
        votes.entry(left).or_default().entry(right).or_default().1 += 1;
        votes.entry(right).or_default().entry(left).or_default().1 += 1;
    }
    for at in 0..forest.len() {
        let root = forest.root(at);
        if torn.binary_search(&root).is_err() {
            fresh.join(at, root);
        }
    }
    inside.sort_by_key(|&at| (std::cmp::Reverse(edges[at].identity), at));
    for at in inside {
        let Some((left, right)) = part_of[at] else { continue };
        let (left, right) = (fresh.root(left), fresh.root(right));
        let (fors, againsts) = votes.get(&left).and_then(|row| row.get(&right)).copied().unwrap_or_default();
        if left == right || againsts * AGAINST >= fors {
            continue;
        }
        fresh.join(left, right);
        let kept = fresh.root(left);
        let gone = left.max(right);
        for (other, count) in votes.remove(&gone).unwrap_or_default() {
            if let Some(row) = votes.get_mut(&other) {
                row.remove(&gone);
                if other != kept {
                    let entry = row.entry(kept).or_default();
                    *entry = (entry.0 + count.0, entry.1 + count.1);
                }
            }
            if other != kept {
                let entry = votes.entry(kept).or_default().entry(other).or_default();
                *entry = (entry.0 + count.0, entry.1 + count.1);
            }
        }
    }
    fresh
}

/// Largest gap between two pieces of one article where another paper prints it in one, in units.
const SEAM: u32 = 40;

/// In how many times as many issues as another a story has to be for it to be no wonder that it is in all of the other's.
const EVERYWHERE: usize = 8;

/// Two parts of one text that follow each other, and whose stories have pieces in one paper of one day, are the
/// pieces of one article.
fn join_pieces(docs: &[Listed<'_>], rulers: &[Ruler], edges: &[Edge], parts: &[Part], forest: &mut Forest) {
    let mut page = vec![false; docs.len()];
    for edge in edges.iter().filter(|edge| edge.block && edge.joins) {
        page[edge.a] = true;
        page[edge.b] = true;
    }
    // Papers and days of the texts of every story that holds only part of a text.
    let mut parts_of: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, part) in parts.iter().enumerate() {
        parts_of.entry(part.text).or_default().push(at);
    }
    let several: Vec<&Vec<usize>> = parts_of.values().filter(|parts| parts.len() > 1).collect();
    if several.is_empty() {
        return;
    }
    let mut issues: BTreeMap<usize, Vec<(u32, i32)>> = BTreeMap::new();
    for (at, part) in parts.iter().enumerate() {
        if let (Some(outlet), Some(day)) = (docs[part.text].outlet, docs[part.text].day) {
            issues.entry(forest.root(at)).or_default().push((outlet, day));
        }
    }
    for list in issues.values_mut() {
        list.sort_unstable();
        list.dedup();
    }
    let page_is_both = |text: usize, both: &[usize]| {
        let held: u32 = both.iter().map(|&part| rulers[text].sum(&parts[part].spans)).sum();
        u64::from(held) * 1000 >= u64::from(rulers[text].total()) * WHOLE
    };
    let mut pieces: Vec<(usize, usize)> = Vec::new();
    // Stories that one text prints one before the other with something else between them.
    let mut apart: BTreeSet<(usize, usize)> = BTreeSet::new();
    for of_text in several {
        let own = docs[parts[of_text[0]].text].outlet.zip(docs[parts[of_text[0]].text].day);
        for (at, &left) in of_text.iter().enumerate() {
            for &right in &of_text[at + 1..] {
                let before = parts[left].spans.first() <= parts[right].spans.first();
                let (left, right) = if before { (left, right) } else { (right, left) };
                if !follows(rulers, &parts[left], &parts[right]) {
                    apart.insert((forest.root(left), forest.root(right)));
                    continue;
                }
                let (Some(left_issues), Some(right_issues)) =
                    (issues.get(&forest.root(left)), issues.get(&forest.root(right)))
                else {
                    continue;
                };
                // Two stories that one paper prints apart and another in one piece are not that: then each has
                // printings of its own elsewhere.
                let within = |some: &[(u32, i32)], others: &[(u32, i32)]| {
                    let mut rest = some.iter().filter(|&&issue| Some(issue) != own).peekable();
                    rest.peek().is_some() && rest.all(|issue| others.binary_search(issue).is_ok())
                };
                // Two stories that one paper prints, another often prints too, and a page may have them one after the
                // other. So it takes more to join them there than in a text that is nothing but the two.
                let (one, other) = (within(left_issues, right_issues), within(right_issues, left_issues));
                let whole = page_is_both(parts[left].text, &[left, right]);
                // A story that hundreds of papers print stands beside any other in some issue.
                let (few, many) =
                    (left_issues.len().min(right_issues.len()), left_issues.len().max(right_issues.len()));
                let beside = many <= few * EVERYWHERE;
                if one && other || (one || other) && beside && (!page[parts[left].text] || whole) {
                    pieces.push((left, right));
                }
            }
        }
    }
    // Pieces of an article may be parted by another's, but they come in its order.
    pieces.retain(|&(left, right)| !apart.contains(&(forest.root(right), forest.root(left))));
    for (left, right) in pieces {
        forest.join(left, right);
    }
}

/// Whether the second of two parts of a text goes on where the first ends.
fn follows(rulers: &[Ruler], first: &Part, second: &Part) -> bool {
    let (Some(before), Some(after)) = (first.spans.last(), second.spans.first()) else { return false };
    let ruler = &rulers[first.text];
    ruler.before(after.start).abs_diff(ruler.before(before.end)) <= SEAM
}

fn edges_of_texts(texts: usize, edges: &[Edge]) -> Vec<Vec<usize>> {
    let mut edges_of = vec![Vec::new(); texts];
    for (at, edge) in edges.iter().enumerate() {
        edges_of[edge.a].push(at);
        edges_of[edge.b].push(at);
    }
    edges_of
}

/// Texts outside each story that share something with a member of it.
fn relate(
    docs: &[Listed<'_>],
    edges: &[Edge],
    stories_of: &[Vec<usize>],
    stories: usize,
) -> Vec<Vec<Member>> {
    let mut touching: Vec<BTreeMap<usize, (Relation, Vec<Span>)>> = vec![BTreeMap::new(); stories];
    for edge in edges.iter().filter(|edge| !edge.joins) {
        let both = [(edge.a, edge.b, &edge.b_spans), (edge.b, edge.a, &edge.a_spans)];
        for (inside, outside, spans) in both {
            for &story in &stories_of[inside] {
                if stories_of[outside].contains(&story) {
                    continue;
                }
                let entry = touching[story].entry(outside).or_insert_with(|| (edge.outside, Vec::new()));
                // The closest relation to any member counts.
                entry.0 = entry.0.min(edge.outside);
                entry.1.extend(spans);
            }
        }
    }
    touching
        .into_iter()
        .map(|texts| {
            let mut related: Vec<(&str, Member)> = texts
                .into_iter()
                .map(|(text, (relation, spans))| {
                    (docs[text].name, Member { key: docs[text].key, relation, spans: union(spans) })
                })
                .collect();
            related.sort_by(|left, right| (left.0, left.1.key).cmp(&(right.0, right.1.key)));
            related.into_iter().map(|(_, member)| member).collect()
        })
        .collect()
}

fn describe(
    docs: &[Listed<'_>],
    rulers: &[Ruler],
    edges: &[Edge],
    edges_of: &[Vec<usize>],
    members: &[Part],
    alone: &[bool],
    related: Vec<Member>,
) -> Family {
    // A text of one story prints that story from end to end. A text of several prints it where another
    // printing shows it to.
    let spans_of = |part: &Part| {
        if alone[part.text] { vec![Span::new(0, docs[part.text].length)] } else { part.spans.clone() }
    };
    if let [only] = members {
        let (relation, spans) = (Relation::Full, spans_of(only));
        let members = vec![Member { key: docs[only.text].key, relation, spans }];
        return Family { name: String::new(), members, related };
    }
    let length = |part: &Part| {
        let ruler = &rulers[part.text];
        u64::from(if alone[part.text] { ruler.total() } else { ruler.sum(&part.spans) })
    };
    let lengths: Vec<u64> = members.iter().map(length).collect();
    let longest = lengths.iter().copied().max().unwrap_or(0);
    let whole = |at: usize| lengths[at] * 1000 >= longest * WHOLE;
    let place: BTreeMap<usize, usize> =
        members.iter().enumerate().map(|(at, part)| (part.text, at)).collect();
    let issue = |at: usize| docs[members[at].text].outlet.zip(docs[members[at].text].day);
    let mut issues: Vec<(u32, i32)> = (0..members.len()).filter(|&at| !whole(at)).filter_map(issue).collect();
    issues.sort_unstable();
    let pieces = |at: usize| {
        issue(at).is_some_and(|own| {
            issues.iter().skip_while(|&&other| other < own).take_while(|&&other| other == own).count() > 1
        })
    };
    let mut printings: Vec<(&str, Member)> = members
        .iter()
        .enumerate()
        .map(|(at, part)| {
            let relation = if whole(at) {
                Relation::Full
            } else if pieces(at) {
                // Two parts of it in one issue: the article goes on at another place.
                Relation::Excerpt
            } else {
                let full = edges_of[part.text].iter().map(|&edge| &edges[edge]).find_map(|edge| {
                    let (other, spans) =
                        if edge.a == part.text { (edge.b, &edge.b_spans) } else { (edge.a, &edge.a_spans) };
                    place.get(&other).filter(|&&other| edge.joins && whole(other)).map(|_| (other, spans))
                });
                full.map_or(Relation::Abridged, |(other, spans)| cut_or_piece(&rulers[other], spans))
            };
            let doc = &docs[part.text];
            (doc.name, Member { key: doc.key, relation, spans: spans_of(part) })
        })
        .collect();
    printings.sort_by(|left, right| (left.0, left.1.key).cmp(&(right.0, right.1.key)));
    Family {
        name: String::new(),
        members: printings.into_iter().map(|(_, member)| member).collect(),
        related,
    }
}

/// Whether what stands at `spans` of a full printing is the story shortened, or a piece out of it.
fn cut_or_piece(full: &Ruler, spans: &[Span]) -> Relation {
    let (Some(first), Some(last)) = (spans.first(), spans.last()) else { return Relation::Abridged };
    let total = u64::from(full.total());
    let (start, end) = (u64::from(full.before(first.start)), u64::from(full.before(last.end)));
    let starts = start * 1000 <= total * HEAD;
    let ends = end * 1000 >= total * (1000 - HEAD);
    if starts || ends && u64::from(full.sum(spans)) * 1000 < (end - start) * WHOLE {
        Relation::Abridged
    } else {
        Relation::Excerpt
    }
}

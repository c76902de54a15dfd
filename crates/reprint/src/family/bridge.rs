//! A text that shares the same stretch with two others, which are two stories of one pattern, shares the pattern with
//! them and no story.

use shiliu_text::Span;

use super::edge::Edge;
use super::{Relation, extent::subtract};

/// Of two stretches of one text, at most one part in so many of either may lie outside the other for them to be the same.
const SAME: usize = 5;

/// Lets no text join two that are known for two stories of one pattern by the stretch that all three share.
pub(super) fn take_down(edges: &mut [Edge]) {
    let pair = |edge: &Edge| (edge.a.min(edge.b), edge.a.max(edge.b));
    let mut against: Vec<(usize, usize)> = edges.iter().filter(|edge| edge.parted).map(pair).collect();
    against.sort_unstable();
    against.dedup();
    if against.is_empty() {
        return;
    }
    let mut torn: Vec<usize> = against.iter().flat_map(|&(one, other)| [one, other]).collect();
    torn.sort_unstable();
    torn.dedup();
    // Text, partner and the pair, where there is a doubt.
    let mut partners: Vec<(usize, usize, usize)> = Vec::new();
    for (at, edge) in edges.iter().enumerate().filter(|(_, edge)| edge.joins && !edge.plainly && !edge.block)
    {
        partners.extend([(edge.a, edge.b, at), (edge.b, edge.a, at)]);
    }
    partners.sort_unstable();
    let mut bridges: Vec<usize> = Vec::new();
    for of_text in partners.chunk_by(|left, right| left.0 == right.0) {
        let spans = |at: usize| {
            let edge = &edges[at];
            if edge.a == of_text[0].0 { &edge.a_spans } else { &edge.b_spans }
        };
        let known: Vec<_> = of_text.iter().filter(|one| torn.binary_search(&one.1).is_ok()).collect();
        for (place, &&(_, one, at)) in known.iter().enumerate() {
            let apart = known[place + 1..].iter().any(|&&(_, other, with)| {
                against.binary_search(&(one, other)).is_ok() && same(spans(at), spans(with))
            });
            if apart {
                let alike = of_text.iter().filter(|&&(.., with)| same(spans(at), spans(with)));
                bridges.extend(alike.map(|&(.., with)| with));
            }
        }
    }
    for at in bridges {
        let edge = &mut edges[at];
        (edge.joins, edge.template, edge.outside) = (false, true, Relation::SharedPassage);
    }
}

/// Whether stretches of one text are about the same.
fn same(some: &[Span], others: &[Span]) -> bool {
    let length = |spans: &[Span]| spans.iter().map(|span| span.len()).sum::<usize>();
    let within = |some: &[Span], others: &[Span]| length(&subtract(some, others)) * SAME <= length(some);
    within(some, others) && within(others, some)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edge(a: usize, b: usize, joins: bool, parted: bool) -> Edge {
        let spans = vec![Span { start: 0, end: 600 }];
        Edge {
            a,
            b,
            joins,
            plainly: false,
            half: true,
            block: false,
            template: false,
            parted,
            identity: 950,
            outside: Relation::SharedPassage,
            a_spans: spans.clone(),
            b_spans: spans,
        }
    }

    #[test]
    fn what_a_text_shares_with_two_stories_of_one_pattern_is_the_pattern() {
        let joined = |edges: &mut [Edge]| {
            take_down(edges);
            edges.iter().map(|edge| edge.joins).collect::<Vec<_>>()
        };
        // 0 and 1 print one story, 2 and 3 another; 4 has the pattern and an end of its own.
        let all = || {
            vec![
                edge(0, 1, true, false),
                edge(0, 4, true, false),
                edge(1, 2, false, true),
                edge(1, 4, true, false),
                edge(2, 3, true, false),
                edge(2, 4, true, false),
            ]
        };
        assert_eq!(joined(&mut all()), [true, false, false, false, true, false]);
        // Not where it shares another stretch with the other story: it may print both.
        let mut other = all();
        other[5].b_spans = vec![Span { start: 700, end: 1300 }];
        assert_eq!(joined(&mut other), [true, true, false, true, true, true]);
        // Nor where nearly all of it stands in one of them.
        let mut plain = all();
        (plain[1].plainly, plain[3].plainly) = (true, true);
        assert_eq!(joined(&mut plain), [true, true, false, true, true, true]);
    }
}

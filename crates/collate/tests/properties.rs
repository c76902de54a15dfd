//! What must hold of every collation, whatever the texts.

mod shared;

use proptest::prelude::*;
use shared::{PlainFold, check, story, witness};
use shiliu_collate::{NeutralJudge, Witness, collate};
use shiliu_text::Span;

/// Variants of one text: some characters dropped, doubled, changed, a stretch cut or moved.
fn printings() -> impl Strategy<Value = Vec<String>> {
    let text = proptest::collection::vec(
        prop::sample::select("山水风云城港口岸路桥会议，。—\n a1".chars().collect::<Vec<_>>()),
        0..160,
    );
    let edits = proptest::collection::vec(
        (
            0usize..160,
            0u8..7,
            1usize..60,
            prop::sample::select("甲乙丙丁，－ \n".chars().collect::<Vec<_>>()),
        ),
        0..6,
    );
    (text, proptest::collection::vec(edits, 1..5)).prop_map(|(text, all)| {
        all.into_iter()
            .map(|edits| {
                let mut own = text.clone();
                for (at, what, length, glyph) in edits {
                    if own.is_empty() {
                        break;
                    }
                    let at = at % own.len();
                    let end = (at + length).min(own.len());
                    match what {
                        0 => {
                            own.remove(at);
                        }
                        1 => own.insert(at, glyph),
                        2 => own[at] = glyph,
                        3 => {
                            own.drain(at..end);
                        }
                        4 => {
                            let moved: Vec<char> = own.drain(at..end).collect();
                            own.extend(moved);
                        }
                        5 => own.truncate(end),
                        _ => {
                            let doubled: Vec<char> = own[at..end].to_vec();
                            own.splice(end..end, doubled);
                        }
                    }
                }
                own.into_iter().collect()
            })
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn printings_of_one_text_come_back(texts in printings()) {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        check(&story(&texts));
    }

    #[test]
    fn any_texts_come_back(texts in proptest::collection::vec("\\PC{0,40}", 0..5)) {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        check(&story(&texts));
    }

    #[test]
    fn the_order_of_witnesses_changes_nothing(texts in printings(), turn in 0usize..5) {
        let mut witnesses: Vec<Witness> =
            texts.iter().enumerate().map(|(at, text)| witness(&at.to_string(), text)).collect();
        let first = collate(&witnesses, &PlainFold, &NeutralJudge);
        let turn = turn % witnesses.len();
        witnesses.rotate_left(turn);
        witnesses.reverse();
        prop_assert_eq!(first, collate(&witnesses, &PlainFold, &NeutralJudge));
    }

    #[test]
    fn a_span_of_the_established_text_is_found_in_its_witnesses(texts in printings(), at in 0usize..200, length in 1usize..30) {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let story = story(&texts);
        let bytes: Vec<usize> = story.established.char_indices().map(|(at, _)| at).chain([story.established.len()]).collect();
        let place = |at: usize| bytes[at.min(bytes.len() - 1)];
        let span = Span::new(place(at), place(at + length));
        let free = !story.loci.iter().any(|locus| locus.at.overlaps(span) || span.range().contains(&(locus.at.start as usize)));
        for (index, witness) in story.witnesses.iter().enumerate() {
            let found = story.in_witness(span, index);
            if free && !span.is_empty() {
                prop_assert_eq!(found.map(|found| found.of(&witness.text)), Some(span.of(&story.established)));
            }
            if let Some(found) = found {
                prop_assert!(witness.text.get(found.range()).is_some());
            }
        }
    }

    #[test]
    fn only_the_covered_part_is_collated(texts in printings(), cut in 0usize..40, gap in 0usize..40) {
        let witnesses: Vec<Witness> = texts
            .iter()
            .enumerate()
            .map(|(at, text)| {
                let bytes: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
                let place = |at: usize| bytes[at.min(bytes.len() - 1)];
                let (one, other) = (place(cut), place(cut + gap + at));
                let coverage = vec![Span::new(0, one), Span::new(other.max(one), text.len())];
                Witness { coverage, ..witness(&at.to_string(), text) }
            })
            .collect();
        let story = collate(&witnesses, &PlainFold, &NeutralJudge).value;
        for at in 0..witnesses.len() {
            prop_assert_eq!(story.rebuild(at), shared::covered(&story.witnesses[at]));
        }
    }
}

#[test]
fn extremes_neither_panic_nor_lose_a_character() {
    check(&story(&[]));
    check(&story(&[""]));
    check(&story(&["", "", ""]));
    check(&story(&["", "a"]));
    check(&story(&["\n \n"]));
    check(&story(&["\n", " ", "x"]));
    check(&story(&["山", "水"]));
    check(&story(&["\u{0}\u{1}\u{fffd}", "\u{0}\u{2}"]));
    let long = "口".repeat(50_000);
    check(&story(&[&long, &long[3..], &format!("{long}岸")]));
    check(&story(&[&"ab".repeat(20_000), &"ba".repeat(15_000)]));
    let unlike = collate(
        &[witness("1", &"alpha beta gamma ".repeat(40)), witness("2", &"0123456789".repeat(60))],
        &PlainFold,
        &NeutralJudge,
    );
    check(&unlike.value);
    assert_eq!(unlike.diagnostics.len(), 2);
}

//! Witnesses for tests.
#![allow(dead_code, reason = "each test file uses its own part")]

use shiliu_collate::{NeutralJudge, Story, Witness, collate};
use shiliu_text::{Derived, Digest, Fold, Layer, Span};

/// A story that has its own words again and again.
pub(crate) const TEXT: &str = "六港理事会在北岛开会，商定修缮灯塔的办法。秘书长说，修缮灯塔要用三年，\
    理事会每年拨款一次。南礁的渔民盼望修缮灯塔，石湾的商会愿意出力。理事会主席在会上说，北岛的灯塔照亮了六港的海路，\
    修缮灯塔就是修缮六港的海路。会议还听取了秘书长关于渔港的报告，商会代表在会上发言。渔民说，北岛的灯塔年久失修，\
    夜里看不清海路。理事会请石湾的商会估算费用，请南礁的渔民看守工地。明年理事会将在石湾开会，听取修缮灯塔的报告。";

/// A small folding of our own: white space vanishes, dashes and full-width letters fold.
pub(crate) struct PlainFold;

impl Fold for PlainFold {
    fn fold(&self, _layer: &Layer) -> Derived {
        Derived::default()
    }
    fn fold_char(&self, character: char) -> Option<char> {
        match character {
            '－' | '-' | '–' => Some('—'),
            '”' => Some('“'),
            '’' => Some('‘'),
            '，' => Some(','),
            '！'..='～' => char::from_u32(character as u32 - 0xfee0),
            _ if character.is_whitespace() => None,
            _ => Some(character),
        }
    }
    fn digest(&self) -> Digest {
        Digest::default()
    }
}

/// A witness that covers all of its text.
pub(crate) fn witness(key: &str, text: &str) -> Witness {
    Witness {
        key: key.to_owned(),
        rank: key.to_owned(),
        text: text.to_owned(),
        coverage: vec![Span::new(0, text.len())],
        engine: None,
    }
}

/// The story of some texts, with witnesses named by number.
pub(crate) fn story(texts: &[&str]) -> Story {
    let witnesses: Vec<Witness> =
        texts.iter().enumerate().map(|(at, text)| witness(&format!("{at:03}"), text)).collect();
    collate(&witnesses, &PlainFold, &NeutralJudge).value
}

/// What a witness covers.
pub(crate) fn covered(witness: &Witness) -> String {
    witness.coverage.iter().map(|span| span.of(&witness.text)).collect()
}

/// Everything that must hold of any story.
pub(crate) fn check(story: &Story) {
    let count = story.witnesses.len();
    for at in 0..count {
        let text = covered(&story.witnesses[at]);
        assert_eq!(story.rebuild(at), text, "witness {at} does not come back");
        assert_eq!(story.rebuild_by_place(at), text, "witness {at} does not come back by place");
        for (here, there) in &story.agreements[at] {
            assert_eq!(here.of(&story.established), there.of(&story.witnesses[at].text));
        }
    }
    let mut reached = 0;
    for locus in &story.loci {
        assert!(locus.at.start >= reached, "loci overlap");
        reached = locus.at.end;
        let mut seen: Vec<usize> =
            locus.readings.iter().flat_map(|reading| reading.witnesses.iter().map(|(at, _)| *at)).collect();
        seen.sort_unstable();
        assert_eq!(seen, (0..count).collect::<Vec<_>>(), "witness sets are not disjoint and complete");
        assert!(locus.readings.len() > 1);
        let lemma = &locus.readings[locus.lemma];
        assert_eq!(lemma.text, locus.at.of(&story.established));
        assert_eq!(lemma.probability, locus.confidence);
        assert_eq!(locus.readings.iter().map(|reading| reading.probability).sum::<u32>(), 1000);
        for (at, reading) in locus.readings.iter().enumerate() {
            assert_eq!(reading.kind.is_none(), at == locus.lemma);
            assert_eq!(reading.cause.is_none(), at == locus.lemma);
            for (witness, span) in &reading.witnesses {
                let stands = &story.witnesses[*witness];
                if stands.coverage.len() == 1 {
                    assert_eq!(span.of(&stands.text), reading.text);
                }
            }
        }
    }
}

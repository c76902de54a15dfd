//! What decisions rest on: the rest of the story, and what is said of it.

mod shared;

use shared::{check, story};
use shiliu_collate::formats::{read_tei, tei, terminal};
use shiliu_collate::{Decision, Ground, Locus, Story};

/// A story that has its own words again and again.
const TEXT: &str = "六港理事会在北岛开会，商定修缮灯塔的办法。秘书长说，修缮灯塔要用三年，\
    理事会每年拨款一次。南礁的渔民盼望修缮灯塔，石湾的商会愿意出力。理事会主席在会上说，北岛的灯塔照亮了六港的海路，\
    修缮灯塔就是修缮六港的海路。会议还听取了秘书长关于渔港的报告，商会代表在会上发言。渔民说，北岛的灯塔年久失修，\
    夜里看不清海路。理事会请石湾的商会估算费用，请南礁的渔民看守工地。明年理事会将在石湾开会，听取修缮灯塔的报告。";

/// The text with the `nth` occurrence of a word printed otherwise.
fn printed(word: &str, nth: usize, other: &str) -> String {
    let (at, _) = TEXT.match_indices(word).nth(nth).expect("the word stands so often");
    format!("{}{other}{}", &TEXT[..at], &TEXT[at + word.len()..])
}

fn only_locus(story: &Story) -> &Locus {
    check(story);
    let [locus] = &story.loci[..] else { panic!("one locus: {:?}", story.loci) };
    locus
}

fn lemma(locus: &Locus) -> &str {
    &locus.readings[locus.lemma].text
}

#[test]
fn of_three_different_readings_the_one_that_the_story_has_elsewhere_stands() {
    let texts = [printed("灯塔", 3, "灯垄"), printed("灯塔", 3, "灯塔"), printed("灯塔", 3, "灯壶")];
    let found = story(&[&texts[0], &texts[1], &texts[2]]);
    let locus = only_locus(&found);
    assert_eq!(lemma(locus), "塔");
    let usage = |text: &str| {
        let reading = locus.readings.iter().find(|reading| reading.text == text).unwrap();
        reading.grounds.iter().find(|(ground, _)| *ground == Ground::Usage).map_or(0, |(_, odds)| *odds)
    };
    assert!(usage("垄") < 0 && usage("壶") < 0, "{locus:?}");
    assert_eq!(usage("塔"), 0);
}

/// Both words stand in the story: what the story prints elsewhere does not choose between them.
#[test]
fn a_word_of_the_story_for_another_stays_undecided() {
    let texts = [printed("渔民说", 0, "主席说"), TEXT.to_owned()];
    let found = story(&[&texts[0], &texts[1]]);
    check(&found);
    assert!(found.loci.iter().all(|locus| locus.decision == Decision::Undecided), "{:?}", found.loci);
}

#[test]
fn grounds_are_what_the_others_have_beyond_the_lemma() {
    let texts = [printed("的灯塔", 0, "灯塔"), TEXT.to_owned()];
    let found = story(&[&texts[0], &texts[1]]);
    let locus = only_locus(&found);
    assert_eq!(lemma(locus), "的");
    assert_eq!(locus.readings[locus.lemma].grounds, []);
    let grounds = &locus.readings[1 - locus.lemma].grounds;
    let sum: i32 = grounds.iter().map(|(_, odds)| odds).sum();
    assert!(sum < -500, "{grounds:?}");
    assert!(grounds.iter().any(|(ground, odds)| *ground == Ground::Manner && *odds < 0), "{grounds:?}");
}

/// One printing has misread the first letter of a word, the other the second.
#[test]
fn what_two_damaged_readings_hide_is_offered_apart() {
    let texts =
        [printed("修缮灯塔的报告", 0, "修缮盯塔的报告"), printed("修缮灯塔的报告", 0, "修缮灯垮的报告")];
    let found = story(&[&texts[0], &texts[1]]);
    let locus = only_locus(&found);
    assert_eq!(locus.conjecture.as_deref(), Some("灯塔"), "{locus:?}");
    assert!(!found.established.contains("修缮灯塔的报告"), "never part of the established text");
    assert!(terminal(&found).contains("~ 灯塔  conjecture"));
    assert_eq!(read_tei(&tei(&found)).unwrap().loci[0].conjecture.as_deref(), Some("灯塔"));
}

#[test]
fn a_reading_that_the_story_has_needs_no_conjecture() {
    let texts = [printed("灯塔", 3, "灯垄"), TEXT.to_owned()];
    assert_eq!(only_locus(&story(&[&texts[0], &texts[1]])).conjecture, None);
}

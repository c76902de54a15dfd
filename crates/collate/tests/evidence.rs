//! What decisions rest on: the rest of the story, and what is said of it.

mod shared;

use shared::{PlainFold, TEXT, check, story, witness};
use shiliu_collate::formats::{read_tei, tei, terminal};
use shiliu_collate::{Decision, Ground, Judge, Locus, NeutralJudge, Story, Substance, Witness, collate};

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

/// Knows which characters stand side by side in the story, as a model of the language would.
struct Reader;

impl Reader {
    fn knows(left: Option<char>, right: Option<char>) -> bool {
        let (Some(left), Some(right)) = (left, right) else { return false };
        TEXT.contains(&format!("{left}{right}"))
    }
}

impl Judge for Reader {
    fn reliability(&self, witness: &Witness) -> i32 {
        NeutralJudge.reliability(witness)
    }
    fn confusable(&self, _printed: char, _meant: char) -> i32 {
        0
    }
    fn attested(&self, _left: &str, _reading: &str, _right: &str) -> i32 {
        0
    }
    fn substantive(&self, left: &str, reading: &str, right: &str) -> Option<Substance> {
        NeutralJudge.substantive(left, reading, right)
    }
    fn reads_on(&self, left: &str, right: &str) -> i32 {
        if Reader::knows(left.chars().next_back(), right.chars().next()) { 3000 } else { -500 }
    }
    fn worded(&self, left: &str, reading: &str, right: &str) -> Option<i32> {
        let text: Vec<char> = format!("{left}{reading}{right}").chars().collect();
        let met = text.windows(2).filter(|pair| Reader::knows(Some(pair[0]), Some(pair[1]))).count();
        let strange = i32::try_from(text.len() - 1 - met).unwrap();
        Some(-2000 * i32::try_from(reading.chars().count()).unwrap() - 4000 * strange)
    }
}

fn read_by(judge: &dyn Judge, texts: &[&str]) -> Story {
    let witnesses: Vec<Witness> =
        texts.iter().enumerate().map(|(at, text)| witness(&format!("{at:03}"), text)).collect();
    let found = collate(&witnesses, &PlainFold, judge).value;
    check(&found);
    found
}

/// The characters `block` of the text stand before the one that was `to`.
fn moved(block: std::ops::Range<usize>, to: usize) -> String {
    let text: Vec<char> = TEXT.chars().collect();
    let parts = [&text[..block.start], &text[block.end..to], &text[block], &text[to..]];
    parts.concat().into_iter().collect()
}

/// Lines cut in mid-sentence were put elsewhere: the seams tell which of two printings is in order, whichever comes first.
#[test]
fn a_block_stands_where_the_language_reads_on() {
    let broken = moved(41..84, 131);
    for texts in [[TEXT, broken.as_str()], [broken.as_str(), TEXT]] {
        let found = read_by(&Reader, &texts);
        assert_eq!(found.established, TEXT);
        let ends: Vec<&Locus> = found.loci.iter().filter(|locus| locus.moved.is_some()).collect();
        assert_eq!(ends.len(), 2, "{:?}", found.loci);
        assert!(ends.iter().all(|locus| locus.decision == Decision::Decided), "{ends:?}");
    }
}

#[test]
fn what_the_language_says_of_a_reading_is_named() {
    let texts = [printed("年久失修", 0, "年火失修"), TEXT.to_owned()];
    let found = read_by(&Reader, &[&texts[0], &texts[1]]);
    let locus = only_locus(&found);
    assert_eq!(lemma(locus), "久");
    let grounds = &locus.readings[1 - locus.lemma].grounds;
    assert!(grounds.iter().any(|(ground, odds)| *ground == Ground::Language && *odds < 0), "{grounds:?}");
}

/// One of two printings that agree on the place of a block lost the full stop before it: still two against one.
#[test]
fn a_lost_mark_beside_a_moved_block_divides_no_votes() {
    let sentence = |nth: usize| TEXT.char_indices().filter(|(_, one)| *one == '。').nth(nth).unwrap().0 + 3;
    let (start, end, to) = (sentence(0), sentence(2), sentence(4));
    let broken = format!("{}{}{}{}", &TEXT[..start], &TEXT[end..to], &TEXT[start..end], &TEXT[to..]);
    let damaged = format!("{}{}", &TEXT[..start - 3], &TEXT[start..]);
    for texts in [[TEXT, &damaged, &broken], [&broken, TEXT, &damaged], [&damaged, &broken, TEXT]] {
        let found = read_by(&NeutralJudge, &texts);
        assert_eq!(found.established, TEXT);
        let numbers: Vec<u32> = found.loci.iter().filter_map(|locus| locus.moved).collect();
        assert!(numbers.iter().all(|number| *number == 1), "{numbers:?}");
    }
}

/// Of five printings one lost the foot of a column, and in another a foreign text stands within the same lines.
#[test]
fn a_foreign_insert_elsewhere_does_not_hide_who_has_a_lost_stretch() {
    let at = |nth: usize| TEXT.char_indices().nth(nth).unwrap().0;
    let lost = format!("{}{}", &TEXT[..at(43)], &TEXT[at(90)..]);
    let foreign =
        "谷雨前后茶农上山采茶，炒青的香气飘满了整条老街，客人循着味道找来，买上半斤新茶带回城里慢慢喝。";
    let inserted = format!("{}{foreign}{foreign}{}", &TEXT[..at(60)], &TEXT[at(60)..]);
    let found = read_by(&NeutralJudge, &[TEXT, &lost, TEXT, &inserted, TEXT]);
    assert_eq!(found.established, TEXT);
}

/// Lines are broken elsewhere in each printing: two words that changed places are one difference all the same.
#[test]
fn swapped_words_are_one_difference_across_a_line_end() {
    let swapped = printed("修缮灯塔的报告", 0, "灯塔修缮的报告");
    let broken = printed("修缮灯塔的报告", 0, "修缮灯\n塔的报告");
    let found = read_by(&NeutralJudge, &[&swapped, &broken, TEXT]);
    let words: Vec<&Locus> = found.loci.iter().filter(|locus| locus.at.len() > 3).collect();
    let [locus] = &words[..] else { panic!("{:?}", found.loci) };
    assert!(locus.readings.iter().any(|reading| reading.text == "灯塔修缮"), "{locus:?}");
    assert_eq!(found.loci.len(), 1, "{:?}", found.loci);
}

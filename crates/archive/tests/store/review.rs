//! Review: what is asked once, looked at twice, taken back; what a decision leads to between the stages.

use std::fs;

use shiliu_archive::store::{
    AddOptions, Answer, Archive, Consequence, Draft, Item, ItemFilter, ItemKind, Paging, Sight,
};
use shiliu_ledger::LinkVerb;
use shiliu_ledger::register::{Act, Detail, Details, Stage, Stamp, Status, Verdict};

use crate::fixture::{Holding, WHEN};
use crate::register::{FIRST, SECOND, WORDS, enter, keep, key_of, on, stamp, undo};

/// The built-in sample, read.
pub(crate) fn sample() -> (tempfile::TempDir, Archive) {
    let folder = tempfile::tempdir().unwrap();
    let archive = Archive::create(folder.path(), "lanhai").unwrap();
    let pages = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sample/pages");
    let pack = shiliu_lang::Pack::load(shiliu_lang::builtin()).value;
    let profile = shiliu_lang::Profile::load("lanhai", shiliu_lang::builtin()).value;
    archive.writer().unwrap().add(&[pages], &pack, &profile, &AddOptions::at(WHEN)).unwrap();
    (folder, archive)
}

#[test]
fn review_asks_once_looks_twice_and_keeps_disagreement() {
    let (_folder, archive) = sample();
    let archive = &archive;
    let all =
        |who: &str, sight: Sight| ItemFilter { kinds: vec![ItemKind::Candidate], sight, who: who.to_owned() };
    let waiting = |who: &str, sight: Sight| {
        let reader = archive.reader().unwrap();
        reader.queue(&all(who, sight), Paging::default()).unwrap().rows
    };
    let first = waiting("anna", Sight::Waiting);
    assert!(first.len() >= 2, "the pages promise something: {first:?}");
    // Looking decides nothing.
    assert_eq!(waiting("anna", Sight::Waiting), first);
    assert_eq!(archive.reader().unwrap().register_head().unwrap(), None);

    let answer = |item: &str, verdict: Verdict, who: &str| {
        let reader = archive.reader().unwrap();
        let mut edits = Details::default();
        edits.set(Detail::Due, "2033-04-05");
        let answer = Answer { verdict, choice: None, edits };
        let consequence = reader.consequence(item, &answer, stamp(who, WHEN)).unwrap();
        archive.writer().unwrap().settle(vec![consequence]).unwrap().kept.pop().unwrap()
    };
    let printed_twice = |item: &&shiliu_archive::store::ItemSummary| {
        let record = item.key.trim_start_matches("record:");
        let suggestion = archive.reader().unwrap().suggestion(record).unwrap().unwrap();
        suggestion.grounds.iter().filter(|ground| ground.says.is_none()).count() >= 2
    };
    let item = first.iter().find(printed_twice).unwrap().key.clone();
    let kept = answer(&item, Verdict::Accept, "anna");
    let key = kept.subject.clone().unwrap();
    let view = archive.reader().unwrap().entry(&key).unwrap().unwrap();
    assert_eq!(view.entry.details.get(Detail::Due), "2033-04-05", "put right while accepting");
    assert!(view.row.printings >= 2, "both papers print it: {:?}", view.row);
    assert!(view.row.origins >= 1 && view.row.origins < view.row.printings, "printings are no origins");
    assert!(!waiting("anna", Sight::Waiting).iter().any(|known| known.key == item));

    // A second reviewer sees what the first decided, disagrees, and both stand.
    assert!(waiting("anna", Sight::Second).is_empty());
    assert_eq!(waiting("boris", Sight::Second)[0].key, item);
    let no = answer(&item, Verdict::Reject, "boris");
    assert!(waiting("boris", Sight::Second).is_empty());
    let disagreed = waiting("boris", Sight::Disagreed);
    assert_eq!(
        disagreed[0].verdicts,
        [("anna".to_owned(), Verdict::Accept), ("boris".to_owned(), Verdict::Reject)]
    );
    assert!(archive.reader().unwrap().entry(&key).unwrap().is_some(), "a disagreement removes nothing");
    keep(archive, undo(no.number)).unwrap();
    assert!(waiting("boris", Sight::Disagreed).is_empty());

    // Undoing the acceptance gives the record back to the queue.
    keep(archive, undo(kept.number)).unwrap();
    assert_eq!(waiting("anna", Sight::Waiting), first);
    let last = archive.reader().unwrap().last_act_of("anna").unwrap();
    assert_eq!(last.map(|event| event.number), None, "nothing of hers holds");
}

#[test]
fn an_outside_correction_is_an_item_and_is_answered() {
    let holding = Holding::new();
    holding.add();
    let archive = &holding.archive;
    let act = Act::Submit { from: "a reader".into(), text: "it was 500".into(), about: FIRST.into() };
    let sent =
        keep(archive, Draft { stamp: stamp("a reader", WHEN), subject: None, item: None, act }).unwrap();
    let item = format!("outside:{}", sent.number);
    let reader = archive.reader().unwrap();
    let listed = reader.queue(&ItemFilter::default(), Paging::default()).unwrap();
    assert_eq!(listed.rows[0].key, item, "it comes first");
    let silent = reader.consequence(&item, &Verdict::Accept.into(), stamp("anna", WHEN));
    assert!(silent.unwrap_err().to_string().contains("answered"));
    let why = Stamp { why: "mended with correction 1".into(), ..stamp("anna", WHEN) };
    let consequence = reader.consequence(&item, &Verdict::Accept.into(), why).unwrap();
    archive.writer().unwrap().settle(vec![consequence]).unwrap();
    let reader = archive.reader().unwrap();
    assert!(reader.item_history(&item).unwrap().iter().any(|(event, _)| event.stamp.why.contains("mended")));
    let counts = reader.queue_counts(&ItemFilter { kinds: vec![ItemKind::Outside], ..ItemFilter::default() });
    assert_eq!(counts.unwrap()[0].1, 0);
}

#[test]
fn an_undecided_reading_is_chosen_in_review() {
    let holding = Holding::new();
    holding.add();
    let path = holding.pages().join(SECOND);
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("300名", "500名")).unwrap();
    holding.add();
    let archive = &holding.archive;
    let reader = archive.reader().unwrap();
    let filter = ItemFilter { kinds: vec![ItemKind::Reading], ..ItemFilter::default() };
    let found = reader.queue(&filter, Paging::default()).unwrap();
    assert_eq!(found.total, 1, "300 or 500: the evidence does not tell");
    let item = &found.rows[0].key;
    let Some(Item::Reading { story, locus }) = reader.item(item).unwrap() else { panic!("{item}") };
    let view = reader.story(&story).unwrap().unwrap();
    let chosen = view.loci[locus].readings.iter().position(|reading| reading.text.contains('5')).unwrap();
    let answer = Answer { verdict: Verdict::Accept, choice: Some(chosen), edits: Details::default() };
    let consequence = reader.consequence(item, &answer, stamp("anna", WHEN)).unwrap();
    let settle = |consequence: Consequence| -> i64 {
        let mut writer = archive.writer().unwrap();
        let settled = writer.settle(vec![consequence]).unwrap();
        assert!(settled.corrected, "it takes effect when the pages are read again");
        writer.refresh(&holding.pack, &holding.profile, &AddOptions::at(WHEN)).unwrap();
        settled.kept[0].number
    };
    let waiting = || archive.reader().unwrap().queue(&filter, Paging::default()).unwrap().total;
    let chosen = || archive.reader().unwrap().story(&story).unwrap().unwrap().established.contains("500名");
    let accepted = settle(consequence);
    assert!(chosen() && waiting() == 0);
    // Taken back, the correction goes with it; the undo of the undo brings it again, as often as one likes.
    let taken_back = |event| Consequence { draft: undo(event), decisions: Vec::new() };
    let undone = settle(taken_back(accepted));
    assert_eq!(waiting(), 1, "the place is open again");
    let again = settle(taken_back(undone));
    assert!(chosen() && waiting() == 0);
    settle(taken_back(again));
    assert_eq!(waiting(), 1);
    let holding = archive.reader().unwrap().corrections().unwrap();
    assert!(
        holding.iter().all(|known| known.undone_by.is_some() || known.correction.decision.verb() == "undo")
    );
}

#[test]
fn printings_that_are_not_one_story_part_and_come_together_again() {
    let holding = Holding::new();
    holding.add();
    let archive = &holding.archive;
    let filter = ItemFilter { kinds: vec![ItemKind::Join], ..ItemFilter::default() };
    let joined = || {
        let counts = archive.reader().unwrap().overview().unwrap().counts;
        (counts.stories, counts.reprinted)
    };
    let reader = archive.reader().unwrap();
    let item = reader.queue(&filter, Paging::default()).unwrap().rows[0].key.clone();
    let before = joined();
    assert_eq!(before.1, 1);
    let settle = |consequence: Consequence| -> i64 {
        let mut writer = archive.writer().unwrap();
        let settled = writer.settle(vec![consequence]).unwrap();
        assert!(settled.corrected);
        writer.refresh(&holding.pack, &holding.profile, &AddOptions::at(WHEN)).unwrap();
        settled.kept[0].number
    };
    let rejected = settle(reader.consequence(&item, &Verdict::Reject.into(), stamp("anna", WHEN)).unwrap());
    assert_eq!(joined(), (before.0 + 1, 0), "two stories, and so two origins");
    assert!(archive.doctor().unwrap().is_well());
    settle(Consequence { draft: undo(rejected), decisions: Vec::new() });
    assert_eq!(joined(), before);
}

#[test]
fn a_report_of_delivery_asks_for_an_assessment() {
    let holding = Holding::new();
    holding.add();
    let archive = &holding.archive;
    let promise = key_of(archive, enter(archive, FIRST, WORDS));
    let report = key_of(archive, enter(archive, SECOND, "过桥费五月起减半"));
    let filter = ItemFilter { kinds: vec![ItemKind::Status], ..ItemFilter::default() };
    let waiting = || archive.reader().unwrap().queue(&filter, Paging::default()).unwrap().rows;
    assert!(waiting().is_empty());
    keep(archive, on(&report, Act::Relate { verb: LinkVerb::Delivers, other: promise.clone() })).unwrap();
    let item = waiting()[0].key.clone();
    assert_eq!(item, format!("status:{promise}<{report}"));
    let answer = |verdict: Verdict| {
        let reader = archive.reader().unwrap();
        let consequence = reader.consequence(&item, &verdict.into(), stamp("anna", WHEN)).unwrap();
        archive.writer().unwrap().settle(vec![consequence]).unwrap().kept[0].number
    };
    let accepted = answer(Verdict::Accept);
    let view = archive.reader().unwrap().entry(&promise).unwrap().unwrap();
    let assessment = view.entry.assessment().unwrap();
    assert_eq!(assessment.value.status, Status::Delivered);
    assert_eq!(assessment.value.stage, Stage::Interim, "a person makes it final");
    assert_eq!(assessment.value.grounds[0].quote, "过桥费五月起减半");
    assert!(waiting().is_empty());
    keep(archive, undo(accepted)).unwrap();
    assert_eq!(waiting().len(), 1, "undone, it is asked again");
    answer(Verdict::Reject);
    assert!(waiting().is_empty());
    assert_eq!(archive.reader().unwrap().entry(&promise).unwrap().unwrap().row.status, None);
}

#[test]
fn links_between_entries_wait_until_somebody_decides_them() {
    let (_folder, archive) = sample();
    let all = ItemFilter { kinds: vec![ItemKind::Candidate], ..ItemFilter::default() };
    let every = Paging { offset: 0, limit: 500 };
    for item in archive.reader().unwrap().queue(&all, every).unwrap().rows {
        let reader = archive.reader().unwrap();
        let consequence =
            reader.consequence(&item.key, &Verdict::Accept.into(), stamp("anna", WHEN)).unwrap();
        archive.writer().unwrap().settle(vec![consequence]).unwrap();
    }
    let filter = ItemFilter { kinds: vec![ItemKind::Link], ..ItemFilter::default() };
    let waiting = || -> Vec<String> {
        let rows = archive.reader().unwrap().queue(&filter, every).unwrap().rows;
        rows.into_iter().map(|item| item.key).collect()
    };
    let found = waiting();
    assert!(found.len() >= 2, "the sample says promises again: {found:?}");
    // Kept entry by entry, or made anew from the events: the same items.
    archive.writer().unwrap().project_register().unwrap();
    assert_eq!(waiting(), found);
    // Made by hand under no item, the relation settles the item all the same; undone, it waits again.
    let Some(Item::Link { verb, from, to }) = archive.reader().unwrap().item(&found[0]).unwrap() else {
        panic!("{}", found[0])
    };
    let made = keep(&archive, on(&from, Act::Relate { verb, other: to })).unwrap().number;
    assert_eq!(waiting(), found[1..]);
    keep(&archive, undo(made)).unwrap();
    assert_eq!(waiting(), found);
    let reader = archive.reader().unwrap();
    let consequence = reader.consequence(&found[1], &Verdict::Reject.into(), stamp("anna", WHEN)).unwrap();
    archive.writer().unwrap().settle(vec![consequence]).unwrap();
    assert!(!waiting().contains(&found[1]));
}

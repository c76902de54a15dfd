//! The register on disk: entering, undoing, what is refused, what survives a new reading, and that what goes out
//! comes in again.

use std::fs;
use std::io::Read as _;

use proptest::prelude::*;
use shiliu_archive::store::{
    AddOptions, Archive, Correction, Decision, Draft, EntryFilter, EntrySort, GroundState, Item, ItemFilter,
    ItemKind, Kept, Paging, Provenance, StoreError,
};
use shiliu_ledger::LinkVerb;
use shiliu_ledger::register::{
    Act, Assessment, Detail, Details, Ground, Scope, Section, Source, Stage, Stamp, Status, Step, Verdict,
    draw,
};
use shiliu_text::{Date, Span};

use crate::fixture::{Holding, WHEN, assert_same, write};

pub(crate) fn stamp(who: &str, when: &str) -> Stamp {
    Stamp { who: who.to_owned(), when: when.to_owned(), via: "cli".to_owned(), why: String::new() }
}

pub(crate) fn on(subject: &str, act: Act) -> Draft {
    Draft { stamp: stamp("anna", WHEN), subject: Some(subject.to_owned()), item: None, act }
}

pub(crate) fn undo(event: i64) -> Draft {
    Draft { stamp: stamp("anna", WHEN), subject: None, item: None, act: Act::Undo { event } }
}

pub(crate) fn keep(archive: &Archive, draft: Draft) -> Result<Kept, StoreError> {
    archive.writer()?.keep(draft)
}

/// A ground at words of a page.
fn ground(archive: &Archive, path: &str, words: &str) -> Ground {
    let reader = archive.reader().unwrap();
    let page = reader.page(shiliu_archive::store::PageText::Path(path)).unwrap().unwrap();
    let start = page.text.find(words).unwrap();
    let span = Span::new(start, start + words.len());
    reader.ground(page.page.text, Some(path), &[span], None).unwrap().unwrap()
}

pub(crate) const FIRST: &str = "liuyuan/2031-04-06/01.txt";
pub(crate) const SECOND: &str = "xiling/2031-04-07/02.txt";
pub(crate) const WORDS: &str = "双方商定在两年内修复青石渡口";

pub(crate) fn enter(archive: &Archive, path: &str, words: &str) -> Draft {
    let mut details = Details::default();
    details.set(Detail::Words, words);
    details.set(Detail::Actors, "榴园国; 西岭国");
    details.set(Detail::Due, "P2Y");
    details.set(Detail::Said, "2031-04-05");
    let grounds = vec![ground(archive, path, words)];
    Draft {
        stamp: stamp("anna", WHEN),
        subject: None,
        item: None,
        act: Act::Enter { details, grounds, source: Source::Selection },
    }
}

fn assess(status: Status, grounds: Vec<Ground>) -> Act {
    Act::Assess(Assessment {
        status,
        stage: Stage::Final,
        day: Date::new(2032, 1, 1).unwrap(),
        rule: status.rule().to_owned(),
        grounds,
        receipt: None,
    })
}

pub(crate) fn key_of(archive: &Archive, draft: Draft) -> String {
    keep(archive, draft).unwrap().subject.unwrap()
}

#[test]
fn an_entry_lives_by_events_and_an_undo_is_one() {
    let holding = Holding::new();
    holding.add();
    let archive = &holding.archive;
    let key = key_of(archive, enter(archive, FIRST, WORDS));
    assert_eq!(key, "C-0001");
    let view = archive.reader().unwrap().entry(&key).unwrap().unwrap();
    assert_eq!(view.row.due_day.as_deref(), Some("2033-04-05"));
    assert_eq!((view.row.printings, view.row.origins), (1, 1));
    assert_eq!(view.grounds[0].state, GroundState::Held);
    assert!(!view.row.is_overdue("2033-04-05") && view.row.is_overdue("2033-04-06"));

    let edited =
        keep(archive, on(&key, Act::Edit { detail: Detail::Due, value: "2032".into() })).unwrap().number;
    let due = || archive.reader().unwrap().entry(&key).unwrap().unwrap().row.due;
    assert_eq!(due(), "2032");
    let undone = keep(archive, undo(edited)).unwrap();
    assert_eq!((due(), undone.subject.as_deref()), ("P2Y".to_owned(), Some("C-0001")));
    // An undo that is undone brings the event back; doing the same twice is refused.
    assert!(matches!(keep(archive, undo(edited)), Err(StoreError::Refused(_))));
    keep(archive, undo(undone.number)).unwrap();
    assert_eq!(due(), "2032");
    keep(archive, undo(edited)).unwrap();
    assert_eq!(due(), "P2Y");

    // What is taken back stays, marked, and can be brought back; its number is not given again.
    let taken = keep(archive, undo(1)).unwrap().number;
    assert!(archive.reader().unwrap().entry(&key).unwrap().unwrap().entry.taken_back);
    assert_eq!(archive.reader().unwrap().count_entries(&EntryFilter::default()).unwrap(), 0);
    let refused = keep(archive, on(&key, Act::Note { text: "x".into() })).unwrap_err();
    assert!(refused.to_string().contains("taken back"), "{refused}");
    assert_eq!(key_of(archive, enter(archive, SECOND, WORDS)), "C-0002");
    keep(archive, undo(taken)).unwrap();
    assert_eq!(archive.reader().unwrap().count_entries(&EntryFilter::default()).unwrap(), 2);
    assert!(archive.doctor().unwrap().is_well());
}

#[test]
fn what_no_page_prints_is_refused_and_leaves_no_trace() {
    let holding = Holding::new();
    holding.add();
    let archive = &holding.archive;
    let key = key_of(archive, enter(archive, FIRST, WORDS));
    let before = holding.dump();
    let mut invented = ground(archive, FIRST, WORDS);
    invented.quote = "双方商定在一年内修复青石渡口".to_owned();
    let nowhere = Ground { text: shiliu_text::TextId([7; 32]), ..invented.clone() };
    let day = |text: &str| Act::Edit { detail: Detail::Due, value: text.into() };
    for (act, says) in [
        (Act::Support(invented.clone()), "do not stand"),
        (Act::Support(nowhere), "does not hold this text"),
        (assess(Status::Delivered, vec![invented]), "do not stand"),
        (assess(Status::Delivered, Vec::new()), "characters that bear it out"),
        (assess(Status::NoEvidenceFound, vec![ground(archive, FIRST, WORDS)]), "receipt"),
        (day("some day"), "names no day"),
        (day("P2Y"), "says so already"),
        (Act::Edit { detail: Detail::Words, value: " ".into() }, "needs the words"),
        (Act::Relate { verb: LinkVerb::Restates, other: "C-0001".into() }, "to itself"),
        (Act::Relate { verb: LinkVerb::Restates, other: "C-0099".into() }, "no such entry"),
        (Act::Answer { to: 1, text: "x".into() }, "waits for an answer"),
        (Act::Mend { finding: 1, how: "x".into() }, "no finding"),
        (Act::Reply { to: 1, from: "a".into(), text: "b".into() }, "no assessment"),
    ] {
        let refused = keep(archive, on(&key, act.clone())).unwrap_err();
        assert!(matches!(refused, StoreError::Refused(_)), "{act:?}: {refused}");
        assert!(refused.to_string().contains(says), "{act:?}: {refused}");
    }
    let nobody = Draft { stamp: stamp(" ", WHEN), ..on(&key, Act::Note { text: "x".into() }) };
    assert!(keep(archive, nobody).is_err());
    let gone = keep(archive, on("C-0042", Act::Note { text: "x".into() })).unwrap_err();
    assert_eq!(gone.to_string(), "C-0042: there is no such entry");
    // Several acts are kept together or not at all.
    let both = vec![on(&key, Act::Note { text: "kept?".into() }), on(&key, Act::Note { text: " ".into() })];
    assert!(archive.writer().unwrap().keep_all(both).is_err());
    assert_same(&holding.dump(), &before);
}

#[test]
fn a_clock_that_goes_back_is_told() {
    let holding = Holding::new();
    holding.add();
    let archive = &holding.archive;
    let key = key_of(archive, enter(archive, FIRST, WORDS));
    let at =
        |when: &str| Draft { stamp: stamp("anna", when), ..on(&key, Act::Note { text: when.to_owned() }) };
    let refused = keep(archive, at("2031-04-08T08:00:00Z")).unwrap_err().to_string();
    assert!(refused.contains("clock") && refused.contains("2031-04-08T08:00:00Z"), "{refused}");
    assert!(keep(archive, at("yesterday")).unwrap_err().to_string().contains("no time"));
    // Two machines are never quite together.
    keep(archive, at("2031-04-08T08:59:00Z")).unwrap();
}

#[test]
fn a_tampered_register_is_found() {
    let holding = Holding::new();
    holding.add();
    let archive = &holding.archive;
    let key = key_of(archive, enter(archive, FIRST, WORDS));
    keep(archive, on(&key, Act::Note { text: "bridge first".into() })).unwrap();
    assert!(archive.doctor().unwrap().is_well());
    let connection = rusqlite::Connection::open(archive.file()).unwrap();
    assert!(connection.execute("UPDATE event SET who = 'boris'", []).is_err());
    assert!(connection.execute("DELETE FROM event", []).is_err());
    connection
        .execute_batch("DROP TRIGGER event_never_changes; UPDATE event SET why = 'because' WHERE id = 2")
        .unwrap();
    drop(connection);
    let health = archive.doctor().unwrap();
    let check = health.checks.iter().find(|check| check.name == "register").unwrap();
    assert_eq!(check.problems, ["event 2 does not fit the chain"]);
    let target = holding.folder.path().join("copy.db");
    assert!(matches!(archive.backup(&target), Err(StoreError::Damaged { .. })));
}

#[test]
fn a_withdrawn_page_leaves_its_entries_marked_and_a_changed_one_asks() {
    let holding = Holding::new();
    holding.add();
    let archive = &holding.archive;
    let key = key_of(archive, enter(archive, FIRST, WORDS));
    let support = ground(archive, SECOND, WORDS);
    keep(archive, on(&key, Act::Support(support))).unwrap();

    // The first page is withdrawn.
    let place = ground(archive, FIRST, WORDS);
    let anchor = archive.reader().unwrap().anchor(place.text, FIRST, place.spans[0]).unwrap().unwrap();
    let provenance =
        Provenance { who: "anna".into(), when: WHEN.into(), why: "a proof".into(), via: "cli".into() };
    let mut writer = archive.writer().unwrap();
    writer.correct(&Correction { decision: Decision::Withdraw { page: anchor }, provenance }).unwrap();
    writer.refresh(&holding.pack, &holding.profile, &AddOptions::at(WHEN)).unwrap();
    drop(writer);
    // The second page is scanned anew, with the words one line lower and another word changed.
    let path = holding.pages().join(SECOND);
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("# 青石渡口", "本版责任编辑 榴生\n\n# 青石渡口").replace("半。", "半价。"))
        .unwrap();
    holding.add();

    let reader = archive.reader().unwrap();
    let view = reader.entry(&key).unwrap().unwrap();
    let states: Vec<GroundState> = view.grounds.iter().map(|known| known.state).collect();
    assert_eq!(states, [GroundState::Gone, GroundState::Changed]);
    assert_eq!(view.row.shaken, 2);
    assert_eq!(view.entry.grounds[1].quote, WORDS, "nothing moved by itself");
    let item = reader.item("page:C-0001/1").unwrap().unwrap();
    let Item::Page { found, .. } = &item else { panic!("{item:?}") };
    assert_eq!(found.len(), 1, "the same words stand once on the page as it is now");
    let counts =
        reader.queue_counts(&ItemFilter { kinds: vec![ItemKind::Page], ..ItemFilter::default() }).unwrap();
    assert_eq!(counts, [(ItemKind::Page, 2)]);
    // A person sets it anew; the gone one is left as it is.
    for (item, verdict) in [("page:C-0001/1", Verdict::Accept), ("page:C-0001/0", Verdict::Reject)] {
        let consequence = reader.consequence(item, &verdict.into(), stamp("anna", WHEN)).unwrap();
        archive.writer().unwrap().settle(vec![consequence]).unwrap();
    }
    let reader = archive.reader().unwrap();
    let view = reader.entry(&key).unwrap().unwrap();
    assert_eq!(view.grounds[1].state, GroundState::Held);
    assert_eq!(
        reader.queue_counts(&ItemFilter { kinds: vec![ItemKind::Page], ..ItemFilter::default() }).unwrap()[0]
            .1,
        0
    );
    assert!(
        archive
            .doctor()
            .unwrap()
            .checks
            .iter()
            .find(|check| check.name == "register")
            .unwrap()
            .problems
            .is_empty()
    );
}

#[test]
fn an_archive_of_the_first_format_opens_and_takes_entries() {
    let packed = include_bytes!("old/format-1.db.gz");
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(&packed[..]).read_to_end(&mut bytes).unwrap();
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("shiliu.db"), &bytes).unwrap();
    let archive = Archive::open(folder.path()).unwrap();
    assert_eq!(fs::read(folder.path().join("shiliu.db.format-1")).unwrap()[..16], *b"SQLite format 3\0");
    let reader = archive.reader().unwrap();
    assert_eq!(reader.overview().unwrap().counts.pages, 2);
    assert_eq!(reader.corrections().unwrap().len(), 1, "what people decided is there");
    drop(reader);
    assert_eq!(key_of(&archive, enter(&archive, FIRST, WORDS)), "C-0001");
    let health = archive.doctor().unwrap();
    assert!(health.is_well(), "{health:?}");
    // A backup of the old format is restored and brought up to date too.
    let backup = folder.path().join("old-backup.db");
    fs::write(&backup, &bytes).unwrap();
    let restored = Archive::restore(&backup, &folder.path().join("restored")).unwrap();
    assert_eq!(restored.reader().unwrap().count_entries(&EntryFilter::default()).unwrap(), 0);
}

#[test]
fn a_backup_has_the_register_and_two_writers_do_not_meet() {
    let holding = Holding::new();
    holding.add();
    let archive = &holding.archive;
    keep(archive, enter(archive, FIRST, WORDS)).unwrap();
    let target = holding.folder.path().join("backup.db");
    assert_eq!(archive.backup(&target).unwrap().events, 1);
    let restored = Archive::restore(&target, &holding.folder.path().join("restored")).unwrap();
    assert_eq!(
        restored.reader().unwrap().register_head().unwrap(),
        archive.reader().unwrap().register_head().unwrap()
    );
    let busy = archive.writer().unwrap();
    let second = keep(archive, enter(archive, SECOND, WORDS)).unwrap_err();
    assert!(matches!(second, StoreError::Busy(_)), "{second}");
    drop(busy);
    keep(archive, enter(archive, SECOND, WORDS)).unwrap();
}

#[test]
fn no_space_is_told_and_loses_nothing() {
    let holding = Holding::new();
    holding.add();
    let archive = &holding.archive;
    let key = key_of(archive, enter(archive, FIRST, WORDS));
    let mut writer = archive.writer().unwrap();
    let size = fs::metadata(archive.file()).unwrap().len();
    writer.limit_size(size + 40_000).unwrap();
    let mut kept = 1;
    let told = loop {
        match writer.keep(on(&key, Act::Note { text: "渡口".repeat(2000) })) {
            Ok(event) => kept = event.number,
            Err(error) => break error,
        }
        assert!(kept < 100, "the limit was never met");
    };
    assert!(matches!(told, StoreError::NoSpace(_)), "{told}");
    drop(writer);
    let reader = archive.reader().unwrap();
    assert_eq!(reader.register_head().unwrap().unwrap().0, kept, "what was acknowledged is there");
    assert!(
        archive
            .doctor()
            .unwrap()
            .checks
            .iter()
            .all(|check| check.name != "register" || check.problems.is_empty())
    );
}

#[test]
fn a_brief_is_frozen_and_the_next_one_tells_what_changed() {
    let holding = Holding::new();
    holding.add();
    let archive = &holding.archive;
    let key = key_of(archive, enter(archive, FIRST, WORDS));
    let day = |text: &str| Date::parse(text).unwrap();
    let scope = || Scope { by: "2033-12-31".into(), ..Scope::default() };
    let issue = |today: &str, since: Option<&str>| {
        let brief = archive.reader().unwrap().compose_brief("", scope(), day(today), since).unwrap();
        let act = Act::Issue(brief);
        keep(archive, Draft { stamp: stamp("anna", WHEN), subject: None, item: None, act })
            .unwrap()
            .subject
            .unwrap()
    };
    let first = issue("2031-05-01", None);
    keep(archive, on(&key, assess(Status::Delivered, vec![ground(archive, SECOND, WORDS)]))).unwrap();
    let other = key_of(archive, enter(archive, SECOND, "第一批船工今年秋天开班"));
    keep(archive, on(&other, Act::Relate { verb: LinkVerb::Contradicts, other: key.clone() })).unwrap();
    let second = issue("2034-01-01", Some(&first));
    let reader = archive.reader().unwrap();
    let brief = |key: &str| reader.brief(key).unwrap().unwrap().1;
    let sections = |brief: &shiliu_ledger::register::Brief, entry: &str| -> Vec<Section> {
        brief
            .lines
            .iter()
            .find(|line| line.entry == entry)
            .map(|line| line.sections.clone())
            .unwrap_or_default()
    };
    assert_eq!(sections(&brief(&first), &key), [Section::Due], "frozen: it still says what it said");
    assert_eq!(sections(&brief(&second), &key), [Section::Delivered, Section::Disagreeing]);
    assert_eq!(
        sections(&brief(&second), &other),
        [Section::Overdue, Section::Silent, Section::Disagreeing, Section::New]
    );
    let changes = shiliu_ledger::register::compare(&brief(&first), &brief(&second));
    let named: Vec<(&str, Vec<&str>)> = changes
        .iter()
        .map(|change| (change.entry.as_str(), change.fields.iter().map(|field| field.0).collect()))
        .collect();
    assert_eq!(
        named,
        [("C-0001", vec!["sections", "status", "last_evidence", "grounds"]), ("C-0002", vec!["line"])]
    );
    assert!(brief(&second).lines.iter().all(|line| !line.grounds.is_empty()), "every line has footnotes");
}

#[test]
fn a_restated_promise_counts_once_until_the_link_is_undone() {
    let holding = Holding::new();
    holding.add();
    let archive = &holding.archive;
    let (first, second) =
        (key_of(archive, enter(archive, FIRST, WORDS)), key_of(archive, enter(archive, SECOND, WORDS)));
    let speakers = || -> Vec<String> {
        let rows = archive.reader().unwrap().all_entries(&EntryFilter::default(), EntrySort::Key).unwrap();
        rows.into_iter().map(|row| row.speaker).collect()
    };
    let once = EntryFilter { once: true, ..EntryFilter::default() };
    let link =
        keep(archive, on(&second, Act::Relate { verb: LinkVerb::Restates, other: first.clone() })).unwrap();
    assert_eq!(speakers(), [second.clone(), second.clone()]);
    assert_eq!(archive.reader().unwrap().count_entries(&once).unwrap(), 1);
    let undone = keep(archive, undo(link.number)).unwrap().number;
    assert_eq!(speakers(), [first.clone(), second.clone()], "each stands for itself again");
    keep(archive, undo(undone)).unwrap();
    assert_eq!(speakers(), [second.clone(), second.clone()]);
    // The one that speaks for both is taken back.
    let taken = keep(archive, undo(2)).unwrap();
    assert_eq!(taken.subject.as_deref(), Some("C-0002"));
    assert_eq!(speakers(), [first]);
}

#[test]
fn a_spot_check_is_drawn_again_by_its_seed() {
    let holding = Holding::new();
    holding.add();
    let archive = &holding.archive;
    for path in [FIRST, SECOND] {
        keep(archive, enter(archive, path, WORDS)).unwrap();
    }
    let keys = archive.reader().unwrap().population("entries").unwrap();
    let drawn = draw(7, "entries", &keys, 10);
    let act = Act::Draw(drawn.clone());
    let check = keep(archive, Draft { stamp: stamp("anna", WHEN), subject: None, item: None, act }).unwrap();
    let check = check.subject.unwrap();
    assert_eq!(check, "K-0001");
    let mark = |key: &str, verdict| keep(archive, on(&check, Act::Check { key: key.into(), verdict }));
    mark("C-0001", Verdict::Accept).unwrap();
    let wrong = mark("C-0001", Verdict::Reject).unwrap().number;
    assert!(mark("C-0009", Verdict::Accept).unwrap_err().to_string().contains("not drawn"));
    let verdicts = || -> Vec<Option<Verdict>> {
        let view = archive.reader().unwrap().check(&check).unwrap().unwrap();
        assert_eq!(view.draw, drawn);
        view.checked.into_iter().map(|known| known.map(|(_, verdict, _)| verdict)).collect()
    };
    let place = drawn.keys.iter().position(|key| key == "C-0001").unwrap();
    assert_eq!(verdicts()[place], Some(Verdict::Reject), "the last word holds");
    keep(archive, undo(wrong)).unwrap();
    assert_eq!(verdicts()[place], Some(Verdict::Accept));
    assert_eq!(verdicts()[1 - place], None);
}

/// The same register in every format since it has one; those of formats 3 and 4 are what the steps made of that of format 2.
#[test]
fn an_archive_of_each_older_format_opens_with_its_register() {
    for (format, packed) in [
        (2, &include_bytes!("old/format-2.db.gz")[..]),
        (3, &include_bytes!("old/format-3.db.gz")[..]),
        (4, &include_bytes!("old/format-4.db.gz")[..]),
    ] {
        let mut bytes = Vec::new();
        flate2::read::GzDecoder::new(packed).read_to_end(&mut bytes).unwrap();
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("shiliu.db"), &bytes).unwrap();
        let archive = Archive::open(folder.path()).unwrap();
        let copy = folder.path().join(format!("shiliu.db.format-{format}"));
        assert!(copy.exists(), "it is copied aside first");
        let reader = archive.reader().unwrap();
        let overview = reader.overview().unwrap();
        assert_eq!(
            (overview.counts.pages, overview.counts.reprinted),
            (2, 1),
            "numbers are made from what is there"
        );
        assert_eq!(reader.register_events(0, None).unwrap().len(), 6);
        let rows = reader.all_entries(&EntryFilter::default(), EntrySort::Key).unwrap();
        assert_eq!(rows.iter().map(|row| row.key.as_str()).collect::<Vec<_>>(), ["C-0001", "C-0002"]);
        assert_eq!(rows[0].status, None, "its assessment was undone");
        drop(reader);
        same_answers(&archive);
        let health = archive.doctor().unwrap();
        assert!(health.is_well(), "{health:?}");
        assert_eq!(key_of(&archive, enter(&archive, SECOND, WORDS)), "C-0003");
        same_answers(&archive);
    }
}

/// Acts by number, on the entries that are there: any sequence of them.
fn act_of(number: u8, archive: &Archive, texts: &str) -> Draft {
    let subject = format!("C-{:04}", 1 + number % 3);
    let text = texts.to_owned();
    match number % 13 {
        0 => enter(archive, FIRST, WORDS),
        1 => enter(archive, SECOND, "会议公报说"),
        2 => on(&subject, Act::Note { text }),
        3 => on(&subject, Act::Own { owner: text }),
        4 => on(&subject, Act::Edit { detail: Detail::Area, value: text }),
        5 => on(&subject, assess(Status::ALL[usize::from(number % 8)], vec![ground(archive, FIRST, WORDS)])),
        6 => on(&subject, Act::Ask { whom: text.clone(), about: text, by: Date::new(2032, 2, 29) }),
        7 => on(&subject, Act::Find { problem: text.clone(), mender: text }),
        8 => on(&subject, Act::Plan { steps: vec![Step { name: text, days_before: 30 }] }),
        9 => on(&subject, Act::Relate { verb: LinkVerb::Revises, other: format!("C-{:04}", 1 + number % 2) }),
        10 => undo(i64::from(number % 7) + 1),
        11 => Draft {
            item: Some(format!("record:{text}")),
            subject: None,
            ..on("", Act::Decide(Verdict::ALL[usize::from(number % 3)]))
        },
        _ => Draft {
            subject: None,
            ..on("", Act::Submit { from: text.clone(), text: text.clone(), about: text })
        },
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Whatever was done: what is exported and imported elsewhere is the same register, event for event and row
    /// for row, and the tables can be made again from the events.
    #[test]
    fn what_goes_out_comes_in_again(acts in prop::collection::vec((any::<u8>(), "[a甲\"\\\\\n;{}\u{7f}\r\t]{0,6}"), 1..24)) {
        let holding = shared();
        let folder = tempfile::tempdir().unwrap();
        let backup = folder.path().join("start.db");
        holding.archive.backup(&backup).unwrap();
        let archive = Archive::restore(&backup, &folder.path().join("one")).unwrap();
        let twin = Archive::restore(&backup, &folder.path().join("two")).unwrap();
        for (number, text) in &acts {
            // Many are refused; what is refused leaves no trace.
            let _ = keep(&archive, act_of(*number, &archive, text));
        }
        let events = archive.reader().unwrap().register_events(0, None).unwrap();
        let added = twin.writer().unwrap().import_events(&events).unwrap();
        prop_assert_eq!(added, events.len() as u64);
        prop_assert_eq!(twin.writer().unwrap().import_events(&events).unwrap(), 0);
        prop_assert_eq!(&twin.reader().unwrap().register_events(0, None).unwrap(), &events);
        let rows = |archive: &Archive| {
            let every = EntryFilter { taken_back: true, ..EntryFilter::default() };
            archive.reader().unwrap().all_entries(&every, EntrySort::Key).unwrap()
        };
        prop_assert_eq!(rows(&twin), rows(&archive));
        let before = rows(&archive);
        archive.writer().unwrap().project_register().unwrap();
        prop_assert_eq!(rows(&archive), before);
        same_answers(&archive);
        prop_assert!(archive.doctor().unwrap().checks.iter().all(|check| check.name != "register" || check.problems.is_empty()));
        // One changed character is found.
        if let Some(last) = events.last() {
            let mut forged = events.clone();
            forged.last_mut().unwrap().stamp.why = format!("{}.", last.stamp.why);
            let other = Archive::restore(&backup, &folder.path().join("three")).unwrap();
            let refused = other.writer().unwrap().import_events(&forged);
            prop_assert!(matches!(refused, Err(StoreError::Refused(_))));
            prop_assert_eq!(other.reader().unwrap().register_head().unwrap(), None);
        }
    }
}

/// What is kept ready for large registers says what counting says.
fn same_answers(archive: &Archive) {
    let reader = archive.reader().unwrap();
    let all = EntryFilter { origins: Some(0), ..EntryFilter::default() };
    assert_eq!(reader.entry_facets(&EntryFilter::default()).unwrap(), reader.entry_facets(&all).unwrap());
    let open = EntryFilter { open: true, ..EntryFilter::default() };
    let counted = EntryFilter { open: true, ..all };
    assert_eq!(reader.entry_facets(&open).unwrap(), reader.entry_facets(&counted).unwrap());
    for filter in [EntryFilter::default(), open] {
        let found = reader.entries(&filter, EntrySort::Due, Paging::default()).unwrap().total;
        assert_eq!(found, reader.count_entries(&filter).unwrap());
    }
    let rows = reader.all_entries(&EntryFilter::default(), EntrySort::Due).unwrap();
    // Words are found wherever they stand, with the numbers beside them.
    let needles = rows.iter().flat_map(|row| {
        let words: Vec<char> = row.words.chars().collect();
        [row.key.clone(), words.iter().skip(2).take(3).collect(), words.iter().rev().take(1).collect()]
    });
    for text in needles.collect::<Vec<String>>().into_iter().chain(["0".into(), "no such".into()]) {
        let filter = EntryFilter { text: Some(text.clone()), ..EntryFilter::default() };
        let found = reader.entries(&filter, EntrySort::Key, Paging::default()).unwrap();
        let holding: Vec<&str> = rows
            .iter()
            .filter(|row| {
                let owner = row.owner.iter().map(String::as_str);
                let told =
                    [&row.key, &row.words, &row.actors, &row.recipients, &row.area, &row.due, &row.due_words];
                let mut told = told.into_iter().map(String::as_str).chain(owner);
                told.any(|value| value.to_lowercase().contains(&text.to_lowercase()))
            })
            .map(|row| row.key.as_str())
            .collect();
        let keys: Vec<&str> = found.rows.iter().map(|row| row.key.as_str()).collect();
        assert!(holding.iter().all(|key| keys.contains(key)), "{text}: {holding:?} of {keys:?}");
        assert_eq!((found.total, found.more), (keys.len() as u64, false), "{text}");
        assert_eq!(reader.count_entries(&filter).unwrap(), found.total);
    }
    for (kind, count) in reader.queue_counts(&ItemFilter::default()).unwrap() {
        let filter = ItemFilter { kinds: vec![kind], ..ItemFilter::default() };
        let listed = reader.queue(&filter, Paging { offset: 0, limit: 500 }).unwrap();
        assert_eq!(listed.rows.len() as u64, count, "{kind:?}");
    }
    for (today, last, next) in [
        ("2031-04-08", None, None),
        ("2032-06-01", Some("2031-01-01"), Some("2033-06-01")),
        ("2040-01-01", Some("2039-12-01"), Some("2040-02-01")),
    ] {
        let day = |text: &str| Date::parse(text).unwrap();
        let (today, last, next) = (day(today), last.map(day), next.map(day));
        let standings: Vec<_> = rows.iter().map(|row| row.standing(today)).collect();
        let ruled = shiliu_ledger::register::Agenda::of(&standings, today, last, next);
        let kept = reader.agenda(today, last, next, None, 1000).unwrap();
        let kept: Vec<_> = kept
            .into_iter()
            .map(|part| (part.reason, part.rows.into_iter().map(|row| row.key).collect::<Vec<_>>()))
            .collect();
        assert_eq!(kept, ruled.parts);
    }
}

/// The pages read once for all cases.
fn shared() -> &'static Holding {
    static HOLDING: std::sync::OnceLock<Holding> = std::sync::OnceLock::new();
    HOLDING.get_or_init(|| {
        let holding = Holding::new();
        write(
            &holding.pages(),
            "more/01.txt",
            "榴园日报\n2031年5月6日 第1版\n\n# 渡口动工\n\n青石渡口昨日动工。\n",
        );
        holding.add();
        holding
    })
}

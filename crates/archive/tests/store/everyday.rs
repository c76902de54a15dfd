use std::cell::Cell;
use std::fs;

use shiliu_archive::store::{
    AddOptions, Archive, PageText, Paging, Query, RecordFilter, RecordSort, StoreError, StoryFilter,
    StorySort,
};

use crate::fixture::{Holding, STORY, WHEN, assert_same, write};

#[test]
fn what_was_added_can_be_read() {
    let holding = Holding::new();
    let report = holding.add();
    assert_eq!((report.new, report.known, report.existing), (3, 0, 1));
    assert!(report.reread && report.diagnostics.is_empty(), "{:?}", report.diagnostics);
    let reader = holding.archive.reader().unwrap();
    let overview = reader.overview().unwrap();
    assert_eq!((overview.counts.sources, overview.counts.pages, overview.unread), (3, 3, 0));
    assert_eq!((overview.profile.as_str(), overview.last_add.as_deref()), ("china-central-asia", Some(WHEN)));
    let pages = reader.pages(None, Paging::default()).unwrap();
    assert_eq!(pages.total, 3);
    for summary in &pages.rows {
        let page = reader.page(PageText::Path(&summary.page.path)).unwrap().unwrap();
        let twin = reader.page(PageText::Hash(page.page.text)).unwrap().unwrap();
        assert_eq!(page, twin);
        let joined: String = page.zones.iter().map(|zone| zone.span.of(&page.text)).collect();
        assert_eq!(joined, *page.text, "zones partition the page");
        for article in &page.articles {
            let view = reader.article(&article.key).unwrap().unwrap();
            for piece in view.map.iter().filter(|piece| piece.verbatim) {
                let (on, span) = piece.from.unwrap();
                let text = &reader.layer(view.pages[on].text).unwrap().unwrap().text;
                assert_eq!(piece.at.of(&view.text), span.of(text));
            }
        }
    }
    let stories = reader.stories(&StoryFilter::default(), StorySort::Newest, Paging::default()).unwrap();
    assert_eq!(stories.total, overview.counts.stories);
    for story in &stories.rows {
        let view = reader.story(&story.key).unwrap().unwrap();
        assert_eq!(view.witnesses.len() as u64, story.printings);
    }
    let records = reader.records(&RecordFilter::default(), RecordSort::Place, Paging::default()).unwrap();
    assert_eq!(records.total, overview.counts.records);
    for record in &records.rows {
        let view = reader.record(&record.key).unwrap().unwrap();
        assert!(!view.evidence.is_empty());
        for evidence in &view.evidence {
            let text = &reader.layer(evidence.page.text).unwrap().unwrap().text;
            let printed: String = evidence.spans.iter().map(|span| span.of(text)).collect();
            assert_eq!(printed, evidence.text);
        }
    }
    reader.facets(&RecordFilter::default()).unwrap();
    reader.mechanism().unwrap();
}

#[test]
fn adding_the_same_again_changes_nothing() {
    let holding = Holding::new();
    holding.add();
    let before = holding.dump();
    let report = holding.add_with(&[holding.pages()], &AddOptions::at("2032-01-01T00:00:00Z")).unwrap();
    assert_eq!((report.new, report.changed, report.known, report.reread), (0, 0, 3, false));
    assert_same(&holding.dump(), &before);
    // Read again by force: the same rows, byte for byte.
    let options = AddOptions { reread: true, ..AddOptions::at("2032-01-01T00:00:00Z") };
    assert!(holding.add_with(&[holding.pages()], &options).unwrap().reread);
    assert_same(&holding.dump(), &before);
}

#[test]
fn a_killed_add_goes_on_where_it_was() {
    let whole = Holding::new();
    whole.add();
    for stop_after in 1..=3 {
        let holding = Holding::new();
        let stop = move |taken: usize| taken == stop_after;
        let options = AddOptions { stop: &stop, ..AddOptions::at(WHEN) };
        let stopped = holding.add_with(&[holding.pages()], &options).unwrap_err();
        assert!(matches!(stopped, StoreError::Stopped { taken, .. } if taken == stop_after), "{stopped}");
        assert!(stopped.is_partial());
        let overview = holding.archive.reader().unwrap().overview().unwrap();
        assert_eq!((overview.unread, overview.counts.pages), (stop_after as u64, 0));
        let report = holding.add();
        assert_eq!((report.known, report.new), (stop_after, 3 - stop_after));
        assert_same(&holding.dump(), &whole.dump());
    }
}

#[test]
fn a_changed_file_is_taken_and_its_old_text_kept() {
    let holding = Holding::new();
    holding.add();
    let path = "dongwan/01.txt";
    let old = holding.archive.reader().unwrap().page(PageText::Path(path)).unwrap().unwrap();
    write(&holding.pages(), path, "东湾周刊\n\n# 船歌比赛\n\n更正：船歌比赛在晴天结束。\n");
    let report = holding.add();
    assert_eq!((report.new, report.changed, report.known), (0, 1, 2));
    let reader = holding.archive.reader().unwrap();
    let new = reader.page(PageText::Path(path)).unwrap().unwrap();
    assert_ne!(new.page.text, old.page.text);
    let kept = reader.layer(old.page.text).unwrap().unwrap();
    assert_eq!((&kept.text, kept.pages.len()), (&old.text, 0));
    assert_eq!(reader.source(old.source).unwrap().unwrap().paths, [path]);
}

#[test]
fn two_issues_may_both_have_a_page_of_one_name() {
    let holding = Holding::new();
    for (day, text) in [("2031-05-01", "五月一日的一版。\n"), ("2031-05-02", "五月二日的一版。\n")]
    {
        write(holding.folder.path(), &format!("{day}/A1.txt"), text);
        let folder = holding.folder.path().join(day);
        assert_eq!(holding.add_with(std::slice::from_ref(&folder), &AddOptions::at(WHEN)).unwrap().new, 1);
        assert_eq!(holding.add_with(&[folder], &AddOptions::at(WHEN)).unwrap().known, 1);
    }
    let pages = holding.archive.reader().unwrap().pages(None, Paging::default()).unwrap();
    let mut paths: Vec<&str> = pages.rows.iter().map(|page| page.page.path.as_str()).collect();
    paths.sort_unstable();
    assert_eq!(paths, ["2031-05-02/A1.txt", "A1.txt"]);
}

#[test]
fn a_manifest_names_paper_and_day() {
    let holding = Holding::new();
    let manifest = "file,paper,date,page_no\ndongwan/01.txt,东湾周刊,2031-04-01,3\n";
    fs::write(holding.pages().join("manifest.csv"), manifest).unwrap();
    let report = holding.add();
    assert_eq!(report.new, 3, "the manifest itself is no page");
    fs::write(holding.pages().join("manifest.csv"), manifest.replace("04-01", "04-02")).unwrap();
    let report = holding.add();
    assert_eq!((report.changed, report.known, report.reread), (1, 2, true));
}

#[test]
fn hits_open_at_the_characters() {
    let holding = Holding::new();
    holding.add();
    let reader = holding.archive.reader().unwrap();
    let find = |typed: &str| {
        let query = Query::parse(typed, &holding.pack).unwrap();
        reader.search(&query, &holding.pack, Paging::default()).unwrap()
    };
    let found = find("渡口合作委员会");
    assert_eq!((found.total, found.hits.len()), (2, 2));
    for hit in &found.hits {
        let text = &reader.layer(hit.page.text).unwrap().unwrap().text;
        assert_eq!(hit.spans[0].of(text), "渡口合作委员会");
        assert!(hit.before.ends_with("登记站由") && hit.after.starts_with("管理"));
    }
    let pages = |typed: &str| find(typed).hits.iter().map(|hit| hit.page.path.clone()).collect::<Vec<_>>();
    assert_eq!(pages("渡口 春耕"), ["liuyuan/2031-04-06/01.txt"]);
    assert_eq!(pages("渡口 -春耕"), ["xiling/2031-04-07/02.txt"]);
    assert_eq!(pages("\"open ferry\""), ["dongwan/01.txt"]);
    assert_eq!(pages("FERRY"), ["dongwan/01.txt"]);
    assert_eq!(pages("ferr"), [""; 0], "words are met whole");
    assert_eq!(pages("耕"), ["liuyuan/2031-04-06/01.txt"]);
    assert_eq!(pages("渡口春耕"), [""; 0]);
    assert_eq!(pages("300名"), pages("船工300名"));
    assert_eq!(pages("300名").len(), 2);
    for typed in ["", "。", "-渡口", "from:2031-4 渡口", "kind:promise 渡口"] {
        let refused = Query::parse(typed, &holding.pack).unwrap_err();
        assert!(matches!(refused, StoreError::Refused(_)), "{typed}: {refused}");
    }
}

#[test]
fn one_writer_at_a_time_while_readers_go_on() {
    let holding = Holding::new();
    holding.add();
    let writer = holding.archive.writer().unwrap();
    let second = Archive::open(holding.archive.folder()).unwrap().writer().unwrap_err();
    assert!(matches!(second, StoreError::Busy(_)), "{second}");
    assert_eq!(holding.archive.reader().unwrap().overview().unwrap().counts.pages, 3);
    drop(writer);
    assert!(holding.archive.writer().is_ok());
}

#[test]
fn progress_is_told() {
    let holding = Holding::new();
    let told = std::sync::atomic::AtomicUsize::new(0);
    let progress = |_: shiliu_archive::store::Progress<'_>| {
        told.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    };
    let asked = Cell::new(0);
    let stop = |_: usize| {
        asked.set(asked.get() + 1);
        false
    };
    let options = AddOptions { progress: &progress, stop: &stop, ..AddOptions::at(WHEN) };
    holding.add_with(&[holding.pages()], &options).unwrap();
    assert!(told.into_inner() > 3);
    assert_eq!(asked.get(), 3);
    assert!(STORY.len() > 100);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 24, ..Default::default() })]

    /// Whatever stretch of letters a page prints, searching for it opens that page at characters that fold to it.
    #[test]
    fn every_stretch_is_found_at_its_characters(
        lines in proptest::collection::vec("[榴园渡口石桥山海木]{1,7}[，。 ]?[榴园渡口Ａa5]{0,3}", 1..12),
        pick in 0usize..1000,
        length in 1usize..9,
    ) {
        let holding = Holding::new();
        let text = lines.join("\n");
        write(&holding.pages(), "own/1.txt", &text);
        holding.add_with(&[holding.pages().join("own")], &AddOptions::at(WHEN)).unwrap();
        let folded = Query::fold(&text, &holding.pack);
        let characters: Vec<char> = folded.chars().collect();
        let start = pick % characters.len();
        let wanted: String = characters[start..(start + length).min(characters.len())].iter().collect();
        // Words are met whole and punctuation alone is nothing to look for: both have tests of their own.
        let is_word = |c: &char| c.is_ascii_alphanumeric();
        let cuts_word = start > 0 && is_word(&characters[start - 1]) && is_word(&characters[start])
            || characters.get(start + length).is_some_and(is_word) && is_word(&characters[start + length - 1]);
        let has_letter = wanted.chars().any(char::is_alphanumeric);
        proptest::prop_assume!(has_letter && !cuts_word);
        let query = Query::parse(&format!("\"{wanted}\""), &holding.pack).unwrap();
        let reader = holding.archive.reader().unwrap();
        let found = reader.search(&query, &holding.pack, Paging::default()).unwrap();
        proptest::prop_assert_eq!(found.hits.len(), 1, "{} in {}", wanted, folded);
        let layer = reader.layer(found.hits[0].page.text).unwrap().unwrap();
        for span in &found.hits[0].spans {
            let printed = Query::fold(span.of(&layer.text), &holding.pack);
            proptest::prop_assert_eq!(printed, wanted.trim());
        }
    }
}

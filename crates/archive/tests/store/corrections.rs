use shiliu_archive::store::{
    AddOptions, Anchor, Correction, Decision, PageText, PageView, PassageMatch, Provenance, StoreError,
};
use shiliu_text::{Date, Span};

use crate::fixture::{Holding, WHEN, assert_same, write};

const FIRST: &str = "liuyuan/2031-04-06/01.txt";
const SECOND: &str = "xiling/2031-04-07/02.txt";

impl Holding {
    fn page(&self, path: &str) -> PageView {
        self.archive.reader().unwrap().page(PageText::Path(path)).unwrap().unwrap()
    }

    fn anchor(&self, path: &str, quote: &str) -> Anchor {
        let page = self.page(path);
        let start = page.text.find(quote).unwrap();
        Anchor::new(page.page.text, path, &page.text, Span::new(start, start + quote.len())).unwrap()
    }

    fn decide(&self, decision: Decision) -> Result<i64, StoreError> {
        let provenance = Provenance {
            who: "梨花".to_owned(),
            when: WHEN.to_owned(),
            why: "看过原版".to_owned(),
            via: "cli".to_owned(),
        };
        let mut writer = self.archive.writer()?;
        let number = writer.correct(&Correction { decision, provenance })?;
        writer.refresh(&self.pack, &self.profile, &AddOptions::at(WHEN))?;
        Ok(number)
    }

    fn article_holding(&self, path: &str, quote: &str) -> shiliu_archive::store::ArticleView {
        let page = self.page(path);
        let at = u32::try_from(page.text.find(quote).unwrap()).unwrap();
        let holds = |article: &&shiliu_archive::store::ArticleSummary| {
            article.fragments.iter().any(|f| f.page.path == path && f.span.start <= at && at < f.span.end)
        };
        let article = page.articles.iter().find(holds).unwrap();
        self.archive.reader().unwrap().article(&article.key).unwrap().unwrap()
    }
}

fn added() -> Holding {
    let holding = Holding::new();
    holding.add();
    holding
}

fn partition(page: &PageView) {
    let joined: String = page.zones.iter().map(|zone| zone.span.of(&page.text)).collect();
    assert_eq!(joined, *page.text);
    for zone in &page.zones {
        for key in &zone.articles {
            assert!(page.articles.iter().any(|article| article.key == *key), "{key}");
        }
    }
}

#[test]
fn a_page_is_put_into_its_issue_and_stays_there() {
    let holding = added();
    let path = "dongwan/01.txt";
    let page = || holding.anchor(path, "船歌比赛");
    holding.decide(Decision::Paper { page: page(), paper: "东湾周刊".to_owned() }).unwrap();
    let date = Date::parse("2031-04-05").unwrap();
    holding.decide(Decision::IssueDate { page: page(), date }).unwrap();
    holding.decide(Decision::PageNumber { page: page(), page_no: "3".to_owned() }).unwrap();
    let check = || {
        let view = holding.page(path);
        assert_eq!(view.issue, "2031-04-05 东湾周刊");
        let date = view.date.unwrap();
        assert_eq!((date.value.as_str(), date.printed), ("2031-04-05", false));
        assert_eq!(date.evidence, "correction 2 by 梨花");
        assert_eq!(view.page_no.unwrap().value, "3");
    };
    check();
    let options = AddOptions { reread: true, ..AddOptions::at(WHEN) };
    holding.add_with(&[holding.pages()], &options).unwrap();
    check();
}

#[test]
fn split_join_and_headline() {
    let holding = added();
    // Join everything on the page into one article, so that the test does not depend on how it is cut.
    let whole = |path: &str, one: &str, two: &str| {
        let (first, second) = (holding.anchor(path, one), holding.anchor(path, two));
        holding.decide(Decision::Join { first, second }).unwrap();
    };
    whole(FIRST, "会议公报说", "水渠都已清淤");
    let joined = holding.article_holding(FIRST, "会议公报说");
    assert!(joined.text.contains("水渠都已清淤"));
    assert_eq!(joined.summary.key, holding.article_holding(FIRST, "水渠都已清淤").summary.key);
    partition(&holding.page(FIRST));

    holding.decide(Decision::Split { at: holding.anchor(FIRST, "榴园南部各乡") }).unwrap();
    let (one, two) =
        (holding.article_holding(FIRST, "会议公报说"), holding.article_holding(FIRST, "水渠都已清淤"));
    assert_ne!(one.summary.key, two.summary.key);
    assert!(!one.text.contains("榴园南部各乡"));
    assert!(two.text.starts_with("榴园南部各乡"), "{}", two.text);
    assert_eq!(format!("{}{}", one.text, two.text).replace('\n', ""), joined.text.replace('\n', ""));
    partition(&holding.page(FIRST));

    let headline = holding.anchor(FIRST, "# 春耕过半");
    let article = holding.anchor(FIRST, "榴园南部各乡");
    let number = holding.decide(Decision::Headline { article, headline }).unwrap();
    let two = holding.article_holding(FIRST, "水渠都已清淤");
    assert_eq!(two.headline.as_ref().unwrap().value, "春耕过半");
    holding.decide(Decision::Undo { correction: number }).unwrap();
    assert_ne!(holding.article_holding(FIRST, "水渠都已清淤").headline, two.headline);
    let corrections = holding.archive.reader().unwrap().corrections().unwrap();
    assert_eq!(corrections.len(), 4);
    assert_eq!(corrections[2].undone_by, Some(4));
    assert!(matches!(holding.decide(Decision::Undo { correction: 3 }), Err(StoreError::Refused(_))));
    assert!(holding.archive.reader().unwrap().review().unwrap().is_empty());
}

#[test]
fn what_lost_its_place_waits_for_a_person() {
    let holding = added();
    let path = "dongwan/01.txt";
    let page = holding.anchor(path, "船歌比赛");
    holding.decide(Decision::PageNumber { page, page_no: "3".to_owned() }).unwrap();
    write(&holding.pages(), path, "东湾周刊\n\n# 船歌比赛\n\n更正：船歌比赛改在下月。\n");
    holding.add();
    let reader = holding.archive.reader().unwrap();
    assert_eq!(holding.page(path).page_no, None, "never moved to a text that it does not speak of");
    let review = reader.review().unwrap();
    assert_eq!(review.len(), 1);
    assert_eq!(review[0].correction.number, 1);
    assert_eq!(reader.overview().unwrap().review, 1);
}

#[test]
fn a_withdrawn_page_is_kept_and_not_read() {
    let holding = added();
    let page = holding.anchor(SECOND, "北桥");
    let number = holding.decide(Decision::Withdraw { page: page.clone() }).unwrap();
    let reader = holding.archive.reader().unwrap();
    assert!(reader.page(PageText::Path(SECOND)).unwrap().is_none());
    assert!(reader.layer(page.text).unwrap().is_some());
    let overview = reader.overview().unwrap();
    assert_eq!((overview.counts.pages, overview.counts.sources, overview.unread), (2, 3, 0));
    holding.decide(Decision::Undo { correction: number }).unwrap();
    assert_eq!(holding.archive.reader().unwrap().overview().unwrap().counts.pages, 3);
}

#[test]
fn a_reading_is_chosen() {
    let holding = Holding::new();
    let text = std::fs::read_to_string(holding.pages().join(SECOND)).unwrap();
    write(&holding.pages(), SECOND, &text.replace("两年内", "三年内").replace("300名", "500名"));
    holding.add();
    let story = |holding: &Holding| {
        let reader = holding.archive.reader().unwrap();
        let key = holding.article_holding(SECOND, "会议公报说").summary.story.unwrap().0;
        reader.story(&key).unwrap().unwrap()
    };
    let before = story(&holding);
    assert_eq!(before.witnesses.len(), 2, "the two printings are one story");
    for (quote, wanted) in [("商定在三年内", "三"), ("商定在两年内", "两")] {
        let path = if wanted == "三" { SECOND } else { FIRST };
        let page = holding.page(path);
        let start = page.text.find(quote).unwrap() + "商定在".len();
        let span = Span::new(start, start + wanted.len());
        let printed = Anchor::new(page.page.text, path, &page.text, span).unwrap();
        holding.decide(Decision::Reading { printed }).unwrap();
        let after = story(&holding);
        assert!(after.established.contains(quote), "{}", after.established);
        let at = after.established.find(quote).unwrap() + "商定在".len();
        let at = u32::try_from(at).unwrap();
        let locus = after.loci.iter().find(|locus| locus.at.start <= at && at <= locus.at.end).unwrap();
        assert!(locus.decided && locus.confidence == 1000);
        assert!(locus.readings[locus.lemma].text.contains(wanted));
    }
    assert!(holding.archive.reader().unwrap().review().unwrap().is_empty());
}

#[test]
fn a_correction_must_stand_on_the_page() {
    let holding = added();
    let good = holding.anchor(FIRST, "会议公报说");
    let moved = Anchor { span: Span { start: good.span.start + 3, end: good.span.end + 3 }, ..good.clone() };
    let bad = Anchor { quote: "会议公告说".to_owned(), ..good.clone() };
    for at in [moved, bad] {
        assert!(matches!(holding.decide(Decision::Split { at }), Err(StoreError::Refused(_))));
    }
    let empty = Decision::Paper { page: good, paper: " ".to_owned() };
    assert!(matches!(holding.decide(empty), Err(StoreError::Refused(_))));
    assert!(holding.archive.reader().unwrap().corrections().unwrap().is_empty());
}

#[test]
fn corrections_can_only_be_added() {
    let holding = added();
    holding.decide(Decision::Split { at: holding.anchor(FIRST, "会议公报说") }).unwrap();
    holding.decide(Decision::Split { at: holding.anchor(FIRST, "两国代表说") }).unwrap();
    assert!(holding.archive.doctor().unwrap().is_well(), "{:?}", holding.archive.doctor());
    let connection = rusqlite::Connection::open(holding.archive.file()).unwrap();
    for statement in ["UPDATE correction SET who = '谁'", "DELETE FROM correction", "DELETE FROM layer"] {
        assert!(connection.execute(statement, []).is_err(), "{statement}");
    }
    // Whoever goes round the triggers is found out.
    connection
        .execute_batch("DROP TRIGGER correction_never_changes; UPDATE correction SET who = '谁' WHERE id = 1")
        .unwrap();
    let health = holding.archive.doctor().unwrap();
    let check = health.checks.iter().find(|check| check.name == "corrections").unwrap();
    assert_eq!(check.problems, ["correction 1 does not fit the chain"]);
}

#[test]
fn adding_again_after_corrections_changes_nothing() {
    let holding = added();
    holding.decide(Decision::Split { at: holding.anchor(FIRST, "会议公报说") }).unwrap();
    let before = holding.dump();
    assert!(!holding.add().reread);
    assert_same(&holding.dump(), &before);
}

#[test]
fn a_sentence_is_found_where_it_was_printed() {
    let holding = added();
    let reader = holding.archive.reader().unwrap();
    let ask = |text: &str| reader.find_passage(text, &holding.pack).unwrap();
    let exact = ask("登记站由渡口合作委员会管理");
    assert_eq!(exact.len(), 2);
    for finding in &exact {
        assert_eq!(finding.found, PassageMatch::Exact);
        let place = &finding.places[0];
        let text = &reader.layer(place.page.text).unwrap().unwrap().text;
        assert_eq!(place.span.of(text), "登记站由渡口合作委员会管理");
    }
    let variant = ask("修复费用由三国各出一半，登记站由渡口委员会管理");
    assert_eq!(variant.len(), 2);
    assert!(variant.iter().all(|finding| matches!(&finding.found,
        PassageMatch::Variant { changes, .. } if changes.len() == 2)));
    assert!(ask("石榴花节在山城开幕，三万人到场观看").is_empty());
    assert!(matches!(reader.find_passage("渡口", &holding.pack), Err(StoreError::Refused(_))));
}

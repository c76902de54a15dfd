//! Home: a count is the number of rows behind it, what is done is not past due, each thing stands under its own heading.

use std::collections::BTreeSet;

use super::fixture::sample;

/// The number that a list says it has.
fn listed(address: &str) -> u64 {
    let head = sample()
        .screen(address)
        .texts(|_, attributes| attributes.iter().any(|(name, value)| name == "class" && value == "head"));
    head[0].chars().filter(char::is_ascii_digit).collect::<String>().parse().unwrap()
}

#[test]
fn every_count_of_promises_on_home_is_the_number_of_rows_behind_it() {
    let home = sample().screen("/?lang=en");
    let links: BTreeSet<&str> =
        home.values("a", "href").filter(|href| href.starts_with("/ledger?kind=commitment")).collect();
    assert!(links.len() > 10, "{links:?}");
    for due in ["due=past", "due=soon", "due=later", "due=kept", "due=none", "promises=1"] {
        assert!(links.iter().any(|href| href.contains(due)), "{due}: {links:?}");
    }
    for href in links {
        let said = home.texts(|name, attributes| {
            name == "a" && attributes.iter().any(|(name, value)| name == "href" && value == href)
        });
        for said in said {
            let digits: String = said.chars().filter(char::is_ascii_digit).collect();
            // The name of an area leads to its rows too.
            if let Ok(count) = digits.parse::<u64>() {
                assert_eq!(listed(href), count, "{said}: {href}");
            }
        }
    }
}

#[test]
fn what_another_page_tells_as_done_is_not_past_due() {
    let past = sample().screen("/ledger?kind=commitment&due=past&asof=2032-06-17&sort=deadline&lang=en");
    let kept = sample().screen("/ledger?kind=commitment&due=kept&asof=2032-06-17&lang=en");
    let rows = |screen: &super::document::Document| {
        screen.texts(|_, attributes| attributes.iter().any(|(name, _)| name == "data-row")).concat()
    };
    for words in ["开通霁城至汐港客运航线", "建成银礁冷链中心"] {
        assert!(rows(&kept).contains(words), "{words} is told as done");
        assert!(!rows(&past).contains(words), "{words} is past due");
    }
    // Local promises and stances do not fall due.
    assert!(rows(&past).contains("约定今年8月再谈"));
}

#[test]
fn several_reports_of_one_deed_are_one_mark() {
    let home = sample().screen("/?lang=en");
    let rows =
        home.texts(|name, attributes| name == "tr" && attributes.iter().any(|(name, _)| name == "data-row"));
    let told = rows.iter().filter(|row| row.contains("delivered "));
    let marks: Vec<usize> = told.map(|row| row.matches("delivered ").count()).collect();
    assert!(marks.len() > 2 && marks.iter().all(|count| *count == 1), "{marks:?}");
}

#[test]
fn things_counted_that_are_no_bodies_and_projects_of_other_stories_stand_apart() {
    let home = sample().screen("/?lang=en");
    let text = |id: &str| home.text_of(id).unwrap_or_else(|| panic!("nothing under {id}"));
    assert!(text("bodies").contains("11个部长级平台") && !text("bodies").contains("17份合作文件"));
    assert!(text("counted").contains("17份合作文件"));
    // A light railway of one city, in a story in which no state acts.
    assert!(!text("projects").contains("汐港轻轨"));
    assert!(text("other-projects").contains("汐港轻轨"));
}

#[test]
fn the_ledger_has_promises_of_the_parties_before_those_of_others() {
    let ledger = sample().screen("/ledger?kind=commitment&promises=1&lang=zh");
    let rows = ledger
        .texts(|name, attributes| name == "li" && attributes.iter().any(|(name, _)| name == "data-row"));
    let local: Vec<bool> = rows.iter().map(|row| row.contains("非机制一方")).collect();
    assert!(local.is_sorted(), "{local:?}");
}

#[test]
fn a_finding_shows_the_words_it_speaks_of() {
    let review = sample().screen("/review?severity=warning&lang=en");
    let rows = review
        .texts(|name, attributes| name == "tr" && attributes.iter().any(|(name, _)| name == "data-row"));
    assert!(!rows.is_empty());
    for row in &rows {
        assert!(row.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)).count() > 3, "{row}");
    }
}

#[test]
fn an_empty_desk_leads_to_what_waits() {
    let desk = super::fixture::written(&[(
        "a/2031-06-17/1.txt",
        "# 云津与朔原会谈\n\n云津总统林砚舟表示，云方将在两年内提供600个培训名额。\n",
    )])
    .screen("/desk?lang=en");
    assert!(desk.values("a", "href").any(|href| href.starts_with("/review/item?kind=record")));
}

#[test]
fn figures_of_the_mechanism_come_before_those_of_other_stories() {
    let figures = sample().screen("/figures?lang=en");
    let text = |id: &str| figures.text_of(id).unwrap_or_else(|| panic!("nothing under {id}"));
    assert!(text("singles").contains("培训名额") && !text("singles").contains("潮汐市集"));
    assert!(!text("local").is_empty());
}

#[test]
fn what_others_than_the_parties_promise_is_no_moment_of_the_mechanism() {
    let ledger = sample().screen("/ledger?kind=commitment&promises=1&flag=local");
    let local: Vec<&str> = ledger.values("a", "href").filter(|href| href.starts_with("/e/")).collect();
    let timeline = sample().screen("/timeline");
    let shown: BTreeSet<&str> = timeline.values("a", "href").collect();
    assert!(!local.is_empty());
    for href in local {
        assert!(!shown.contains(href), "{href}");
    }
}

#[test]
fn the_rows_of_the_ledger_are_a_file_whose_characters_are_those_of_the_page() {
    let query = "kind=commitment&due=past&asof=2032-06-17&sort=deadline";
    let shown = listed(&format!("/ledger?{query}&lang=en"));
    let csv = sample().get(&format!("/export/records.csv?{query}&lang=en"));
    let rows = crate::export::table::read_csv(&csv.body);
    assert_eq!(rows.len() as u64, shown + 1, "a heading and the rows");
    assert!(rows[0].iter().any(|heading| heading == "Promised by"), "{:?}", rows[0]);
    let lines = sample().get(&format!("/export/records.jsonl?{query}")).body;
    assert_eq!(lines.lines().count() as u64, shown);
    for line in lines.lines() {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        let link = row["link"].as_str().unwrap();
        assert_eq!(sample().screen(link).lit(), row["text"].as_str().unwrap(), "{link}");
        let lit = row["end"].as_i64().unwrap() - row["start"].as_i64().unwrap();
        assert!(lit > 0 && row["deadline"].is_string(), "{line}");
    }
    let links = sample().screen("/ledger?kind=event");
    assert!(links.values("a", "href").any(|href| href.starts_with("/export/records.xlsx?kind=event")));
    assert_eq!(sample().get("/export/records.pdf").status, axum::http::StatusCode::NOT_FOUND);
}

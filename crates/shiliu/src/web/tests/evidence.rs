//! What is lit is the text: every permalink of every record, mention and search hit opens on its characters.

use shiliu_archive::store::{PageText, Paging, RecordFilter, RecordSort};

use super::fixture::{sample, written};
use crate::web::screens::page::one_line;

#[test]
fn every_printing_of_every_record_opens_on_its_characters() {
    let place = sample();
    let reader = place.site.archive.reader().unwrap();
    let everything = Paging { offset: 0, limit: 500 };
    let records = reader.records(&RecordFilter::default(), RecordSort::Place, everything).unwrap();
    assert!(records.total > 50, "the sample gives {} records", records.total);
    let (mut opened, mut several) = (0, 0);
    for record in records.rows.iter().step_by(3) {
        let view = reader.record(&record.key).unwrap().unwrap();
        let entry = place.screen(&format!("/e/{}", record.key));
        let printings: Vec<&str> = entry
            .elements()
            .filter(|(_, attributes)| attributes.iter().any(|(_, value)| value == "printing"))
            .filter_map(|(_, attributes)| attributes.iter().find(|(name, _)| name == "href"))
            .map(|(_, href)| href.as_str())
            .collect();
        assert_eq!(printings.len(), view.evidence.len(), "{}", record.key);
        let shown = entry.texts(|_, attributes| attributes.iter().any(|(_, value)| value == "printing"));
        for ((href, evidence), words) in printings.iter().zip(&view.evidence).zip(shown) {
            let page = place.screen(href);
            assert_eq!(page.lit(), evidence.text, "{href}");
            assert_eq!(words, evidence.text, "the entry shows the page's own characters");
            // The fragment of the permalink names the first lit run: a browser without script goes there.
            let fragment = href.split_once('#').unwrap().1;
            assert!(page.text_of(fragment).is_some(), "{href}");
            opened += 1;
        }
        several += usize::from(view.evidence.len() > 1);
    }
    assert!(
        opened > 30 && several > 0,
        "{opened} printings opened, {several} records printed more than once"
    );
}

#[test]
fn the_text_in_the_browser_is_the_text_of_the_page() {
    let place = sample();
    let reader = place.site.archive.reader().unwrap();
    for page in reader.pages(None, Paging::default()).unwrap().rows {
        let view = reader.page(PageText::Path(&page.page.path)).unwrap().unwrap();
        let document = place.screen(&format!("/p/{}", page.page.text));
        assert_eq!(document.text_of("text").as_deref(), Some(&*view.text), "{}", page.page.path);
        assert_eq!(document.lit(), "");
    }
}

#[test]
fn line_ends_controls_and_characters_beyond_the_basic_plane_keep_their_places() {
    let text = "北砧早市\r\n\r\n本报讯（记者 柯以墨）6月3日，\u{202e}倒写\u{202c}的𠮷字与\u{0}空字各一，\r\n早市如常。\r\n";
    let place = written(&[("a.txt", text)]);
    let reader = place.site.archive.reader().unwrap();
    let page = reader.pages(None, Paging::default()).unwrap().rows.remove(0).page;
    let document = place.screen(&format!("/p/{}", page.text));
    // A NUL cannot stand in a document: one visible character takes its place.
    assert_eq!(document.text_of("text").unwrap(), text.replace('\0', "\u{fffd}"));
    let wanted = "𠮷字";
    let start = text[..text.find(wanted).unwrap()].chars().count();
    let address = format!("/p/{}?c={start}-{}", page.text, start + 2);
    assert_eq!(place.screen(&address).lit(), wanted);
    // Characters that steer direction stand alone, each named.
    let controls = document.texts(|name, _| name == "bdi");
    assert_eq!(controls, ["\u{202e}", "\u{202c}"]);
    assert!(document.values("bdi", "data-code").eq(["U+202E", "U+202C"]));
}

#[test]
fn search_hits_and_pasted_sentences_open_on_their_characters() {
    let place = sample();
    let found = place.screen("/search?q=%E6%B5%B7%E5%BA%95%E5%85%89%E7%BC%86");
    let hits: Vec<&str> = found
        .elements()
        .filter(|(_, attributes)| attributes.iter().any(|(_, value)| value == "hit"))
        .filter_map(|(_, attributes)| attributes.iter().find(|(name, _)| name == "href"))
        .map(|(_, href)| href.as_str())
        .collect();
    assert!(!hits.is_empty());
    for href in hits {
        let lit = place.screen(href).lit();
        let lit: String = lit.split_whitespace().collect();
        assert!(!lit.is_empty() && lit.replace("海底光缆", "").is_empty(), "{href}: {lit}");
    }
    let sentence = "会议形成的58项成果要一件一件落实";
    let pasted = crate::web::address::with_query("/search", [("passage", sentence)]);
    let printings = place.screen(&pasted);
    let shown = printings.texts(|_, attributes| attributes.iter().any(|(_, value)| value == "hit"));
    assert!(shown.iter().any(|words| one_line(words) == sentence), "{shown:?}");
}

#[test]
fn a_long_page_comes_in_parts_and_its_permalinks_open_on_the_right_one() {
    let mut text = String::from("# 水文年表\n\n");
    for day in 0..20_000 {
        text.push_str(&format!("第{day}日，白渡站水位如常，渡船照开。\n\n"));
    }
    text.push_str("末日，铁山口站水位骤涨。\n");
    let place = written(&[("long.md", &text)]);
    let reader = place.site.archive.reader().unwrap();
    let page = reader.pages(None, Paging::default()).unwrap().rows.remove(0).page;
    let first = place.screen(&format!("/p/{}", page.text));
    let part = first.text_of("text").unwrap();
    assert!(part.len() < text.len() && text.starts_with(&part));
    let start = u32::try_from(text[..text.find("铁山口").unwrap()].chars().count()).unwrap();
    let there = place.screen(&format!("/p/{}?c={start}-{}", page.text, start + 3));
    assert_eq!(there.lit(), "铁山口");
    // Walked from part to part, the whole page is shown once.
    let (mut whole, mut next) = (part, first);
    loop {
        let links: Vec<String> =
            next.values("a", "href").filter(|href| href.contains("?from=")).map(str::to_owned).collect();
        let shown = whole.chars().count();
        let Some(onward) = links.iter().find(|href| href.contains(&format!("from={shown}"))) else { break };
        next = place.screen(onward);
        whole.push_str(&next.text_of("text").unwrap());
    }
    assert_eq!(whole, text);
}

/// Headlines and bylines that printings have in other words or at another place are listed, and open on their characters.
#[test]
fn what_stands_outside_a_story_opens_on_its_characters() {
    let place = sample();
    let stories = place.screen("/stories?printings=2");
    let mut addresses: Vec<&str> = stories
        .values("a", "href")
        .filter(|href| href.starts_with("/s/"))
        .map(|href| href.split('#').next().unwrap_or(href))
        .collect();
    addresses.sort_unstable();
    addresses.dedup();
    let mut opened = 0;
    for address in addresses {
        let story = place.screen(address);
        let has = |attributes: &[(String, String)], name: &str, wanted: &str| {
            attributes.iter().any(|(known, value)| known == name && value == wanted)
        };
        let from = story.elements().skip_while(|(_, attributes)| !has(attributes, "id", "outside"));
        let links = from
            .take_while(|(_, attributes)| !has(attributes, "id", "records"))
            .filter(|(name, attributes)| *name == "a" && has(attributes, "class", "reading"))
            .filter_map(|(_, attributes)| attributes.iter().find(|(name, _)| name == "href"));
        for (_, href) in links {
            assert!(!place.screen(href).lit().is_empty(), "{address}: {href}");
            opened += 1;
        }
    }
    assert!(opened >= 2, "{opened}");
}

//! Page text is never markup, wherever it comes from: body, headline, file name, address.

use std::collections::BTreeSet;

use super::document::Document;
use super::fixture::written;

pub(super) const PAYLOADS: &[&str] = &[
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    "</textarea></title></div><svg onload=alert(1)>",
    "javascript:alert(1)",
    "&lt;b&gt;&amp;",
    "{{ 7*7 }}{% raw %}",
    "\u{202e}gnp.exe\u{202c}\u{feff}\u{200b}",
];

/// No element and no attribute of a screen came out of somebody's words.
pub(super) fn assert_no_markup(document: &Document, address: &str) {
    for (element, attributes) in document.elements() {
        // Our own charts are drawings too.
        let chart = attributes.iter().any(|(key, value)| key == "class" && value.starts_with("chart"));
        let foreign = matches!(element, "iframe" | "object" | "b1") || (element == "svg" && !chart);
        assert!(!foreign, "{address}: <{element}>");
        for (key, value) in attributes {
            assert!(!key.starts_with("on") && key != "style", "{address}: {key}");
            let leads = matches!(key.as_str(), "href" | "src" | "action");
            assert!(!leads || value.is_empty() || value.starts_with(['/', '#']), "{address}: {key}={value}");
        }
        if element == "script" || element == "img" {
            let own = attributes.iter().any(|(key, value)| key == "src" && value.starts_with("/static/"));
            assert!(own, "{address}: a foreign <{element}>");
        }
    }
}

#[test]
fn hostile_pages_never_become_markup() {
    let body = PAYLOADS.join("，这一段是正文，白渡市6月17日宣布投入3亿元，");
    let page = format!(
        "# {}晚报\n\n# 标题{}\n\n本报讯（记者 {}）{body}。\n\n# 第二篇{}\n\n白渡市长说：“{}将在2033年前建成三座桥。”{body}\n",
        PAYLOADS[0], PAYLOADS[1], PAYLOADS[2], PAYLOADS[3], PAYLOADS[1],
    );
    let again = page.replace("三座桥", "四座桥");
    let name = "a'\"<b>&x.md";
    let place = written(&[(name, &page), ("issue/2.md", &again)]);
    let mut waiting: Vec<String> =
        ["/", "/ledger?each=1", "/stories", "/library?all=1", "/figures", "/people", "/review", "/history"]
            .map(str::to_owned)
            .into();
    for payload in PAYLOADS {
        for (path, key) in [
            ("/search", "q"),
            ("/search", "passage"),
            ("/ledger", "q"),
            ("/ledger", "body"),
            ("/stories", "q"),
            ("/try", "text"),
            ("/people", "name"),
            ("/review", "path"),
            ("/register", "q"),
            ("/register", "owner"),
            ("/register", "area"),
            ("/desk", "owner"),
            ("/wall", "sheet"),
            ("/letters", "about"),
            ("/review/item", "item"),
            ("/brief/draft", "title"),
            ("/brief/draft", "meeting"),
            ("/brief/draft", "parties"),
        ] {
            waiting.push(crate::web::address::with_query(path, [(key, *payload)]));
        }
    }
    let mut seen: BTreeSet<String> = waiting.iter().cloned().collect();
    let mut visited = 0;
    while let Some(address) = waiting.pop() {
        let answer = place.get(&address);
        assert!(!answer.status.is_server_error(), "{address}: {}", answer.body);
        let document = answer.document();
        visited += 1;
        assert_no_markup(&document, &address);
        if visited < 400 {
            for href in document.values("a", "href").filter(|href| is_screen(href)) {
                let href = href.split('#').next().unwrap().to_owned();
                if seen.len() < 600 && seen.insert(href.clone()) {
                    waiting.push(href);
                }
            }
        }
    }
    assert!(visited > 80, "only {visited} screens");
    // The payload is there, as text.
    let pages = place.screen("/library?all=1");
    let page = pages.values("a", "href").find(|href| href.starts_with("/p/")).unwrap().to_owned();
    assert!(place.screen(&page).text_of("text").unwrap().contains(PAYLOADS[0]));
}

/// An address of a screen; files are looked at elsewhere.
pub(super) fn is_screen(href: &str) -> bool {
    href.starts_with('/') && !href.starts_with("/export/") && !href.starts_with("/due.ics")
}

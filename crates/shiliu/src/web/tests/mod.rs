//! The app without a network: every screen, every link, what is refused, and that what is lit is the text.

mod corrections;
mod document;
mod evidence;
mod fields;
mod fixture;
mod home;
mod hostile;
mod register;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use axum::body::Body;
use axum::http::{Request, StatusCode};

use fixture::{HOST, place, sample};

const SCREENS: &[&str] = &[
    "/",
    "/?asof=2031-01-01",
    "/ledger",
    "/ledger?kind=commitment&sort=deadline",
    "/ledger?q=%E6%B5%B7&each=1&sort=newest",
    "/ledger?kind=commitment&force=F9",
    "/stories",
    "/stories?printings=2&undecided=1&sort=differences",
    "/library",
    "/library?all=1",
    "/library?paper=-",
    "/pairs",
    "/pairs?a=%E4%BA%91%E6%B4%A5&b=%E6%9C%94%E5%8E%9F",
    "/pairs?a=x&b=x",
    "/timeline",
    "/timeline?after=2031-06&before=2032",
    "/timeline?after=x&before=9999",
    "/figures",
    "/figures?q=x",
    "/people",
    "/people?name=x",
    "/search",
    "/search?q=%E6%B5%B7",
    "/search?q=%22%22",
    "/search?q=from:yesterday",
    "/search?passage=x",
    "/review",
    "/review?severity=warning&code=x",
    "/history",
    "/register",
    "/register?status=none&sort=due&once=1&q=x",
    "/register?owner=-&overdue=1&party=x&by=2033-01-01",
    "/review/item",
    "/review/item?kind=join",
    "/review/item?kind=reading&skip=1",
    "/review/item?sight=second",
    "/review/list?kind=record",
    "/desk",
    "/desk?cadence=platforms&owner=-&asof=2032-01-01",
    "/wall",
    "/wall?sheet=a4",
    "/letters",
    "/letters?about=C-0001&sent=1",
    "/briefs",
    "/brief/draft?by=2033-01-01",
    "/checks",
    "/scale",
    "/try",
    "/try?text=2031%E5%B9%B46%E6%9C%8817%E6%97%A5&ref=2031-06-17",
];

#[test]
fn every_screen_stands_on_the_sample_and_on_an_empty_archive_in_every_language() {
    let empty = place(None);
    for place in [sample(), &empty] {
        for address in SCREENS {
            for lang in ["zh", "en", "ru"] {
                let address = crate::web::address::with_query(address, [("lang", lang)]);
                let answer = place.get(&address);
                assert_eq!(answer.status, StatusCode::OK, "{address}: {}", answer.body);
                assert_eq!(answer.header("content-security-policy"), crate::web::guard::POLICY);
                assert_eq!(answer.header("x-content-type-options"), "nosniff");
                assert_eq!(answer.header("referrer-policy"), "no-referrer");
                assert!(answer.header("content-type").starts_with("text/html; charset=utf-8"));
                let document = answer.document();
                assert!(document.values("html", "lang").eq([lang]), "{address}");
                assert_eq!(document.texts(|name, _| name == "h1").len(), 1, "{address}: one h1");
                for (element, attributes) in document.elements() {
                    for (key, _) in attributes {
                        assert!(
                            key != "style" && !key.starts_with("on"),
                            "{address}: inline {key} on {element}"
                        );
                    }
                }
                assert!(document.texts(|name, _| name == "style").is_empty());
                assert!(document.texts(|name, _| name == "script").iter().all(String::is_empty), "{address}");
                let missing =
                    crate::web::words::Tongue::parse(lang).unwrap().words().find("missing").unwrap();
                assert!(!answer.body.contains(missing), "{address}: a text is missing");
            }
        }
    }
}

#[test]
fn an_empty_archive_says_what_to_do() {
    let empty = place(None);
    for address in [
        "/",
        "/ledger",
        "/stories",
        "/library",
        "/figures",
        "/people",
        "/review",
        "/history",
        "/desk",
        "/register",
        "/briefs",
        "/checks",
        "/letters",
        "/wall",
        "/review/item",
    ] {
        let document = empty.screen(address);
        let said = document.texts(|_, attributes| attributes.iter().any(|(_, value)| value == "empty"));
        assert_eq!(said.len(), 1, "{address}");
        assert!(said[0].trim().len() > 40, "{address}: {said:?}");
    }
}

/// Facets and lists multiply without end: of each shape of address the first few are followed.
fn shape(address: &str) -> String {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let mut keys: Vec<&str> = query.split('&').filter_map(|pair| pair.split('=').next()).collect();
    keys.sort_unstable();
    format!("{}?{}", path.split('/').nth(1).unwrap_or(""), keys.join("&"))
}

#[test]
fn every_link_from_home_leads_somewhere() {
    const OF_A_SHAPE: usize = 15;
    const CONDITIONS: usize = 2;
    const MOST: usize = 300;
    let place = sample();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut shapes: BTreeMap<String, usize> = BTreeMap::new();
    let mut waiting: VecDeque<(String, String)> = VecDeque::from([("/".to_owned(), "start".to_owned())]);
    let mut ids: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    while let Some((address, from)) = waiting.pop_front()
        && ids.len() < MOST
    {
        let count = shapes.entry(shape(&address)).or_default();
        *count += 1;
        if *count > OF_A_SHAPE || address.matches('&').count() >= CONDITIONS {
            continue;
        }
        let answer = place.get(&address);
        assert_eq!(answer.status, StatusCode::OK, "{address} (linked from {from})");
        let document = answer.document();
        let found: BTreeSet<String> = document
            .elements()
            .flat_map(|(_, attributes)| attributes.iter().filter(|(name, _)| name == "id"))
            .map(|(_, value)| value.clone())
            .collect();
        for href in document.values("a", "href").filter(|href| !href.is_empty()) {
            assert!(href.starts_with(['/', '#']), "{address}: a link to elsewhere: {href}");
            let target = match href.split_once('#') {
                Some(("", fragment)) => {
                    assert!(found.contains(fragment), "{address}: no place {fragment}");
                    continue;
                }
                Some((path, _)) => path,
                None => href,
            };
            // Files are no screens.
            let file = target.starts_with("/export/") || target.starts_with("/due.ics");
            if !file && seen.insert(target.to_owned()) {
                waiting.push_back((target.to_owned(), address.clone()));
            }
        }
        ids.insert(address, found);
    }
    assert!(ids.len() > 120, "only {} screens were reached", ids.len());
    for path in [
        "/ledger",
        "/stories",
        "/library",
        "/figures",
        "/people",
        "/review",
        "/history",
        "/try",
        "/desk",
        "/register",
        "/briefs",
        "/checks",
        "/letters",
        "/wall",
        "/scale",
    ] {
        assert!(ids.contains_key(path), "{path} is not reached from home");
    }
}

#[test]
fn a_link_into_a_screen_finds_its_place() {
    let place = sample();
    let story = place.screen("/stories?printings=2");
    let targets: Vec<&str> =
        story.values("a", "href").filter(|href| href.contains('#') && href.starts_with("/s/")).collect();
    assert!(!targets.is_empty());
    for href in targets {
        let (address, fragment) = href.split_once('#').unwrap();
        let there = place.screen(address);
        let known =
            there.elements().any(|(_, attributes)| attributes.iter().any(|(_, value)| value == fragment));
        assert!(known, "{href}");
    }
}

#[test]
fn the_language_stays_in_every_link() {
    for address in [
        "/?lang=en",
        "/ledger?kind=commitment&lang=en",
        "/library?all=1&lang=en",
        "/search?q=%E6%B5%B7&lang=en",
        "/desk?lang=en",
        "/register?lang=en",
        "/review/item?kind=record&lang=en",
        "/letters?lang=en",
    ] {
        let document = sample().screen(address);
        let links = document.elements().filter(|(name, _)| *name == "a").filter_map(|(_, attributes)| {
            let value =
                |key: &str| attributes.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str());
            (value("hreflang").is_none()).then(|| value("href")).flatten()
        });
        for href in links.filter(|href| href.starts_with('/')) {
            assert!(href.contains("lang=en"), "{address}: {href}");
        }
        for form in document.values("form", "action") {
            assert!(form.starts_with('/'));
        }
        let kept = document.values("input", "name").filter(|name| *name == "lang").count();
        let forms = document.elements().filter(|(name, attributes)| {
            *name == "form" && !attributes.iter().any(|(key, _)| key == "method")
        });
        assert_eq!(kept, forms.count(), "{address}: a form loses the language");
    }
    let header = |language: &str| {
        let request = Request::get("/").header("host", HOST).header("accept-language", language);
        sample().send(request.body(Body::empty()).unwrap()).document()
    };
    assert!(header("zh-CN,zh;q=0.9").values("html", "lang").eq(["zh"]));
    assert!(header("en-GB").values("html", "lang").eq(["en"]));
    assert!(header("ru-RU,ru;q=0.9").values("html", "lang").eq(["ru"]));
}

#[test]
fn unknown_addresses_give_one_helpful_page() {
    for address in
        ["/nope", "/e/r-0", "/s/none", "/p/xyz", "/library?issue=none", &format!("/p/{}", "0".repeat(64))]
    {
        let answer = sample().get(address);
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{address}");
        assert!(answer.document().values("a", "href").filter(|href| href.starts_with('/')).count() > 8);
    }
    assert_eq!(sample().get("/try?ref=yesterday&text=x").status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(sample().get("/static/none.css").status, StatusCode::NOT_FOUND);
    assert_eq!(sample().get("/static/..%2Fmod.rs").status, StatusCode::NOT_FOUND);
    assert_eq!(sample().get("/static/shiliu.css").header("content-type"), "text/css; charset=utf-8");
}

#[test]
fn other_hosts_and_methods_are_refused() {
    let ask = |host: &str| {
        sample().send(Request::get("/").header("host", host).body(Body::empty()).unwrap()).status
    };
    assert_eq!(ask("evil.example"), StatusCode::MISDIRECTED_REQUEST);
    assert_eq!(ask("127.0.0.1:9"), StatusCode::MISDIRECTED_REQUEST);
    assert_eq!(ask("localhost:7340"), StatusCode::OK);
    let request = Request::delete("/").header("host", HOST).body(Body::empty()).unwrap();
    assert_eq!(sample().send(request).status, StatusCode::METHOD_NOT_ALLOWED);
}

#[test]
fn templates_and_code_hold_no_words_of_their_own() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    for entry in std::fs::read_dir(root.join("templates")).unwrap().flatten() {
        let text = std::fs::read_to_string(entry.path()).unwrap();
        let han = text.chars().find(|character| ('\u{2e80}'..='\u{9fff}').contains(character));
        assert_eq!(han, None, "{}", entry.path().display());
    }
}

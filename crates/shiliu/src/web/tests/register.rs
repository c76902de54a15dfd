//! The register's screens: looking decides nothing, one form is one event, hostile words stay words.

use axum::http::StatusCode;
use shiliu_archive::store::{EntryFilter, ItemFilter, ItemKind, Paging};

use super::document::Document;
use super::fixture::{Place, place, sample_pages};
use super::hostile::{PAYLOADS, assert_no_markup};

fn desk() -> Place {
    place(Some(&sample_pages()))
}

/// Sends a form with the token of the process.
fn send(place: &Place, address: &str, fields: &[(&str, &str)]) -> super::fixture::Answer {
    let token = place.site.guard.token().to_owned();
    let mut all = vec![("token", token.as_str())];
    all.extend_from_slice(fields);
    place.post(address, &all)
}

fn events(place: &Place) -> i64 {
    place.site.archive.reader().unwrap().register_head().unwrap().map_or(0, |(number, _)| number)
}

fn candidates(place: &Place) -> Vec<String> {
    let filter = ItemFilter { kinds: vec![ItemKind::Candidate], ..ItemFilter::default() };
    let found = place.site.archive.reader().unwrap().queue(&filter, Paging::default()).unwrap();
    found.rows.into_iter().map(|item| item.key).collect()
}

/// An input's value on a screen.
fn value<'d>(document: &'d Document, name: &str) -> Option<&'d str> {
    document.elements().find_map(|(_, attributes)| {
        let get =
            |key: &str| attributes.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str());
        (get("name") == Some(name)).then(|| get("value")).flatten()
    })
}

#[test]
fn one_decision_a_screen_and_looking_decides_nothing() {
    let desk = desk();
    let first = candidates(&desk)[0].clone();
    for _ in 0..2 {
        let screen = desk.screen("/review/item?kind=record");
        assert_eq!(value(&screen, "item"), Some(first.as_str()));
        for verdict in ["accept", "reject", "unsure"] {
            assert!(screen.values("button", "value").any(|known| known == verdict));
        }
    }
    desk.screen(&format!("/review/item?item={first}"));
    desk.screen("/review/list?kind=record");
    assert_eq!(events(&desk), 0);
    // Accepted with a detail put right, without any script.
    let fields = [
        ("item", first.as_str()),
        ("verdict", "accept"),
        ("edit_owner", "x"),
        ("was_due", ""),
        ("edit_due", "2033-01-31"),
        ("back", "/review/item?kind=record"),
    ];
    let answer = send(&desk, "/decide", &fields);
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert_eq!(answer.header("location"), "/review/item?kind=record&done=1");
    let next = desk.screen(answer.header("location"));
    assert_ne!(value(&next, "item"), Some(first.as_str()));
    assert_eq!(value(&next, "event"), Some("1"), "the way back is on the screen");
    let entry = desk.screen("/e/C-0001?lang=en");
    assert!(entry.texts(|name, _| name == "dd").iter().any(|text| text.contains("2033-01-31")));
    // Undone: the item waits again, the entry stays, marked.
    send(&desk, "/undo-act", &[("event", "1"), ("back", "/review/item?kind=record")]);
    assert_eq!(candidates(&desk)[0], first);
    assert_eq!(events(&desk), 2);
    assert!(desk.get("/e/C-0001?lang=en").body.contains("taken back"));
}

#[test]
fn bulk_acts_are_one_event_a_row_and_all_or_none() {
    let desk = desk();
    let items = candidates(&desk);
    let rows: Vec<(&str, &str)> = items[..3].iter().map(|item| ("item", item.as_str())).collect();
    let mut fields = vec![("verdict", "accept"), ("back", "/review/list"), ("why", "all three")];
    fields.extend_from_slice(&rows);
    let mut broken = fields.clone();
    broken.push(("item", "record:r-0000000000000000"));
    assert_eq!(send(&desk, "/decide", &broken).status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(events(&desk), 0);
    assert_eq!(send(&desk, "/decide", &fields).header("location"), "/review/list");
    assert_eq!(events(&desk), 3);
    let owned = [("entry", "C-0001"), ("entry", "C-0003"), ("owner", "the desk"), ("back", "/register")];
    assert_eq!(send(&desk, "/own", &owned).status, StatusCode::SEE_OTHER);
    assert_eq!(events(&desk), 5);
    let mine = EntryFilter { owner: Some("the desk".into()), ..EntryFilter::default() };
    assert_eq!(desk.site.archive.reader().unwrap().count_entries(&mine).unwrap(), 2);
}

#[test]
fn an_assessment_needs_evidence_and_shows_its_rule() {
    let desk = desk();
    let item = candidates(&desk)[0].clone();
    send(&desk, "/decide", &[("item", &item), ("verdict", "accept"), ("back", "/")]);
    let bare = [("entry", "C-0001"), ("verb", "assess"), ("status", "delivered"), ("day", "2032-01-01")];
    let refused = send(&desk, "/act", &bare);
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let searched = [
        ("entry", "C-0001"),
        ("verb", "assess"),
        ("status", "no-evidence-found"),
        ("stage", "interim"),
        ("day", "2032-01-01"),
        ("query", "不在版面上的字"),
        ("back", "/e/C-0001"),
    ];
    assert_eq!(send(&desk, "/act", &searched).status, StatusCode::SEE_OTHER);
    let shown = desk.get("/e/C-0001?lang=en").body;
    for words in
        ["no evidence found", "interim", "status.no-evidence-found.1", "No Evidence Available", "0 of 11"]
    {
        assert!(shown.contains(words), "{words}");
    }
    let record = item.trim_start_matches("record:");
    let borne = [
        ("entry", "C-0001"),
        ("verb", "assess"),
        ("status", "agreed"),
        ("day", "2032-02-01"),
        ("at", record),
    ];
    assert_eq!(send(&desk, "/act", &borne).status, StatusCode::SEE_OTHER);
    assert!(desk.get("/register?status=agreed").body.contains("C-0001"));
}

#[test]
fn every_form_of_the_register_asks_for_the_token() {
    let desk = desk();
    for address in ["/act", "/own", "/decide", "/undo-act", "/brief", "/check", "/letter", "/enter"] {
        let fields =
            [("entry", "C-0001"), ("verb", "note"), ("text", "x"), ("item", "x"), ("verdict", "accept")];
        assert_eq!(desk.post(address, &fields).status, StatusCode::FORBIDDEN, "{address}");
        let foreign = [("origin", "http://evil.example")];
        assert_eq!(desk.post_from(address, &fields, &foreign).status, StatusCode::FORBIDDEN, "{address}");
    }
    assert_eq!(events(&desk), 0);
}

/// Every text that a person can put into the register, hostile: it stays text on every screen and in every file.
#[test]
fn hostile_words_stay_words_on_every_screen_and_in_every_file() {
    let desk = desk();
    let item = candidates(&desk)[0].clone();
    let payload = PAYLOADS.join(" ");
    let bad = payload.as_str();
    let mut kept = 0;
    let mut act = |address: &str, fields: &[(&str, &str)]| {
        let mut all = vec![("why", bad), ("back", "/register")];
        all.extend_from_slice(fields);
        let answer = send(&desk, address, &all);
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{address} {fields:?}: {}", answer.body);
        kept += 1;
    };
    let names = ["words", "actors", "recipients", "action", "object", "amount", "unit", "due_words", "area"];
    let more = ["sector", "meeting", "force"];
    act("/decide", &[("item", &item), ("verdict", "accept")]);
    for name in names.into_iter().chain(more) {
        act("/act", &[("entry", "C-0001"), ("verb", "edit"), ("detail", name), ("value", bad)]);
    }
    let record = item.trim_start_matches("record:");
    act("/act", &[("entry", "C-0001"), ("verb", "own"), ("owner", bad)]);
    act("/act", &[("entry", "C-0001"), ("verb", "note"), ("text", bad)]);
    act("/act", &[("entry", "C-0001"), ("verb", "ask"), ("whom", bad), ("about", bad)]);
    act("/act", &[("entry", "C-0001"), ("verb", "find"), ("problem", bad), ("mender", bad)]);
    act("/act", &[("entry", "C-0001"), ("verb", "plan"), ("steps", &format!("{bad}=30"))]);
    act("/act", &[("entry", "C-0001"), ("verb", "edit"), ("detail", "due"), ("value", "2031-01-01")]);
    act(
        "/act",
        &[
            ("entry", "C-0001"),
            ("verb", "assess"),
            ("status", "agreed"),
            ("day", "2032-01-01"),
            ("at", record),
        ],
    );
    let assessment = events(&desk).to_string();
    act("/act", &[("entry", "C-0001"), ("verb", "reply"), ("to", &assessment), ("from", bad), ("text", bad)]);
    act("/act", &[("verb", "submit"), ("text", bad), ("about", bad)]);
    act("/letter", &[("text", bad), ("about", bad), ("name", bad)]);
    act("/brief", &[("title", bad), ("by", "2033-01-01")]);
    act("/act", &[("entry", "C-0001"), ("verb", "edit"), ("detail", "actors"), ("value", "x")]);
    act("/brief", &[("title", bad), ("by", "2033-01-01")]);
    act("/check", &[("size", "5"), ("seed", "1"), ("of", "entries")]);
    act("/check", &[("check", "K-0001"), ("key", "C-0001"), ("verdict", "reject")]);
    assert_eq!(events(&desk), kept);
    for address in [
        "/register",
        "/e/C-0001",
        "/review",
        "/review/item?kind=outside",
        "/review/list?kind=outside",
        "/desk",
        "/wall",
        "/briefs",
        "/brief/B-0001",
        "/brief/B-0001?as=html",
        "/brief/diff?a=B-0001&b=B-0002",
        "/checks",
        "/checks/K-0001",
        "/checks/K-0001?key=C-0001",
        "/letters",
        "/scale",
    ] {
        let answer = desk.get(address);
        assert_eq!(answer.status, StatusCode::OK, "{address}: {}", answer.body);
        let document = answer.document();
        // A brief as a file is a paper of its own, with a style.
        if !address.ends_with("as=html") {
            assert_no_markup(&document, address);
        }
        assert!(
            matches!(address, "/scale" | "/review") || answer.body.contains("&lt;script&gt;alert(1)"),
            "{address}: the words are there"
        );
    }
    let markdown = desk.get("/brief/B-0001?as=md").body;
    assert!(!markdown.contains("<script>") && !markdown.contains("<img"), "{markdown}");
    let calendar = desk.get("/due.ics").body;
    assert!(calendar.lines().all(|line| line.len() <= 76 && !line.starts_with("BEGIN:VALARM")));
    assert_eq!(calendar.matches("BEGIN:VEVENT").count(), 2, "the due day and the step");
    for view in ["entries", "evidence", "assessments", "follow-up", "events"] {
        let csv = desk.get(&format!("/export/{view}.csv")).body;
        for row in crate::export::table::read_csv(&csv) {
            assert!(row.len() > 3, "{view}: a cell broke its row");
        }
    }
}

#[test]
fn briefs_are_frozen_and_print_in_three_languages() {
    let desk = desk();
    let items = candidates(&desk);
    let rows: Vec<(&str, &str)> = items[..5].iter().map(|item| ("item", item.as_str())).collect();
    let mut fields = vec![("verdict", "accept"), ("back", "/")];
    fields.extend_from_slice(&rows);
    send(&desk, "/decide", &fields);
    let issued =
        send(&desk, "/brief", &[("title", "third meeting"), ("by", "2034-12-31"), ("as_of", "2032-01-01")]);
    assert_eq!(issued.header("location"), "/brief/B-0001");
    let before = desk.get("/brief/B-0001?as=html&lang=zh").body;
    send(
        &desk,
        "/act",
        &[("entry", "C-0001"), ("verb", "edit"), ("detail", "words"), ("value", "other words")],
    );
    assert_eq!(desk.get("/brief/B-0001?as=html&lang=zh").body, before);
    assert!(!before.contains("other words"));
    for lang in ["zh", "en", "ru"] {
        let paper = desk.get(&format!("/brief/B-0001?as=html&lang={lang}"));
        let document = paper.document();
        assert!(document.values("html", "lang").eq([lang]));
        assert!(document.texts(|name, _| name == "script").is_empty());
        // Every footnote is there, and each opens characters.
        for mark in document.values("a", "href").filter(|href| href.starts_with("#n")) {
            assert!(
                document
                    .elements()
                    .any(|(_, all)| all.iter().any(|(key, id)| key == "id" && *id == mark[1..]))
            );
        }
        let links: Vec<&str> = document.values("a", "href").filter(|href| href.starts_with("/p/")).collect();
        assert!(links.len() >= 5, "{links:?}");
        assert_eq!(desk.get(links[0]).status, StatusCode::OK);
        assert!(!desk.screen(links[0]).lit().is_empty());
    }
    let empty = send(&desk, "/brief", &[("meeting", "no such meeting")]);
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
}

/// The address of the first page of the library, and the hash of its text.
fn first_page(desk: &Place) -> (String, String) {
    let pages = desk.screen("/library?all=1");
    let href = pages.values("a", "href").find(|href| href.starts_with("/p/")).unwrap().to_owned();
    let hash = href[3..67].to_owned();
    (href, hash)
}

#[test]
fn undo_goes_back_without_limit() {
    let desk = desk();
    let items = candidates(&desk);
    for (item, verdict) in items.iter().zip(["accept", "reject", "unsure"]) {
        send(&desk, "/decide", &[("item", item), ("verdict", verdict), ("back", "/review/item?kind=record")]);
    }
    for expected in ["3", "2", "1"] {
        let screen = desk.screen("/review/item?kind=record");
        assert_eq!(value(&screen, "event"), Some(expected));
        let back = [("event", expected), ("back", "/review/item?kind=record")];
        assert_eq!(send(&desk, "/undo-act", &back).status, StatusCode::SEE_OTHER);
    }
    let screen = desk.screen("/review/item?kind=record");
    assert_eq!(value(&screen, "event"), None, "nothing is left to take back");
    assert_eq!(candidates(&desk), items);
    assert_eq!(events(&desk), 6);
}

#[test]
fn a_second_reviewer_sees_what_the_first_decided_and_disagreement_is_kept() {
    let desk = desk();
    let item = candidates(&desk)[0].clone();
    send(&desk, "/decide", &[("item", &item), ("verdict", "accept"), ("back", "/")]);
    // The first reviewer has no second look at an own decision.
    assert_eq!(value(&desk.screen("/review/item?sight=second"), "item"), None);
    let second = desk.of("another");
    let screen = second.screen("/review/item?sight=second&lang=en");
    assert_eq!(value(&screen, "item"), Some(item.as_str()));
    assert!(second.get("/review/item?sight=second&lang=en").body.contains("test \u{2013} accept"));
    send(&second, "/decide", &[("item", &item), ("verdict", "reject"), ("why", "no promise"), ("back", "/")]);
    assert_eq!(value(&second.screen("/review/item?sight=second"), "item"), None);
    let both = desk.screen("/review/item?sight=disagreed");
    assert_eq!(value(&both, "item"), Some(item.as_str()));
    let entry = desk.get("/e/C-0001?lang=en").body;
    assert!(
        entry.contains("another: reject") && entry.contains("test: accept"),
        "both opinions are on the entry"
    );
}

#[test]
fn characters_that_a_person_selects_become_an_entry() {
    let desk = desk();
    let (page, hash) = first_page(&desk);
    assert!(desk.screen(&page).values("form", "action").any(|action| action == "/enter"));
    for range in ["", "9-3", "1-99999999", "x"] {
        let refused = send(&desk, "/enter", &[("page", &hash), ("range", range)]);
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{range}");
    }
    let made = send(&desk, "/enter", &[("page", &hash), ("range", "4-24"), ("why", "read on the page")]);
    assert_eq!(made.header("location"), "/e/C-0001", "{}", made.body);
    let text = desk.screen(&page).text_of("text").unwrap();
    let quote: String = text.chars().skip(4).take(20).collect();
    let entry = desk.screen("/e/C-0001");
    let shown = entry.texts(|name, all| name == "a" && all.iter().any(|(_, value)| value == "printing"));
    assert_eq!(shown, [quote]);
    let link = entry.values("a", "href").find(|href| href.starts_with("/p/")).unwrap();
    assert!(link.ends_with("c=4-24"), "{link}");
    assert!(desk.get("/e/C-0001").body.contains("[N]."), "it can be cited");
}

#[test]
fn a_letter_from_a_reader_is_a_review_item_and_is_answered() {
    let desk = desk();
    let empty = send(&desk, "/letter", &[("text", "  "), ("about", "C-0001")]);
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let long = "x".repeat(8001);
    assert_eq!(send(&desk, "/letter", &[("text", &long)]).status, StatusCode::UNPROCESSABLE_ENTITY);
    let sent = send(
        &desk,
        "/letter",
        &[("text", "the date is wrong"), ("name", "A reader"), ("about", "/ledger?q=x")],
    );
    assert_eq!(sent.header("location"), "/letters?sent=1");
    let waits = desk.get("/letters?lang=en").body;
    assert!(waits.contains("A reader") && waits.contains("waits") && waits.contains("the date is wrong"));
    let item = desk.screen("/review/item?kind=outside");
    assert_eq!(value(&item, "item"), Some("outside:1"));
    // An answer needs words.
    let bare = [("item", "outside:1"), ("verdict", "accept"), ("back", "/letters")];
    assert_eq!(send(&desk, "/decide", &bare).status, StatusCode::UNPROCESSABLE_ENTITY);
    let answered =
        [("item", "outside:1"), ("verdict", "accept"), ("why", "put right, thank you"), ("back", "/letters")];
    assert_eq!(send(&desk, "/decide", &answered).status, StatusCode::SEE_OTHER);
    let answer = desk.get("/letters?lang=en").body;
    assert!(answer.contains("put right, thank you") && answer.contains("taken") && !answer.contains("waits"));
    // Only addresses of ours are links.
    for about in
        ["javascript:alert(1)", "//evil.example/", "https://evil.example/", "C-1<b>", "/\\evil.example"]
    {
        send(&desk, "/letter", &[("text", "x"), ("about", about)]);
    }
    let links = desk.screen("/letters");
    assert!(links.values("a", "href").all(|href| !href.contains("evil") || href.starts_with("/letters")));
}

#[test]
fn spot_checks_go_one_by_one_and_report_the_rate() {
    let desk = desk();
    let items = candidates(&desk);
    let rows: Vec<(&str, &str)> = items[..4].iter().map(|item| ("item", item.as_str())).collect();
    let mut fields = vec![("verdict", "accept"), ("back", "/")];
    fields.extend_from_slice(&rows);
    send(&desk, "/decide", &fields);
    let drawn = send(&desk, "/check", &[("size", "3"), ("seed", "7"), ("of", "entries")]);
    assert_eq!(drawn.header("location"), "/checks/K-0001");
    let mut seen = Vec::new();
    for verdict in ["accept", "reject", "unsure"] {
        let screen = desk.screen("/checks/K-0001");
        let key = value(&screen, "key").unwrap().to_owned();
        assert!(!screen.lit().is_empty(), "the characters of the page stand beside it");
        assert!(!seen.contains(&key));
        let marked = [("check", "K-0001"), ("key", &key), ("verdict", verdict), ("why", "looked")];
        assert_eq!(send(&desk, "/check", &marked).header("location"), "/checks/K-0001");
        seen.push(key);
    }
    let done = desk.get("/checks/K-0001?lang=en").body;
    assert!(done.contains("3 of 3 checked") && done.contains("50.00 %"), "one of the two that could be told");
    assert_eq!(value(&desk.screen("/checks/K-0001"), "key"), None);
    // The same seed draws the same.
    send(&desk, "/check", &[("size", "3"), ("seed", "7"), ("of", "entries")]);
    let again = desk.screen("/checks/K-0002");
    let first = value(&again, "key").unwrap();
    assert!(seen.iter().any(|key| key == first));
    let records = send(&desk, "/check", &[("size", "2"), ("seed", "1"), ("of", "records")]);
    assert!(!desk.screen(records.header("location")).lit().is_empty());
    assert_eq!(desk.get("/checks/K-9999").status, StatusCode::NOT_FOUND);
}

/// The same archive behind a door: writing needs a one-time address.
fn behind_a_door(open: &Place) -> Place {
    let pack = shiliu_lang::Pack::load(shiliu_lang::builtin()).value;
    let profile = shiliu_lang::Profile::load("lanhai", shiliu_lang::builtin()).value;
    let address = super::fixture::HOST.parse().unwrap();
    let archive = open.site.archive.clone();
    open.with(crate::web::Site::new(archive, pack, profile, address, "anna".to_owned(), false))
}

/// A site that is guarded: who did not come in by a one-time address reads and does not write.
#[test]
fn a_one_time_address_opens_the_door_once() {
    let open = desk();
    let guarded = behind_a_door(&open);
    // Reading needs nothing, and the screen says what writing needs.
    let screen = guarded.get("/register?lang=en");
    assert_eq!(screen.status, StatusCode::OK);
    assert!(screen.body.contains("This browser reads only"));
    assert!(
        !open.get("/register?lang=en").body.contains("This browser reads only"),
        "a demonstration is open"
    );
    let item = candidates(&guarded)[0].clone();
    let fields = [("item", item.as_str()), ("verdict", "reject"), ("back", "/review/item")];
    let refused = send(&guarded, "/decide", &fields);
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.body.contains("one-time") || refused.body.contains("一次性"), "{}", refused.body);
    for address in ["/act", "/own", "/undo-act", "/brief", "/check", "/enter", "/correct", "/undo", "/invite"]
    {
        assert_eq!(send(&guarded, address, &[]).status, StatusCode::FORBIDDEN, "{address}");
    }
    assert_eq!(events(&guarded), 0);
    // A reader's letter decides nothing and is taken.
    let letter = [("name", "reader"), ("text", "it was 500"), ("about", "C-0001"), ("back", "/letters")];
    assert_ne!(send(&guarded, "/letter", &letter).status, StatusCode::FORBIDDEN);
    let sender = guarded.site.person(&axum::http::HeaderMap::new());
    assert_eq!(sender, "reader", "not in the name of a reviewer");
    // The address works once, leads to a clean one, and gives a cookie that no script sees.
    let entrance = guarded.site.invite("anna");
    let path = entrance.strip_prefix("http://127.0.0.1:7340").unwrap().to_owned();
    let answer = guarded.get(&path);
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/"));
    let cookie = answer.header("set-cookie").to_owned();
    for part in ["shiliu-7340=", "HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains(path.rsplit('/').next().unwrap()), "the cookie is another secret");
    assert_eq!(guarded.get(&path).status, StatusCode::FORBIDDEN, "once");
    let session = cookie.split(';').next().unwrap();
    let token = guarded.site.guard.token().to_owned();
    let mut all = vec![("token", token.as_str())];
    all.extend(fields);
    let ours = [("origin", "http://127.0.0.1:7340"), ("sec-fetch-site", "same-origin")];
    let with = |address: &str, fields: &[(&str, &str)], headers: &[(&str, &str)]| {
        let mut headers = headers.to_vec();
        headers.push(("cookie", session));
        guarded.post_from(address, fields, &headers)
    };
    assert_eq!(with("/decide", &all, &ours).status, StatusCode::SEE_OTHER);
    // The cookie alone is not enough: the form must be ours and carry the token.
    assert_eq!(with("/decide", &all, &[("sec-fetch-site", "cross-site")]).status, StatusCode::FORBIDDEN);
    assert_eq!(with("/decide", &fields, &ours).status, StatusCode::FORBIDDEN);
    // Another browser gets an address of its own, on a screen that holds no other secret.
    let another = with("/invite", &[("token", token.as_str())], &ours);
    assert_eq!(another.status, StatusCode::OK);
    let at = another.body.find("http://127.0.0.1:7340/enter/").unwrap() + "http://127.0.0.1:7340".len();
    assert_eq!(guarded.get(&another.body[at..at + 7 + 64]).status, StatusCode::SEE_OTHER);
    assert!(!another.body.contains(session.split('=').nth(1).unwrap()), "no screen shows the session");
}

/// Two people at one server: each browser has the name of whom its one-time address was made for.
#[test]
fn two_people_review_at_one_server() {
    let shared = behind_a_door(&desk());
    let enter = |path: &str, cookie: &str| {
        let answer = shared.get_with(path, &[("cookie", cookie)]);
        answer.header("set-cookie").split(';').next().unwrap().to_owned()
    };
    let path = |invited: &str| invited.strip_prefix("http://127.0.0.1:7340").unwrap().to_owned();
    let token = shared.site.guard.token().to_owned();
    let form = |cookie: &str, address: &str, fields: &[(&str, &str)]| {
        let mut all = vec![("token", token.as_str())];
        all.extend_from_slice(fields);
        let headers =
            [("origin", "http://127.0.0.1:7340"), ("sec-fetch-site", "same-origin"), ("cookie", cookie)];
        shared.post_from(address, &all, &headers)
    };
    let anna = enter(&path(&shared.site.invite("anna")), "");
    // Anna asks for an address for Boris, at the foot of her screen.
    let invited = form(&anna, "/invite?lang=en", &[("who", " Boris <b> ")]);
    assert!(invited.body.contains("in the name of Boris &lt;b&gt;"), "{}", invited.body);
    let at = invited.body.find("http://127.0.0.1:7340/enter/").unwrap();
    let boris = enter(&path(&invited.body[at..at + 21 + 7 + 64]), "");
    assert_ne!(anna, boris);
    assert_eq!(form(&anna, "/invite", &[("who", &"x".repeat(200))]).status, StatusCode::UNPROCESSABLE_ENTITY);
    let item = candidates(&shared)[0].clone();
    let fields = |verdict| [("item", item.as_str()), ("verdict", verdict), ("back", "/review/item")];
    assert_eq!(form(&anna, "/decide", &fields("reject")).status, StatusCode::SEE_OTHER);
    // Boris finds it among those to be looked at a second time; Anna does not.
    let second = |cookie: &str| {
        shared.get_with("/review/item?sight=second&lang=en", &[("cookie", cookie)]).body.contains(&item)
    };
    assert!(second(&boris) && !second(&anna));
    assert_eq!(form(&boris, "/decide", &fields("unsure")).status, StatusCode::SEE_OTHER);
    let reader = shared.site.archive.reader().unwrap();
    let who: Vec<String> =
        reader.register_events(0, None).unwrap().into_iter().map(|event| event.stamp.who).collect();
    assert_eq!(who, ["anna", "Boris <b>"]);
    assert_eq!(reader.verdicts(&item).unwrap().len(), 2);
    let disagreed = shared.get("/review/item?sight=disagreed&lang=en").body;
    assert!(disagreed.contains("anna \u{2013} reject") && disagreed.contains("Boris &lt;b&gt; \u{2013}"));
    // Each undoes what is their own.
    let undo = shared.get_with("/review/item?lang=en", &[("cookie", &boris)]);
    assert_eq!(value(&undo.document(), "event"), Some("2"));
    // Whoever opens another person's address in the same browser is that person from then on.
    let switched = enter(&path(&shared.site.invite("Vera")), &anna);
    assert!(shared.get_with("/?lang=en", &[("cookie", &switched)]).body.contains("You write as Vera."));
}

#[test]
fn a_refusal_speaks_the_language_of_the_screen() {
    let desk = desk();
    let zh = send(&desk, "/undo-act?lang=zh", &[("event", "99"), ("back", "/review")]);
    assert!(zh.body.contains("没有第 99 号事件"), "{}", zh.body);
    let ru = send(&desk, "/undo-act?lang=ru", &[("event", "99"), ("back", "/review")]);
    assert!(ru.body.contains("события 99 нет"), "{}", ru.body);
}

#[test]
fn what_several_promise_hangs_under_each_of_them() {
    let desk = desk();
    let reader = desk.site.archive.reader().unwrap();
    let joint = candidates(&desk).into_iter().find(|item| {
        let suggestion = reader.suggestion(item.trim_start_matches("record:")).unwrap().unwrap();
        suggestion.details.names(shiliu_ledger::register::Detail::Actors).len() > 1
    });
    let joint = joint.expect("the sample has promises of several states");
    drop(reader);
    send(&desk, "/decide", &[("item", joint.as_str()), ("verdict", "accept"), ("back", "/review/item")]);
    let wall = desk.screen("/wall?lang=en");
    let hung = wall.texts(|name, _| name == "b").iter().filter(|text| *text == "C-0001").count();
    let heads = wall.texts(|name, _| name == "th").len();
    assert!(hung >= 2 && heads >= 4, "{hung} under {heads}");
}

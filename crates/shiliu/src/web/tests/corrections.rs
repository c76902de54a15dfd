//! Forms: what is refused, what a correction does, and that it can be undone.

use axum::http::StatusCode;
use shiliu_archive::store::{PageText, Paging};

use super::fixture::{Place, written};

const PAGE: &str = "# 桥通车\n\n本报讯（记者 柯以墨）6月3日，铁山口大桥通车，两岸居民走上桥面，渡口的老船工也来了。\n\n# 早市开张\n\n本报讯（记者 柯以墨）北砧镇的早市开张，来自邻镇的三十多户菜农摆出了摊位，市民赶早。\n";

fn press() -> Place {
    written(&[("1.md", PAGE)])
}

fn token(place: &Place) -> String {
    place.site.guard.token().to_owned()
}

fn page(place: &Place) -> shiliu_archive::store::PageView {
    place.site.archive.reader().unwrap().page(PageText::Path("1.md")).unwrap().unwrap()
}

#[test]
fn forms_without_the_token_or_from_elsewhere_change_nothing() {
    let place = press();
    let token = token(&place);
    let fields = |token: &str| -> Vec<(&'static str, String)> {
        vec![
            ("token", token.to_owned()),
            ("page", "1.md".into()),
            ("verb", "identity".into()),
            ("date", "2031-06-04".into()),
        ]
    };
    let send = |token: &str, headers: &[(&str, &str)]| {
        let fields = fields(token);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        place.post_from("/correct", &fields, headers).status
    };
    let ours = [("origin", "http://127.0.0.1:7340")];
    assert_eq!(send("", &ours), StatusCode::FORBIDDEN);
    assert_eq!(send(&"0".repeat(64), &ours), StatusCode::FORBIDDEN);
    assert_eq!(send(&token, &[]), StatusCode::FORBIDDEN);
    assert_eq!(send(&token, &[("origin", "http://evil.example")]), StatusCode::FORBIDDEN);
    assert_eq!(
        send(&token, &[("origin", "http://127.0.0.1:7340"), ("sec-fetch-site", "cross-site")]),
        StatusCode::FORBIDDEN
    );
    assert_eq!(place.get("/correct").status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(place.site.archive.reader().unwrap().corrections().unwrap().is_empty());
    assert_eq!(send(&token, &ours), StatusCode::SEE_OTHER);
    assert_eq!(page(&place).page.date.as_deref(), Some("2031-06-04"));
}

#[test]
fn a_date_is_put_right_shown_and_undone() {
    let place = press();
    let token = token(&place);
    let before = page(&place).page.date;
    let back = format!("/p/{}?c=2-5", page(&place).page.text);
    let answer = place.post(
        "/correct?lang=en",
        &[
            ("token", &token),
            ("page", "1.md"),
            ("verb", "identity"),
            ("date", "2031-06-04"),
            ("paper", "白渡晚报"),
            ("why", "<b>masthead</b>"),
            ("back", &back),
        ],
    );
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert_eq!(answer.header("location"), format!("{back}&lang=en"));
    let view = page(&place);
    assert_eq!(
        (view.page.date.as_deref(), view.page.paper.as_deref()),
        (Some("2031-06-04"), Some("白渡晚报"))
    );
    let history = place.screen("/history?lang=en");
    let rows = history.texts(|name, _| name == "tr").concat();
    assert!(
        rows.contains("2031-06-04") && rows.contains("白渡晚报") && rows.contains("<b>masthead</b>"),
        "{rows}"
    );
    let number =
        history.values("tr", "id").map(|id| id.trim_start_matches('n').to_owned()).collect::<Vec<_>>();
    assert_eq!(number.len(), 2);
    for number in &number {
        let undone = place.post("/undo", &[("token", &token), ("number", number), ("back", "/history")]);
        assert_eq!(undone.status, StatusCode::SEE_OTHER, "{}", undone.body);
    }
    assert_eq!(page(&place).page.date, before);
    // An undo is an event too; nothing is taken away.
    assert_eq!(place.site.archive.reader().unwrap().corrections().unwrap().len(), 4);
    let again = place.post("/undo", &[("token", &token), ("number", &number[0])]);
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[test]
fn articles_are_split_and_joined_by_the_forms_of_the_page() {
    let place = press();
    let token = token(&place);
    let reader = place.site.archive.reader().unwrap();
    let hash = page(&place).page.text;
    let keys: Vec<String> = page(&place).articles.iter().map(|article| article.key.clone()).collect();
    assert_eq!(keys.len(), 2);
    let form = place.screen(&format!("/p/{hash}"));
    let options: Vec<&str> = form.values("option", "value").collect();
    assert!(keys.iter().all(|key| options.contains(&key.as_str())), "{options:?}");
    let joined = place.post(
        "/correct",
        &[("token", &token), ("page", "1.md"), ("verb", "join"), ("article", &keys[0]), ("other", &keys[1])],
    );
    assert_eq!(joined.status, StatusCode::SEE_OTHER, "{}", joined.body);
    assert_eq!(page(&place).articles.len(), 1);
    drop(reader);
    let start = PAGE[..PAGE.find("两岸").unwrap()].chars().count().to_string();
    let split = place.post(
        "/correct",
        &[("token", &token), ("page", "1.md"), ("verb", "split"), ("range", &start), ("why", "two pieces")],
    );
    assert_eq!(split.status, StatusCode::SEE_OTHER, "{}", split.body);
    assert_eq!(page(&place).articles.len(), 2);
    let same = place.post(
        "/correct",
        &[("token", &token), ("page", "1.md"), ("verb", "join"), ("article", "x"), ("other", "x")],
    );
    assert_eq!(same.status, StatusCode::UNPROCESSABLE_ENTITY);
    let pages = place.site.archive.reader().unwrap().pages(None, Paging::default()).unwrap();
    assert_eq!(pages.total, 1);
}

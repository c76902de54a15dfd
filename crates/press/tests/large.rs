//! Small versions of very large inputs: more pieces than the search keeps in mind, more elements than a page has.

use std::fmt::Write as _;

use shiliu_lang::Pack;
use shiliu_press::{PageKey, read, segment};

#[test]
fn a_page_of_thousands_of_stories_keeps_each_of_them() {
    let pack = Pack::load(shiliu_lang::builtin()).value;
    let stories = 1600;
    let mut text = String::new();
    for story in 1..=stories {
        let _ = write!(
            text,
            "# 第{story}座大桥建成通车\n本报讯（记者林越）3月2日，第{story}座大桥建成通车。\n\n大桥全长{story}米，由河口建设集团承建。\n\n"
        );
    }
    let key = PageKey { path: "p.md".to_owned(), ..PageKey::default() };
    let pages = read(text.as_bytes(), &key, &pack).value;
    let result = segment(&pages, &[], &pack).value;
    let joined: String = result.zones[0].iter().map(|zone| zone.span.of(&text)).collect();
    assert_eq!(joined, text);
    let whole = |article: &&shiliu_press::Article| {
        let number = article.headline.as_ref().map(|headline| headline.text.replace("建成通车", ""));
        number.is_some_and(|number| article.text.text.matches(number.as_str()).count() == 1)
    };
    let kept = result.articles.iter().filter(whole).count();
    assert!(kept >= stories * 99 / 100, "{kept} of {stories}");
}

#[test]
fn an_alto_file_of_many_elements_is_one_page_with_all_its_lines() {
    let pack = Pack::load(&[]).value;
    let lines = 20_000;
    let mut file =
        String::from("<?xml version=\"1.0\"?><alto><Layout><Page><PrintSpace><TextBlock ID=\"b\">");
    for line in 0..lines {
        let top = 10 * line;
        let _ = write!(
            file,
            "<TextLine HPOS=\"10\" VPOS=\"{top}\" WIDTH=\"80\" HEIGHT=\"8\"><String CONTENT=\"桥{line}\"/></TextLine>"
        );
    }
    file.push_str("</TextBlock></PrintSpace></Page></Layout></alto>");
    let key = PageKey { path: "p.xml".to_owned(), ..PageKey::default() };
    let pages = read(file.as_bytes(), &key, &pack).value;
    assert_eq!(pages.len(), 1);
    let printed = pages[0].lines.iter().filter(|line| !line.span.is_empty()).count();
    assert_eq!(printed, lines);
    assert!(pages[0].layer.text.trim_end().ends_with(&format!("桥{}", lines - 1)));
}

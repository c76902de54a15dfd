//! Prints the articles of a page as `shiliu segment` does, one object a line with headline, status and fragments: for
//! `benchsuite/other_hands/score.py --program`, since it builds faster than the program.
//!
//!     cargo run --release -p shiliu-press --example segment -- segment FILE
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a tool for developers")]

use serde_json::json;
use shiliu_lang::{Pack, builtin};
use shiliu_press::{PageKey, read, segment};
use shiliu_text::CodePoints;

fn main() {
    let path = std::env::args().nth(2).unwrap();
    let pack = Pack::load(builtin()).value;
    let key = PageKey { path: path.clone(), ..PageKey::default() };
    let pages = read(&std::fs::read(&path).unwrap(), &key, &pack).value;
    if std::env::args().nth(1).unwrap() == "parts" {
        for part in pages.iter().flat_map(|page| shiliu_press::parts(page, &[], &pack)) {
            let text =
                part.spans.iter().map(|span| span.of(&pages[0].layer.text)).collect::<Vec<_>>().join("|");
            println!("{} {} {} {} {:?} {text}", part.node, part.kind, part.start, part.end, part.article);
        }
        return;
    }
    for article in segment(&pages, &[], &pack).value.articles {
        let fragments: Vec<_> = article
            .fragments
            .iter()
            .map(|fragment| {
                let points = CodePoints::new(&pages[fragment.page].layer.text);
                json!({
                    "start": points.at_byte(fragment.span.start),
                    "end": points.at_byte(fragment.span.end),
                })
            })
            .collect();
        let headline = article.headline.as_ref().map(|headline| headline.text.as_str());
        let status = format!("{:?}", article.status()).to_lowercase();
        println!("{}", json!({ "headline": headline, "status": status, "fragments": fragments }));
    }
}

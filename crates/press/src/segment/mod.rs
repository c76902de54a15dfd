use shiliu_lang::Pack;
use shiliu_text::{DerivedBuilder, Located, Outcome, Span};

use crate::{Article, ArticleId, End, Fragment, Identity, Page, Role, Segmented, Zone};

/// Two stretches that stand next to each other in another printing: evidence that they belong together here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seam {
    /// The stretch whose end is the left side.
    pub left: Located,
    /// The stretch whose start is the right side.
    pub right: Located,
    /// Strength, in characters of agreement around the seam.
    pub weight: i32,
}

/// Cuts pages given together into zones and articles.
#[must_use]
pub fn segment(pages: &[Page], _seams: &[Seam], _pack: &Pack) -> Outcome<Segmented> {
    let mut segmented = Segmented::default();
    for (index, page) in pages.iter().enumerate() {
        let whole = Span::new(0, page.layer.text.len());
        let mut text = DerivedBuilder::default();
        text.copy(&page.layer, whole);
        segmented.identities.push(Identity::default());
        segmented.zones.push(vec![Zone {
            span: whole,
            role: Role::Body,
            articles: vec![index],
            duplicate: false,
        }]);
        segmented.articles.push(Article {
            id: ArticleId(format!("{}@0", page.key.path)),
            page: index,
            headline: None,
            kicker: None,
            deck: None,
            byline: None,
            dateline: None,
            fragments: vec![Fragment { page: index, span: whole }],
            jump_from: None,
            jump_to: None,
            head: End::Here,
            tail: End::Here,
            losses: Vec::new(),
            text: text.finish(),
            reference: None,
        });
    }
    Outcome::clean(segmented)
}

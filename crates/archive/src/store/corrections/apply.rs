//! Corrections in force, applied between the stages of the pipeline.

use std::collections::BTreeMap;
use std::sync::Mutex;

use shiliu_collate::{Cause, Decision as Settled, ReadingKind, Story};
use shiliu_press::{Article, ArticleId, End, Fragment, Identity, Page, Role, Segmented, Zone};
use shiliu_text::{
    Basis, Derived, DerivedBuilder, Diagnostic, Excerpt, Inferred, Layer, Located, Severity, Span,
};

use super::{Anchor, Decision, StoredCorrection};
use crate::{Interventions, StoryEntry};

/// The corrections that hold, in order, and what of them did not find its place.
pub(in crate::store) struct Active {
    corrections: Vec<StoredCorrection>,
    lost: Mutex<BTreeMap<i64, String>>,
}

impl Active {
    pub(in crate::store) fn of(all: Vec<StoredCorrection>) -> Active {
        let holds = |known: &StoredCorrection| {
            known.undone_by.is_none() && !matches!(known.correction.decision, Decision::Undo { .. })
        };
        Active { corrections: all.into_iter().filter(holds).collect(), lost: Mutex::default() }
    }

    /// Corrections that did not find their place, with the reason.
    pub(in crate::store) fn lost(&self) -> Vec<(i64, String)> {
        let lost = self.lost.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        lost.iter().map(|(number, reason)| (*number, reason.clone())).collect()
    }

    fn lose(&self, correction: &StoredCorrection, reason: &str) -> Diagnostic {
        let mut lost = self.lost.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        lost.insert(correction.number, reason.to_owned());
        let (first, _) = correction.correction.decision.anchors();
        let path = first.map(|anchor| anchor.path.clone()).unwrap_or_default();
        Diagnostic::new(
            "correction-lost",
            Severity::Warning,
            format!("correction {} ({}): {reason}", correction.number, correction.correction.decision.verb()),
        )
        .on(path)
        .hint("make it anew on the page as it is now, or undo it")
    }

    /// Applies each correction that `attempt` knows; `None` from it means that it is not for this stage.
    fn each(
        &self,
        mut attempt: impl FnMut(&StoredCorrection) -> Option<Result<(), &'static str>>,
    ) -> Vec<Diagnostic> {
        let mut noticed = Vec::new();
        for correction in &self.corrections {
            if let Some(Err(reason)) = attempt(correction) {
                noticed.push(self.lose(correction, reason));
            }
        }
        noticed
    }
}

const NO_TEXT: &str = "no held page has the text that it speaks of";
const NO_ARTICLE: &str = "no article holds the place that it speaks of";
const NO_LOCUS: &str = "the printings no longer differ at the place that it speaks of";
const MOVED: &str = "the place is a moved block: its readings cannot be chosen singly";

/// The page that an anchor speaks of: of several with the same text the one with its path, else the first.
fn page_of(pages: &[Page], anchor: &Anchor) -> Option<usize> {
    let mut same = pages.iter().enumerate().filter(|(_, page)| page.layer.id == anchor.text);
    let first = same.next()?;
    if !anchor.fits(&first.1.layer.text) {
        return None;
    }
    if first.1.key.path == anchor.path {
        return Some(first.0);
    }
    same.find(|(_, page)| page.key.path == anchor.path).or(Some(first)).map(|(index, _)| index)
}

/// The article that holds a place: the shortest fragment wins, as the page shows it.
fn article_of(pages: &[Page], segmented: &Segmented, anchor: &Anchor) -> Result<usize, &'static str> {
    let page = page_of(pages, anchor).ok_or(NO_TEXT)?;
    let holds = |fragment: &Fragment| {
        fragment.page == page
            && fragment.span.start <= anchor.span.start
            && anchor.span.start < fragment.span.end
    };
    segmented
        .articles
        .iter()
        .enumerate()
        .flat_map(|(index, article)| {
            article.fragments.iter().filter(|fragment| holds(fragment)).map(move |f| (f.span.len(), index))
        })
        .min()
        .map(|(_, index)| index)
        .ok_or(NO_ARTICLE)
}

impl Interventions for Active {
    fn after_read(&self, pages: &mut Vec<Page>) -> Vec<Diagnostic> {
        self.each(|stored| {
            let (page, change): (&Anchor, fn(&mut Page, &Decision)) = match &stored.correction.decision {
                Decision::Withdraw { page } => {
                    let found = page_of(pages, page).ok_or(NO_TEXT);
                    return Some(found.map(|index| {
                        pages.remove(index);
                    }));
                }
                Decision::Paper { page, .. }
                | Decision::IssueDate { page, .. }
                | Decision::PageNumber { page, .. } => (page, tell_reader),
                _ => return None,
            };
            let found = page_of(pages, page).ok_or(NO_TEXT);
            Some(found.map(|index| change(&mut pages[index], &stored.correction.decision)))
        })
    }

    fn after_segment(&self, pages: &[Page], segmented: &mut Segmented) -> Vec<Diagnostic> {
        let noticed = self.each(|stored| {
            let done = match &stored.correction.decision {
                Decision::Paper { page, .. }
                | Decision::IssueDate { page, .. }
                | Decision::PageNumber { page, .. } => {
                    let index = page_of(pages, page)?;
                    name_page(&mut segmented.identities[index], stored);
                    Ok(())
                }
                Decision::Headline { article, headline } => set_headline(pages, segmented, article, headline),
                Decision::Split { at } => split(pages, segmented, at),
                Decision::Join { first, second } => join(pages, segmented, first, second),
                _ => return None,
            };
            Some(done)
        });
        sort_articles(segmented);
        noticed
    }

    fn apart(&self, pages: &[Page], segmented: &Segmented) -> (Vec<(usize, usize)>, Vec<Diagnostic>) {
        let mut pairs = Vec::new();
        let noticed = self.each(|stored| match &stored.correction.decision {
            Decision::Apart { first, second } => {
                let articles = article_of(pages, segmented, first)
                    .and_then(|first| Ok((first, article_of(pages, segmented, second)?)));
                Some(articles.map(|(first, second)| pairs.push((first.min(second), first.max(second)))))
            }
            _ => None,
        });
        (pairs, noticed)
    }

    fn after_collate(
        &self,
        pages: &[Page],
        segmented: &Segmented,
        stories: &mut [StoryEntry],
    ) -> Vec<Diagnostic> {
        self.each(|stored| match &stored.correction.decision {
            Decision::Reading { printed } => Some(choose(pages, segmented, stories, printed)),
            _ => None,
        })
    }
}

/// What a person says of a page is what a manifest row says: segmentation takes its reference dates from it.
fn tell_reader(page: &mut Page, decision: &Decision) {
    let row = page.key.manifest.get_or_insert_default();
    match decision {
        Decision::Paper { paper, .. } => row.paper = Some(paper.clone()),
        Decision::IssueDate { date, .. } => row.date = Some(*date),
        Decision::PageNumber { page_no, .. } => row.page_no = Some(page_no.clone()),
        _ => {}
    }
}

fn name_page(identity: &mut Identity, stored: &StoredCorrection) {
    let who = &stored.correction.provenance.who;
    let basis =
        Basis::Inferred { evidence: format!("correction {} by {who}", stored.number), at: Vec::new() };
    match &stored.correction.decision {
        Decision::Paper { paper, .. } => identity.paper = Some(Inferred { value: paper.clone(), basis }),
        Decision::IssueDate { date, .. } => identity.date = Some(Inferred { value: *date, basis }),
        Decision::PageNumber { page_no, .. } => {
            identity.page_no = Some(Inferred { value: page_no.clone(), basis });
        }
        _ => {}
    }
}

/// A headline as its characters give it: line by line, format marks and outer space dropped, the lines joined by
/// a space.
fn excerpt(layer: &Layer, span: Span) -> Option<Excerpt> {
    let mut at = Vec::new();
    let mut lines = Vec::new();
    let mut start = span.start as usize;
    for line in span.of(&layer.text).split_inclusive(['\n', '\r']) {
        let bare = line.trim_start_matches(|c: char| c.is_whitespace() || c == '#');
        let lead = line.len() - bare.len();
        let bare = bare.trim_end();
        if !bare.is_empty() {
            at.push(Located { text: layer.id, span: Span::new(start + lead, start + lead + bare.len()) });
            lines.push(bare);
        }
        start += line.len();
    }
    (!at.is_empty()).then(|| Excerpt { text: lines.join(" "), at })
}

fn set_headline(
    pages: &[Page],
    segmented: &mut Segmented,
    article: &Anchor,
    headline: &Anchor,
) -> Result<(), &'static str> {
    let index = article_of(pages, segmented, article)?;
    let page = page_of(pages, headline).ok_or(NO_TEXT)?;
    let article = &mut segmented.articles[index];
    article.headline = excerpt(&pages[page].layer, headline.span);
    // A headline on a page where the article had nothing so far belongs to its characters.
    if !article.fragments.iter().any(|fragment| fragment.page == page) {
        article.fragments.insert(0, Fragment { page, span: headline.span });
    }
    Ok(())
}

/// Copies bytes of a derived text with their way back.
fn append(builder: &mut DerivedBuilder, derived: &Derived, range: Span) {
    for (at, from, verbatim) in derived.map.origins() {
        let Some(shared) = at.intersect(range) else { continue };
        let characters = shared.of(&derived.text);
        match from {
            None => builder.insert(characters),
            Some(place) if verbatim => {
                let start = place.span.start + (shared.start - at.start);
                let span = Span { start, end: start + (shared.end - shared.start) };
                builder.copy_from(place.text, span, characters);
            }
            Some(place) => builder.replace(place.text, place.span, characters),
        }
    }
}

/// The first byte of a reading text that comes from a place of a page at or after `at`, in the fragments that
/// begin there.
fn text_from(derived: &Derived, layer: &Layer, at: u32) -> Option<u32> {
    let end = u32::try_from(layer.text.len()).unwrap_or(u32::MAX);
    derived
        .map
        .origins()
        .filter_map(|(here, from, verbatim)| {
            let from = from.filter(|place| place.text == layer.id && place.span.end > at)?;
            let inside = if verbatim { at.saturating_sub(from.span.start) } else { 0 };
            (from.span.start < end).then_some((from.span.start.max(at), here.start + inside))
        })
        .min()
        .map(|(_, here)| here)
}

fn split(pages: &[Page], segmented: &mut Segmented, anchor: &Anchor) -> Result<(), &'static str> {
    let index = article_of(pages, segmented, anchor)?;
    let page = page_of(pages, anchor).ok_or(NO_TEXT)?;
    let at = anchor.span.start;
    let old = segmented.articles[index].clone();
    let Some(cut) = text_from(&old.text, &pages[page].layer, at) else { return Err(NO_ARTICLE) };
    let whole = Span::new(0, old.text.text.len());
    let (mut left, mut right) = (DerivedBuilder::default(), DerivedBuilder::default());
    append(&mut left, &old.text, Span { start: 0, end: cut });
    append(&mut right, &old.text, Span { start: cut, end: whole.end });
    // In reading order everything from the place on belongs to the second article.
    let holder = old
        .fragments
        .iter()
        .position(|f| f.page == page && f.span.start <= at && at < f.span.end)
        .ok_or(NO_ARTICLE)?;
    let mut before: Vec<Fragment> = old.fragments[..holder].to_vec();
    let mut after: Vec<Fragment> = Vec::new();
    let held = old.fragments[holder];
    if held.span.start < at {
        before.push(Fragment { page, span: Span { start: held.span.start, end: at } });
    }
    after.push(Fragment { page, span: Span { start: at, end: held.span.end } });
    after.extend_from_slice(&old.fragments[holder + 1..]);
    if before.is_empty() {
        // It begins here already.
        return Ok(());
    }
    let number = segmented.articles.len();
    let path = &pages[page].key.path;
    let characters = pages[page].layer.text[..at as usize].chars().count();
    let second = Article {
        id: ArticleId(format!("{path}#{characters}")),
        page,
        headline: None,
        kicker: None,
        deck: None,
        byline: None,
        dateline: None,
        jump_from: None,
        head: End::Here,
        losses: old.losses.iter().copied().filter(|loss| within(&after, loss.page, loss.at)).collect(),
        fragments: after,
        text: right.finish(),
        ..old.clone()
    };
    reassign(segmented, index, number, &second.fragments);
    let first = &mut segmented.articles[index];
    first.losses.retain(|loss| !within(&second.fragments, loss.page, loss.at));
    first.fragments = before;
    first.text = left.finish();
    first.tail = End::Here;
    first.jump_to = None;
    segmented.articles.push(second);
    headline_from_zones(pages, segmented, number);
    Ok(())
}

fn within(fragments: &[Fragment], page: usize, at: u32) -> bool {
    fragments.iter().any(|f| f.page == page && f.span.start <= at && at <= f.span.end)
}

/// Gives the zones in `fragments` to article `to` instead of `from`; a zone across an edge is cut there, so that
/// zones stay a partition.
fn reassign(segmented: &mut Segmented, from: usize, to: usize, fragments: &[Fragment]) {
    for (page, zones) in segmented.zones.iter_mut().enumerate() {
        let mut out: Vec<Zone> = Vec::with_capacity(zones.len() + 1);
        for zone in zones.drain(..) {
            if !zone.articles.contains(&from) {
                out.push(zone);
                continue;
            }
            let mut edges: Vec<u32> = fragments
                .iter()
                .filter(|fragment| fragment.page == page)
                .flat_map(|fragment| [fragment.span.start, fragment.span.end])
                .filter(|edge| zone.span.start < *edge && *edge < zone.span.end)
                .collect();
            edges.push(zone.span.end);
            edges.sort_unstable();
            let mut start = zone.span.start;
            for end in edges {
                let span = Span { start, end };
                start = end;
                let inside = fragments.iter().any(|f| f.page == page && f.span.contains(span));
                let articles =
                    zone.articles.iter().map(|&known| if known == from && inside { to } else { known });
                out.push(Zone { span, articles: articles.collect(), ..zone.clone() });
            }
        }
        *zones = out;
    }
}

/// Where the second article begins with zones of a head, it has that head.
fn headline_from_zones(pages: &[Page], segmented: &mut Segmented, index: usize) {
    let Some(first) = segmented.articles[index].fragments.first().copied() else { return };
    let head = segmented.zones[first.page]
        .iter()
        .filter(|zone| zone.articles.contains(&index) && zone.span.start >= first.span.start)
        .find(|zone| zone.role != Role::Blank)
        .filter(|zone| matches!(zone.role, Role::Headline | Role::Subhead));
    if let Some(zone) = head {
        segmented.articles[index].headline = excerpt(&pages[first.page].layer, zone.span);
    }
}

fn join(
    pages: &[Page],
    segmented: &mut Segmented,
    first: &Anchor,
    second: &Anchor,
) -> Result<(), &'static str> {
    let (one, two) = (article_of(pages, segmented, first)?, article_of(pages, segmented, second)?);
    if one == two {
        return Ok(());
    }
    let rest = segmented.articles[two].clone();
    let article = &mut segmented.articles[one];
    let mut text = DerivedBuilder::default();
    append(&mut text, &article.text, Span::new(0, article.text.text.len()));
    if !text.text().is_empty() && !text.text().ends_with('\n') && !rest.text.text.is_empty() {
        text.insert("\n");
    }
    append(&mut text, &rest.text, Span::new(0, rest.text.text.len()));
    article.text = text.finish();
    article.fragments.extend(rest.fragments);
    article.losses.extend(rest.losses);
    article.tail = rest.tail;
    article.jump_to = rest.jump_to;
    article.headline = article.headline.take().or(rest.headline);
    article.byline = article.byline.take().or(rest.byline);
    article.dateline = article.dateline.take().or(rest.dateline);
    article.reference = article.reference.take().or(rest.reference);
    segmented.articles.remove(two);
    for number in segmented.zones.iter_mut().flatten().flat_map(|zone| zone.articles.iter_mut()) {
        if *number == two {
            *number = one;
        }
        if *number > two {
            *number -= 1;
        }
    }
    for zone in segmented.zones.iter_mut().flatten() {
        zone.articles.dedup();
    }
    Ok(())
}

/// Articles stand by page and place of their first fragment; zones are told their new numbers.
fn sort_articles(segmented: &mut Segmented) {
    let place = |article: &Article| {
        let first = article.fragments.iter().map(|f| (f.page, f.span.start)).min();
        first.unwrap_or((article.page, 0))
    };
    if segmented.articles.is_sorted_by_key(place) {
        return;
    }
    let mut order: Vec<usize> = (0..segmented.articles.len()).collect();
    order.sort_by_key(|&index| place(&segmented.articles[index]));
    let mut number = vec![0; order.len()];
    for (new, &old) in order.iter().enumerate() {
        number[old] = new;
    }
    segmented.articles = order.iter().map(|&old| segmented.articles[old].clone()).collect();
    for article in segmented.zones.iter_mut().flatten().flat_map(|zone| zone.articles.iter_mut()) {
        *article = number[*article];
    }
}

/// Makes the reading that is printed at a place the lemma of its locus.
fn choose(
    pages: &[Page],
    segmented: &Segmented,
    stories: &mut [StoryEntry],
    printed: &Anchor,
) -> Result<(), &'static str> {
    let article = article_of(pages, segmented, printed)?;
    let derived = &segmented.articles[article].text;
    let layer = &pages[page_of(pages, printed).ok_or(NO_TEXT)?].layer;
    let point = text_from(derived, layer, printed.span.start).ok_or(NO_LOCUS)?;
    let span = derived
        .map
        .project(&Located { text: layer.id, span: printed.span })
        .unwrap_or(Span { start: point, end: point });
    for entry in stories {
        let Some(witness) = entry.witnesses.iter().position(|witness| witness.article == article) else {
            continue;
        };
        let reads_here = |&(index, there): &(usize, Span)| {
            index == witness
                && if there.is_empty() {
                    printed.span.is_empty() && there.start == span.start
                } else {
                    there.overlaps(span)
                }
        };
        let found = entry.story.loci.iter().enumerate().find_map(|(locus, known)| {
            let reading =
                known.readings.iter().position(|reading| reading.witnesses.iter().any(&reads_here))?;
            Some((locus, reading))
        });
        if let Some((locus, reading)) = found {
            return settle(&mut entry.story, locus, reading);
        }
    }
    Err(NO_LOCUS)
}

/// Puts another reading of a locus into the established text and moves everything after it.
fn settle(story: &mut Story, locus: usize, reading: usize) -> Result<(), &'static str> {
    let known = &mut story.loci[locus];
    known.decision = Settled::Decided;
    known.confidence = 1000;
    if known.lemma == reading {
        return Ok(());
    }
    if known.moved.is_some() {
        return Err(MOVED);
    }
    let at = known.at;
    let text = known.readings[reading].text.clone();
    let old_cause = known.readings[reading].cause;
    known.lemma = reading;
    let end = at.start + u32::try_from(text.len()).unwrap_or(0);
    known.at = Span { start: at.start, end };
    for (index, other) in known.readings.iter_mut().enumerate() {
        if index == reading {
            (other.kind, other.cause) = (None, None);
            continue;
        }
        other.kind = Some(match (text.is_empty(), other.text.is_empty()) {
            (true, _) => ReadingKind::Addition,
            (false, true) => ReadingKind::Omission,
            (false, false) => ReadingKind::Substitution,
        });
        // The former lemma departs from the new one for the reason for which the new one departed from it.
        other.cause = other.cause.or(old_cause).or(Some(Cause::Wording));
    }
    story.established.replace_range(at.range(), &text);
    let moved = |offset: u32| (offset - at.end) + end;
    for later in &mut story.loci[locus + 1..] {
        later.at = Span { start: moved(later.at.start), end: moved(later.at.end) };
    }
    for (here, _) in story.agreements.iter_mut().flatten().filter(|(here, _)| here.start >= at.end) {
        *here = Span { start: moved(here.start), end: moved(here.end) };
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use shiliu_collate::{Locus, NeutralJudge, Witness, collate};
    use shiliu_text::{Digest, Fold, SourceId};

    use super::*;

    struct Plain;
    impl Fold for Plain {
        fn fold(&self, layer: &Layer) -> Derived {
            let mut builder = DerivedBuilder::default();
            builder.copy(layer, Span::new(0, layer.text.len()));
            builder.finish()
        }
        fn fold_char(&self, character: char) -> Option<char> {
            Some(character)
        }
        fn digest(&self) -> Digest {
            Digest::default()
        }
    }

    /// Whatever reading is chosen, each witness is still given back to the last character.
    #[test]
    fn choosing_readings_keeps_every_witness() {
        let texts = [
            "双方商定在两年内修复青石渡口，并在渡口设立货物登记站，每年培训船工300名。",
            "双方商定在三年内修复青石渡口，并在渡口设货物登记站，每年培训船工500名。",
        ];
        let witnesses: Vec<Witness> = texts
            .iter()
            .enumerate()
            .map(|(index, text)| Witness {
                key: index.to_string(),
                rank: index.to_string(),
                text: (*text).to_owned(),
                coverage: vec![Span::new(0, text.len())],
                engine: None,
            })
            .collect();
        let story = collate(&witnesses, &Plain, &NeutralJudge).value;
        assert!(!story.loci.is_empty(), "the collation finds where they differ");
        for locus in 0..story.loci.len() {
            for reading in 0..story.loci[locus].readings.len() {
                let mut changed = story.clone();
                settle(&mut changed, locus, reading).unwrap();
                let Locus { at, lemma, .. } = &changed.loci[locus];
                assert_eq!(at.of(&changed.established), changed.loci[locus].readings[*lemma].text);
                let kinds = changed.loci[locus].readings.iter().filter(|reading| reading.kind.is_none());
                assert_eq!(kinds.count(), 1);
                for (index, text) in texts.iter().enumerate() {
                    assert_eq!(changed.rebuild(index), *text);
                }
            }
        }
    }

    #[test]
    fn a_headline_over_two_lines_loses_its_marks() {
        let layer = Layer::new(SourceId::default(), "# 渡口会议\n## 在榴城举行\n\n正文".to_owned());
        let end = layer.text.find("正文").unwrap();
        let headline = excerpt(&layer, Span::new(0, end)).unwrap();
        assert_eq!(headline.text, "渡口会议 在榴城举行");
        let parts: Vec<&str> = headline.at.iter().map(|at| at.span.of(&layer.text)).collect();
        assert_eq!(parts, ["渡口会议", "在榴城举行"]);
        assert_eq!(excerpt(&layer, Span::new(0, 2)), None);
    }
}

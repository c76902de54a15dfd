//! Drafts of one page read off as zones and articles.

use shiliu_text::{Basis, CodePoints, Diagnostic, Excerpt, Inferred, Located, Severity, Span};

use super::datelines::DatelineHit;
use super::derived::{Passage, author_line, joined_lines, reading_text};
use super::drafts::{Decided, Draft};
use super::identity::dateline_day;
use super::nodes::{Node, NodeKind};
use super::rules::Rules;
use super::strips::{StripKind, is_space};
use super::units::{EndState, StartState, Unit, goes_on_behind};
use crate::{Article, ArticleId, Dateline, End, Fragment, Identity, JumpTarget, Loss, Page, Role, Zone};

/// One page with what was decided about it.
pub(super) struct Assembly<'a> {
    pub index: usize,
    pub page: &'a Page,
    pub units: &'a [Unit],
    pub nodes: &'a [Node],
    pub identity: &'a Identity,
    /// Counts characters before a byte.
    pub points: &'a CodePoints<'a>,
    /// Year that datelines without one are of.
    pub year: Option<u32>,
    pub rules: &'a Rules<'a>,
}

/// A stretch of the page with its role, before blanks and marks are filled in.
#[derive(Clone, Debug)]
struct Painted {
    span: Span,
    role: Role,
    article: Option<usize>,
    duplicate: bool,
}

impl Assembly<'_> {
    fn text(&self) -> &str {
        &self.page.layer.text
    }

    /// Zones and articles; `first` is the index that the page's first article gets.
    pub(super) fn assemble(
        &self,
        decided: &Decided,
        first: usize,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> (Vec<Zone>, Vec<Article>) {
        let mut painted: Vec<Painted> = Vec::new();
        let mut orders: Vec<Vec<(u32, u32)>> = Vec::new();
        let mut taken = vec![false; self.nodes.len()];
        for (at, draft) in decided.drafts.iter().enumerate() {
            let mut order = Vec::new();
            let mut paint = |node: usize, duplicate: bool, subhead: bool| {
                taken[node] = true;
                for (span, role) in self.stretches(node, subhead) {
                    order.push((span.start, span.end));
                    painted.push(Painted { span, role, article: Some(first + at), duplicate });
                }
            };
            if let Some(head) = draft.head {
                paint(head, false, false);
            }
            for node in &draft.nodes {
                paint(*node, false, decided.subheads[*node]);
            }
            for photo in &draft.photos {
                paint(*photo, false, false);
            }
            for copy in &draft.copies {
                paint(*copy, true, false);
            }
            orders.push(order);
        }
        for node in (0..self.nodes.len()).filter(|node| !taken[*node]) {
            for (span, role) in self.stretches(node, false) {
                let role =
                    if matches!(role, Role::Masthead | Role::Section) { role } else { Role::Furniture };
                painted.push(Painted { span, role, article: None, duplicate: false });
            }
        }
        painted.sort_by_key(|painted| painted.span);
        let zones = self.fill(&painted);
        let articles = decided
            .drafts
            .iter()
            .enumerate()
            .map(|(at, draft)| self.article(draft, first + at, &orders[at], &zones, diagnostics))
            .collect();
        (zones, articles)
    }

    /// The characters of a node by role, in file order.
    fn stretches(&self, node: usize, subhead: bool) -> Vec<(Span, Role)> {
        let mut found = Vec::new();
        for (unit, role) in &self.nodes[node].units {
            let unit = &self.units[*unit];
            let role = if subhead && *role == Role::Headline { Role::Subhead } else { *role };
            let stretches = unit.stretches(self.text());
            if role != Role::Body {
                // A head of several lines stays one zone for each line.
                found.extend(stretches.into_iter().map(|stretch| (stretch, role)));
                continue;
            }
            let mut cuts: Vec<(Span, Role)> = Vec::new();
            for hit in [&unit.dateline, &unit.tail_dateline].into_iter().flatten() {
                for stretch in &stretches {
                    let inside = hit.spans.iter().copied().filter(|span| stretch.contains(*span));
                    cuts.extend(inside.reduce(Span::cover).map(|span| (span, Role::Dateline)));
                }
            }
            cuts.extend(unit.tail_byline.map(|span| (span, Role::Byline)));
            cuts.sort_by_key(|(span, _)| *span);
            for stretch in stretches {
                let mut at = stretch.start;
                for (cut, role) in cuts.iter().filter(|(cut, _)| stretch.contains(*cut)) {
                    if cut.start < at {
                        continue;
                    }
                    if cut.start > at {
                        found.push((Span { start: at, end: cut.start }, Role::Body));
                    }
                    found.push((*cut, *role));
                    at = cut.end;
                }
                if at < stretch.end {
                    found.push((Span { start: at, end: stretch.end }, Role::Body));
                }
            }
        }
        found
            .into_iter()
            .filter_map(|(span, role)| {
                let trimmed = trim(span, self.text());
                (!trimmed.is_empty()).then_some((trimmed, role))
            })
            .collect()
    }

    /// Blanks between, format marks to their line's zone: a partition of the page.
    fn fill(&self, painted: &[Painted]) -> Vec<Zone> {
        let text = self.text();
        let blank = |span: Span| Zone { span, role: Role::Blank, articles: Vec::new(), duplicate: false };
        let mut zones: Vec<Zone> = Vec::new();
        let mut at = 0_u32;
        for part in painted {
            let mut start = part.span.start.max(at);
            let gap = Span { start: at, end: start };
            let words = gap.of(text).trim_start_matches(is_space);
            if !words.is_empty() {
                // Marks before the line.
                start = gap.end - u32::try_from(words.len()).unwrap_or(0);
            }
            if start > at {
                zones.push(blank(Span { start: at, end: start }));
            }
            let span = Span { start, end: part.span.end.max(start) };
            if span.is_empty() {
                continue;
            }
            at = span.end;
            zones.push(Zone {
                span,
                role: part.role,
                articles: part.article.into_iter().collect(),
                duplicate: part.duplicate,
            });
        }
        let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
        if at < end {
            let rest = Span { start: at, end };
            let words = trim(rest, text);
            if words.is_empty() {
                zones.push(blank(rest));
            } else {
                // A heading mark without a heading.
                if words.start > at {
                    zones.push(blank(Span { start: at, end: words.start }));
                }
                zones.push(Zone {
                    span: words,
                    role: Role::Furniture,
                    articles: Vec::new(),
                    duplicate: false,
                });
                if words.end < end {
                    zones.push(blank(Span { start: words.end, end }));
                }
            }
        }
        zones
    }

    fn article(
        &self,
        draft: &Draft,
        number: usize,
        order: &[(u32, u32)],
        zones: &[Zone],
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Article {
        let layer = &self.page.layer;
        let lines = |role: Role| -> Vec<Span> {
            let nodes = draft.head.into_iter().chain(draft.picture.then(|| draft.nodes[0]));
            nodes
                .flat_map(|head| self.nodes[head].units.iter())
                .filter(|(_, known)| *known == role)
                .flat_map(|(unit, _)| self.units[*unit].spans.iter().copied())
                .collect()
        };
        let mut article = Article {
            id: ArticleId(String::new()),
            page: self.index,
            headline: joined_lines(layer, &lines(Role::Headline)),
            kicker: joined_lines(layer, &lines(Role::Kicker)),
            deck: joined_lines(layer, &lines(Role::Deck)),
            byline: self.byline(draft),
            dateline: self.dateline(draft),
            fragments: self.fragments(order, zones, number),
            jump_from: None,
            jump_to: None,
            head: End::Here,
            tail: End::Here,
            losses: Vec::new(),
            text: reading_text(&self.passages(draft)),
            reference: None,
        };
        for node in &draft.nodes {
            for (unit, _) in &self.nodes[*node].units {
                let unit = &self.units[*unit];
                if let StripKind::Jump { back, page_no, label } = &unit.kind {
                    let target = JumpTarget {
                        page_no: page_no.clone(),
                        label: *label,
                        page: None,
                        at: Some((self.index, unit.spans[0])),
                    };
                    if *back {
                        article.jump_from.get_or_insert(target);
                    } else {
                        article.jump_to = Some(target);
                    }
                }
            }
        }
        if article.jump_from.is_some() {
            article.head = End::Elsewhere;
        } else if draft.head.is_none() && draft.start == Some(StartState::Inside) {
            article.head = End::Lost;
        }
        if draft.goes_on {
            article.tail = End::Elsewhere;
        } else if draft.breaks_off {
            article.tail = End::Lost;
        }
        for node in &draft.lost_after {
            let at = self.units[self.nodes[*node].main].last();
            article.losses.push(Loss { page: self.index, at });
            let span = Span {
                start: self.units[self.nodes[*node].main].spans.last().map_or(at, |s| s.start),
                end: at,
            };
            diagnostics.push(
                Diagnostic::new(
                    "text-lost",
                    Severity::Warning,
                    "a sentence breaks off and nothing on the page continues it",
                )
                .on(&self.page.key.path)
                .at(Located { text: layer.id, span }),
            );
        }
        let first = article.fragments.first().map_or(0, |fragment| fragment.span.start);
        let characters = self.points.at_byte(first);
        article.id = ArticleId(format!("{}#{characters}", self.page.key.path));
        let own = article.dateline.as_ref().and_then(|dateline| dateline.date.clone());
        article.reference = own.or_else(|| self.identity.date.clone());
        article
    }

    fn body_units<'d>(&'d self, draft: &'d Draft) -> impl Iterator<Item = (&'d Unit, Role)> + 'd {
        draft
            .nodes
            .iter()
            .flat_map(|node| self.nodes[*node].units.iter())
            .map(|(unit, role)| (&self.units[*unit], *role))
    }

    fn byline(&self, draft: &Draft) -> Option<Excerpt> {
        let layer = &self.page.layer;
        let head = draft.head.into_iter().flat_map(|head| self.nodes[head].units.iter());
        let in_head =
            head.filter(|(_, role)| *role == Role::Byline).map(|(unit, _)| self.units[*unit].spans[0]);
        let alone =
            self.body_units(draft).filter(|(_, role)| *role == Role::Byline).map(|(unit, _)| unit.spans[0]);
        let names = self.body_units(draft).filter_map(|(unit, _)| unit.dateline.as_ref()?.names);
        let tails = self.body_units(draft).filter_map(|(unit, _)| unit.tail_byline);
        in_head.chain(alone).chain(names).chain(tails).find_map(|span| author_line(layer, span))
    }

    fn dateline(&self, draft: &Draft) -> Option<Dateline> {
        let heads = self.body_units(draft).filter_map(|(unit, _)| unit.dateline.as_ref());
        let tails = self.body_units(draft).filter_map(|(unit, _)| unit.tail_dateline.as_ref());
        let hit = heads.chain(tails).next()?;
        Some(self.dateline_of(hit))
    }

    fn dateline_of(&self, hit: &DatelineHit) -> Dateline {
        let text = self.text();
        let at = |span: Span| Located { text: self.page.layer.id, span };
        let excerpt = |span: Option<Span>| {
            span.map(|span| trim(span, text))
                .filter(|span| !span.is_empty())
                .map(|span| Excerpt { text: span.of(text).to_owned(), at: vec![at(span)] })
        };
        let issue = self.identity.date.as_ref().map(|date| &date.value);
        let date = dateline_day(hit, text, self.year, self.rules).map(|(mut value, spans)| {
            let places: Vec<Located> = spans.into_iter().map(at).collect();
            if hit.year.is_some() {
                return Inferred { value, basis: Basis::Printed(places) };
            }
            // A dateline of December in a paper of January is of the year before.
            if let Some(issue) = issue
                && value.day_number() > issue.day_number() + 31
            {
                let (year, month, day) = value.parts();
                value = shiliu_text::Date::new(year - 1, month, day).unwrap_or(value);
            }
            let evidence =
                if issue.is_some() { "year of the issue" } else { "year named most often on the page" };
            Inferred { value, basis: Basis::Inferred { evidence: evidence.to_owned(), at: places } }
        });
        // As far as no other column's line stands between.
        let whole =
            hit.spans.iter().copied().reduce(|whole, span| {
                if goes_on_behind(whole, span, text) { whole.cover(span) } else { whole }
            });
        Dateline {
            place: excerpt(hit.place),
            agency: excerpt(hit.agency),
            date,
            at: whole.map(|span| (self.index, span)),
        }
    }

    fn passages(&self, draft: &Draft) -> Vec<Passage<'_>> {
        let layer = &self.page.layer;
        let mut passages: Vec<Passage<'_>> = Vec::new();
        for node in &draft.nodes {
            let subhead = self.nodes[*node].kind == NodeKind::Head;
            let photo = self.nodes[*node].kind == NodeKind::Photo;
            for (unit, role) in &self.nodes[*node].units {
                let unit = &self.units[*unit];
                let reads = match role {
                    Role::Body => true,
                    Role::Dateline => true,
                    Role::Caption => photo,
                    Role::Headline => subhead,
                    _ => false,
                };
                if !reads {
                    continue;
                }
                if unit.flows_on
                    && !subhead
                    && let Some(last) = passages.last_mut()
                    && goes_on_behind(last.span, unit.spans[0], self.text())
                {
                    last.ends_paragraph = false;
                }
                let closes = subhead || unit.end != EndState::Open;
                let mut stretches = unit.stretches(self.text());
                if let Some(tail) = unit.tail_byline {
                    stretches.retain(|stretch| stretch.start < tail.start);
                    stretches.iter_mut().for_each(|stretch| stretch.end = stretch.end.min(tail.start));
                }
                let last = stretches.len();
                let passage = |(number, span): (usize, Span)| Passage {
                    layer,
                    span,
                    ends_paragraph: closes && number == last,
                };
                passages.extend((1..).zip(stretches).map(passage));
            }
        }
        passages
    }

    /// The article's zones in reading order, joined where nothing but blanks stands between.
    fn fragments(&self, order: &[(u32, u32)], zones: &[Zone], number: usize) -> Vec<Fragment> {
        let mut fragments: Vec<Fragment> = Vec::new();
        let mut last_zone: Option<usize> = None;
        for (_, end) in order {
            let at = zones.partition_point(|zone| zone.span.end < *end);
            let Some(zone) = zones.get(at).filter(|zone| zone.articles.contains(&number)) else { continue };
            let follows = last_zone.is_some_and(|last| {
                last < at && zones[last + 1..at].iter().all(|between| between.role == Role::Blank)
            });
            match fragments.last_mut() {
                Some(fragment) if follows => fragment.span.end = zone.span.end,
                _ => fragments.push(Fragment { page: self.index, span: zone.span }),
            }
            last_zone = Some(at);
        }
        fragments
    }
}

fn trim(span: Span, text: &str) -> Span {
    let whole = span.of(text);
    let lead = whole.len() - whole.trim_start_matches(is_space).len();
    let inner = whole.trim_matches(is_space);
    let start = span.start as usize + lead;
    Span::new(start, start + inner.len())
}

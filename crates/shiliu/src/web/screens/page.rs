//! One page: its characters with zones, articles and mentions, lit where the address asks.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use shiliu_archive::store::{ArticleSummary, Evidenced, PageRef, PageText, PageView, Reader};
use shiliu_ledger::Kind;
use shiliu_press::quality_of;
use shiliu_text::{CodePoints, Span, TextId};

use super::places::{Atlas, source_name};
use super::values;
use crate::web::address::{format_parts, parse_parts, permalink, with_query};
use crate::web::ask::Ask;
use crate::web::failure::Failure;
use crate::web::frame::Frame;
use crate::web::lit::{Mark, Run, Sense, runs};
use crate::web::{Answer, Site};

/// Bytes of a page that are shown at once; a longer page comes in parts.
const WINDOW: usize = 240_000;
/// Articles have this many colours.
const COLOURS: usize = 8;

#[derive(Template)]
#[template(path = "page.html")]
struct PageScreen<'a> {
    frame: Frame,
    title: String,
    issue: String,
    issue_href: String,
    previous: String,
    next: String,
    stale: bool,
    current: bool,
    asked: String,
    asked_found: bool,
    quote: String,
    permalink: String,
    citation: String,
    cite_form: String,
    earlier: String,
    later: String,
    zones: Vec<ZoneRow<'a>>,
    text_lang: &'static str,
    hash: TextId,
    start: u32,
    identity: Vec<IdentityLine>,
    articles: Vec<ArticleRow>,
    article_count: u64,
    groups: Vec<RecordGroup>,
    record_count: u64,
    mentions: Vec<MentionRow<'a>>,
    mention_count: u64,
    twins: Vec<(String, String)>,
    path: String,
    back: String,
    date_value: String,
    paper_value: String,
    page_no_value: String,
    cuts: Vec<Cut>,
    joinable: Vec<(String, String)>,
}

struct ZoneRow<'a> {
    start: u32,
    role: String,
    label: String,
    colour: String,
    duplicate: bool,
    runs: Vec<Run<'a>>,
}

struct IdentityLine {
    name: String,
    value: String,
    basis: Option<BasisMark>,
}

/// Printed or inferred, why, and where.
pub(crate) struct BasisMark {
    pub(crate) printed: bool,
    pub(crate) why: String,
    pub(crate) href: String,
}

impl BasisMark {
    pub(crate) fn of(frame: &Frame, atlas: &mut Atlas<'_>, known: &Evidenced) -> Result<BasisMark, Failure> {
        let href = match known.places.first() {
            Some(place) => {
                let here = known.places.iter().filter(|other| other.page.text == place.page.text);
                let spans: Vec<Span> = here.map(|place| place.span).filter(|span| !span.is_empty()).collect();
                atlas.link(frame, &place.page, &spans)?
            }
            None => String::new(),
        };
        Ok(BasisMark { printed: known.printed, why: frame.f("basis.inferred_from", &known.evidence), href })
    }
}

struct ArticleRow {
    key: String,
    headline: String,
    href: String,
    colour: String,
    status: String,
    story_href: String,
    printings: String,
    elsewhere: String,
    elsewhere_href: String,
}

struct RecordGroup {
    kind: String,
    count: u64,
    open: bool,
    rows: Vec<RecordRow>,
}

struct RecordRow {
    label: String,
    href: String,
    here: String,
}

struct MentionRow<'a> {
    text: &'a str,
    kind: String,
    value: String,
    here: String,
}

struct Cut {
    start: u32,
    end: u32,
    words: String,
}

/// `/p/HASH?c=START-END&page=PATH`
pub(crate) async fn show(State(site): State<Arc<Site>>, Path(hash): Path<String>, ask: Ask) -> Response {
    site.answer(ask, "library", move |_, reader, ask, frame| {
        let text = TextId::parse(&hash).ok_or(Failure::Missing("failure.page"))?;
        let mut view = reader.page(PageText::Hash(text))?;
        if let Some(path) = ask.get("page")
            && let Some(named) = reader.page(PageText::Path(path))?
            && named.page.text == text
        {
            view = Some(named);
        }
        match view {
            Some(view) => screen(reader, ask, frame, &view),
            None => old_layer(reader, ask, frame, text),
        }
    })
    .await
}

/// A permalink never dies: a text that no page shows any more is shown as it was.
fn old_layer(reader: &Reader, ask: &Ask, frame: Frame, text: TextId) -> Result<Answer, Failure> {
    let layer = reader.layer(text)?.ok_or(Failure::Missing("failure.page"))?;
    let page = PageRef { path: text.to_string(), text, paper: None, date: None, page_no: None };
    let whole = Span::new(0, layer.text.len());
    let zone = shiliu_archive::store::ZoneView {
        span: whole,
        role: "body".to_owned(),
        duplicate: false,
        articles: Vec::new(),
    };
    let view = PageView {
        page,
        source: layer.source,
        format: String::new(),
        encoding: String::new(),
        issue: String::new(),
        paper: None,
        date: None,
        page_no: None,
        text: layer.text,
        zones: if whole.is_empty() { Vec::new() } else { vec![zone] },
        mentions: Vec::new(),
        articles: Vec::new(),
        records: Vec::new(),
        twins: Vec::new(),
        neighbours: (None, None),
    };
    screen(reader, ask, frame, &view)
}

fn screen(reader: &Reader, ask: &Ask, frame: Frame, view: &PageView) -> Result<Answer, Failure> {
    let current = !view.issue.is_empty();
    let text: &str = &view.text;
    let points = CodePoints::new(text);
    let asked = parse_parts(ask.get("c").unwrap_or_default());
    let lit: Vec<Span> = asked
        .iter()
        .filter(|(_, end)| *end <= points.count())
        .map(|&(start, end)| Span { start: points.to_byte(start), end: points.to_byte(end) })
        .collect();
    let window = window(text, ask.number("from").map(|from| points.to_byte(from)), lit.first().copied());
    let colours: BTreeMap<&str, usize> = view
        .articles
        .iter()
        .enumerate()
        .map(|(index, article)| (article.key.as_str(), index % COLOURS))
        .collect();
    let quote: String = lit.iter().map(|span| span.of(text)).collect();
    let name = if current { source_name(&frame, &view.page) } else { frame.t("page.old_layer").to_owned() };
    let asked_text = format_parts(&asked);
    let cite_form = frame.t("cite.form").replace("{source}", &name).replace("{path}", &view.page.path);
    let link = permalink(view.page.text, &asked);
    let citation = cite_form
        .replace("{quote}", &one_line(&quote))
        .replace("{place}", &asked_text)
        .replace("{link}", &link);
    let mut atlas = Atlas::new(reader);
    let part = |from: u32| {
        frame.to(&with_query(&format!("/p/{}", view.page.text), [("from", from.to_string().as_str())]))
    };
    let neighbour =
        |page: &Option<PageRef>| page.as_ref().map_or(String::new(), |page| frame.to(&page_address(page)));
    let page = PageScreen {
        title: name,
        issue_href: if current {
            frame.to(&with_query("/library", [("issue", view.issue.as_str())]))
        } else {
            String::new()
        },
        issue: view.issue.trim().to_owned(),
        previous: neighbour(&view.neighbours.0),
        next: neighbour(&view.neighbours.1),
        stale: !current,
        current,
        asked_found: !lit.is_empty(),
        permalink: frame.to(&link),
        asked: asked_text,
        quote,
        citation,
        cite_form,
        earlier: if window.start == 0 {
            String::new()
        } else {
            part(points.at_byte(window.start.saturating_sub(u32::try_from(WINDOW).unwrap_or(0))))
        },
        later: if window.end as usize == text.len() {
            String::new()
        } else {
            part(points.at_byte(window.end))
        },
        zones: zones(&frame, view, &points, window, &lit, &colours, &format_parts(&asked)),
        text_lang: if is_chinese(text) { "zh" } else { "" },
        hash: view.page.text,
        start: points.at_byte(window.start),
        identity: identity(&frame, &mut atlas, view)?,
        articles: view
            .articles
            .iter()
            .map(|article| article_row(&frame, view, article, &points, &colours))
            .collect(),
        article_count: view.articles.len() as u64,
        groups: groups(&frame, view, &points),
        record_count: view.records.len() as u64,
        mentions: mentions(&frame, view, &points),
        mention_count: view.mentions.len() as u64,
        twins: view.twins.iter().map(|twin| (frame.to(&page_address(twin)), twin.path.clone())).collect(),
        path: view.page.path.clone(),
        back: frame.here.clone(),
        date_value: view.page.date.clone().unwrap_or_default(),
        paper_value: view.page.paper.clone().unwrap_or_default(),
        page_no_value: view.page.page_no.clone().unwrap_or_default(),
        cuts: cuts(view, &points),
        joinable: joinable(reader, &frame, view)?,
        frame,
    };
    Answer::render(&page)
}

/// The address of a page that may share its text with another.
pub(crate) fn page_address(page: &PageRef) -> String {
    with_query(&format!("/p/{}", page.text), [("page", page.path.as_str())])
}

/// What of a long page is shown: from where the address says, else around what it asks for.
fn window(text: &str, from: Option<u32>, lit: Option<Span>) -> Span {
    if text.len() <= WINDOW {
        return Span::new(0, text.len());
    }
    let wanted = match (from, lit) {
        (Some(from), _) => from as usize,
        (None, Some(lit)) => (lit.start as usize).saturating_sub(WINDOW / 4),
        (None, None) => 0,
    };
    let on_character =
        |at: usize| (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    let start = on_character(wanted);
    Span::new(start, on_character(start + WINDOW).max(start))
}

/// Han without kana: which shapes of characters to use.
fn is_chinese(text: &str) -> bool {
    let mut han = false;
    for character in text.chars().take(4000) {
        match character {
            '\u{3041}'..='\u{30ff}' => return false,
            '\u{4e00}'..='\u{9fff}' => han = true,
            _ => {}
        }
    }
    han
}

pub(crate) fn one_line(text: &str) -> String {
    text.split(['\r', '\n']).map(|line| unmarked(line.trim())).collect::<Vec<_>>().concat()
}

/// A line without the marks with which a page writes that it is a headline (`## `).
fn unmarked(line: &str) -> &str {
    let bare = line.trim_start_matches('#');
    if bare.len() < line.len() && (bare.is_empty() || bare.starts_with(' ')) {
        bare.trim_start()
    } else {
        line
    }
}

fn zones<'a>(
    frame: &Frame,
    view: &'a PageView,
    points: &CodePoints<'_>,
    window: Span,
    lit: &[Span],
    colours: &BTreeMap<&str, usize>,
    name: &str,
) -> Vec<ZoneRow<'a>> {
    let mut marks: Vec<Mark> = lit.iter().map(|&span| Mark { span, sense: Sense::Lit }).collect();
    for mention in &view.mentions {
        let sense = Sense::Mention {
            class: values::mention_class(&mention.kind),
            value: format!("{}: {}", frame.word("mention", &mention.kind), values::mention(frame, mention)),
        };
        marks.extend(mention.spans.iter().map(|&span| Mark { span, sense: sense.clone() }));
    }
    let firm = |kind: Kind| matches!(kind, Kind::Commitment | Kind::Project | Kind::Instrument | Kind::Event);
    for (record, spans) in &view.records {
        if firm(record.kind) {
            marks.extend(spans.iter().map(|&span| Mark { span, sense: Sense::Evidence }));
        }
    }
    marks.sort_by_key(|mark| mark.span);
    let mut first_lit = true;
    let mut rows = Vec::new();
    for zone in &view.zones {
        let Some(shown) = zone.span.intersect(window) else { continue };
        let near: Vec<Mark> = marks.iter().filter(|mark| mark.span.overlaps(shown)).cloned().collect();
        let mut cut = runs(&view.text, shown, &near);
        for run in &mut cut {
            if run.lit && first_lit {
                run.id = format!("c={name}");
                first_lit = false;
            } else {
                run.first = false;
            }
        }
        let colour = zone.articles.first().and_then(|key| colours.get(key.as_str()));
        rows.push(ZoneRow {
            start: points.at_byte(shown.start),
            label: match zone.role.as_str() {
                "body" | "blank" => String::new(),
                role => frame.word("role", role).to_owned(),
            },
            role: zone.role.clone(),
            colour: colour.map_or(String::new(), |colour| format!("a{colour}")),
            duplicate: zone.duplicate,
            runs: cut,
        });
    }
    rows
}

fn identity(frame: &Frame, atlas: &mut Atlas<'_>, view: &PageView) -> Result<Vec<IdentityLine>, Failure> {
    let mut lines = Vec::new();
    for (name, known) in
        [("page.paper", &view.paper), ("page.date", &view.date), ("page.page_no", &view.page_no)]
    {
        let (value, basis) = match known {
            Some(known) => (known.value.clone(), Some(BasisMark::of(frame, atlas, known)?)),
            None => (frame.t("page.unknown").to_owned(), None),
        };
        lines.push(IdentityLine { name: frame.t(name).to_owned(), value, basis });
    }
    if !view.format.is_empty() {
        lines.push(IdentityLine {
            name: frame.t("page.file").to_owned(),
            value: format!("{} ({}, {})", view.page.path, view.format, view.encoding),
            basis: None,
        });
    }
    let note = quality_of(&view.text);
    let grade = frame.word("quality", note.grade.as_str());
    let value = match note.cause {
        Some(cause) => format!("{grade} ({})", frame.word("quality", cause)),
        None => grade.to_owned(),
    };
    lines.push(IdentityLine { name: frame.t("page.quality").to_owned(), value, basis: None });
    let hash = view.page.text.to_string();
    lines.push(IdentityLine {
        name: frame.t("page.hash").to_owned(),
        value: format!("{}…", &hash[..12]),
        basis: None,
    });
    Ok(lines)
}

fn headline(frame: &Frame, article: &ArticleSummary) -> String {
    article.headline.clone().unwrap_or_else(|| frame.t("article.untitled").to_owned())
}

fn article_row(
    frame: &Frame,
    view: &PageView,
    article: &ArticleSummary,
    points: &CodePoints<'_>,
    colours: &BTreeMap<&str, usize>,
) -> ArticleRow {
    let first = view.zones.iter().find(|zone| zone.articles.contains(&article.key) && zone.role != "blank");
    let elsewhere = article.fragments.iter().find(|place| place.page.path != view.page.path);
    let (story_href, printings) = match &article.story {
        Some((key, printings)) => (
            frame.to(&format!("/s/{}", crate::web::address::segment(key))),
            frame.n("count.printings", *printings),
        ),
        None => (String::new(), String::new()),
    };
    ArticleRow {
        key: article.key.clone(),
        headline: headline(frame, article),
        href: first.map_or(String::new(), |zone| format!("#z{}", points.at_byte(zone.span.start))),
        colour: colours.get(article.key.as_str()).map_or(String::new(), |colour| format!("a{colour}")),
        status: if article.status == "complete" {
            String::new()
        } else {
            frame.word("status", &article.status).to_owned()
        },
        story_href,
        printings,
        elsewhere: elsewhere
            .map_or(String::new(), |place| frame.f("article.goes_on", source_name(frame, &place.page))),
        elsewhere_href: elsewhere.map_or(String::new(), |place| frame.to(&page_address(&place.page))),
    }
}

fn groups(frame: &Frame, view: &PageView, points: &CodePoints<'_>) -> Vec<RecordGroup> {
    let mut groups = Vec::new();
    for kind in Kind::ALL {
        let rows: Vec<RecordRow> = view
            .records
            .iter()
            .filter(|(record, _)| record.kind == kind)
            .map(|(record, spans)| RecordRow {
                label: record.label.clone(),
                href: frame.to(&format!("/e/{}", record.key)),
                here: frame
                    .to(&permalink(view.page.text, &crate::web::address::in_code_points(points, spans))),
            })
            .collect();
        if !rows.is_empty() {
            groups.push(RecordGroup {
                kind: frame.word("kind", kind.as_str()).to_owned(),
                count: rows.len() as u64,
                open: matches!(kind, Kind::Commitment | Kind::Project | Kind::Event) && rows.len() <= 12,
                rows,
            });
        }
    }
    groups
}

fn mentions<'a>(frame: &Frame, view: &'a PageView, points: &CodePoints<'_>) -> Vec<MentionRow<'a>> {
    const MOST: usize = 400;
    let row = |mention: &shiliu_archive::store::MentionView| MentionRow {
        text: mention.spans.first().and_then(|span| view.text.get(span.range())).unwrap_or_default(),
        kind: frame.word("mention", &mention.kind).to_owned(),
        value: values::mention(frame, mention),
        here: frame
            .to(&permalink(view.page.text, &crate::web::address::in_code_points(points, &mention.spans))),
    };
    view.mentions.iter().take(MOST).map(row).collect()
}

/// Places that can be named without script: the zones with their first words.
fn cuts(view: &PageView, points: &CodePoints<'_>) -> Vec<Cut> {
    const MOST: usize = 300;
    const WORDS: usize = 14;
    let inner = view.zones.iter().filter(|zone| zone.role != "blank");
    inner
        .take(MOST)
        .map(|zone| Cut {
            start: points.at_byte(zone.span.start),
            end: points.at_byte(zone.span.end),
            words: zone.span.of(&view.text).chars().filter(|c| !c.is_control()).take(WORDS).collect(),
        })
        .collect()
}

/// Articles with which one of this page can be joined: those of its issue.
fn joinable(reader: &Reader, frame: &Frame, view: &PageView) -> Result<Vec<(String, String)>, Failure> {
    const MOST_PAGES: usize = 24;
    let mut found: Vec<(String, String)> =
        view.articles.iter().map(|article| (article.key.clone(), headline(frame, article))).collect();
    if view.issue.is_empty() {
        return Ok(found);
    }
    let pages = reader.pages(Some(&view.issue), shiliu_archive::store::Paging::default())?.rows;
    for page in pages.iter().filter(|page| page.page.path != view.page.path).take(MOST_PAGES) {
        let Some(other) = reader.page(PageText::Path(&page.page.path))? else { continue };
        let number = other.page.page_no.clone().unwrap_or_default();
        for article in &other.articles {
            let label = format!("{number} {}", headline(frame, article));
            if !found.iter().any(|(key, _)| *key == article.key) {
                found.push((article.key.clone(), label));
            }
        }
    }
    Ok(found)
}

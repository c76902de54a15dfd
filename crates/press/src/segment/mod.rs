//! Pages → zones and articles.
//!
//! A page is cut into strips (lines, with jump lines cut out), strips are joined to units (contiguous lines),
//! units gathered into nodes (a head, a stretch of running text, a picture), and nodes linked into articles. Only
//! then are zones, strings and ends read off.

mod assemble;
mod below;
mod chains;
mod characters;
mod columns;
mod common_words;
mod condition;
mod datelines;
mod derived;
mod drafts;
mod evidence;
mod features;
mod forms;
mod head_lines;
mod heads;
mod identity;
mod jumps;
mod long;
mod names;
mod nodes;
mod pairs;
mod recent;
mod repeats;
mod rescue;
mod rules;
mod stream;
mod streams;
mod strips;
mod succession;
mod told;
mod units;
mod ways;
mod wording;

use shiliu_lang::Pack;
use shiliu_text::{CodePoints, Diagnostic, Outcome, Span};

pub use self::head_lines::SeenHead;
pub use self::strips::is_comma;
pub use self::told::Placement;

use crate::{Article, Identity, Page, Segmented, Zone};

/// Cuts pages given together into zones and articles. `placements` say for each page, as far as the list goes, where
/// its stretches stand in other printings of their stories.
#[must_use]
pub fn segment(pages: &[Page], placements: &[Vec<Placement>], pack: &Pack) -> Outcome<Segmented> {
    let segmenter = Segmenter::new(pack).beside(pages);
    let told = |index: usize| placements.get(index).map(Vec::as_slice).unwrap_or_default();
    let cut =
        pages.iter().enumerate().map(|(index, page)| segmenter.page(index, page, told(index))).collect();
    segmenter.join(pages, cut)
}

/// Cuts pages one by one, each with what other printings tell about it, and joins what jumps connect.
pub struct Segmenter<'p> {
    rules: rules::Rules<'p>,
}

/// One page's zones and articles, before jumps are resolved.
#[derive(Clone, Debug)]
pub struct CutPage {
    identity: Identity,
    /// Their articles count from the page's first one.
    zones: Vec<Zone>,
    articles: Vec<Article>,
    /// For each article, what is told about where it comes from and where it goes on.
    ends: Vec<(Option<Placement>, Option<Placement>)>,
    diagnostics: Vec<Diagnostic>,
}

impl<'p> Segmenter<'p> {
    /// With the rules of `pack`.
    #[must_use]
    pub fn new(pack: &'p Pack) -> Segmenter<'p> {
        Segmenter { rules: rules::Rules::new(pack) }
    }

    /// Takes notice of what the pages given together have in common: their phrases tell what goes on with what.
    #[must_use]
    pub fn beside(mut self, pages: &[Page]) -> Segmenter<'p> {
        let mut phrases = evidence::Phrases::default();
        // In whatever order the pages are given, the same ones are taken when not all are.
        let mut in_order: Vec<&Page> = pages.iter().collect();
        in_order.sort_by(|one, other| one.key.cmp(&other.key));
        for page in in_order {
            if phrases.is_full() {
                break;
            }
            let folded = self.rules.folded(page);
            let page = folded.as_ref().unwrap_or(page);
            page.layer.text.lines().for_each(|line| phrases.add(line));
        }
        self.rules.phrases = std::sync::Arc::new(phrases);
        self
    }

    /// Cuts the page that is `index` of those given together. `placements` say where its stretches stand in other
    /// printings of their stories, in any order.
    #[must_use]
    pub fn page(&self, index: usize, page: &Page, placements: &[Placement]) -> CutPage {
        self.page_in_steps(index, page, placements, &mut || ())
    }

    /// In how many steps a page is cut: one, but for pages that are longer than any paper prints.
    #[must_use]
    pub fn steps(page: &Page) -> usize {
        long::expected_parts(page)
    }

    /// The same as [`Segmenter::page`]; `step` is called as often as [`Segmenter::steps`] says.
    #[must_use]
    pub fn page_in_steps(
        &self,
        index: usize,
        page: &Page,
        placements: &[Placement],
        step: &mut dyn FnMut(),
    ) -> CutPage {
        let rules = &self.rules;
        let folded = rules.folded(page);
        let seen = folded.as_ref().unwrap_or(page);
        let mut steps = Segmenter::steps(page);
        let mut parts = 0;
        let Cut { units, nodes, decided, ends } = cut(seen, placements, rules, long::LIMITS, &mut || {
            parts += 1;
            if steps > 1 {
                steps -= 1;
                step();
            }
        });
        let mut diagnostics = Vec::new();
        if parts > 1 {
            diagnostics.push(long::told_of(page, parts));
        }
        let mut identity = identity::identify(seen, &units, rules);
        if folded.is_some() {
            identity::as_printed(&mut identity, &page.layer.text);
        }
        let points = CodePoints::new(&page.layer.text);
        let year = identity::year_of(page, &identity, rules);
        let assembled = assemble::Assembly {
            index,
            page,
            units: &units,
            nodes: &nodes,
            identity: &identity,
            points: &points,
            year,
            rules,
        };
        let (zones, articles) = assembled.assemble(&decided, 0, &mut diagnostics);
        (0..steps).for_each(|_| step());
        CutPage { identity, zones, articles, ends, diagnostics }
    }

    /// Joins the pages, given in their order, to one result.
    #[must_use]
    pub fn join(&self, pages: &[Page], cut: Vec<CutPage>) -> Outcome<Segmented> {
        let mut diagnostics = Vec::new();
        let mut result = Segmented::default();
        let mut ends = Vec::new();
        for mut page in cut {
            let first = result.articles.len();
            page.zones.iter_mut().flat_map(|zone| &mut zone.articles).for_each(|article| *article += first);
            result.zones.push(page.zones);
            result.articles.extend(page.articles);
            result.identities.push(page.identity);
            ends.extend(page.ends);
            diagnostics.extend(page.diagnostics);
        }
        jumps::resolve(pages, &mut result, &ends, &self.rules.words, &mut diagnostics);
        Outcome { value: result, diagnostics }
    }
}

/// A page, or a part of a long one, cut into its pieces, and what was decided about them.
#[derive(Default)]
struct Cut {
    units: Vec<units::Unit>,
    nodes: Vec<nodes::Node>,
    decided: drafts::Decided,
    /// For each of its articles, what is told about where it comes from and where it goes on.
    ends: Vec<(Option<Placement>, Option<Placement>)>,
}

/// Cuts a page; `done` is called behind each part of a long one.
fn cut(
    page: &Page,
    placements: &[Placement],
    rules: &rules::Rules<'_>,
    limits: long::Limits,
    done: &mut dyn FnMut(),
) -> Cut {
    let parts = long::parts_of(units::units_of(page, rules), limits);
    if parts.len() == 1 {
        let whole = parts.into_iter().map(|units| cut_part(page, units, placements, rules));
        let whole = long::joined(whole);
        done();
        return whole;
    }
    long::joined(parts.into_iter().map(|units| {
        let told = long::told_in(placements, &units);
        let mut part = cut_part(page, units, &told, rules);
        long::forget_words(&mut part.units);
        done();
        part
    }))
}

fn cut_part(page: &Page, units: Vec<units::Unit>, placements: &[Placement], rules: &rules::Rules<'_>) -> Cut {
    let (units, mut nodes, (decided, ends)) = prepared(page, units, placements, rules, |prepared| {
        let decided = prepared.decide();
        let missed = prepared.missed_heads(&decided);
        let told = &prepared.ground.told;
        let ends = |draft: &drafts::Draft| (told.first_of(&draft.nodes), told.last_of(&draft.nodes));
        let ends = decided.drafts.iter().map(ends).collect();
        ((decided, ends), missed)
    });
    decided.rescued.iter().for_each(|(first, more)| nodes::make_head(&mut nodes, *first, more));
    Cut { units, nodes, decided, ends }
}

/// Cuts the units of a page and asks something of what is known then. Where the answer names units that turn out to be
/// headlines, it is asked once more with these.
fn prepared<T>(
    page: &Page,
    units: Vec<units::Unit>,
    placements: &[Placement],
    rules: &rules::Rules<'_>,
    ask: impl Fn(&drafts::Prepared<'_>) -> (T, Vec<usize>),
) -> (Vec<units::Unit>, Vec<nodes::Node>, T) {
    let mut placements = placements.to_vec();
    placements.sort_unstable();
    let text: &str = &page.layer.text;
    let headline = nodes::headlines(&units, &rules.words);
    let (units, headline) = told::cut_units(units, headline, &placements, text, rules);
    let (units, mut headline) = units::pieces_of(units, &headline, text, rules);
    let texts: Vec<&[char]> = units.iter().map(|unit| unit.text.as_slice()).collect();
    let runs = evidence::Runs::of(texts.iter().copied(), &rules.phrases).for_units(units.len());
    let repeats = repeats::Repeats::of(&texts);
    let mut topics = evidence::Topics::of(&texts, &repeats);
    topics.set_apart(&texts);
    let odds = heads::tell_headlines(&units, &mut headline, (&runs, &rules.words, &topics), &rules.heads);
    let parallels = evidence::parallels(&texts, &repeats);
    let mut may_ask_again = true;
    loop {
        let nodes = nodes::nodes_of(&units, &headline);
        let mut nodes = drafts::split_heads(nodes, &units, &topics);
        head_lines::name_lines(&mut nodes, &units, (&runs, &rules.words), &rules.head_lines);
        let told = told::Told::new(&placements, &units, &nodes, rules);
        let (asked, missed) =
            ask(&drafts::Prepared::of(&units, &nodes, &runs, rules, &topics, &parallels, (told, &odds)));
        if !may_ask_again || missed.is_empty() {
            return (units, nodes, asked);
        }
        may_ask_again = false;
        missed.into_iter().for_each(|unit| headline[unit] = true);
    }
}

/// Weights of what is seen where pieces of text meet, while they are learned.
#[derive(Clone, Debug)]
pub struct Weights(Vec<i32>);

impl Weights {
    /// Those of the rule data.
    #[must_use]
    pub fn of(pack: &Pack) -> Weights {
        Weights(features::weights_of(pack, "streams"))
    }

    /// The rows of `lang/zh/streams.tsv` that hold them.
    #[must_use]
    pub fn table(&self) -> String {
        features::table_of(&self.0)
    }

    /// The weights, in the order of the table.
    pub fn figures(&mut self) -> &mut [i32] {
        &mut self.0
    }
}

/// One page's lesson for the weights: for each of them, how much oftener the true reading of the page has what it
/// stands for than the reading that scores best. `truth` gives the article of a stretch of the page; pieces of one
/// article that do not stand in reading order have different ones. Nothing where the true reading wins by `margin`
/// for each wrong decision.
#[must_use]
pub fn lesson(
    page: &Page,
    weights: &Weights,
    truth: &dyn Fn(Span) -> u32,
    margin: i32,
    pack: &Pack,
) -> Option<Vec<i32>> {
    let mut rules = rules::Rules::new(pack);
    rules.weights.clone_from(&weights.0);
    let (_, _, lesson) = prepared(page, units::units_of(page, &rules), &[], &rules, |prepared| {
        let ground = &prepared.ground;
        let of_node = |node: &nodes::Node| truth(ground.units[node.main].spans[0]);
        let labels: Vec<u32> = ground.nodes.iter().map(of_node).collect();
        let bodies: Vec<usize> = chains::bodies(ground);
        (streams::lesson(ground, &bodies, &labels, margin), Vec::new())
    });
    lesson
}

/// Whether the page's stories are cut into each other, so that it is read with `lang/zh/streams_broken.tsv` where no other printing tells of
/// it; else it is read with `streams_ordered.tsv`. For learning these.
#[must_use]
pub fn is_broken(page: &Page, pack: &Pack) -> bool {
    let rules = rules::Rules::new(pack);
    let (_, _, broken) = prepared(page, units::units_of(page, &rules), &[], &rules, |prepared| {
        (streams::is_broken(&prepared.ground, &chains::bodies(&prepared.ground)), Vec::new())
    });
    broken
}

/// A line that only its shape makes a headline, for the table that tells which of these are pieces of sentences.
#[derive(Clone, Debug)]
pub struct DoubtfulHead {
    /// Its bytes of the page.
    pub span: Span,
    /// What is seen of it: a cell for each group of `lang/zh/heads.tsv`.
    pub seen: Vec<usize>,
}

/// The lines of a page that only their shape makes headlines.
#[must_use]
pub fn doubtful_heads(page: &Page, pack: &Pack) -> Vec<DoubtfulHead> {
    let rules = rules::Rules::new(pack);
    let text: &str = &page.layer.text;
    let units = units::units_of(page, &rules);
    let headline = nodes::headlines(&units, &rules.words);
    let (units, headline) = units::pieces_of(units, &headline, text, &rules);
    let texts: Vec<&[char]> = units.iter().map(|unit| unit.text.as_slice()).collect();
    let runs = evidence::Runs::of(texts.iter().copied(), &rules.phrases).for_units(units.len());
    let mut topics = evidence::Topics::of(&texts, &repeats::Repeats::of(&texts));
    topics.set_apart(&texts);
    let found = heads::in_doubt(&units, &headline, (&runs, &rules.words, &topics)).into_iter();
    found.map(|(unit, seen)| DoubtfulHead { span: units[unit].spans[0], seen }).collect()
}

/// The heads of several lines of a page, for the table that tells kicker, headline and deck apart.
#[must_use]
pub fn seen_heads(page: &Page, pack: &Pack) -> Vec<SeenHead> {
    let mut rules = rules::Rules::new(pack);
    // Their lines as they are before they are named.
    rules.head_lines = head_lines::LineOdds::default();
    let (_, _, seen) = prepared(page, units::units_of(page, &rules), &[], &rules, |prepared| {
        let ground = &prepared.ground;
        (head_lines::ways_to_part(ground.nodes, ground.units, (ground.runs, ground.words)), Vec::new())
    });
    seen
}

/// A part of a page that stays whole whatever is decided, for measuring where a decision went wrong.
#[derive(Clone, Debug)]
pub struct Part {
    /// Bytes of the page, one span a line.
    pub spans: Vec<Span>,
    /// Which part of running text, head or picture it belongs to; parts of one number go together.
    pub node: usize,
    /// `head`, `body`, `photo` or `aside`.
    pub kind: &'static str,
    /// How the node begins: `dateline`, `jump`, `opening`, `neutral`, `inside`.
    pub start: &'static str,
    /// How the node ends: `open`, `closed`, `terminal`.
    pub end: &'static str,
    /// The article it was given to, counted over the page.
    pub article: Option<usize>,
    /// Its place in that article's reading order: head first, then running text, pictures, second copies.
    pub place: usize,
}

/// The parts that a page is cut into and the articles they are given to: what [`segment`] does before strings are
/// read off. For measuring and for explaining a decision.
#[must_use]
pub fn parts(page: &Page, placements: &[Placement], pack: &Pack) -> Vec<Part> {
    let rules = rules::Rules::new(pack);
    let folded = rules.folded(page);
    let Cut { units, nodes, decided, .. } =
        cut(folded.as_ref().unwrap_or(page), placements, &rules, long::LIMITS, &mut || ());
    let mut given = vec![None; nodes.len()];
    for (article, draft) in decided.drafts.iter().enumerate() {
        let all = draft.head.iter().chain(&draft.nodes).chain(&draft.photos).chain(&draft.copies);
        for (place, node) in all.enumerate() {
            given[*node] = Some((article, place));
        }
    }
    let mut found = Vec::with_capacity(units.len());
    for (at, node) in nodes.iter().enumerate() {
        for (unit, _) in &node.units {
            found.push(Part {
                spans: units[*unit].spans.clone(),
                node: at,
                kind: match node.kind {
                    nodes::NodeKind::Head => "head",
                    nodes::NodeKind::Body => "body",
                    nodes::NodeKind::Photo => "photo",
                    nodes::NodeKind::Aside => "aside",
                },
                start: match node.start {
                    units::StartState::Dateline => "dateline",
                    units::StartState::Jump => "jump",
                    units::StartState::Opening => "opening",
                    units::StartState::Neutral => "neutral",
                    units::StartState::Inside => "inside",
                },
                end: match node.end {
                    units::EndState::Open => "open",
                    units::EndState::Closed => "closed",
                    units::EndState::Terminal => "terminal",
                },
                article: given[at].map(|(article, _)| article),
                place: given[at].map_or(0, |(_, place)| place),
            });
        }
    }
    found
}

//! Pages → zones and articles.
//!
//! A page is cut into strips (lines, with jump lines cut out), strips are joined to units (contiguous lines),
//! units gathered into nodes (a head, a stretch of running text, a picture), and nodes linked into articles. Only
//! then are zones, strings and ends read off.

mod assemble;
mod chains;
mod derived;
mod drafts;
mod evidence;
mod features;
mod identity;
mod jumps;
mod nodes;
mod rules;
mod streams;
mod strips;
mod units;
mod wording;

use shiliu_lang::Pack;
use shiliu_text::{CodePoints, Located, Outcome, Span};

use crate::{Page, Segmented};

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

/// Cuts pages given together into zones and articles. Hints from other printings of the same stories help to tell
/// which pieces belong together.
#[must_use]
pub fn segment(pages: &[Page], seams: &[Seam], pack: &Pack) -> Outcome<Segmented> {
    let rules = rules::Rules::new(pack);
    let mut diagnostics = Vec::new();
    let mut result = Segmented::default();
    for (index, page) in pages.iter().enumerate() {
        let Cut { units, nodes, decided } = cut(page, seams, &rules);
        let identity = identity::identify(page, &units, &rules);
        let points = CodePoints::new(&page.layer.text);
        let year = identity::year_of(page, &identity, &rules);
        let assembled = assemble::Assembly {
            index,
            page,
            units: &units,
            nodes: &nodes,
            identity: &identity,
            points: &points,
            year,
            rules: &rules,
        };
        let (zones, articles) = assembled.assemble(&decided, result.articles.len(), &mut diagnostics);
        result.zones.push(zones);
        result.articles.extend(articles);
        result.identities.push(identity);
    }
    jumps::resolve(pages, &mut result, &rules.words, &mut diagnostics);
    Outcome { value: result, diagnostics }
}

/// One page cut into its parts, and what was decided about them.
struct Cut {
    units: Vec<units::Unit>,
    nodes: Vec<nodes::Node>,
    decided: drafts::Decided,
}

fn cut(page: &Page, seams: &[Seam], rules: &rules::Rules<'_>) -> Cut {
    let (units, nodes, decided) = prepared(page, seams, rules, |prepared| prepared.decide());
    Cut { units, nodes, decided }
}

/// Cuts a page and asks something of what is known then.
fn prepared<T>(
    page: &Page,
    seams: &[Seam],
    rules: &rules::Rules<'_>,
    ask: impl FnOnce(&drafts::Prepared<'_>) -> T,
) -> (Vec<units::Unit>, Vec<nodes::Node>, T) {
    let units = units::units_of(page, rules);
    let headline = nodes::headlines(&units, &rules.words);
    let (units, headline) = units::pieces_of(units, &headline, &page.layer.text, rules);
    let nodes = nodes::nodes_of(&units, &headline);
    let texts: Vec<&[char]> = units.iter().map(|unit| unit.text.as_slice()).collect();
    let runs = evidence::Runs::of(texts.iter().copied());
    let topics = evidence::Topics::of(&texts);
    let nodes = drafts::split_heads(nodes, &units, &topics);
    let parallels = evidence::parallels(&texts);
    let hints = hints_of(page, seams, &units, &nodes);
    let asked = ask(&drafts::Prepared::of(&units, &nodes, &runs, rules, &topics, &parallels, hints));
    (units, nodes, asked)
}

/// Weights of what is seen where pieces of text meet, while they are learned.
#[derive(Clone, Debug)]
pub struct Weights(Vec<i32>);

impl Weights {
    /// Those of the rule data.
    #[must_use]
    pub fn of(pack: &Pack) -> Weights {
        Weights(features::weights_of(pack))
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
    let (_, _, lesson) = prepared(page, &[], &rules, |prepared| {
        let ground = &prepared.ground;
        let of_node = |node: &nodes::Node| truth(ground.units[node.main].spans[0]);
        let labels: Vec<u32> = ground.nodes.iter().map(of_node).collect();
        let bodies: Vec<usize> = chains::bodies(ground);
        streams::lesson(ground, &bodies, &labels, margin)
    });
    lesson
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
pub fn parts(page: &Page, seams: &[Seam], pack: &Pack) -> Vec<Part> {
    let rules = rules::Rules::new(pack);
    let Cut { units, nodes, decided } = cut(page, seams, &rules);
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

/// Strength of a hint, in thousandths of a bit for each character of agreement, and its bound.
const HINT_STEP: i32 = 500;
const HINT_BOUND: i32 = 20_000;
/// An aligned stretch may run on by chance into the text after a cut, by so many bytes.
const OVERRUN: u32 = 15;

/// Hints for one page as pairs of nodes, the best one for each end.
fn hints_of(
    page: &Page,
    seams: &[Seam],
    units: &[units::Unit],
    nodes: &[nodes::Node],
) -> Vec<(usize, usize, i32)> {
    // Places of running text in file order: (first byte, one past the last, node).
    let mut places: Vec<(u32, u32, usize)> = nodes
        .iter()
        .enumerate()
        .filter(|(_, node)| node.kind == nodes::NodeKind::Body)
        .map(|(at, node)| (units[node.main].first(), units[node.main].last(), at))
        .collect();
    places.sort_unstable();
    let mut hints: Vec<(i32, usize, usize)> = Vec::new();
    for seam in
        seams.iter().filter(|seam| seam.left.text == page.layer.id && seam.right.text == page.layer.id)
    {
        // The last text that begins well before the left end; the first that ends well after the right start.
        let left = places.partition_point(|(first, _, _)| *first + OVERRUN < seam.left.span.end);
        let right = places.partition_point(|(_, last, _)| *last <= seam.right.span.start + OVERRUN);
        let (Some(left), Some(right)) = (left.checked_sub(1).map(|at| places[at]), places.get(right)) else {
            continue;
        };
        // A formula that several stories print begins and ends inside a text.
        let whole = left.1 <= seam.left.span.end + OVERRUN && right.0 + OVERRUN >= seam.right.span.start;
        if whole && left.2 != right.2 {
            let weight = (seam.weight.max(0).saturating_mul(HINT_STEP)).min(HINT_BOUND);
            hints.push((weight, left.2, right.2));
        }
    }
    hints.sort_unstable_by_key(|(weight, left, right)| (std::cmp::Reverse(*weight), *left, *right));
    let mut kept: Vec<(usize, usize, i32)> = Vec::new();
    for (weight, left, right) in hints {
        if kept.iter().all(|(l, r, _)| *l != left && *r != right) {
            kept.push((left, right, weight));
        }
    }
    kept
}

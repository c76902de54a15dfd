//! Learns the weights of `lang/zh/streams.tsv`, `streams_broken.tsv` and `streams_ordered.tsv` from made pages: an averaged perceptron over whole readings of a page
//! (Collins 2002), corrected where a reading and the true one differ most (Huang, Fayong and Guo 2012), with a margin
//! for each wrong decision.
//!
//! `cargo run --release -p shiliu-benchsuite --bin learn -- SEEDS ROUNDS [MARGIN RATE [PROSE SEEDS [SHEETS]]] [--laid FILE] [--only broken|ordered] > lang/zh/streams.tsv`
//!
//! `--laid FILE` adds the pages that `other_hands/relay.py` writes; `--only` keeps those pages that the program as it is takes for pages whose stories
//! are cut into each other, or for others. With a file of articles ([`Content`], JSON Lines) it learns from pages made of these too; `SHEETS` are seeds of pages laid out
//! the second way, of both kinds.
//!
//! `... --bin learn -- --heads SEEDS [PROSE SEEDS [SHEETS]]` lists the lines that only their shape makes headlines, for
//! `benchsuite/head_odds.py`: whether each is one, then what is seen of it. `--head-lines` instead lists the heads of several lines
//! with every way to part them, for `benchsuite/head_lines.py`.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a tool for developers")]

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use anyhow::{Context as _, Result, bail};
use shiliu_benchsuite::grammar::Grammar;
use shiliu_benchsuite::pages::cell::{Cell, Mark, Role};
use shiliu_benchsuite::pages::{Content, make_set_of, make_sheets};
use shiliu_benchsuite::rng::Rng;
use shiliu_lang::{Pack, builtin};
use shiliu_press::{Page, PageKey, Weights, doubtful_heads, is_broken, lesson, read, seen_heads};
use shiliu_text::Span;

/// Bytes that print nothing.
const NONE: u32 = u32::MAX;
/// No feature is corrected more than so many times for one page.
const MOST: i32 = 4;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.split_first().map(|(first, rest)| (first.as_str(), rest)) {
        Some(("--heads", rest)) => return list_heads(rest),
        Some(("--head-lines", rest)) => return list_head_lines(rest),
        _ => {}
    }
    let (arguments, only) = parted(&arguments, "--only");
    let (arguments, laid) = parted(&arguments, "--laid");
    let only = only.map(|only| match only.as_str() {
        "broken" => Ok(true),
        "ordered" => Ok(false),
        _ => bail!("--only: broken or ordered, not {only}"),
    });
    let only = only.transpose()?;
    let number = |at: usize, otherwise: i32| -> Result<i32> {
        arguments.get(at).map_or(Ok(otherwise), |text| text.parse().with_context(|| text.clone()))
    };
    let seeds = |at: usize| -> Result<RangeInclusive<u64>> {
        let range = arguments.get(at).and_then(|range| range.split_once(".."));
        let (first, last) = range.context("usage: learn A..B [ROUNDS [MARGIN RATE [PROSE A..B [A..B]]]]")?;
        Ok(first.parse()?..=last.parse()?)
    };
    let (rounds, margin, rate) = (number(1, 9)?, number(2, 1500)?, number(3, 100)?);
    let pack = Pack::load(builtin()).value;
    let grammar = Grammar::chinese();
    let mut pages: Vec<(Page, Vec<u32>)> = Vec::new();
    let prose = arguments.get(4).map_or(Ok(Vec::new()), |path| Content::load(path.as_ref()))?;
    let of_prose = if prose.is_empty() { Vec::new() } else { seeds(5)?.collect() };
    let sets = seeds(0)?.map(|seed| make_set_of(&grammar, seed, &[]));
    let of_prose = of_prose.into_iter().map(|seed| make_set_of(&grammar, seed, &prose));
    let sheets: Vec<u64> = if arguments.len() > 6 { seeds(6)?.collect() } else { Vec::new() };
    let sheets = sheets.iter().flat_map(|seed| {
        let of_grammar = make_sheets(&grammar, *seed, &[]);
        [of_grammar].into_iter().chain((!prose.is_empty()).then(|| make_sheets(&grammar, *seed, &prose)))
    });
    let mut keep = |name: &str, characters: &Characters| {
        let key = PageKey { path: name.to_owned(), ..PageKey::default() };
        let text: String = characters.iter().map(|(one, _)| *one).collect();
        let read = read(text.as_bytes(), &key, &pack).value;
        pages.extend(read.into_iter().next().map(|page| (page, streams_of(characters))));
    };
    for set in sets.chain(of_prose).chain(sheets) {
        set.pages.iter().for_each(|made| keep(&made.name, &made.chars));
    }
    for (name, characters) in laid.map_or(Ok(Vec::new()), |path| laid_pages(&path))? {
        keep(&name, &characters);
    }
    pages.retain(|(page, _)| only.is_none_or(|broken| is_broken(page, &pack) == broken));
    let mut weights = Weights::of(&pack);
    weights.figures().fill(0);
    let mut sums = vec![0_i64; weights.figures().len()];
    let mut steps = 0_i64;
    let mut rng = Rng::new(7, 7);
    let mut order: Vec<usize> = (0..pages.len()).collect();
    for round in 0..rounds {
        rng.shuffle(&mut order);
        if round == 1 {
            // The first round's weights are far off.
            sums.fill(0);
            steps = 0;
        }
        let mut corrected = 0;
        for (page, streams) in order.iter().map(|at| &pages[*at]) {
            let truth = |span: Span| most_frequent(&streams[span.start as usize..span.end as usize]);
            if let Some(differs) = lesson(page, &weights, &truth, margin, &pack) {
                corrected += 1;
                for (figure, more) in weights.figures().iter_mut().zip(differs) {
                    *figure += rate * more.clamp(-MOST, MOST);
                }
            }
            for (sum, figure) in sums.iter_mut().zip(weights.figures()) {
                *sum += i64::from(*figure);
            }
            steps += 1;
        }
        eprintln!("round {round}: {corrected} of {} pages corrected", pages.len());
    }
    for (figure, sum) in weights.figures().iter_mut().zip(&sums) {
        *figure = i32::try_from(sum / steps.max(1)).unwrap_or(0);
    }
    println!(
        "# Weights of what is seen where a piece of text goes on or begins, in thousandths of a bit, one row a group of \
         features (crates/press/src/segment/features.rs); learned, not written by hand: benchsuite/README.md, \"Streams\".\ngroup\tweights"
    );
    print!("{}", weights.table());
    Ok(())
}

fn most_frequent(labels: &[u32]) -> u32 {
    let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
    for label in labels.iter().filter(|label| **label != NONE) {
        *counts.entry(*label).or_default() += 1;
    }
    counts.into_iter().max_by_key(|(label, count)| (*count, std::cmp::Reverse(*label))).map_or(0, |(l, _)| l)
}

/// The arguments without this option and what stands behind it, and that.
fn parted(arguments: &[String], option: &str) -> (Vec<String>, Option<String>) {
    let mut rest = arguments.to_vec();
    let at = rest.iter().position(|one| one == option);
    let value = at.and_then(|at| rest.drain(at..(at + 2).min(arguments.len())).nth(1));
    (rest, value)
}

/// The characters of a page, each with what it is.
type Characters = [(char, Option<Cell>)];

/// A page's name, and its characters with what they are.
type LaidPage = (String, Vec<(char, Option<Cell>)>);

/// Pages that `other_hands/relay.py` laid out.
fn laid_pages(path: &str) -> Result<Vec<LaidPage>> {
    #[derive(serde::Deserialize)]
    struct Laid {
        name: String,
        text: String,
        /// First code point, the one behind the last, owner, kind, place.
        cells: Vec<(usize, usize, u32, char, u32)>,
    }
    let text = std::fs::read_to_string(path).with_context(|| path.to_owned())?;
    let mut pages = Vec::new();
    for line in text.lines() {
        let laid: Laid = serde_json::from_str(line).with_context(|| path.to_owned())?;
        let mut characters: Vec<(char, Option<Cell>)> = laid.text.chars().map(|one| (one, None)).collect();
        for (start, end, owner, kind, place) in laid.cells {
            let role = match kind {
                'H' => Role::Headline,
                'K' => Role::Kicker,
                'D' => Role::Deck,
                'B' => Role::Byline,
                'C' => Role::Caption,
                'J' => Role::JumpFrom,
                'F' => Role::Staff,
                _ => Role::Body,
            };
            let within = characters.get_mut(start..end).with_context(|| laid.name.clone())?;
            for ((ch, cell), position) in within.iter_mut().zip(place..) {
                let duplicate = kind == 'A';
                *cell = Some(Cell { ch: *ch, owner, role, mark: Mark::None, position, duplicate });
            }
        }
        pages.push((laid.name, characters));
    }
    Ok(pages)
}

/// A page as read, where it comes from (the grammar 0, prose 1), and for each byte of it what it truly is.
type Known<'k> = (&'k Page, u8, &'k [Option<Cell>]);

/// Shows all pages that the arguments name.
fn each_page(arguments: &[String], pack: &Pack, show: &dyn Fn(Known<'_>)) -> Result<()> {
    let grammar = Grammar::chinese();
    let (arguments, laid) = parted(arguments, "--laid");
    let seeds = |at: usize| -> Result<Option<RangeInclusive<u64>>> {
        let Some(range) = arguments.get(at) else { return Ok(None) };
        let (first, last) =
            range.split_once("..").context("usage: learn --heads A..B [PROSE A..B [A..B]]")?;
        Ok(Some(first.parse()?..=last.parse()?))
    };
    let prose = arguments.get(1).map_or(Ok(Vec::new()), |path| Content::load(path.as_ref()))?;
    let made = seeds(0)?.into_iter().flatten().map(|seed| make_set_of(&grammar, seed, &[]));
    let real = seeds(2)?.into_iter().flatten().map(|seed| make_set_of(&grammar, seed, &prose));
    let sheets = seeds(3)?.into_iter().flatten().flat_map(|seed| {
        let of_prose = (!prose.is_empty()).then(|| (1, make_sheets(&grammar, seed, &prose)));
        [(0, make_sheets(&grammar, seed, &[]))].into_iter().chain(of_prose)
    });
    let show = |kind: u8, name: &str, characters: &Characters| {
        let key = PageKey { path: name.to_owned(), ..PageKey::default() };
        let text: String = characters.iter().map(|(one, _)| *one).collect();
        let cells = characters.iter();
        let cells: Vec<Option<Cell>> =
            cells.flat_map(|(one, cell)| std::iter::repeat_n(*cell, one.len_utf8())).collect();
        for read in read(text.as_bytes(), &key, pack).value {
            show((&read, kind, &cells));
        }
    };
    for (kind, set) in made.map(|set| (0, set)).chain(real.map(|set| (1, set))).chain(sheets) {
        set.pages.iter().for_each(|page| show(kind, &page.name, &page.chars));
    }
    for (name, characters) in laid.map_or(Ok(Vec::new()), |path| laid_pages(&path))? {
        show(1, &name, &characters);
    }
    Ok(())
}

/// Whether more than half of what stands there is as wanted.
fn mostly(cells: &[Option<Cell>], wanted: &dyn Fn(Role) -> bool) -> bool {
    cells.iter().flatten().filter(|cell| wanted(cell.role)).count() * 2 > cells.len()
}

/// Lists the lines that only their shape makes headlines.
fn list_heads(arguments: &[String]) -> Result<()> {
    let pack = Pack::load(builtin()).value;
    each_page(arguments, &pack, &|(page, kind, cells)| {
        for head in doubtful_heads(page, &pack) {
            let within = &cells[head.span.start as usize..head.span.end as usize];
            let is_head =
                mostly(within, &|role| is_headline(role) || matches!(role, Role::Kicker | Role::Deck));
            if is_head || mostly(within, &|role| role == Role::Body) {
                let seen: Vec<String> = head.seen.iter().map(ToString::to_string).collect();
                println!("{kind}\t{}\t{}", u8::from(is_head), seen.join("\t"));
            }
        }
    })
}

fn is_headline(role: Role) -> bool {
    matches!(role, Role::Headline | Role::ContinuationHead | Role::Subhead)
}

/// Lists the heads of one story that have several lines: one row for each way to part them.
fn list_head_lines(arguments: &[String]) -> Result<()> {
    let pack = Pack::load(builtin()).value;
    each_page(arguments, &pack, &|(page, kind, cells)| {
        for head in seen_heads(page, &pack) {
            // The part that each line is of: 0 above the headline, 1 in it, 2 below; and of which story.
            let part = |span: &Span| {
                let within = &cells[span.start as usize..span.end as usize];
                let owner =
                    within.iter().flatten().next().map(|cell| cell.owner).filter(|owner| *owner > 0)?;
                let of = [(0, Role::Kicker), (2, Role::Deck)];
                let aside = of.iter().find(|(_, wanted)| mostly(within, &|role| role == *wanted));
                let part = aside.map(|(part, _)| *part).or(mostly(within, &is_headline).then_some(1));
                part.map(|part: usize| (part, owner))
            };
            let Some(parts) = head.lines.iter().map(part).collect::<Option<Vec<_>>>() else { continue };
            let one_story = parts.iter().all(|(_, owner)| *owner == parts[0].1);
            if !one_story || !parts.is_sorted_by_key(|(part, _)| *part) {
                continue;
            }
            let from = parts.partition_point(|(part, _)| *part < 1);
            let to = parts.partition_point(|(part, _)| *part < 2);
            println!("head\t{kind}");
            for (way, seen) in &head.ways {
                let seen: Vec<String> = seen.iter().map(ToString::to_string).collect();
                println!("{}\t{}", u8::from(*way == (from, to)), seen.join("\t"));
            }
        }
    })
}

/// For each byte of a page the stream of text it truly belongs to: its story, or a part of its story where the page
/// has the parts in another order.
fn streams_of(characters: &Characters) -> Vec<u32> {
    let flows = |role: Role| matches!(role, Role::Dateline | Role::Body | Role::Subhead | Role::TailDateline);
    let mut printed: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    for cell in characters.iter().filter_map(|(_, cell)| *cell) {
        if flows(cell.role) && !cell.duplicate {
            printed.entry(cell.owner).or_default().insert(cell.position);
        }
    }
    // Of each story its streams, each with the position of its last character.
    let mut streams: BTreeMap<u32, Vec<(u32, u32)>> = BTreeMap::new();
    let mut names = 1;
    // Of each story whose headline stands before its text the stream that is to come.
    let mut to_come: BTreeMap<u32, u32> = BTreeMap::new();
    let mut labels = Vec::new();
    for (character, cell) in characters {
        let label = match cell {
            None => NONE,
            Some(cell) if cell.owner == 0 => {
                names += 1;
                names
            }
            Some(cell) if !flows(cell.role) || cell.duplicate => {
                match streams.get(&cell.owner).and_then(|known| known.first()) {
                    Some(stream) => stream.0,
                    None if cell.duplicate => 0,
                    None => *to_come.entry(cell.owner).or_insert_with(|| {
                        names += 1;
                        names
                    }),
                }
            }
            Some(cell) => {
                let known = streams.entry(cell.owner).or_default();
                let next_in = |last: u32| {
                    last < cell.position
                        && printed[&cell.owner].range(last + 1..cell.position).next().is_none()
                };
                match known.iter_mut().filter(|(_, last)| next_in(*last)).max_by_key(|(_, last)| *last) {
                    Some(stream) => {
                        stream.1 = cell.position;
                        stream.0
                    }
                    None => {
                        let name = to_come.remove(&cell.owner).unwrap_or_else(|| {
                            names += 1;
                            names
                        });
                        known.push((name, cell.position));
                        name
                    }
                }
            }
        };
        labels.extend(std::iter::repeat_n(label, character.len_utf8()));
    }
    labels
}

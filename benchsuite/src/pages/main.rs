//! `pages`: writes made pages with their truth, or scores the baseline cutter on them.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a measuring tool prints what it measures")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use serde_json::json;
use shiliu_benchsuite::grammar::Grammar;
use shiliu_benchsuite::pages::baseline::Baseline;
use shiliu_benchsuite::pages::damage::DAMAGES;
use shiliu_benchsuite::pages::score::{PagePair, b_cubed, boundary_agreement, rejoined};
use shiliu_benchsuite::pages::{Content, Form, MadeSet, make_set_as, make_set_of, make_sheets};

const USAGE: &str = "pages --seeds A..B [--sheets | --form html|alto|page|hocr] [--prose ARTICLES] -o DIR | pages --score-baseline --seeds A..B [--sheets] [--prose ARTICLES]   (both ends included)";

struct Options {
    seeds: std::ops::RangeInclusive<u64>,
    out: Option<PathBuf>,
    baseline: bool,
    sheets: bool,
    form: Option<Form>,
    prose: Vec<Content>,
}

fn options() -> Result<Options> {
    let mut args = std::env::args().skip(1);
    let mut options =
        Options { seeds: 1..=20, out: None, baseline: false, sheets: false, form: None, prose: Vec::new() };
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--score-baseline" => options.baseline = true,
            "--sheets" => options.sheets = true,
            "--prose" => {
                options.prose = Content::load(args.next().context("--prose needs a file")?.as_ref())?
            }
            "-o" => options.out = Some(PathBuf::from(args.next().context("-o needs a folder")?)),
            "--form" => {
                options.form = Some(match args.next().unwrap_or_default().as_str() {
                    "html" => Form::Html,
                    "alto" => Form::Alto,
                    "page" => Form::PageXml,
                    "hocr" => Form::Hocr,
                    other => bail!("no format {other}: html, alto, page or hocr"),
                });
            }
            "--seeds" => {
                let range = args.next().context("--seeds needs A..B")?;
                let (a, b) = range.split_once("..").context("--seeds needs A..B")?;
                options.seeds = a.parse()?..=b.trim_start_matches('=').parse()?;
            }
            _ => bail!("unknown option {arg}\n{USAGE}"),
        }
    }
    Ok(options)
}

fn write(sets: &[MadeSet], form: Option<Form>, dir: &Path) -> Result<()> {
    let (mut pages, mut stories) = (Vec::new(), Vec::new());
    for set in sets {
        let folder = dir.join(format!("seed-{:04}", set.seed));
        std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        for page in &set.pages {
            let path = folder.join(&page.name);
            let file = form.map_or_else(|| page.text(), |f| page.form(f));
            std::fs::write(&path, file).with_context(|| format!("cannot write {}", path.display()))?;
            // A reader makes its own white space: the truth of other formats stands over this text.
            if form.is_some() {
                let folder = dir.join("truth-text").join(format!("seed-{:04}", set.seed));
                std::fs::create_dir_all(&folder)?;
                std::fs::write(folder.join(&page.name), page.text())?;
            }
        }
        let (p, s) = set.truth();
        pages.extend(p);
        stories.extend(s);
    }
    let truth = json!({
        "offsets": if form.is_some() {
            "Unicode code points into the text under truth-text/; compare by the order of non-blank characters"
        } else {
            "Unicode code points into the raw file; end exclusive"
        },
        "pages": pages, "stories": stories,
    });
    let path = dir.join("segments.json");
    std::fs::write(&path, serde_json::to_string(&truth)? + "\n")
        .with_context(|| format!("cannot write {}", path.display()))
}

fn score(sets: &[MadeSet]) {
    let baseline = Baseline::chinese();
    let mut scores: Vec<(f64, String)> = Vec::new();
    let mut by_style: BTreeMap<&str, (f64, usize)> = BTreeMap::new();
    let (mut boundary, mut together, mut interrupted) = (0.0, 0, 0);
    for set in sets {
        let ids: Vec<_> = set.pages.iter().map(|p| (p.ids(), baseline.cut(&p.text()))).collect();
        for (page, (truth, guess)) in set.pages.iter().zip(&ids) {
            let f1 = b_cubed(&truth.owners, guess).f1;
            let text: Vec<char> = page.chars.iter().map(|(ch, _)| *ch).collect();
            boundary += boundary_agreement(&text, &truth.owners, guess).f1;
            scores.push((f1, format!("seed-{:04}/{}", set.seed, page.name)));
            let entry = by_style.entry(page.style.name()).or_default();
            entry.0 += f1;
            entry.1 += 1;
        }
        // Ids of a page are not those of another: the cutter joins nothing over pages.
        let shifted: Vec<Vec<u32>> = ids
            .iter()
            .enumerate()
            .map(|(i, (_, guess))| guess.iter().map(|g| g.saturating_add(10_000 * i as u32)).collect())
            .collect();
        let pairs: Vec<PagePair<'_>> = ids
            .iter()
            .zip(&shifted)
            .map(|((t, _), guess)| PagePair { truth: &t.owners, duplicate: &t.duplicate, guess })
            .collect();
        let joined = rejoined(&pairs);
        interrupted += joined.len();
        together += joined.values().filter(|v| **v).count();
    }
    scores.sort_by(|a, b| a.0.total_cmp(&b.0));
    let n = scores.len().max(1) as f64;
    let mean = scores.iter().map(|s| s.0).sum::<f64>() / n;
    println!("cutting at headings and jump lines, {} pages of {} sets", scores.len(), sets.len());
    println!("character B3 F1   mean {mean:.4}   worst {:.4} ({})", scores[0].0, scores[0].1);
    println!("boundary F1       mean {:.4}", boundary / n);
    println!("interrupted stories rejoined {together} of {interrupted}");
    for (style, (sum, count)) in &by_style {
        println!("  {style}: {:.4} over {count} pages", sum / *count as f64);
    }
    let total: usize = sets.iter().map(|s| s.stories.len()).sum();
    println!("share of each damage, of {total} stories:");
    for name in DAMAGES {
        let hit = sets.iter().flat_map(|s| &s.stories).filter(|s| s.damages.contains(&name)).count();
        println!("  {name}: {hit} ({:.1} %)", 100.0 * hit as f64 / total.max(1) as f64);
    }
}

fn main() -> ExitCode {
    let run = || -> Result<()> {
        let options = options()?;
        if options.sheets && options.form.is_some() {
            bail!("--sheets are text only: leave --form out");
        }
        let grammar = Grammar::chinese();
        if !options.prose.is_empty() && options.form.is_some() {
            bail!("pages of --prose are text only: leave --form out");
        }
        let make = |seed: u64| match options.sheets {
            true => make_sheets(&grammar, seed, &options.prose),
            false if !options.prose.is_empty() => make_set_of(&grammar, seed, &options.prose),
            false => make_set_as(&grammar, seed, options.form),
        };
        let sets: Vec<MadeSet> = options.seeds.map(make).collect();
        if let Some(dir) = &options.out {
            write(&sets, options.form, dir)?;
        }
        if options.baseline && !sets.is_empty() {
            score(&sets);
        } else if options.out.is_none() {
            bail!("{USAGE}");
        }
        Ok(())
    };
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::from(2)
        }
    }
}

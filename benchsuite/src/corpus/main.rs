//! `corpus`: writes made corpora with their truth, or scores the output of `shiliu reprints` on one.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a measuring tool prints what it measures")]

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use shiliu_benchsuite::corpus::copies::Kind;
use shiliu_benchsuite::corpus::score::{Scored, Scores, Share, TruePart, score};
use shiliu_benchsuite::corpus::{Language, Maker, NoiseKind, Spec, Unit};

const USAGE: &str =
    "corpus --documents N [--seed S] [--lang zh|en|ru|all] [--noise 0|2|5|10] [--fluent] [--pages]
       [--wide N] -o DIR                                   writes DIR/corpus.jsonl and DIR/truth.jsonl
corpus --score OUTPUT.jsonl --truth DIR/truth.jsonl [--json]   scores lines of `shiliu reprints`";

struct Options {
    spec: Spec,
    out: Option<PathBuf>,
    score: Option<PathBuf>,
    truth: Option<PathBuf>,
    json: bool,
}

fn options() -> Result<Options> {
    let mut args = std::env::args().skip(1);
    let spec = Spec {
        seed: 1,
        documents: 1000,
        language: Some(Language::Zh),
        noise: 2,
        noise_kind: NoiseKind::Independent,
        unit: Unit::Article,
        wide: 0,
    };
    let mut options = Options { spec, out: None, score: None, truth: None, json: false };
    while let Some(arg) = args.next() {
        let mut value = || args.next().with_context(|| format!("{arg} needs a value\n{USAGE}"));
        match arg.as_str() {
            "--documents" => options.spec.documents = value()?.parse()?,
            "--seed" => options.spec.seed = value()?.parse()?,
            "--noise" => options.spec.noise = value()?.parse()?,
            "--wide" => options.spec.wide = value()?.parse()?,
            "--fluent" => options.spec.noise_kind = NoiseKind::Fluent,
            "--pages" => options.spec.unit = Unit::Page,
            "--json" => options.json = true,
            "--lang" => {
                options.spec.language = match value()?.as_str() {
                    "zh" => Some(Language::Zh),
                    "en" => Some(Language::En),
                    "ru" => Some(Language::Ru),
                    "all" | "mixed" => None,
                    other => bail!("no language {other}: zh, en, ru or all"),
                }
            }
            "-o" => options.out = Some(value()?.into()),
            "--score" => options.score = Some(value()?.into()),
            "--truth" => options.truth = Some(value()?.into()),
            _ => bail!("unknown option {arg}\n{USAGE}"),
        }
    }
    Ok(options)
}

fn create(path: &Path) -> Result<BufWriter<File>> {
    let file = File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(BufWriter::with_capacity(1 << 20, file))
}

fn write(spec: Spec, dir: &Path) -> Result<()> {
    std::fs::create_dir_all(dir).with_context(|| format!("cannot make {}", dir.display()))?;
    let mut corpus = create(&dir.join("corpus.jsonl"))?;
    let mut truth = create(&dir.join("truth.jsonl"))?;
    let unit = spec.unit;
    let mut maker = Maker::new(spec);
    let (mut documents, mut bytes) = (0u64, 0u64);
    while !maker.done() {
        for document in maker.next_block() {
            documents += 1;
            bytes += document.text.len() as u64;
            let paper = maker.paper_name(document.paper);
            let line =
                json!({"id": document.id, "text": document.text, "series": paper, "date": document.date});
            serde_json::to_writer(&mut corpus, &line)?;
            corpus.write_all(b"\n")?;
            let parts: Vec<Value> = document
                .parts
                .iter()
                .map(|p| {
                    json!({"families": p.families, "kind": p.kind.as_str(), "lang": p.language.as_str(),
                           "quotes": p.quotes, "start": p.start, "end": p.end})
                })
                .collect();
            let line = match (unit, document.parts.first()) {
                (Unit::Article, Some(p)) => json!({"id": document.id, "series": paper,
                    "family": p.families.first(), "kind": p.kind.as_str(), "lang": p.language.as_str(),
                    "parts": parts}),
                _ => json!({"id": document.id, "series": paper, "parts": parts}),
            };
            serde_json::to_writer(&mut truth, &line)?;
            truth.write_all(b"\n")?;
        }
    }
    corpus.flush()?;
    truth.flush()?;
    eprintln!("{documents} documents, {:.1} MB of text", bytes as f64 / 1e6);
    Ok(())
}

fn lines(path: &Path) -> Result<impl Iterator<Item = Result<Value>>> {
    let file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    let name = path.display().to_string();
    Ok(BufReader::new(file).lines().enumerate().map(move |(n, line)| {
        let place = || format!("{name} line {}", n + 1);
        serde_json::from_str(&line.with_context(place)?).with_context(place)
    }))
}

fn kind_of(word: &str) -> Kind {
    const KINDS: [Kind; 11] = [
        Kind::Full,
        Kind::Byline,
        Kind::Head,
        Kind::Cut,
        Kind::Jump,
        Kind::Composite,
        Kind::Quoted,
        Kind::Local,
        Kind::Advertisement,
        Kind::Series,
        Kind::Template,
    ];
    KINDS.into_iter().find(|k| k.as_str() == word).unwrap_or(Kind::Local)
}

#[derive(Default)]
struct Names(BTreeMap<String, u32>);

impl Names {
    fn of(&mut self, name: &str) -> u32 {
        let next = self.0.len() as u32;
        *self.0.entry(name.to_owned()).or_insert(next)
    }
}

fn text_of<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or("")
}

fn read(truth: &Path, output: &Path) -> Result<Vec<Scored>> {
    let (mut papers, mut families, mut found) = (Names::default(), Names::default(), Names::default());
    let mut documents: Vec<Scored> = Vec::new();
    let mut by_id: BTreeMap<String, usize> = BTreeMap::new();
    for line in lines(truth)? {
        let line = line?;
        let mut parts = Vec::new();
        for part in line["parts"].as_array().into_iter().flatten() {
            let list = part["families"].as_array().into_iter().flatten();
            parts.push(TruePart {
                families: list.filter_map(Value::as_str).map(|f| families.of(f)).collect(),
                kind: kind_of(text_of(part, "kind")),
                language: text_of(part, "lang").to_owned(),
            });
        }
        by_id.insert(text_of(&line, "id").to_owned(), documents.len());
        documents.push(Scored { paper: papers.of(text_of(&line, "series")), parts, found: Vec::new() });
    }
    for line in lines(output)? {
        let line = line?;
        let Some(at) = by_id.get(text_of(&line, "id")) else {
            bail!("{}: the truth has no document {}", output.display(), line["id"]);
        };
        let mut homes: Vec<u32> = Vec::new();
        for family in line["families"].as_array().into_iter().flatten() {
            // Shared passages and boilerplate never join a story.
            let joins = matches!(
                family["relation"].as_str(),
                None | Some("full" | "abridged" | "excerpt" | "single")
            );
            if joins && let Some(name) = family["family"].as_str() {
                homes.push(found.of(name));
            }
        }
        if homes.is_empty()
            && let Some(name) = line["family"].as_str()
        {
            homes.push(found.of(name));
        }
        documents[*at].found = homes;
    }
    Ok(documents)
}

fn share(s: Share) -> String {
    format!("{:.4} ({} of {})", s.value(), s.hit, s.of)
}

fn report(scores: &Scores, json: bool) {
    let (homes, stories) = scores.families_per_story;
    let per_story = homes as f64 / stories.max(1) as f64;
    if json {
        let values = |m: &BTreeMap<&'static str, Share>| -> BTreeMap<String, f64> {
            m.iter().map(|(k, v)| ((*k).to_owned(), v.value())).collect()
        };
        let by_language: BTreeMap<&String, f64> =
            scores.by_language.iter().map(|(k, v)| (k, v.value())).collect();
        let value = json!({
            "precision": scores.precision.value(), "recall": scores.recall.value(),
            "by_kind": values(&scores.by_kind), "by_language": by_language, "wrong": scores.wrong,
            "mixed_families": scores.mixed_families, "joined_by_boilerplate": scores.joined_by_boilerplate,
            "families_per_story": per_story, "wide": scores.wide.value(),
        });
        println!("{value}");
        return;
    }
    println!("pair precision {}", share(scores.precision));
    println!("pair recall    {}", share(scores.recall));
    for (kind, s) in &scores.by_kind {
        println!("  recall, {kind}: {}", share(*s));
    }
    for (language, s) in &scores.by_language {
        println!("  recall, {language}: {}", share(*s));
    }
    for (reason, n) in &scores.wrong {
        println!("  wrong pairs, {reason}: {n}");
    }
    println!(
        "mixed families {}, joined by boilerplate or quotation {}",
        scores.mixed_families, scores.joined_by_boilerplate
    );
    println!("found families per story {per_story:.3} over {stories} stories");
    if scores.wide.of > 0 {
        println!("wide stories: {} documents in the largest family", share(scores.wide));
    }
}

fn main() -> ExitCode {
    let run = || -> Result<()> {
        let options = options()?;
        match (&options.score, &options.truth, &options.out) {
            (Some(output), Some(truth), _) => report(&score(&read(truth, output)?), options.json),
            (None, None, Some(dir)) => write(options.spec, dir)?,
            _ => bail!("{USAGE}"),
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

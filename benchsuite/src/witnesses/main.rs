//! `witnesses`: makes printings with known errors, collates them and prints how well the apparatus tells what was done.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a measuring tool prints what it measures")]
#![expect(clippy::disallowed_methods, reason = "it times what it measures")]

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use shiliu_archive::judge::collate_texts;
use shiliu_benchsuite::corpus::Language;
use shiliu_benchsuite::witnesses::score::{Apparatus, FoundLocus, FoundReading, Scores};
use shiliu_benchsuite::witnesses::{Kind, MadeStory, Profile, Setting, Words, make};
use shiliu_collate::{Decision, ReadingKind, Story, Witness};
use shiliu_lang::Pack;
use shiliu_text::{CodePoints, Span};

const USAGE: &str = "witnesses [--seeds 1..20] [--only NAME] [--causes] [--errors N] [--wrong]   makes, collates, prints the scores
witnesses --make PROFILE [--witnesses N] [--myriad E] [--characters C] [--seeds S..S] -o DIR   writes witness texts
witnesses --speed FILE…   collates the files, prints the best time of seven and the peak memory";

struct Options {
    seeds: RangeInclusive<u64>,
    only: Option<String>,
    causes: bool,
    errors: usize,
    wrong: bool,
    made: Option<String>,
    setting: Setting,
    out: Option<PathBuf>,
    speed: Vec<PathBuf>,
}

fn options() -> Result<Options> {
    let setting = Setting {
        profile: Profile::Mixed,
        witnesses: 2,
        myriad: 120,
        characters: 2500,
        language: Language::Zh,
    };
    let mut options = Options {
        seeds: 1..=20,
        only: None,
        causes: false,
        errors: 0,
        wrong: false,
        made: None,
        setting,
        out: None,
        speed: Vec::new(),
    };
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let mut value = || args.next().with_context(|| format!("{arg} needs a value\n{USAGE}"));
        match arg.as_str() {
            "--seeds" => {
                let range = value()?;
                let (from, to) = range.split_once("..").unwrap_or((&range, &range));
                options.seeds = from.parse()?..=to.parse()?;
            }
            "--only" => options.only = Some(value()?),
            "--causes" => options.causes = true,
            "--wrong" => options.wrong = true,
            "--errors" => options.errors = value()?.parse()?,
            "--make" => options.made = Some(value()?),
            "--witnesses" => options.setting.witnesses = value()?.parse()?,
            "--myriad" => options.setting.myriad = value()?.parse()?,
            "--characters" => options.setting.characters = value()?.parse()?,
            "--speed" => {
                options.speed = args.by_ref().map(PathBuf::from).collect();
            }
            "-o" => options.out = Some(value()?.into()),
            _ => bail!("unknown option {arg}\n{USAGE}"),
        }
    }
    Ok(options)
}

fn main() -> ExitCode {
    match options().and_then(|options| run(&options)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("witnesses: {error:#}");
            ExitCode::from(2)
        }
    }
}

const PROFILES: [Profile; 7] = [
    Profile::Independent,
    Profile::Correlated,
    Profile::Uneven,
    Profile::DeletionHeavy,
    Profile::Mixed,
    Profile::MovedSentences,
    Profile::MovedLines,
];

/// The best time of seven and the peak memory of the process less what it held before the first.
fn time(files: &[PathBuf]) -> Result<()> {
    let pack = Pack::load(shiliu_lang::builtin()).value;
    let mut witnesses: Vec<Witness> = Vec::new();
    for file in files {
        let text =
            std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        witnesses.push(whole(&file.display().to_string(), text));
    }
    let before = memory("VmRSS:");
    let mut best = f64::INFINITY;
    let first = std::time::Instant::now();
    let mut loci = collate_texts(&witnesses, &pack).value.loci.len();
    // The system counts time on a processor in ticks: short work is repeated until it lasts for many.
    let times = (0.3 / first.elapsed().as_secs_f64().max(1e-5)).ceil().clamp(1.0, 1000.0);
    for _ in 0..7 {
        let (wall, processor) = (std::time::Instant::now(), on_processor());
        for _ in 0..times as usize {
            loci = collate_texts(&witnesses, &pack).value.loci.len();
        }
        // Where other programs run, only the time on the processor says something.
        let own = match (processor, on_processor()) {
            (Some(from), Some(to)) => (to - from) as f64 / 1e9,
            _ => wall.elapsed().as_secs_f64(),
        };
        best = best.min(own / times);
    }
    let peak = memory("VmHWM:").saturating_sub(before);
    println!(
        "{:.3} ms  {:.1} MiB  {} witnesses  {loci} loci",
        best * 1000.0,
        peak as f64 / 1024.0,
        files.len()
    );
    Ok(())
}

/// Nanoseconds that this thread was on a processor, where the system tells.
fn on_processor() -> Option<u64> {
    let line = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    line.split_whitespace().next()?.parse().ok()
}

/// A line of the process's status in KiB; 0 where the system has none.
fn memory(line: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let found = status.lines().find_map(|known| known.strip_prefix(line));
    found.and_then(|rest| rest.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}

fn run(options: &Options) -> Result<()> {
    if !options.speed.is_empty() {
        return time(&options.speed);
    }
    let words = Words::default();
    if let Some(name) = &options.made {
        let profile = PROFILES.into_iter().find(|profile| profile.as_str() == name);
        let setting =
            Setting { profile: profile.with_context(|| format!("no profile {name}"))?, ..options.setting };
        let out = options.out.as_ref().context("-o DIR is needed")?;
        std::fs::create_dir_all(out)?;
        for seed in options.seeds.clone() {
            for witness in make(&words, &setting, seed).witnesses {
                std::fs::write(out.join(format!("{seed:05}-{}.txt", witness.name)), witness.text())?;
            }
        }
        return Ok(());
    }
    score_all(options, &words)
}

/// Rows of the table: name and settings whose stories are summed.
fn rows() -> Vec<(String, Vec<Setting>)> {
    let setting = |profile, witnesses, myriad| Setting {
        profile,
        witnesses,
        myriad,
        characters: 2500,
        language: Language::Zh,
    };
    let mut rows = Vec::new();
    let mut add = |profile: Profile, counts: &[usize], percents: &[usize]| {
        for &percent in percents {
            for &count in counts {
                let name = format!("{} {percent}% N={count}", profile.as_str());
                rows.push((name, vec![setting(profile, count, percent * 100)]));
            }
        }
    };
    add(Profile::Independent, &[2, 3, 4, 8, 16], &[2, 5, 10]);
    add(Profile::Independent, &[32], &[5]);
    add(Profile::Correlated, &[3, 4, 8, 16], &[2, 5, 10]);
    add(Profile::Uneven, &[2, 3, 4, 5], &[2, 5, 10]);
    add(Profile::DeletionHeavy, &[2, 3, 4], &[1, 2, 5]);
    for (name, language) in [("en", Language::En), ("ru", Language::Ru)] {
        let one = Setting { language, characters: 3500, ..setting(Profile::Independent, 3, 200) };
        rows.push((format!("independent 2% N=3 {name}"), vec![one]));
    }
    for profile in [Profile::MovedSentences, Profile::MovedLines] {
        for count in [2, 3, 4, 8] {
            rows.push((format!("{} N={count}", profile.as_str()), vec![setting(profile, count, 60)]));
        }
    }
    for count in [2, 3, 4, 6, 8, 16] {
        rows.push((format!("mixed N={count}"), vec![setting(Profile::Mixed, count, 120)]));
    }
    // Half of the stories have two printings.
    let mix = [2, 2, 2, 2, 3, 3, 4, 5].map(|count| setting(Profile::Mixed, count, 120));
    rows.push(("mixed, all".to_owned(), mix.to_vec()));
    rows
}

fn score_all(options: &Options, words: &Words) -> Result<()> {
    let pack = Pack::load(shiliu_lang::builtin()).value;
    println!(
        "{:<26} {:>7} {:>7} {:>6} {:>5} {:>7} {:>7} {:>6} {:>6} {:>6} {:>6} {:>7} {:>6} {:>5}",
        "setting",
        "CER %",
        "best %",
        "/best",
        "/mean",
        "present",
        "ordered",
        "F1",
        "cause",
        "kind",
        "decid.",
        "right",
        "ECE",
        "worse"
    );
    for (name, settings) in rows() {
        if options.only.as_ref().is_some_and(|only| !name.starts_with(only.as_str())) {
            continue;
        }
        let mut scores = Scores::default();
        for seed in options.seeds.clone() {
            for (nth, setting) in settings.iter().enumerate() {
                let seed = seed + 100_000 * nth as u64;
                let made = make(words, setting, seed);
                let found = collated(&made, &pack);
                let before = scores.clone();
                scores.add(&made, &found);
                if options.errors > 0 && scores.errors - before.errors >= options.errors {
                    println!("  seed {seed}: {} edits", scores.errors - before.errors);
                }
            }
        }
        print(&name, &scores);
        if options.causes {
            print_causes(&scores);
        }
        for one in scores.wrong.iter().filter(|_| options.wrong) {
            println!("  {}", one.replace('\n', "/"));
        }
    }
    Ok(())
}

fn print(name: &str, scores: &Scores) {
    let percent = |part: usize, whole: usize| 100.0 * part as f64 / whole.max(1) as f64;
    println!(
        "{name:<26} {:>7.3} {:>7.3} {:>6.3} {:>5.2} {:>7.2} {:>7.2} {:>6.3} {:>6.3} {:>6.3} {:>6.1} {:>7.1} {:>6.3} {:>3}/{}",
        percent(scores.errors, scores.characters),
        percent(scores.best, scores.characters),
        scores.over_best(),
        scores.over_mean(),
        percent(scores.present, scores.union),
        percent(scores.in_order, scores.union),
        scores.unit_f1(),
        scores.cause_accuracy(),
        scores.kinds.0 as f64 / scores.kinds.1.max(1) as f64,
        percent(scores.decided, scores.decidable),
        percent(scores.right, scores.decided),
        scores.calibration_error(),
        scores.worse,
        scores.stories
    );
}

fn print_causes(scores: &Scores) {
    let mut by: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for ((truth, found), count) in &scores.causes {
        by.entry(truth).or_default().push(format!("{found} {count}"));
    }
    for (truth, found) in by {
        println!("  {truth}: {}", found.join(", "));
    }
    let bins = scores.bins.iter().filter(|bin| bin.0 > 0);
    let shown: Vec<String> = bins
        .map(|(count, right, sum)| {
            format!(
                "{:.2}→{:.2} ({count})",
                *sum as f64 / 1000.0 / *count as f64,
                *right as f64 / *count as f64
            )
        })
        .collect();
    println!("  confidence→right: {}", shown.join("  "));
    println!("  units true {} found {} matched {}", scores.units, scores.found, scores.matched);
}

fn whole(name: &str, text: String) -> Witness {
    Witness {
        key: name.to_owned(),
        rank: name.to_owned(),
        coverage: vec![Span::new(0, text.len())],
        text,
        engine: None,
    }
}

fn collated(made: &MadeStory, pack: &Pack) -> Apparatus {
    let witnesses: Vec<Witness> =
        made.witnesses.iter().map(|witness| whole(&witness.name, witness.text())).collect();
    plain(&collate_texts(&witnesses, pack).value)
}

/// The story in the terms of the scores.
fn plain(story: &Story) -> Apparatus {
    let points: Vec<CodePoints<'_>> = story.witnesses.iter().map(|one| CodePoints::new(&one.text)).collect();
    let place = |witness: usize, span: Span| {
        points[witness].at_byte(span.start) as usize..points[witness].at_byte(span.end) as usize
    };
    let mut from: Vec<Option<(usize, usize)>> = vec![None; story.established.len()];
    let mut stand = |at: Span, witness: usize, there: Span| {
        let start = points[witness].at_byte(there.start) as usize;
        for (nth, (byte, _)) in at.of(&story.established).char_indices().enumerate() {
            from[at.range().start + byte].get_or_insert((witness, start + nth));
        }
    };
    for (witness, pieces) in story.agreements.iter().enumerate() {
        for (here, there) in pieces {
            stand(*here, witness, *there);
        }
    }
    for locus in &story.loci {
        let lemma = &locus.readings[locus.lemma];
        if let Some((witness, there)) =
            lemma.witnesses.first().filter(|(_, there)| there.len() == locus.at.len())
        {
            stand(locus.at, *witness, *there);
        }
    }
    let kind = |kind: ReadingKind| match kind {
        ReadingKind::Substitution => Kind::Substitution,
        ReadingKind::Omission => Kind::Omission,
        ReadingKind::Addition => Kind::Addition,
        ReadingKind::Transposition => Kind::Transposition,
    };
    let loci = story
        .loci
        .iter()
        .map(|locus| {
            let mut order: Vec<usize> = (0..locus.readings.len()).collect();
            order.sort_by_key(|at| *at != locus.lemma);
            let readings = order
                .into_iter()
                .map(|at| &locus.readings[at])
                .map(|reading| FoundReading {
                    text: reading.text.clone(),
                    witnesses: reading.witnesses.iter().map(|(who, at)| (*who, place(*who, *at))).collect(),
                    kind: reading.kind.map(kind),
                    cause: reading.cause.map(shiliu_collate::Cause::as_str),
                })
                .collect();
            FoundLocus {
                readings,
                event: locus.event,
                moved: locus.moved,
                decided: locus.decision == Decision::Decided,
                confidence: locus.confidence,
            }
        })
        .collect();
    let established = story.established.char_indices().map(|(byte, one)| (one, from[byte])).collect();
    Apparatus { established, loci }
}

//! `check`: spot checks: a sample by seed, checked against the pages, and its error rate with the interval.

use clap::{Args, Subcommand};
use shiliu_archive::store::{CheckView, Draft};
use shiliu_ledger::register::{Act, Rate, Verdict, draw, rate};

use super::super::{CommandError, Finish, Printer};
use super::ledger::Actor;
use super::{Target, failure, one_line};
use crate::export::json::Json;

/// Spot checks: draws entries or records by seed, keeps whether the page says so, and reports the error rate.
///
/// Examples: `shiliu check draw --size 50 --seed 7` · `shiliu check mark K-0001 C-0042 right` ·
/// `shiliu check report K-0001`
#[derive(Debug, Args)]
pub(in crate::cli) struct CheckArguments {
    #[command(subcommand)]
    verb: CheckVerb,
}

#[derive(Debug, Subcommand)]
enum CheckVerb {
    /// Draws a sample.
    Draw(DrawArguments),
    /// Keeps what the page says of one of them.
    Mark(MarkArguments),
    /// The error rate, and what it rests on.
    Report(ReportArguments),
}

#[derive(Debug, Args)]
struct DrawArguments {
    /// How many.
    #[arg(long)]
    size: usize,
    /// The seed: the same seed draws the same.
    #[arg(long)]
    seed: u64,
    /// Draw from `entries` or from `records`.
    #[arg(long, default_value = "entries")]
    of: String,
    #[command(flatten)]
    actor: Actor,
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, Args)]
struct MarkArguments {
    /// `K-0001`.
    check: String,
    /// The entry or record.
    key: String,
    /// right, wrong, unclear.
    verdict: String,
    #[command(flatten)]
    actor: Actor,
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, Args)]
struct ReportArguments {
    /// `K-0001`; without it all.
    check: Option<String>,
    #[command(flatten)]
    target: Target,
}

pub(in crate::cli) fn run(arguments: &CheckArguments, printer: &mut Printer) -> Result<Finish, CommandError> {
    match &arguments.verb {
        CheckVerb::Draw(own) => {
            if !matches!(own.of.as_str(), "entries" | "records") {
                return Err(CommandError::usage(format!("{}: nothing to draw from", own.of))
                    .hint("--of entries or --of records"));
            }
            let archive = own.target.open()?;
            let keys = archive.reader().and_then(|reader| reader.population(&own.of)).map_err(failure)?;
            let drawn = draw(own.seed, &own.of, &keys, own.size);
            let draft =
                Draft { stamp: own.actor.stamp(), subject: None, item: None, act: Act::Draw(drawn.clone()) };
            let kept = archive.writer().and_then(|mut writer| writer.keep(draft)).map_err(failure)?;
            let key = kept.subject.unwrap_or_default();
            for drawn in &drawn.keys {
                if own.target.json {
                    printer.json(&Json::object([
                        ("check", key.as_str().into()),
                        ("key", drawn.as_str().into()),
                    ]))?;
                } else {
                    printer.line(drawn)?;
                }
            }
            if !own.target.json {
                printer.say(&format!("{key}: {} of {} drawn", drawn.keys.len(), drawn.population));
                printer.say(&format!("  next: shiliu check mark {key} KEY right|wrong|unclear"));
            }
            Ok(Finish::Done)
        }
        CheckVerb::Mark(own) => {
            let verdict = match own.verdict.as_str() {
                "right" => Verdict::Accept,
                "wrong" => Verdict::Reject,
                "unclear" => Verdict::Unsure,
                other => {
                    return Err(CommandError::usage(format!("{other}: no such verdict"))
                        .hint("right, wrong or unclear"));
                }
            };
            let draft = Draft {
                stamp: own.actor.stamp(),
                subject: Some(own.check.clone()),
                item: None,
                act: Act::Check { key: own.key.clone(), verdict },
            };
            let archive = own.target.open()?;
            let kept =
                archive.writer().and_then(|mut writer| writer.keep_all(vec![draft])).map_err(failure)?;
            super::ledger::tell(&kept, own.target.json, printer)
        }
        CheckVerb::Report(own) => {
            let reader = own.target.open()?.reader().map_err(failure)?;
            let checks = match &own.check {
                None => reader.checks().map_err(failure)?,
                Some(key) => {
                    let found = reader.check(key).map_err(failure)?;
                    vec![found.ok_or_else(|| CommandError::usage(format!("{key}: there is no such check")))?]
                }
            };
            for check in &checks {
                tell(check, own.target.json, printer)?;
            }
            Ok(Finish::Done)
        }
    }
}

/// Wrong and told of what was checked.
pub(crate) fn rate_of(check: &CheckView) -> Rate {
    let said = |wanted: Verdict| {
        check.checked.iter().flatten().filter(|(_, verdict, _)| *verdict == wanted).count() as u64
    };
    let wrong = said(Verdict::Reject);
    rate(wrong, wrong + said(Verdict::Accept))
}

/// Millionths as a percentage with two decimals.
pub(crate) fn percent(millionths: u32) -> String {
    let hundredths = (millionths + 50) / 100;
    format!("{}.{:02} %", hundredths / 100, hundredths % 100)
}

fn tell(check: &CheckView, json: bool, printer: &mut Printer) -> Result<(), CommandError> {
    let found = rate_of(check);
    let open = check.checked.iter().filter(|known| known.is_none()).count();
    let unclear =
        check.checked.iter().flatten().filter(|(_, verdict, _)| *verdict == Verdict::Unsure).count();
    if json {
        let rows = check.draw.keys.iter().zip(&check.checked).map(|(key, known)| {
            let known = known.as_ref();
            Json::object([
                ("key", key.as_str().into()),
                ("verdict", Json::or_null(known.map(|(_, verdict, _)| verdict.as_str()))),
                ("who", Json::or_null(known.map(|(who, ..)| who.as_str()))),
                ("why", Json::or_null(known.map(|(_, _, why)| why.as_str()))),
            ])
        });
        return printer.json(&Json::object([
            ("check", check.key.as_str().into()),
            ("seed", check.draw.seed.to_string().into()),
            ("of", check.draw.of.as_str().into()),
            ("population", super::number(check.draw.population)),
            ("drawn", check.draw.keys.len().into()),
            ("told", super::number(found.told)),
            ("wrong", super::number(found.wrong)),
            ("unclear", unclear.into()),
            ("open", open.into()),
            ("rate_millionths", found.rate.into()),
            ("low_millionths", found.low.into()),
            ("high_millionths", found.high.into()),
            ("rows", Json::List(rows.collect())),
        ]));
    }
    printer.line(&format!(
        "{}: {} of {} {} by seed {}; {} told, {} wrong, {unclear} unclear, {open} open",
        check.key,
        check.draw.keys.len(),
        check.draw.population,
        check.draw.of,
        check.draw.seed,
        found.told,
        found.wrong
    ))?;
    printer.line(&format!(
        "  error rate {} (95 % interval of Wilson {} to {})",
        percent(found.rate),
        percent(found.low),
        percent(found.high)
    ))?;
    for (key, known) in check.draw.keys.iter().zip(&check.checked) {
        if let Some((who, Verdict::Reject, why)) = known {
            printer.line(&one_line(&format!("  wrong {key} ({who}): {why}")))?;
        }
    }
    Ok(())
}

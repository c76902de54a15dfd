//! How much the rows of `lang/zh` headings and datelines carry: ten of them are taken out, drawn at random from a fixed
//! seed, and made pages are cut again.

use anyhow::Result;
use shiliu_benchsuite::grammar::Grammar;
use shiliu_benchsuite::pages::make_set;
use shiliu_benchsuite::pages::score::{FURNITURE, b_cubed};
use shiliu_benchsuite::rng::Rng;
use shiliu_lang::{Pack, builtin};
use shiliu_press::{PageKey, read, segment};

use crate::print::Report;
use crate::segments::predicted;

/// Rows taken out at a time, and how often.
const ROWS: usize = 10;
const DRAWS: u64 = 8;
/// The files whose rows are drawn from.
const FILES: [&str; 2] = ["lang/zh/headings.toml", "lang/zh/datelines.toml"];

/// The rule data without the rows of the given numbers, counted over [`FILES`].
fn without(taken: &[usize]) -> Pack {
    let mut number = 0;
    let files: Vec<(&str, String)> = builtin()
        .iter()
        .map(|(path, contents)| {
            if !FILES.contains(path) {
                return (*path, (*contents).to_owned());
            }
            let mut kept = String::new();
            for (at, block) in contents.split("\n[[").enumerate() {
                let is_row = at > 0 || block.starts_with("[[");
                let drop = is_row && taken.contains(&number);
                number += usize::from(is_row);
                if !drop {
                    kept.push_str(if at > 0 { "\n[[" } else { "" });
                    kept.push_str(block);
                }
            }
            (*path, kept)
        })
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, contents)| (*path, contents.as_str())).collect();
    Pack::load(&files).value
}

fn rows() -> usize {
    let of = |contents: &str| contents.matches("\n[[").count() + usize::from(contents.starts_with("[["));
    builtin().iter().filter(|(path, _)| FILES.contains(path)).map(|(_, contents)| of(contents)).sum()
}

/// Mean B-cubed of made pages, each cut without what other pages tell.
fn mean(seeds: std::ops::RangeInclusive<u64>, pack: &Pack) -> f64 {
    let grammar = Grammar::chinese();
    let (mut sum, mut count) = (0.0, 0.0_f64);
    for seed in seeds {
        for made in &make_set(&grammar, seed).pages {
            let key = PageKey { path: made.name.clone(), ..PageKey::default() };
            let pages = read(made.text().as_bytes(), &key, pack).value;
            let segmented = segment(&pages, &[], pack).value;
            let articles = segmented.articles.len();
            let id = |cluster: usize| {
                if cluster < articles { u32::try_from(cluster + 1).unwrap_or(FURNITURE) } else { FURNITURE }
            };
            let guess: Vec<u32> = predicted(0, &pages, &segmented).into_iter().map(id).collect();
            sum += b_cubed(&made.ids().owners, &guess).f1;
            count += 1.0;
        }
    }
    sum / count.max(1.0)
}

/// Prints the mean with all rows and by how much it falls without ten of them, mean and worst draw.
pub(crate) fn measure(seeds: std::ops::RangeInclusive<u64>, report: &mut Report) -> Result<()> {
    let set = "sample";
    let whole = mean(seeds.clone(), &without(&[]));
    let all = rows();
    let (mut sum, mut worst) = (0.0, f64::NEG_INFINITY);
    for draw in 0..DRAWS {
        let mut order: Vec<usize> = (0..all).collect();
        Rng::new(draw, 10).shuffle(&mut order);
        order.truncate(ROWS);
        let fall = whole - mean(seeds.clone(), &without(&order));
        sum += fall;
        worst = f64::max(worst, fall);
    }
    report.share(set, format!("made: B3 mean, all {all} rows of headings and datelines"), whole);
    #[expect(clippy::cast_precision_loss, reason = "a few draws")]
    report.share(set, format!("  mean fall without {ROWS} rows"), sum / DRAWS as f64);
    report.share(set, format!("  worst fall of {DRAWS} draws"), worst);
    let none: Vec<usize> = (0..all).collect();
    report.share(set, "  fall without any of them", whole - mean(seeds, &without(&none)));
    Ok(())
}

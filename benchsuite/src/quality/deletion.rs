//! How much the profile's names carry: ten project or body rows are taken out, drawn at random from a fixed seed, and
//! the pages are read again.

use anyhow::Result;
use shiliu_archive::Reading;
use shiliu_lang::{Entry, Profile, Section};

use crate::facts;
use crate::print::Report;
use crate::truth::Truth;

/// Rows taken out at a time, and how often.
const ROWS: usize = 10;
const DRAWS: u64 = 30;

/// Prints F1 of projects and bodies with the whole profile, and by how much it falls without ten rows (mean and worst
/// draw) and without any of them.
pub(crate) fn measure(
    set: &'static str,
    profile: &Profile,
    truth: &Truth,
    report: &mut Report,
    read: &dyn Fn(&Profile) -> Result<Reading>,
) -> Result<()> {
    let ids: Vec<String> = [Section::Project, Section::Body]
        .into_iter()
        .flat_map(|section| profile.entries(section))
        .map(|entry| entry.id.clone())
        .collect();
    let without = |taken: &[String]| -> Result<[f64; 2]> {
        let named = |section: Section, entry: &Entry| {
            matches!(section, Section::Project | Section::Body) && taken.contains(&entry.id)
        };
        let reading = read(&profile.without(&named))?;
        let mut scores = Report::default();
        facts::score_records(set, &reading, truth, &mut scores, None);
        Ok(["project", "body"]
            .map(|kind| scores.value(set, &format!("records: {kind} F1")).unwrap_or(f64::NAN)))
    };
    let whole = without(&[])?;
    let (mut sums, mut worst) = ([0.0; 2], [0.0f64; 2]);
    for draw in 0..DRAWS {
        let found = without(&drawn(&ids, draw))?;
        for kind in 0..2 {
            let fall = whole[kind] - found[kind];
            sums[kind] += fall;
            worst[kind] = worst[kind].max(fall);
        }
    }
    let none = without(&ids)?;
    #[expect(clippy::cast_precision_loss, reason = "a few dozen draws")]
    for (kind, name) in ["project", "body"].into_iter().enumerate() {
        report.share(set, format!("without rows: {name} F1, all rows kept"), whole[kind]);
        report.share(set, format!("  {name}: mean fall without {ROWS} rows"), sums[kind] / DRAWS as f64);
        report.share(set, format!("  {name}: worst fall of {DRAWS} draws"), worst[kind]);
        report.share(set, format!("  {name}: fall without all {} rows", ids.len()), whole[kind] - none[kind]);
    }
    Ok(())
}

/// Ten ids by a small fixed generator: the same draw everywhere.
fn drawn(ids: &[String], draw: u64) -> Vec<String> {
    let mut state = draw.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(0x2545_f491_4f6c_dd1d);
    let mut left: Vec<&String> = ids.iter().collect();
    let mut taken = Vec::new();
    while taken.len() < ROWS && !left.is_empty() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let index = usize::try_from(state % left.len() as u64).unwrap_or(0);
        taken.push(left.swap_remove(index).clone());
    }
    taken
}

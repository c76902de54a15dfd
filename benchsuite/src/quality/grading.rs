//! The grades of force against a hand grading (`benchsuite/grading/force.tsv`).

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use shiliu_archive::Reading;
use shiliu_ledger::Kind;
use shiliu_text::CodePoints;

use crate::facts::{characters, overlap, page_texts, ranges};
use crate::print::{Report, ratio};

/// Scores the commitments that stand where a graded one stands (half of both is shared); a report of what is done
/// (`done`) has no grade on the scale and is passed over.
pub(crate) fn score(
    set: &'static str,
    reading: &Reading,
    file: &Path,
    report: &mut Report,
    errors: Option<&str>,
) -> Result<()> {
    let texts = page_texts(reading);
    let rows = fs::read_to_string(file).with_context(|| file.display().to_string())?;
    let points: Vec<CodePoints<'_>> =
        reading.pages.iter().map(|page| CodePoints::new(&page.layer.text)).collect();
    let (mut graded, mut found, mut near, mut equal) = (0, 0, 0, 0);
    for row in rows.lines().filter(|row| row.starts_with(set)) {
        let cells: Vec<&str> = row.split('\t').collect();
        let [_, page, start, end, grade, reason] = cells[..] else { continue };
        let (Some(text), Some(grade)) =
            (texts.get(page), grade.strip_prefix('F').and_then(|grade| grade.parse::<i32>().ok()))
        else {
            continue;
        };
        let (start, end): (usize, usize) = (start.parse()?, end.parse()?);
        let wanted = characters(text, &[(start, end)]);
        graded += 1;
        let best = reading
            .records
            .iter()
            .filter(|one| one.record.kind == Kind::Commitment)
            .flat_map(|one| one.record.at.iter().map(move |evidence| (one, evidence)))
            .filter(|(_, evidence)| reading.pages[evidence.page].key.path == page)
            .map(|(one, evidence)| {
                let place = characters(text, &ranges(&points[evidence.page], &evidence.spans));
                (overlap(&place, &wanted), one)
            })
            .filter(|(shared, _)| *shared >= 0.5)
            .max_by(|a, b| a.0.total_cmp(&b.0));
        let Some((_, one)) = best else { continue };
        found += 1;
        let ours = one.record.text("force").and_then(|force| force.strip_prefix('F')?.parse::<i32>().ok());
        let Some(ours) = ours else { continue };
        equal += usize::from(ours == grade);
        near += usize::from((ours - grade).abs() <= 1);
        if errors == Some("force") && ours != grade {
            let text: String = wanted.iter().map(|&at| text[at]).collect();
            report.note(format!(
                "{set}: force F{ours}, by hand F{grade} ({reason}): {text:?} by {}",
                one.record.rule
            ));
        }
    }
    report.score(set, "force: graded by hand (of these found)", format!("{graded} ({found})"));
    report.share(set, "  within one step of the hand grading", ratio(near, found));
    report.share(set, "  the same grade", ratio(equal, found));
    Ok(())
}

//! Segmentation: character B³ over non-blank characters that an article of the truth covers; headlines, status,
//! issue dates.

use std::collections::BTreeMap;

use anyhow::Result;
use shiliu_archive::Reading;
use shiliu_benchsuite::pages::score::{SKIP, b_cubed as agreement_of};
use shiliu_lang::Pack;
use shiliu_press::{Page, PageKey, Segmented, segment};

use crate::print::{Report, ratio};
use crate::truth::{Truth, TruthPage};

/// Cluster of every character: the article of its zone; a character without one is alone.
pub(crate) fn predicted(page: usize, pages: &[Page], segmented: &Segmented) -> Vec<usize> {
    let text = &pages[page].layer.text;
    let alone = segmented.articles.len();
    let mut clusters = Vec::with_capacity(text.len() / 2);
    let mut zones = segmented.zones[page].iter().peekable();
    for (index, (byte, _)) in text.char_indices().enumerate() {
        while zones.peek().is_some_and(|zone| zone.span.end as usize <= byte) {
            zones.next();
        }
        clusters.push(zones.peek().and_then(|zone| zone.articles.first().copied()).unwrap_or(alone + index));
    }
    clusters
}

/// Article of every character in the truth.
pub(crate) fn expected(truth: &TruthPage, characters: usize) -> Vec<Option<usize>> {
    let mut clusters = vec![None; characters];
    for (number, article) in truth.articles.iter().enumerate() {
        for &(start, end) in &article.fragments {
            for slot in clusters.iter_mut().take(end).skip(start) {
                *slot = Some(number);
            }
        }
    }
    clusters
}

/// (precision, recall, F1) of character B³ over the non-blank characters of the truth's articles.
pub(crate) fn b_cubed(text: &str, found: &[usize], truth: &[Option<usize>]) -> (f64, f64, f64) {
    let id = |cluster: usize| u32::try_from(cluster + 1).unwrap_or(SKIP);
    let covered = |(character, article): (char, &Option<usize>)| {
        article.filter(|_| !character.is_whitespace()).map_or(SKIP, id)
    };
    let truth: Vec<u32> = text.chars().zip(truth).map(covered).collect();
    let found: Vec<u32> = found.iter().map(|&cluster| id(cluster)).collect();
    let agreement = agreement_of(&truth, &found);
    (agreement.precision, agreement.recall, agreement.f1)
}

/// The page without heading marks and blank lines, and for each of its characters the place it had.
pub(crate) fn stripped(text: &str) -> (String, Vec<usize>) {
    let mut bare = String::new();
    let mut places = Vec::new();
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let length = line.chars().count();
        if !line.trim().is_empty() {
            let marks = line.chars().take_while(|c| *c == '#').count();
            let marks = marks + line.chars().skip(marks).take_while(|c| marks > 0 && *c == ' ').count();
            for (index, character) in line.chars().enumerate().skip(marks) {
                bare.push(character);
                places.push(offset + index);
            }
        }
        offset += length;
    }
    (bare, places)
}

pub(crate) fn score(
    set: &'static str,
    reading: &Reading,
    truth: &Truth,
    pack: &Pack,
    report: &mut Report,
) -> Result<()> {
    let bare_pages: Vec<(Page, Vec<usize>)> = reading
        .pages
        .iter()
        .map(|page| {
            let (text, places) = stripped(&page.layer.text);
            let key = PageKey { path: page.key.path.replace(".md", ".txt"), ..page.key.clone() };
            let read = shiliu_press::read(text.as_bytes(), &key, pack).value;
            (read.into_iter().next().unwrap_or_else(|| page.clone()), places)
        })
        .collect();
    let pages: Vec<Page> = bare_pages.iter().map(|(page, _)| page.clone()).collect();
    let bare = segment(&pages, &[], pack).value;
    let (mut sum, mut bare_sum, mut worst, mut bare_worst, mut count) = (0.0, 0.0, 1.0f64, 1.0f64, 0u32);
    let mut headlines = (0, 0);
    let mut statuses = (0, 0);
    let mut dates = (0, 0);
    for expected_page in &truth.pages {
        let Some(index) = reading.pages.iter().position(|page| page.key.path == expected_page.page) else {
            continue;
        };
        let text = &reading.pages[index].layer.text;
        let clusters = expected(expected_page, text.chars().count());
        let (precision, recall, f1) =
            b_cubed(text, &predicted(index, &reading.pages, &reading.segmented), &clusters);
        let bare_clusters: Vec<Option<usize>> =
            bare_pages[index].1.iter().map(|&place| clusters[place]).collect();
        let (.., bare_f1) =
            b_cubed(&pages[index].layer.text, &predicted(index, &pages, &bare), &bare_clusters);
        let name = expected_page.page.as_str();
        let name = if name.len() > 30 { &name[name.len() - 30..] } else { name };
        report.score(set, format!("segment B3 {name}"), format!("{f1:.3}"));
        report.score(
            set,
            format!("  precision / recall / marks stripped {name}"),
            format!("{precision:.2}/{recall:.2}/{bare_f1:.2}"),
        );
        sum += f1;
        bare_sum += bare_f1;
        worst = worst.min(f1);
        bare_worst = bare_worst.min(bare_f1);
        count += 1;
        score_fields(reading, index, expected_page, &mut headlines, &mut statuses);
        if let Some(date) = &expected_page.issue_date {
            dates.1 += 1;
            let found = reading.segmented.identities[index].date.as_ref().map(|date| date.value.to_string());
            dates.0 += usize::from(found.as_deref() == Some(date));
        }
    }
    let count = f64::from(count.max(1));
    report.share(set, "segment B3 mean", sum / count);
    report.share(set, "segment B3 worst", worst);
    report.share(set, "segment B3 mean, marks stripped", bare_sum / count);
    report.share(set, "segment B3 worst, marks stripped", bare_worst);
    report.share(set, "segment headline right", ratio(headlines.0, headlines.1));
    report.share(set, "segment status right (complete or not)", ratio(statuses.0, statuses.1));
    report.share(set, "page issue date right", ratio(dates.0, dates.1));
    Ok(())
}

/// Headline and status of the article that holds most of each true article.
fn score_fields(
    reading: &Reading,
    index: usize,
    truth: &TruthPage,
    headlines: &mut (usize, usize),
    statuses: &mut (usize, usize),
) {
    let clusters = predicted(index, &reading.pages, &reading.segmented);
    for article in &truth.articles {
        let mut votes: BTreeMap<usize, usize> = BTreeMap::new();
        for &(start, end) in &article.fragments {
            for &cluster in clusters.iter().take(end).skip(start) {
                *votes.entry(cluster).or_default() += 1;
            }
        }
        let best = votes.into_iter().max_by_key(|(_, count)| *count).map(|(cluster, _)| cluster);
        let found = best.and_then(|cluster| reading.segmented.articles.get(cluster));
        let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        if let Some(title) = &article.title {
            headlines.1 += 1;
            let headline =
                found.and_then(|found| found.headline.as_ref()).map(|headline| bare(&headline.text));
            headlines.0 += usize::from(headline == Some(bare(title)));
        }
        statuses.1 += 1;
        let complete = article.status.starts_with("complete");
        let ours = found.map(|found| found.status().as_str() == "complete");
        statuses.0 += usize::from(ours == Some(complete));
    }
}

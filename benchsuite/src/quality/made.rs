//! Segmentation on made pages: each seed's pages are read together, as a folder of a user's would be.

use std::collections::BTreeMap;

use anyhow::Result;
use shiliu_archive::{Input, ReadOptions, Reading, Stage, read_all};
use shiliu_benchsuite::grammar::Grammar;
use shiliu_benchsuite::pages::score::{
    FURNITURE, Lines, PagePair, b_cubed, boundary_agreement, lines_agree, losses, pairing, rejoined,
};
use shiliu_benchsuite::pages::{Content, Form, MadePage, MadeSet, make_set_as, make_set_of, make_sheets};
use shiliu_lang::{Pack, Profile};
use shiliu_press::PageKey;
use shiliu_reprint::MemoryRuns;
use shiliu_text::CodePoints;

use crate::print::{Report, ratio};

/// A page is told piece by piece where the agreement is lower.
const TORN: f64 = 1.0;

#[derive(Default)]
struct Sums {
    scores: Vec<(f64, String)>,
    boundary: f64,
    /// Rejoined and all, of stories that another printing tells about, and of those that none does.
    with_printing: (usize, usize),
    alone: (usize, usize),
    lines: [(usize, usize); 3],
    told: usize,
    losses: usize,
    false_losses: usize,
    /// Characters of the truth that the reader's page does not have where it should.
    strayed: usize,
    /// Each story with a wrong headline, byline or dateline.
    lines_wrong: Vec<String>,
    /// Each page of which much went wrong, piece by piece.
    torn: Vec<String>,
    /// The interrupted stories that were not rejoined although another printing is given.
    missed: Vec<String>,
}

pub(crate) fn score(
    seeds: std::ops::RangeInclusive<u64>,
    (form, sheets): (Option<Form>, bool),
    prose: &[Content],
    pack: &Pack,
    report: &mut Report,
    errors: Option<&str>,
) -> Result<()> {
    let grammar = Grammar::chinese();
    let mut sums = Sums::default();
    let shape = form.map(|form| format!(" as {}", form.extension())).unwrap_or_default();
    let sort = if sheets { "sheets" } else { "made pages" };
    let label = format!("{sort}{shape}, seeds {}–{}", seeds.start(), seeds.end());
    for seed in seeds {
        let set = if sheets {
            make_sheets(&grammar, seed, prose)
        } else if prose.is_empty() {
            make_set_as(&grammar, seed, form)
        } else {
            make_set_of(&grammar, seed, prose)
        };
        measure(&set, form, pack, &mut sums)?;
    }
    match errors {
        Some("rejoined") => sums.missed.drain(..).for_each(|missed| report.note(missed)),
        Some("lines") => sums.lines_wrong.drain(..).for_each(|story| report.note(story)),
        Some("segment") => sums.torn.drain(..).for_each(|page| report.note(page)),
        _ => {}
    }
    if sums.strayed > 0 {
        report.note(format!("made: {} characters of the truth were not found on the pages", sums.strayed));
    }
    sums.scores.sort_by(|a, b| a.0.total_cmp(&b.0));
    #[expect(clippy::cast_precision_loss, reason = "a few hundred pages")]
    let count = sums.scores.len().max(1) as f64;
    let set = "sample";
    let mean = sums.scores.iter().map(|(score, _)| score).sum::<f64>() / count;
    report.score(set, label, format!("{} pages", sums.scores.len()));
    report.share(set, "made: B3 mean", mean);
    if let Some((worst, page)) = sums.scores.first() {
        report.share(set, "made: B3 worst", *worst);
        report.note(format!("made: worst page {page}"));
    }
    report.share(set, "made: boundary F1 mean", sums.boundary / count);
    report.share(
        set,
        "made: rejoined, another printing given",
        ratio(sums.with_printing.0, sums.with_printing.1),
    );
    report.share(set, "made: rejoined, none given", ratio(sums.alone.0, sums.alone.1));
    for (name, (right, all)) in ["headline", "byline", "dateline"].iter().zip(sums.lines) {
        report.share(set, format!("made: {name} right"), ratio(right, all));
    }
    if form.is_none() {
        report.share(set, "made: losses told", ratio(sums.told, sums.losses));
        report.score(set, "made: false losses", sums.false_losses);
    }
    Ok(())
}

fn read(set: &MadeSet, form: Option<Form>, pack: &Pack) -> Result<Reading> {
    let mut inputs: Vec<Input> = set
        .pages
        .iter()
        .map(|page| Input {
            key: PageKey { path: page.name.clone(), ..PageKey::default() },
            bytes: form.map_or_else(|| page.text(), |form| page.form(form)).into_bytes(),
            place: page.name.clone().into(),
        })
        .collect();
    inputs.sort_by(|a, b| a.key.cmp(&b.key));
    let options = ReadOptions { until: Stage::Segment, ..ReadOptions::default() };
    Ok(read_all(&inputs, &mut MemoryRuns::default(), pack, &Profile::default(), &options)?)
}

fn measure(set: &MadeSet, form: Option<Form>, pack: &Pack, sums: &mut Sums) -> Result<()> {
    let reading = read(set, form, pack)?;
    let place: Vec<Option<usize>> = set
        .pages
        .iter()
        .map(|page| reading.pages.iter().position(|read| read.key.path == page.name))
        .collect();
    let ids: Vec<_> = set.pages.iter().map(shiliu_benchsuite::pages::MadePage::ids).collect();
    let mut guesses: Vec<Vec<u32>> = Vec::new();
    for ((place, ids), made) in place.iter().zip(&ids).zip(&set.pages) {
        guesses.push(match (place, form) {
            (Some(page), None) => guess(*page, &reading),
            (Some(page), Some(form)) => {
                let (guess, strayed) = guess_by_line(*page, &reading, made, form);
                sums.strayed += strayed;
                guess
            }
            (None, _) => vec![FURNITURE; ids.owners.len()],
        });
    }
    let mut pairs = Vec::new();
    for ((page, ids), guess) in set.pages.iter().zip(&ids).zip(&guesses) {
        let text: Vec<char> = page.chars.iter().map(|(character, _)| *character).collect();
        let agreement = b_cubed(&ids.owners, guess).f1;
        if agreement < TORN {
            sums.torn.push(pieces_of(set, page, &ids.owners, guess, agreement));
        }
        sums.scores.push((agreement, format!("seed-{:04}/{}", set.seed, page.name)));
        sums.boundary += boundary_agreement(&text, &ids.owners, guess).f1;
        pairs.push(PagePair { truth: &ids.owners, duplicate: &ids.duplicate, guess });
    }
    for (story, whole) in rejoined(&pairs) {
        let elsewhere = set.printed_elsewhere(story);
        if elsewhere && !whole {
            sums.missed.push(describe(set, story, &pairs));
        }
        let slot = if elsewhere { &mut sums.with_printing } else { &mut sums.alone };
        slot.0 += usize::from(whole);
        slot.1 += 1;
    }
    let paired: BTreeMap<u32, u32> = pairing(&pairs);
    for owner in 1..=u32::try_from(set.stories.len()).unwrap_or(0) {
        let found = paired.get(&owner).and_then(|id| reading.segmented.articles.get(*id as usize - 1));
        let guess = found.map(lines_of).unwrap_or_default();
        let truth = set.lines(owner);
        let agree = lines_agree(&truth, &guess);
        if !agree.iter().all(|right| *right) {
            sums.lines_wrong
                .push(format!("seed-{:04} story {owner} {agree:?}\n    {truth:?}\n    {guess:?}", set.seed));
        }
        for (sum, right) in sums.lines.iter_mut().zip(agree) {
            sum.0 += usize::from(right);
            sum.1 += 1;
        }
    }
    // A reader makes its own white space and order: places of losses are compared over the file's own text only.
    if form.is_some() {
        return Ok(());
    }
    let points: Vec<CodePoints<'_>> =
        reading.pages.iter().map(|page| CodePoints::new(&page.layer.text)).collect();
    let truth: Vec<(usize, usize)> =
        set.losses().into_iter().filter_map(|(_, page, at)| Some((place[page]?, at))).collect();
    let reported: Vec<(usize, usize)> = reading
        .segmented
        .articles
        .iter()
        .flat_map(|article| &article.losses)
        .map(|loss| (loss.page, points[loss.page].at_byte(loss.at) as usize))
        .collect();
    let (told, all, wrong) = losses(&truth, &reported);
    sums.told += told;
    sums.losses += all;
    sums.false_losses += wrong;
    Ok(())
}

/// A page in its own order: each piece of a story, the story, and the article it was put into.
fn pieces_of(set: &MadeSet, page: &MadePage, truth: &[u32], guess: &[u32], agreement: f64) -> String {
    let mut lines = vec![format!("seed-{:04}/{} B3 {agreement:.3}", set.seed, page.name)];
    let cells: Vec<(char, u32, u32, String)> = page
        .chars
        .iter()
        .zip(truth)
        .zip(guess)
        .filter_map(|(((ch, cell), truth), guess)| {
            cell.map(|cell| (*ch, *truth, *guess, format!("{:?}", cell.role)))
        })
        .collect();
    for piece in cells.chunk_by(|a, b| (a.1, a.2) == (b.1, b.2) && (a.3 == b.3)) {
        let first: String = piece.iter().take(16).map(|cell| cell.0).collect();
        let last: String =
            piece.iter().skip(16.max(piece.len().saturating_sub(12))).map(|cell| cell.0).collect();
        let (_, truth, guess, role) = &piece[0];
        lines.push(format!(
            "    story {truth:>3} in {guess:>3} {role:<12} {:>4}  {first}…{last}",
            piece.len()
        ));
    }
    lines.join("\n")
}

/// A story of the truth piece by piece: page, size, first and last characters, the articles they were put into.
fn describe(set: &MadeSet, story: u32, pairs: &[PagePair<'_>]) -> String {
    let mut lines =
        vec![format!("seed-{:04} story {story} {:?}", set.seed, set.stories[story as usize - 1].damages)];
    for (page, pair) in set.pages.iter().zip(pairs) {
        let mut pieces: Vec<(Vec<char>, BTreeMap<u32, usize>)> = Vec::new();
        let mut inside = false;
        for (((character, cell), truth), guess) in page.chars.iter().zip(pair.truth).zip(pair.guess) {
            if cell.is_none() || character.is_whitespace() {
                continue;
            }
            if *truth == story {
                if !inside {
                    pieces.push(Default::default());
                }
                if let Some((text, guesses)) = pieces.last_mut() {
                    text.push(*character);
                    *guesses.entry(*guess).or_default() += 1;
                }
            }
            inside = *truth == story || inside && *truth == FURNITURE;
        }
        for (text, guesses) in pieces {
            let first: String = text.iter().take(14).collect();
            let last: String = text.iter().skip(text.len().saturating_sub(14)).collect();
            lines.push(format!("    {} {} characters {first}…{last} → {guesses:?}", page.name, text.len()));
        }
    }
    lines.join("\n")
}

/// Our article of every character, counted from one; furniture where it has none.
fn guess(page: usize, reading: &Reading) -> Vec<u32> {
    let articles = reading.segmented.articles.len();
    let clusters = crate::segments::predicted(page, &reading.pages, &reading.segmented);
    let id = |cluster: usize| {
        if cluster < articles { u32::try_from(cluster + 1).unwrap_or(FURNITURE) } else { FURNITURE }
    };
    clusters.into_iter().map(id).collect()
}

/// Characters with the article each is guessed to be of.
type Guessed = Vec<(char, u32)>;

/// The same for a page whose text the reader made: over the characters of the truth, found by the boxes of their
/// lines, or in order where there are no boxes. Also how many were not found.
fn guess_by_line(page: usize, reading: &Reading, made: &MadePage, form: Form) -> (Vec<u32>, usize) {
    let read = &reading.pages[page];
    let of_character = guess(page, reading);
    let mut printed: Vec<(Option<[i32; 4]>, Guessed)> = Vec::new();
    let mut characters = read.layer.text.char_indices().zip(of_character).peekable();
    for line in &read.lines {
        let mut own = Vec::new();
        while let Some(((byte, character), id)) = characters.peek().copied() {
            if byte >= line.span.end as usize {
                break;
            }
            if byte >= line.span.start as usize && !character.is_whitespace() {
                own.push((character, id));
            }
            characters.next();
        }
        printed.push((line.bounds, own));
    }
    let found: Vec<(char, u32)> = if form == Form::Html {
        printed.into_iter().flat_map(|(_, own)| own).collect()
    } else {
        let mut by_box: BTreeMap<[i32; 4], Guessed> =
            printed.into_iter().filter_map(|(bounds, own)| Some((bounds?, own))).collect();
        let lines = made.printed_lines();
        lines
            .into_iter()
            .flat_map(|line| {
                by_box.remove(&line.bounds).unwrap_or_else(|| {
                    line.text.chars().filter(|c| !c.is_whitespace()).map(|_| ('\0', FURNITURE)).collect()
                })
            })
            .collect()
    };
    let mut found = found.into_iter();
    let mut strayed = 0;
    let guess = made.chars.iter().map(|(character, cell)| {
        if cell.is_none() || character.is_whitespace() {
            return FURNITURE;
        }
        match found.next() {
            Some((own, id)) if own == *character => id,
            _ => {
                strayed += 1;
                FURNITURE
            }
        }
    });
    let guess = guess.collect();
    (guess, strayed)
}

fn lines_of(article: &shiliu_press::Article) -> Lines {
    let text = |excerpt: &Option<shiliu_text::Excerpt>| excerpt.as_ref().map(|excerpt| excerpt.text.clone());
    let line = article.dateline.clone().unwrap_or_default();
    // The truth has the day as printed; ours is a value, so it is compared by its characters on the page.
    let date = line.date.as_ref().map(|date| {
        let (_, month, day) = date.value.parts();
        (month, day)
    });
    Lines {
        headline: text(&article.headline),
        byline: text(&article.byline),
        dateline: [text(&line.agency), text(&line.place), date.map(|(month, day)| printed_day(month, day))],
    }
}

/// Month and day in the maker's own form.
fn printed_day(month: i8, day: i8) -> String {
    format!("{month}\u{6708}{day}\u{65e5}")
}

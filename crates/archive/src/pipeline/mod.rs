//! The way of the data, stage by stage: read → segment → families → segment again, where another printing tells
//! otherwise → collate → mentions → records → links. Every stage is a pure function of another crate; this module only leads the
//! results from one to the next and back to the pages.

mod articles;
mod dating;
mod grounding;
pub mod judge;
mod mentions;
pub(crate) mod origins;
mod placements;
mod records;
mod stories;

use std::io;

use shiliu_collate::Story;
use shiliu_extract::Mention;
use shiliu_lang::{Pack, Profile};
use shiliu_ledger::{Link, Record};
use shiliu_press::{ArticleId, Fragment, Page, Segmented};
use shiliu_reprint::{Passage, Relation, RunStore, Settings};
use shiliu_text::{Date, Diagnostic, Outcome, Severity, Span};

use crate::Input;
use crate::intake::{Recognised, can_recognise_pdf, drawn, recognise};

/// A story with its printings.
#[derive(Clone, Debug)]
pub struct StoryEntry {
    /// Its id: the id of its smallest article.
    pub id: String,
    /// Its printings in order of their sigla.
    pub witnesses: Vec<StoryWitness>,
    /// The collation; witness numbers are places in `witnesses`.
    pub story: Story,
    /// Stories that share a passage with it but are not it.
    pub related: Vec<RelatedStory>,
}

/// One printing of a story.
#[derive(Clone, Debug)]
pub struct StoryWitness {
    /// Index into [`Segmented::articles`].
    pub article: usize,
    /// How it prints the story.
    pub relation: Relation,
    /// The stretches of the article's reading text that print it (bytes).
    pub coverage: Vec<Span>,
}

/// Another story that shares text.
#[derive(Clone, Debug)]
pub struct RelatedStory {
    /// Index into [`Reading::stories`].
    pub story: usize,
    /// What is shared.
    pub relation: Relation,
    /// Where, in this story's article that shares it: (article, bytes of its reading text).
    pub spans: Vec<(usize, Span)>,
}

/// A mention on a page.
#[derive(Clone, Debug)]
pub struct PlacedMention {
    /// Index of the page.
    pub page: usize,
    /// Its characters on the page, in parts where foreign text interrupts.
    pub spans: Vec<Span>,
    /// The article it stands in, and its bytes there where it stands in the reading text.
    pub article: Option<(usize, Option<Span>)>,
    /// The mention; its own spans are those of the text it was found in.
    pub mention: Mention,
    /// The bare number inside, on the page.
    pub numeral: Option<Span>,
}

/// One printing's characters that say something.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Evidence {
    /// Index of the story.
    pub story: usize,
    /// Index of the witness in the story.
    pub witness: usize,
    /// Index of the article.
    pub article: usize,
    /// Index of the page.
    pub page: usize,
    /// Bytes of the page, in parts where foreign text interrupts.
    pub spans: Vec<Span>,
}

/// A record on the pages.
#[derive(Clone, Debug)]
pub struct GroundedRecord {
    /// Content-and-place id.
    pub id: String,
    /// The record; places are evidence on every printing, its own story first.
    pub record: Record<Vec<Evidence>>,
    /// Bytes of the story's established text.
    pub at: Span,
    /// Stories that say it (indexes), its own first; of very many others the first.
    pub stories: Vec<usize>,
    /// How many independent origins stand behind it.
    pub origins: usize,
    /// What another reading of an undecided locus would give.
    pub alternatives: Vec<Alternative>,
}

/// What another reading would give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alternative {
    /// Bytes of the established text at the undecided locus.
    pub at: Span,
    /// The other reading.
    pub reading: String,
    /// Fields that would have another value (name, value), empty where the record would not be there.
    pub fields: Vec<(&'static str, shiliu_ledger::Value)>,
}

/// Everything that was made of the inputs.
#[derive(Debug, Default)]
pub struct Reading {
    /// The pages, sorted by path.
    pub pages: Vec<Page>,
    /// Zones and articles.
    pub segmented: Segmented,
    /// Aligned passages between articles (keys are article indexes).
    pub passages: Vec<Passage>,
    /// The stories, by id.
    pub stories: Vec<StoryEntry>,
    /// Dates and figures, by page and place.
    pub mentions: Vec<PlacedMention>,
    /// Records, by story and place.
    pub records: Vec<GroundedRecord>,
    /// Links between records (indexes).
    pub links: Vec<Link>,
    /// What the stages noticed.
    pub diagnostics: Vec<Diagnostic>,
}

/// A stage, for progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Bytes to pages.
    Read,
    /// Pages to articles.
    Segment,
    /// Articles to families.
    Reprints,
    /// Families to stories.
    Collate,
    /// Dates and figures.
    Mentions,
    /// Records.
    Records,
}

impl Stage {
    /// The stages in order.
    pub const ALL: [Stage; 6] =
        [Stage::Read, Stage::Segment, Stage::Reprints, Stage::Collate, Stage::Mentions, Stage::Records];

    /// The word shown to people and used in the manifest.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Stage::Read => "read",
            Stage::Segment => "segment",
            Stage::Reprints => "reprints",
            Stage::Collate => "collate",
            Stage::Mentions => "mentions",
            Stage::Records => "records",
        }
    }

    /// Version of the stage's rules in code; part of every cache key. Raise it when its result may change, also by another
    /// `*.model` file: these are not in the digest of the rows.
    #[must_use]
    pub fn version(self) -> u32 {
        16
    }
}

/// What people decided, applied between the stages. Each method says what it noticed.
pub trait Interventions: Sync {
    /// After the pages are read: pages may be taken out, their manifest rows replaced.
    fn after_read(&self, pages: &mut Vec<Page>) -> Vec<Diagnostic>;
    /// After segmentation: identities, headlines, splits and joins.
    fn after_segment(&self, pages: &[Page], segmented: &mut Segmented) -> Vec<Diagnostic>;
    /// Before families are found: pairs of articles (indexes) that do not print one story.
    fn apart(&self, pages: &[Page], segmented: &Segmented) -> (Vec<(usize, usize)>, Vec<Diagnostic>);
    /// After collation: readings chosen at a locus.
    fn after_collate(
        &self,
        pages: &[Page],
        segmented: &Segmented,
        stories: &mut [StoryEntry],
    ) -> Vec<Diagnostic>;
}

/// How far to go and whom to tell.
pub struct ReadOptions<'a> {
    /// Last stage to run.
    pub until: Stage,
    /// Told (stage, done, total) as work goes on.
    pub progress: &'a (dyn Fn(Stage, usize, usize) + Sync),
    /// How reprints are looked for.
    pub reprints: Settings,
    /// What people decided, if anybody did.
    pub interventions: Option<&'a dyn Interventions>,
}

impl Default for ReadOptions<'_> {
    fn default() -> Self {
        ReadOptions {
            until: Stage::Records,
            progress: &|_, _, _| (),
            reprints: Settings::default(),
            interventions: None,
        }
    }
}

/// Runs the stages over inputs given together; a page's articles may depend on what is read with it, because
/// another printing tells how its pieces belong together.
///
/// # Errors
/// Only what `runs` gives: dirty pages are diagnostics.
pub fn read_all(
    inputs: &[Input],
    runs: &mut dyn RunStore,
    pack: &Pack,
    profile: &Profile,
    options: &ReadOptions<'_>,
) -> io::Result<Reading> {
    let mut reading = Reading::default();
    let tell = options.progress;
    reading.pages = read_pages(inputs, pack, tell, &mut reading.diagnostics);
    if let Some(interventions) = options.interventions {
        let noticed = interventions.after_read(&mut reading.pages);
        reading.diagnostics.extend(noticed);
    }
    if options.until == Stage::Read {
        return Ok(reading);
    }
    let told = |done: usize, all: usize| tell(Stage::Segment, done, all);
    let (segmented, mut grouped) = articles::make(&reading.pages, runs, pack, &options.reprints, &told)?;
    reading.segmented = segmented.collect_into(&mut reading.diagnostics);
    if let Some(interventions) = options.interventions {
        let before = shape_of(&reading.segmented);
        let noticed = interventions.after_segment(&reading.pages, &mut reading.segmented);
        reading.diagnostics.extend(noticed);
        // What people decided about articles is grouped as they decided it.
        if before != shape_of(&reading.segmented) {
            grouped = None;
        }
    }
    if options.until >= Stage::Reprints {
        let articles = reading.segmented.articles.len();
        tell(Stage::Reprints, 0, articles);
        let (apart, noticed) = options
            .interventions
            .map(|interventions| interventions.apart(&reading.pages, &reading.segmented))
            .unwrap_or_default();
        reading.diagnostics.extend(noticed);
        let grouped = match grouped.filter(|_| apart.is_empty()) {
            Some(grouped) => grouped,
            None => articles::group(&reading.pages, &reading.segmented, runs, &options.reprints, &apart)?,
        };
        tell(Stage::Reprints, articles, articles);
        stories::make(&mut reading, grouped, pack, profile, options);
        if let Some(interventions) = options.interventions {
            let noticed =
                interventions.after_collate(&reading.pages, &reading.segmented, &mut reading.stories);
            reading.diagnostics.extend(noticed);
        }
    }
    if options.until >= Stage::Mentions {
        mentions::make(&mut reading, pack, tell);
    }
    if options.until >= Stage::Records {
        records::make(&mut reading, pack, profile, tell);
    }
    let order: std::collections::BTreeMap<&str, usize> =
        reading.pages.iter().enumerate().map(|(index, page)| (page.key.path.as_str(), index)).collect();
    let place = |diagnostic: &Diagnostic| {
        let page = diagnostic.page.as_deref().unwrap_or_default().to_owned();
        let start = diagnostic.at.map_or(0, |at| at.span.start);
        (order.get(page.as_str()).copied().unwrap_or(usize::MAX), page, start, diagnostic.code)
    };
    reading.diagnostics.sort_by_cached_key(place);
    Ok(reading)
}

/// What the families of articles depend on: what they are made of, and the papers and days of their pages.
type Shape = (Vec<(ArticleId, Vec<Fragment>)>, Vec<(Option<String>, Option<Date>)>);

fn shape_of(segmented: &Segmented) -> Shape {
    let articles = segmented.articles.iter().map(|one| (one.id.clone(), one.fragments.clone())).collect();
    let identities = segmented.identities.iter().map(|one| {
        (one.paper.as_ref().map(|paper| paper.value.clone()), one.date.as_ref().map(|date| date.value))
    });
    (articles, identities.collect())
}

/// The pages of one input; a picture's text comes from the recogniser, its source stays the picture.
fn read_input(input: &Input, pack: &Pack) -> Outcome<Vec<Page>> {
    match recognise(&input.bytes, &input.key) {
        Recognised::NoPicture => read_scans(input, shiliu_press::read(&input.bytes, &input.key, pack), pack),
        Recognised::Alto(alto) => shiliu_press::read_recognised(&input.bytes, &alto, &input.key, pack),
        Recognised::Unread(why) => Outcome { value: Vec::new(), diagnostics: vec![*why] },
    }
}

/// The page of the file at `path` that a finding calls a picture, counted from one.
fn scanned_page(finding: &Diagnostic, path: &str) -> Option<u32> {
    let number = finding.page.as_deref()?.strip_prefix(path)?.strip_prefix('#')?;
    if finding.code == "no-text-layer" { number.parse().ok() } else { None }
}

/// More pages of one PDF than this are not recognised.
const MOST_SCANS: usize = 1000;

/// Pages of a PDF that are pictures are drawn and recognised, one after the other; where that gives no text, what the
/// reader said of them stands. Their source stays the PDF.
fn read_scans(input: &Input, read: Outcome<Vec<Page>>, pack: &Pack) -> Outcome<Vec<Page>> {
    if !can_recognise_pdf() {
        return read;
    }
    let Outcome { value: mut pages, diagnostics } = read;
    let mut kept = Vec::with_capacity(diagnostics.len());
    let mut tried = 0;
    for diagnostic in diagnostics {
        let scan = scanned_page(&diagnostic, &input.key.path).filter(|_| tried < MOST_SCANS);
        let Some(number) = scan else {
            kept.push(diagnostic);
            continue;
        };
        tried += 1;
        let key = shiliu_press::PageKey { path: format!("{}#{number}", input.key.path), ..input.key.clone() };
        match drawn(&input.bytes, number, &key).map(|picture| recognise(&picture, &key)) {
            Ok(Recognised::Alto(alto)) => {
                let page = shiliu_press::read_recognised(&input.bytes, &alto, &key, pack);
                pages.extend(page.value);
                kept.extend(page.diagnostics);
            }
            Ok(Recognised::Unread(why)) | Err(why) => kept.push(*why),
            Ok(Recognised::NoPicture) => kept.push(diagnostic),
        }
    }
    Outcome { value: pages, diagnostics: kept }
}

fn read_pages(
    inputs: &[Input],
    pack: &Pack,
    tell: &(dyn Fn(Stage, usize, usize) + Sync),
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Page> {
    use rayon::prelude::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    let done = AtomicUsize::new(0);
    let outcomes: Vec<_> = inputs
        .par_iter()
        .map(|input| {
            let outcome = read_input(input, pack);
            tell(Stage::Read, done.fetch_add(1, Ordering::Relaxed) + 1, inputs.len());
            outcome
        })
        .collect();
    let mut pages = Vec::new();
    for (input, outcome) in inputs.iter().zip(outcomes) {
        diagnostics.extend(outcome.diagnostics.into_iter().map(|diagnostic| match diagnostic.page {
            Some(_) => diagnostic,
            None => diagnostic.on(&input.key.path),
        }));
        for page in outcome.value {
            if page.encoding != "UTF-8" {
                let message = format!("decoded from {}, as its bytes tell", page.encoding);
                let noticed = Diagnostic::new("encoding-detected", Severity::Note, message);
                diagnostics.push(noticed.on(&page.key.path));
            }
            pages.push(page);
        }
    }
    pages.sort_by(|a, b| a.key.path.as_bytes().cmp(b.key.path.as_bytes()));
    pages
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_the_file_that_are_pictures_are_scans() {
        let finding = |code, page: &str| Diagnostic::new(code, Severity::Error, "said of it").on(page);
        let page = |code, page: &str| scanned_page(&finding(code, page), "folder/p.pdf");
        assert_eq!(page("no-text-layer", "folder/p.pdf#12"), Some(12));
        assert_eq!(page("no-text-layer", "folder/p.pdf"), None);
        assert_eq!(page("no-text-layer", "folder/p.pdf#1x"), None);
        assert_eq!(page("no-text-layer", "other/p.pdf#12"), None);
        assert_eq!(page("pdf-cut", "folder/p.pdf#12"), None);
    }
}

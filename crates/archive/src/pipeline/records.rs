//! Records on established texts, grounded on every printing; what undecided readings would change; links and
//! origins.

use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;
use shiliu_extract::{Context, content_words, mentions, records};
use shiliu_lang::{Pack, Profile};
use shiliu_ledger::{Kind, LinkRules, Record, Value, Words, link};
use shiliu_text::{Diagnostic, Span, digest_of, hex};

use super::grounding::on_first_page;
use super::mentions::reference;
use super::origins;
use super::{Alternative, Evidence, GroundedRecord, Reading, Stage, StoryEntry};

/// Undecided loci of one story that are read a second time; the rest keep their readings in the apparatus.
const MOST_ALTERNATIVES: usize = 40;

pub(super) fn make(
    reading: &mut Reading,
    pack: &Pack,
    profile: &Profile,
    tell: &(dyn Fn(Stage, usize, usize) + Sync),
) {
    tell(Stage::Records, 0, reading.stories.len());
    let shared: &Reading = reading;
    let done = AtomicUsize::new(0);
    let told = |story: usize| {
        let found = of_story(shared, story, pack, profile);
        tell(Stage::Records, done.fetch_add(1, Ordering::Relaxed) + 1, shared.stories.len());
        found
    };
    let outcomes: Vec<(Vec<GroundedRecord>, Vec<Diagnostic>)> =
        (0..reading.stories.len()).into_par_iter().map(told).collect();
    for (found, diagnostics) in outcomes {
        reading.records.extend(found);
        reading.diagnostics.extend(diagnostics);
    }
    let bare: Vec<Record<Vec<Evidence>>> =
        reading.records.iter().map(|grounded| grounded.record.clone()).collect();
    let here: &Reading = reading;
    let rules = LinkRules {
        stories: reading
            .records
            .iter()
            .map(|grounded| {
                let story = grounded.stories[0];
                (story, day_of(reading, &reading.stories[story]))
            })
            .collect(),
        words: reading.records.par_iter().map(|grounded| words(here, grounded, pack, profile)).collect(),
    };
    let links = link(&bare, &rules);
    origins::count(reading, &links);
    reading.links = links;
    tell(Stage::Records, reading.stories.len(), reading.stories.len());
}

/// The words by which a record is compared with others; people and places are compared by name alone.
fn words(reading: &Reading, grounded: &GroundedRecord, pack: &Pack, profile: &Profile) -> Words {
    let record = &grounded.record;
    let fields: &[&str] = match record.kind {
        Kind::Commitment => &["object", "action"],
        Kind::Figure | Kind::Indicator => &["measure"],
        Kind::Project | Kind::Body | Kind::Instrument | Kind::Event => &["name"],
        _ => return Words::default(),
    };
    let story = &reading.stories[grounded.stories[0]];
    let text: String = grounded.at.of(&story.story.established).chars().filter(|c| *c != '\n').collect();
    let told: Vec<&str> = fields.iter().filter_map(|field| record.text(field)).collect();
    let mut wide = content_words(&text, pack, profile);
    if let Some(line) = record.text("status_line") {
        wide.push(' ');
        wide.push_str(&content_words(line, pack, profile));
    }
    Words { core: content_words(&told.join(" "), pack, profile), wide, text }
}

fn day_of(reading: &Reading, story: &StoryEntry) -> Option<i32> {
    let days = story.witnesses.iter().filter_map(|witness| {
        reference(reading, &reading.segmented.articles[witness.article]).map(|date| date.value.day_number())
    });
    days.min()
}

/// What stands around the story's text: taken from the first printing that has it.
fn context(reading: &Reading, story: &StoryEntry) -> Context {
    let mut context = Context::default();
    for witness in &story.witnesses {
        let article = &reading.segmented.articles[witness.article];
        let fill = |slot: &mut Option<String>, value: Option<&str>| {
            if slot.is_none() {
                *slot = value.map(str::to_owned);
            }
        };
        fill(&mut context.headline, article.headline.as_ref().map(|excerpt| excerpt.text.as_str()));
        fill(&mut context.deck, article.deck.as_ref().map(|excerpt| excerpt.text.as_str()));
        fill(&mut context.byline, article.byline.as_ref().map(|excerpt| excerpt.text.as_str()));
        let dateline = article.dateline.as_ref();
        fill(
            &mut context.agency,
            dateline.and_then(|line| line.agency.as_ref()).map(|agency| agency.text.as_str()),
        );
        fill(
            &mut context.place,
            dateline.and_then(|line| line.place.as_ref()).map(|place| place.text.as_str()),
        );
        let paper = reading.segmented.identities[article.page].paper.as_ref();
        fill(&mut context.paper, paper.map(|paper| paper.value.as_str()));
        if context.reference.is_none() {
            context.reference = reference(reading, article);
        }
    }
    context
}

fn of_story(
    reading: &Reading,
    index: usize,
    pack: &Pack,
    profile: &Profile,
) -> (Vec<GroundedRecord>, Vec<Diagnostic>) {
    let story = &reading.stories[index];
    let context = context(reading, story);
    let extract = |text: &str| {
        let found = mentions(text, context.reference.as_ref(), pack).value;
        records(text, &found, &context, pack, profile)
    };
    let outcome = extract(&story.story.established);
    let mut grounded = Vec::new();
    for record in outcome.value {
        let at = record.at;
        let place = |span: &Span| {
            let evidence = evidence(reading, index, *span);
            (!evidence.is_empty()).then_some(evidence)
        };
        if let Some(record) = record.ground(&mut |span| place(span)) {
            let id = id_of(reading, story, &record, at);
            grounded.push(GroundedRecord {
                id,
                record,
                at,
                stories: vec![index],
                origins: 1,
                alternatives: Vec::new(),
            });
        }
    }
    read_alternatives(story, &mut grounded, &extract);
    (grounded, outcome.diagnostics)
}

/// The characters of every printing at a span of the established text.
fn evidence(reading: &Reading, index: usize, span: Span) -> Vec<Evidence> {
    let story = &reading.stories[index];
    let mut found = Vec::new();
    for (number, witness) in story.witnesses.iter().enumerate() {
        let Some(here) = story.story.in_witness(span, number) else { continue };
        // A printing that has less than half of the words does not say it.
        if here.len() * 2 < span.len() {
            continue;
        }
        let article = &reading.segmented.articles[witness.article];
        if let Some((page, spans)) = on_first_page(&article.text.map.trace(here), article, &reading.pages) {
            found.push(Evidence { story: index, witness: number, article: witness.article, page, spans });
        }
    }
    found
}

/// Same content at the same place, same id.
fn id_of(reading: &Reading, story: &StoryEntry, record: &Record<Vec<Evidence>>, at: Span) -> String {
    let mut key = format!("{}\u{0}{}\u{0}{}..{}\u{0}", record.kind.as_str(), story.id, at.start, at.end);
    key.push_str(at.of(&story.story.established));
    if let Some(first) = record.at.first() {
        key.push_str(&reading.pages[first.page].key.path);
    }
    for (name, field) in record.fields.iter() {
        key.push_str(&format!("\u{0}{name}={:?}", field.value));
    }
    format!("r-{}", &hex(&digest_of(key.as_bytes()).0)[..16])
}

/// Reads the text again with the other reading of each undecided locus, and notes what a record would be then.
fn read_alternatives(
    story: &StoryEntry,
    grounded: &mut [GroundedRecord],
    extract: &dyn Fn(&str) -> shiliu_text::Outcome<Vec<Record<Span>>>,
) {
    let undecided =
        story.story.loci.iter().filter(|locus| locus.decision == shiliu_collate::Decision::Undecided);
    for locus in undecided.take(MOST_ALTERNATIVES) {
        let touched: Vec<usize> = (0..grounded.len())
            .filter(|&record| {
                grounded[record].at.start <= locus.at.end && locus.at.start <= grounded[record].at.end
            })
            .collect();
        if touched.is_empty() {
            continue;
        }
        for (number, reading) in
            locus.readings.iter().enumerate().filter(|(number, _)| *number != locus.lemma)
        {
            debug_assert_ne!(number, locus.lemma);
            let established = &story.story.established;
            let mut other = established[..locus.at.start as usize].to_owned();
            other.push_str(&reading.text);
            other.push_str(&established[locus.at.end as usize..]);
            let shift =
                i64::try_from(reading.text.len()).unwrap_or(0) - i64::try_from(locus.at.len()).unwrap_or(0);
            let found = extract(&other).value;
            for &record in &touched {
                let known = &grounded[record];
                let start = known.at.start;
                let end = i64::from(known.at.end) + shift;
                let twins = || {
                    found.iter().filter(|twin| {
                        twin.kind == known.record.kind
                            && (twin.at.start == start || i64::from(twin.at.end) == end)
                    })
                };
                // A word more or less may make it a record by another rule: what it says then counts.
                let twin = twins().find(|twin| twin.rule == known.record.rule).or_else(|| twins().next());
                let fields: Vec<(&'static str, Value)> = twin
                    .into_iter()
                    .flat_map(|twin| twin.fields.iter())
                    .filter(|(name, field)| known.record.value(name) != Some(&field.value))
                    .map(|(name, field)| (*name, field.value.clone()))
                    .collect();
                // No fields: under this reading the record is not there. The same record is no alternative.
                if twin.is_some() && fields.is_empty() {
                    continue;
                }
                let alternative = Alternative { at: locus.at, reading: reading.text.clone(), fields };
                grounded[record].alternatives.push(alternative);
            }
        }
    }
}

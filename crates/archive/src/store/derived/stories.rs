//! Stories, their witnesses, loci and readings, and what is related.

use std::collections::BTreeSet;

use rusqlite::{Transaction, params};
use shiliu_collate::{Decision, Story, Substance};

use super::{count, row};
use crate::store::encode;
use crate::{Reading, StoryEntry};

pub(super) fn write(transaction: &Transaction<'_>, reading: &Reading) -> rusqlite::Result<()> {
    let mut records = vec![0usize; reading.stories.len()];
    for story in reading.records.iter().flat_map(|record| &record.stories) {
        records[*story] += 1;
    }
    for (index, story) in reading.stories.iter().enumerate() {
        write_story(transaction, reading, index, story, records[index])?;
    }
    let mut insert = transaction.prepare(
        "INSERT INTO related (story, ordinal, other, relation, spans) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for (index, story) in reading.stories.iter().enumerate() {
        for (ordinal, related) in story.related.iter().enumerate() {
            let spans: Vec<_> = related.spans.iter().map(|&(article, span)| (row(article), span)).collect();
            insert.execute(params![
                row(index),
                row(ordinal),
                row(related.story),
                related.relation.as_str(),
                encode::placed(&spans),
            ])?;
        }
    }
    Ok(())
}

fn substance_name(substance: Substance) -> &'static str {
    match substance {
        Substance::Number => "number",
        Substance::Date => "date",
        Substance::Name => "name",
        Substance::Negation => "negation",
    }
}

fn write_story(
    transaction: &Transaction<'_>,
    reading: &Reading,
    index: usize,
    entry: &StoryEntry,
    records: usize,
) -> rusqlite::Result<()> {
    let articles: Vec<_> =
        entry.witnesses.iter().map(|witness| &reading.segmented.articles[witness.article]).collect();
    let headline =
        articles.iter().find_map(|article| article.headline.as_ref()).map(|headline| headline.text.as_str());
    let agency = articles
        .iter()
        .find_map(|article| article.dateline.as_ref()?.agency.as_ref())
        .map(|agency| agency.text.as_str());
    let identities = &reading.segmented.identities;
    let date = articles
        .iter()
        .filter_map(|article| {
            let identity = &identities[article.page];
            identity.date.as_ref().or(article.reference.as_ref()).map(|date| date.value)
        })
        .min()
        .map(|date| date.to_string());
    let papers: BTreeSet<&str> = articles
        .iter()
        .filter_map(|article| identities[article.page].paper.as_ref())
        .map(|paper| paper.value.as_str())
        .collect();
    let story = &entry.story;
    let undecided = story.loci.iter().filter(|locus| locus.decision == Decision::Undecided).count();
    let substantive = story.loci.iter().filter(|locus| locus.substance.is_some()).count();
    transaction
        .prepare_cached(
            "INSERT INTO story (id, key, headline, agency, date, established, printings, papers, loci,
                                undecided, substantive, records)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        )?
        .execute(params![
            row(index),
            entry.id,
            headline,
            agency,
            date,
            story.established,
            count(entry.witnesses.len()),
            count(papers.len()),
            count(story.loci.len()),
            count(undecided),
            count(substantive),
            count(records),
        ])?;
    let mut insert = transaction.prepare_cached(
        "INSERT INTO witness (story, ordinal, siglum, article, relation, coverage, agreements)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    for (ordinal, witness) in entry.witnesses.iter().enumerate() {
        insert.execute(params![
            row(index),
            row(ordinal),
            Story::siglum(ordinal),
            row(witness.article),
            witness.relation.as_str(),
            encode::spans(&witness.coverage),
            encode::agreements(story.agreements.get(ordinal).map_or(&[], Vec::as_slice)),
        ])?;
    }
    write_loci(transaction, index, story)
}

fn write_loci(transaction: &Transaction<'_>, index: usize, story: &Story) -> rusqlite::Result<()> {
    let mut insert = transaction.prepare_cached(
        "INSERT INTO locus (story, ordinal, start, end, lemma, decision, confidence, moved, substance, conjecture)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?;
    let mut insert_reading = transaction.prepare_cached(
        "INSERT INTO reading (story, locus, ordinal, text, kind, cause, probability, witnesses, grounds)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?;
    for (ordinal, locus) in story.loci.iter().enumerate() {
        let decision = match locus.decision {
            Decision::Decided => "decided",
            Decision::Undecided => "undecided",
        };
        insert.execute(params![
            row(index),
            row(ordinal),
            locus.at.start,
            locus.at.end,
            count(locus.lemma),
            decision,
            locus.confidence,
            locus.moved,
            locus.substance.map(substance_name),
            locus.conjecture,
        ])?;
        for (number, reading) in locus.readings.iter().enumerate() {
            let witnesses: Vec<_> =
                reading.witnesses.iter().map(|&(witness, span)| (count(witness), span)).collect();
            insert_reading.execute(params![
                row(index),
                row(ordinal),
                row(number),
                reading.text,
                reading.kind.map(|kind| kind.as_str()),
                reading.cause.map(|cause| cause.as_str()),
                reading.probability,
                encode::placed(&witnesses),
                encode::grounds(&reading.grounds),
            ])?;
        }
    }
    Ok(())
}

//! Mentions, records with their fields, evidence and links, and diagnostics.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Transaction, params};
use shiliu_extract::{Mention, MentionValue};
use shiliu_lang::Pack;
use shiliu_ledger::{FieldBasis, Kind, Value};
use shiliu_text::{TextId, hex};

use super::{count, page_row, row};
use crate::pipeline::origins::Joined;
use crate::store::encode;
use crate::store::read::FieldValue;
use crate::store::search::terms::folded;
use crate::{Evidence, GroundedRecord, PlacedMention, Reading};

/// Fields whose words the ledger can be filtered by.
const FACETS: &[&str] = &[
    "actors",
    "area",
    "claims",
    "cmp",
    "countries",
    "country",
    "event",
    "force",
    "host",
    "list",
    "measure",
    "meeting",
    "modality",
    "mode",
    "name",
    "names",
    "parent",
    "participants",
    "parties",
    "place",
    "polarity",
    "recipients",
    "role",
    "sector",
    "speaker",
    "specificity",
    "status",
    "type",
    "unit",
];

/// Longest label in characters.
const LABEL: usize = 80;

pub(super) fn write(transaction: &Transaction<'_>, reading: &Reading, pack: &Pack) -> rusqlite::Result<()> {
    for (index, mention) in reading.mentions.iter().enumerate() {
        write_mention(transaction, reading, index, mention)?;
    }
    let same = same_as(reading);
    let mut keys: BTreeSet<String> = BTreeSet::new();
    for (index, record) in reading.records.iter().enumerate() {
        // Two records that are the same to the last character keep apart by a number.
        let mut key = record.id.clone();
        let mut number = 2;
        while !keys.insert(key.clone()) {
            key = format!("{}-{number}", record.id);
            number += 1;
        }
        write_record(transaction, reading, index, &key, same[index], pack)?;
    }
    let mut insert = transaction
        .prepare("INSERT INTO link (id, source, target, verb, rule) VALUES (?1, ?2, ?3, ?4, ?5)")?;
    for (index, link) in reading.links.iter().enumerate() {
        let from = link.from.map(row);
        insert.execute(params![row(index), from, row(link.to), link.verb.as_str(), link.rule])?;
    }
    write_diagnostics(transaction, reading)
}

/// For each record the first of those that are the same thing.
fn same_as(reading: &Reading) -> Vec<usize> {
    let mut same = Joined::by_sameness(reading.records.len(), &reading.links);
    (0..reading.records.len()).map(|index| same.root(index)).collect()
}

fn write_mention(
    transaction: &Transaction<'_>,
    reading: &Reading,
    index: usize,
    placed: &PlacedMention,
) -> rusqlite::Result<()> {
    let Mention { kind, value, bound, part, zone, relative, reference, flags, rule, .. } = &placed.mention;
    let none = shiliu_extract::Amount::default();
    let (text, amount) = match value {
        MentionValue::Text(text) => (Some(text), &none),
        MentionValue::Amount(amount) => (amount.value.as_ref(), amount),
        MentionValue::Vague => (None, &none),
    };
    let in_text = placed.article.and_then(|(_, span)| span);
    let own = |text: TextId| match placed.article {
        Some((article, _)) => page_row(reading, &reading.segmented.articles[article], text),
        None => (reading.pages[placed.page].layer.id == text).then(|| row(placed.page)),
    };
    transaction
        .prepare_cached(
            "INSERT INTO mention (id, page, start, spans, article, text_start, text_end, kind, value, unit,
                                  low, high, low_open, high_open, bound, part, zone, relative, reference,
                                  reference_basis, numeral, flags, rule)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19,
                     ?20, ?21, ?22, ?23)",
        )?
        .execute(params![
            row(index),
            row(placed.page),
            placed.spans.first().map_or(0, |span| span.start),
            encode::spans(&placed.spans),
            placed.article.map(|(article, _)| row(article)),
            in_text.map(|span| span.start),
            in_text.map(|span| span.end),
            kind.as_str(),
            text,
            amount.unit,
            amount.low,
            amount.high,
            amount.low_open,
            amount.high_open,
            bound.as_str(),
            part,
            zone,
            relative,
            reference.as_ref().map(|reference| reference.value.to_string()),
            reference.as_ref().map(|reference| encode::basis(&reference.basis, &own)),
            placed.numeral.map(|span| encode::spans(&[span])),
            flags.join(" "),
            rule,
        ])
        .map(|_| ())
}

/// The exact characters of a printing, as one line for people.
fn printed(reading: &Reading, evidence: &Evidence) -> String {
    let text = &reading.pages[evidence.page].layer.text;
    evidence.spans.iter().map(|span| span.of(text)).collect()
}

/// What a row of the ledger shows: the name where the kind has one, else the printed words.
fn label(reading: &Reading, record: &GroundedRecord) -> String {
    let named = match record.record.kind {
        Kind::Commitment | Kind::Quote | Kind::Area | Kind::Claim => None,
        Kind::Figure | Kind::Indicator => record.record.text("measure"),
        _ => record.record.text("name"),
    };
    let words = match named {
        Some(name) => name.to_owned(),
        None => record.record.at.first().map(|first| printed(reading, first)).unwrap_or_default(),
    };
    let line: String = words.chars().filter(|character| !matches!(character, '\n' | '\r')).collect();
    match line.char_indices().nth(LABEL) {
        Some((cut, _)) => format!("{}…", &line[..cut]),
        None => line,
    }
}

/// Every text inside a value.
fn words_of(value: &Value, out: &mut Vec<String>) {
    match value {
        Value::Text(text) => out.push(text.to_string()),
        Value::Integer(number) => out.push(number.to_string()),
        Value::List(values) => values.iter().for_each(|value| words_of(value, out)),
        Value::Map(entries) => entries.iter().for_each(|(_, value)| words_of(value, out)),
        Value::Null => {}
    }
}

fn write_record(
    transaction: &Transaction<'_>,
    reading: &Reading,
    index: usize,
    key: &str,
    same: usize,
    pack: &Pack,
) -> rusqlite::Result<()> {
    let grounded = &reading.records[index];
    let record = &grounded.record;
    let label = label(reading, grounded);
    let story = grounded.stories[0];
    let day = reading.stories[story]
        .witnesses
        .iter()
        .filter_map(|witness| {
            let article = &reading.segmented.articles[witness.article];
            let identity = &reading.segmented.identities[article.page];
            identity.date.as_ref().or(article.reference.as_ref()).map(|date| date.value)
        })
        .min()
        .map(|date| date.to_string());
    let mut words: Vec<String> = vec![label.clone()];
    words.extend(record.at.first().map(|first| printed(reading, first)));
    record.fields.values().for_each(|field| words_of(&field.value, &mut words));
    let force = record.value("force").map(|force| match force {
        Value::Integer(level) => format!("F{level}"),
        Value::Text(text) => text.to_string(),
        other => encode::value(other),
    });
    transaction
        .prepare_cached(
            "INSERT INTO record (id, key, kind, rule, label, story, start, end, origins, printings, flags,
                                 type, status, force, sector, deadline, day, same, haystack)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)",
        )?
        .execute(params![
            row(index),
            key,
            record.kind.as_str(),
            record.rule.as_str(),
            label,
            row(story),
            grounded.at.start,
            grounded.at.end,
            count(grounded.origins),
            count(record.at.len()),
            record.flags.join(" "),
            record.text("type"),
            record.text("status"),
            force,
            record.text("sector"),
            record.text("deadline"),
            day,
            row(same),
            folded(&words.join("\n"), pack),
        ])?;
    write_fields(transaction, grounded, index)?;
    let mut insert = transaction
        .prepare_cached("INSERT INTO record_story (record, ordinal, story) VALUES (?1, ?2, ?3)")?;
    for (ordinal, &story) in grounded.stories.iter().enumerate() {
        insert.execute(params![row(index), row(ordinal), row(story)])?;
    }
    let mut insert = transaction.prepare_cached(
        "INSERT INTO alternative (record, ordinal, start, end, reading, fields)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    for (ordinal, alternative) in grounded.alternatives.iter().enumerate() {
        let fields = FieldValue::Map(
            alternative
                .fields
                .iter()
                .map(|(name, value)| ((*name).to_owned(), FieldValue::from(value)))
                .collect(),
        );
        let mut text = String::new();
        encode::write_value(&fields, &mut text);
        let at = alternative.at;
        insert.execute(params![row(index), row(ordinal), at.start, at.end, alternative.reading, text])?;
    }
    Ok(())
}

fn write_fields(
    transaction: &Transaction<'_>,
    grounded: &GroundedRecord,
    index: usize,
) -> rusqlite::Result<()> {
    let record = &grounded.record;
    write_evidence(transaction, index, "", &record.at)?;
    let mut insert = transaction.prepare_cached(
        "INSERT INTO field (record, ordinal, name, value, printed, basis) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    let mut insert_term =
        transaction.prepare_cached("INSERT OR IGNORE INTO term (record, facet, word) VALUES (?1, ?2, ?3)")?;
    for (ordinal, name) in record.kind.fields().iter().enumerate() {
        let Some(field) = record.fields.get(name) else { continue };
        let (printed, basis) = match &field.basis {
            FieldBasis::Printed(_) => (true, ""),
            FieldBasis::Inferred(from) => (false, from.as_ref()),
        };
        let value = encode::value(&field.value);
        insert.execute(params![row(index), row(ordinal), name, value, printed, basis])?;
        if let FieldBasis::Printed(at) = &field.basis {
            write_evidence(transaction, index, name, at)?;
        }
        if FACETS.contains(name) {
            let mut words = Vec::new();
            words_of(&field.value, &mut words);
            for word in words {
                let word = match field.value {
                    Value::Integer(level) if *name == "force" => format!("F{level}"),
                    _ => word,
                };
                insert_term.execute(params![row(index), name, word])?;
            }
        }
    }
    Ok(())
}

fn write_evidence(
    transaction: &Transaction<'_>,
    index: usize,
    field: &str,
    evidence: &[Evidence],
) -> rusqlite::Result<()> {
    let mut insert = transaction.prepare_cached(
        "INSERT INTO evidence (record, field, ordinal, story, witness, article, page, spans)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    for (ordinal, evidence) in evidence.iter().enumerate() {
        insert.execute(params![
            row(index),
            field,
            row(ordinal),
            row(evidence.story),
            row(evidence.witness),
            row(evidence.article),
            row(evidence.page),
            encode::spans(&evidence.spans),
        ])?;
    }
    Ok(())
}

fn write_diagnostics(transaction: &Transaction<'_>, reading: &Reading) -> rusqlite::Result<()> {
    let by_path: BTreeMap<&str, usize> =
        reading.pages.iter().enumerate().rev().map(|(index, page)| (page.key.path.as_str(), index)).collect();
    let by_text: BTreeMap<TextId, usize> =
        reading.pages.iter().enumerate().rev().map(|(index, page)| (page.layer.id, index)).collect();
    let mut insert = transaction.prepare(
        "INSERT INTO diagnostic (id, code, severity, message, path, page, start, end, hints)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?;
    for (index, diagnostic) in reading.diagnostics.iter().enumerate() {
        let page = match (&diagnostic.page, diagnostic.at) {
            (Some(path), _) => by_path.get(path.as_str()),
            (None, Some(at)) => by_text.get(&at.text),
            (None, None) => None,
        };
        let path = match (&diagnostic.page, page, diagnostic.at) {
            (Some(path), ..) => Some(path.clone()),
            (None, Some(&page), _) => Some(reading.pages[page].key.path.clone()),
            (None, None, at) => at.map(|at| hex(&at.text.0)),
        };
        let span = diagnostic.at.map(|at| at.span);
        insert.execute(params![
            row(index),
            diagnostic.code,
            diagnostic.severity.as_str(),
            diagnostic.message,
            path,
            page.map(|&page| row(page)),
            span.map(|span| span.start),
            span.map(|span| span.end),
            diagnostic.hints.join("\n"),
        ])?;
    }
    Ok(())
}

//! Layers, issues, pages, zones and articles.

use std::collections::BTreeMap;

use rusqlite::{Transaction, params};
use shiliu_press::{Article, Format, JumpTarget};
use shiliu_text::{Excerpt, Inferred, Located, TextId};

use super::{page_row, row};
use crate::Reading;
use crate::store::{encode, issues};

pub(super) fn write(transaction: &Transaction<'_>, reading: &Reading) -> rusqlite::Result<()> {
    write_layers(transaction, reading)?;
    write_pages(transaction, reading)?;
    write_articles(transaction, reading)?;
    let mut insert = transaction.prepare(
        "INSERT INTO zone (page, ordinal, start, end, role, duplicate, articles)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    for (page, zones) in reading.segmented.zones.iter().enumerate() {
        for (ordinal, zone) in zones.iter().enumerate() {
            insert.execute(params![
                row(page),
                row(ordinal),
                zone.span.start,
                zone.span.end,
                zone.role.as_str(),
                zone.duplicate,
                encode::numbers(zone.articles.iter().map(|&article| row(article))),
            ])?;
        }
    }
    Ok(())
}

fn write_layers(transaction: &Transaction<'_>, reading: &Reading) -> rusqlite::Result<()> {
    let mut insert =
        transaction.prepare("INSERT OR IGNORE INTO layer (hash, source, text) VALUES (?1, ?2, ?3)")?;
    for page in &reading.pages {
        insert.execute(params![page.layer.id.0, page.layer.source.0, &*page.layer.text])?;
    }
    Ok(())
}

fn format_name(format: Format) -> &'static str {
    match format {
        Format::Text => "text",
        Format::Markdown => "markdown",
        Format::Html => "html",
        Format::Pdf => "pdf",
        Format::Alto => "alto",
        Format::PageXml => "page",
        Format::Hocr => "hocr",
    }
}

fn write_pages(transaction: &Transaction<'_>, reading: &Reading) -> rusqlite::Result<()> {
    let identities = &reading.segmented.identities;
    let (rows, of_page) = issues::group(&reading.pages, identities);
    let mut insert = transaction.prepare(
        "INSERT INTO issue (id, key, paper, date, folder, grouping) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    for (index, issue) in rows.iter().enumerate() {
        let IssueRow { key, paper, date, folder, grouping } = issue;
        insert.execute(params![row(index), key, paper, date, folder, grouping])?;
    }
    // The day that a page is sorted by: its issue's, else the latest that it prints itself.
    let days: Vec<Option<String>> = identities
        .iter()
        .zip(&of_page)
        .map(|(identity, &issue)| {
            let own = identity.date.as_ref().map(|date| date.value.to_string());
            let printed = || identity.latest_dateline.as_ref().map(|(date, _)| date.to_string());
            own.or_else(|| rows[issue].date.clone()).or_else(printed)
        })
        .collect();
    let mut newest_last: Vec<usize> = (0..reading.pages.len()).collect();
    newest_last.sort_by(|&a, &b| {
        (&days[a], &reading.pages[b].key.path, b).cmp(&(&days[b], &reading.pages[a].key.path, a))
    });
    let newness: BTreeMap<usize, usize> =
        newest_last.iter().enumerate().map(|(rank, &page)| (page, rank)).collect();
    let rows_of: BTreeMap<TextId, i64> =
        reading.pages.iter().enumerate().rev().map(|(index, page)| (page.layer.id, row(index))).collect();
    let mut insert = transaction.prepare(
        "INSERT INTO page (id, path, text_hash, source, format, encoding, issue, paper, paper_basis, date,
                           date_basis, page_no, page_no_basis, day, newness)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
    )?;
    for (index, page) in reading.pages.iter().enumerate() {
        let identity = &identities[index];
        let row_of = |text: TextId| {
            if text == page.layer.id { Some(row(index)) } else { rows_of.get(&text).copied() }
        };
        let paper = column(identity.paper.as_ref(), &row_of);
        let date = column(identity.date.as_ref(), &row_of);
        let page_no = column(identity.page_no.as_ref(), &row_of);
        insert.execute(params![
            row(index),
            page.key.path,
            page.layer.id.0,
            page.layer.source.0,
            format_name(page.format),
            page.encoding,
            row(of_page[index]),
            paper.0,
            paper.1,
            date.0,
            date.1,
            page_no.0,
            page_no.1,
            days[index],
            row(newness[&index]),
        ])?;
    }
    Ok(())
}

use issues::IssueRow;

type ValueAndBasis = (Option<String>, Option<String>);

fn column<T: ToString>(known: Option<&Inferred<T>>, row_of: &dyn Fn(TextId) -> Option<i64>) -> ValueAndBasis {
    match known {
        Some(known) => (Some(known.value.to_string()), Some(encode::basis(&known.basis, row_of))),
        None => (None, None),
    }
}

fn excerpt(known: Option<&Excerpt>, row_of: &dyn Fn(TextId) -> Option<i64>) -> ValueAndBasis {
    match known {
        Some(known) => (Some(known.text.clone()), Some(encode::located(&known.at, row_of))),
        None => (None, None),
    }
}

/// `PAGE_NO|LABEL|page row|places of the line`, empty where nothing tells.
fn jump(reading: &Reading, known: Option<&JumpTarget>) -> Option<String> {
    let jump = known?;
    let page = jump.page.map(|page| row(page).to_string()).unwrap_or_default();
    let at = jump.at.map(|(page, span)| {
        let place = Located { text: reading.pages[page].layer.id, span };
        encode::located(&[place], &|_| Some(row(page)))
    });
    let label = jump.label.map(|label| label.to_string()).unwrap_or_default();
    let page_no = jump.page_no.as_deref().unwrap_or_default();
    Some(format!("{page_no}|{label}|{page}|{}", at.unwrap_or_default()))
}

fn write_articles(transaction: &Transaction<'_>, reading: &Reading) -> rusqlite::Result<()> {
    let mut insert = transaction.prepare(
        "INSERT INTO article (id, key, page, headline, headline_at, kicker, kicker_at, deck, deck_at, byline,
                              byline_at, place, place_at, agency, agency_at, date, date_basis, dateline_at,
                              jump_from, jump_to, head, tail, status, losses, reference, reference_basis,
                              text, map)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20,
                 ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28)",
    )?;
    let mut insert_fragment = transaction
        .prepare("INSERT INTO fragment (article, ordinal, page, start, end) VALUES (?1, ?2, ?3, ?4, ?5)")?;
    for (index, article) in reading.segmented.articles.iter().enumerate() {
        let row_of = |text: TextId| page_row(reading, article, text);
        let part = |known: &Option<Excerpt>| excerpt(known.as_ref(), &row_of);
        let (headline, kicker) = (part(&article.headline), part(&article.kicker));
        let (deck, byline) = (part(&article.deck), part(&article.byline));
        let dateline = article.dateline.as_ref();
        let place = excerpt(dateline.and_then(|line| line.place.as_ref()), &row_of);
        let agency = excerpt(dateline.and_then(|line| line.agency.as_ref()), &row_of);
        let date = column(dateline.and_then(|line| line.date.as_ref()), &row_of);
        let dateline_at =
            dateline.and_then(|line| line.at).map(|(page, span)| encode::placed(&[(row(page), span)]));
        let losses: Vec<String> =
            article.losses.iter().map(|loss| format!("{}/{}-{}", row(loss.page), loss.at, loss.at)).collect();
        let reference = column(article.reference.as_ref(), &row_of);
        insert.execute(params![
            row(index),
            article.id.0,
            row(article.page),
            headline.0,
            headline.1,
            kicker.0,
            kicker.1,
            deck.0,
            deck.1,
            byline.0,
            byline.1,
            place.0,
            place.1,
            agency.0,
            agency.1,
            date.0,
            date.1,
            dateline_at,
            jump(reading, article.jump_from.as_ref()),
            jump(reading, article.jump_to.as_ref()),
            article.head.as_str(),
            article.tail.as_str(),
            article.status().as_str(),
            losses.join(" "),
            reference.0,
            reference.1,
            article.text.text,
            encode::map(&article.text.map, &row_of),
        ])?;
        write_fragments(&mut insert_fragment, index, article)?;
    }
    Ok(())
}

fn write_fragments(
    insert: &mut rusqlite::Statement<'_>,
    index: usize,
    article: &Article,
) -> rusqlite::Result<()> {
    for (ordinal, fragment) in article.fragments.iter().enumerate() {
        let span = fragment.span;
        insert.execute(params![row(index), row(ordinal), row(fragment.page), span.start, span.end])?;
    }
    Ok(())
}

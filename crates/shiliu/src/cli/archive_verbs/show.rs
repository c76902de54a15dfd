use clap::{Args, ValueEnum};
use shiliu_archive::store::{
    ArticleView, EvidenceView, Evidenced, FieldValue, PageText, PageView, Reader, RecordView, StoryView,
};
use shiliu_text::{CodePoints, TextId};

use super::super::{CommandError, Finish, Printer};
use super::{Target, failure, number, one_line, page_line, permalink, place_json, range, shown};
use crate::export::json::Json;

/// Shows one thing: a record, a story, an article, or a page (by path or by the hash of its text).
///
/// Examples: `shiliu show r-0123456789abcdef` · `shiliu show 2025-06-17/A1.md --as page`
#[derive(Debug, Args)]
pub(in crate::cli) struct ShowArguments {
    /// Id of a record, story or article, or a page's path or hash.
    id: String,
    #[command(flatten)]
    target: Target,
    /// What the id is of, where it could be several things: a story bears the name of its smallest article.
    #[arg(long = "as", value_name = "KIND")]
    kind: Option<Shown>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Shown {
    Record,
    Story,
    Article,
    Page,
}

pub(in crate::cli) fn run(arguments: &ShowArguments, printer: &mut Printer) -> Result<Finish, CommandError> {
    let archive = arguments.target.open()?;
    let reader = archive.reader().map_err(failure)?;
    let (id, json) = (arguments.id.as_str(), arguments.target.json);
    let wanted = |kind: Shown| arguments.kind.is_none_or(|asked| asked == kind);
    if wanted(Shown::Record)
        && let Some(record) = reader.record(id).map_err(failure)?
    {
        return if json { record_json(&reader, &record, printer) } else { record_text(&record, printer) };
    }
    if wanted(Shown::Page) {
        let by_hash = TextId::parse(id).map(PageText::Hash);
        if let Some(page) = reader.page(by_hash.unwrap_or(PageText::Path(id))).map_err(failure)? {
            return if json { page_json(&page, printer) } else { page_text(&page, printer) };
        }
    }
    if wanted(Shown::Story)
        && let Some(story) = reader.story(id).map_err(failure)?
    {
        return if json { story_json(&story, printer) } else { story_text(&story, printer) };
    }
    if wanted(Shown::Article)
        && let Some(article) = reader.article(id).map_err(failure)?
    {
        return if json { article_json(&reader, &article, printer) } else { article_text(&article, printer) };
    }
    Err(CommandError::usage(format!(
        "{id}: the archive holds no record, page, story or article of this name"
    ))
    .hint("`shiliu search WORDS --json` gives names; a page is named by its path"))
}

fn value_text(value: &FieldValue) -> String {
    match value {
        FieldValue::Null => "–".to_owned(),
        FieldValue::Text(text) => text.clone(),
        FieldValue::Integer(number) => number.to_string(),
        FieldValue::List(values) => values.iter().map(value_text).collect::<Vec<_>>().join(", "),
        FieldValue::Map(entries) => entries
            .iter()
            .filter(|(_, value)| *value != FieldValue::Null)
            .map(|(name, value)| format!("{name} {}", value_text(value)))
            .collect::<Vec<_>>()
            .join(", "),
    }
}

fn value_json(value: &FieldValue) -> Json {
    match value {
        FieldValue::Null => Json::Null,
        FieldValue::Text(text) => text.as_str().into(),
        FieldValue::Integer(number) => Json::Integer(*number),
        FieldValue::List(values) => Json::List(values.iter().map(value_json).collect()),
        FieldValue::Map(entries) => {
            Json::object(entries.iter().map(|(name, value)| (name.as_str(), value_json(value))))
        }
    }
}

fn record_text(record: &RecordView, printer: &mut Printer) -> Result<Finish, CommandError> {
    let summary = &record.summary;
    printer.line(&one_line(&format!("{} {}: {}", summary.kind.as_str(), summary.key, summary.label)))?;
    printer.line(&format!(
        "  {} independent origins, {} printings; rule {}",
        summary.origins, summary.printings, summary.rule
    ))?;
    for field in &record.fields {
        let basis = if field.printed { String::new() } else { format!("  (inferred: {})", field.basis) };
        let value = one_line(&format!("{}{basis}", value_text(&field.value)));
        printer.line(&format!("  {:<12} {value}", field.name))?;
    }
    for evidence in &record.evidence {
        printer.line(&one_line(&format!("  {} {}", evidence.siglum, page_line(&evidence.page))))?;
        let line = format!("…{}[{}]{}…", evidence.before, evidence.text, evidence.after);
        printer.line(&format!("    {}", one_line(&line)))?;
    }
    for alternative in &record.alternatives {
        let fields: Vec<String> =
            alternative.fields.iter().map(|(name, value)| format!("{name} {}", value_text(value))).collect();
        let then = if fields.is_empty() { "no such record".to_owned() } else { fields.join("; ") };
        printer.line(&one_line(&format!("  if the page reads `{}`: {then}", alternative.reading)))?;
    }
    for link in &record.links {
        let arrow = if link.outgoing { "→" } else { "←" };
        let other = link.other.as_ref().map_or_else(
            || "a promise that no held page prints".to_owned(),
            |other| format!("{} {}", other.key, other.label),
        );
        printer.line(&one_line(&format!("  {arrow} {} {other}", link.verb)))?;
    }
    Ok(Finish::Done)
}

fn evidence_json(reader: &Reader, evidence: &EvidenceView) -> Result<Json, CommandError> {
    let layer = reader.layer(evidence.page.text).map_err(failure)?;
    let text = layer.map(|layer| layer.text).unwrap_or_default();
    let points = CodePoints::new(&text);
    let first = evidence.spans.first().copied().unwrap_or_default();
    Ok(Json::object([
        ("story", evidence.story.as_str().into()),
        ("article", evidence.article.as_str().into()),
        ("siglum", evidence.siglum.as_str().into()),
        ("page", evidence.page.path.as_str().into()),
        ("start", points.at_byte(first.start).into()),
        ("end", points.at_byte(first.end).into()),
        ("spans", Json::List(evidence.spans.iter().map(|span| range(&points, *span)).collect())),
        ("text", evidence.text.as_str().into()),
        ("paper", Json::or_null(evidence.page.paper.as_deref())),
        ("date", Json::or_null(evidence.page.date.as_deref())),
        ("link", permalink(evidence.page.text, &points, first).into()),
    ]))
}

fn record_json(reader: &Reader, record: &RecordView, printer: &mut Printer) -> Result<Finish, CommandError> {
    let summary = &record.summary;
    let evidence: Vec<Json> =
        record.evidence.iter().map(|item| evidence_json(reader, item)).collect::<Result<_, _>>()?;
    let mut fields = Vec::new();
    for field in &record.fields {
        let places: Vec<Json> =
            field.evidence.iter().map(|item| evidence_json(reader, item)).collect::<Result<_, _>>()?;
        let basis = if field.printed { "printed" } else { "inferred" };
        fields.push(Json::object([
            ("name", field.name.as_str().into()),
            ("value", value_json(&field.value)),
            ("basis", basis.into()),
            ("from", if field.printed { Json::Null } else { field.basis.as_str().into() }),
            ("evidence", Json::List(places)),
        ]));
    }
    let alternatives = record.alternatives.iter().map(|alternative| {
        let fields = alternative.fields.iter().map(|(name, value)| (name.as_str(), value_json(value)));
        Json::object([("reading", alternative.reading.as_str().into()), ("fields", Json::object(fields))])
    });
    let links = record.links.iter().map(|link| {
        Json::object([
            ("relation", link.verb.as_str().into()),
            ("outgoing", link.outgoing.into()),
            ("record", Json::or_null(link.other.as_ref().map(|other| other.key.as_str()))),
            ("rule", link.rule.as_str().into()),
        ])
    });
    printer.json(&Json::object([
        ("record", summary.key.as_str().into()),
        ("kind", summary.kind.as_str().into()),
        ("label", summary.label.as_str().into()),
        ("stories", Json::list(record.stories.iter().map(|(key, _)| key.as_str()))),
        ("rule", summary.rule.as_str().into()),
        ("origins", number(summary.origins)),
        ("flags", Json::list(summary.flags.iter().map(String::as_str))),
        ("fields", Json::List(fields)),
        ("evidence", Json::List(evidence)),
        ("alternatives", Json::List(alternatives.collect())),
        ("links", Json::List(links.collect())),
    ]))?;
    Ok(Finish::Done)
}

fn story_text(story: &StoryView, printer: &mut Printer) -> Result<Finish, CommandError> {
    let summary = &story.summary;
    let headline = summary.headline.as_deref().unwrap_or("(no headline)");
    printer.line(&one_line(&format!("story {}: {headline}", summary.key)))?;
    printer.line(&format!(
        "  {} printings in {} papers; {} places differ, {} of them undecided, {} substantive; {} records",
        summary.printings,
        summary.papers,
        summary.loci,
        summary.undecided,
        summary.substantive,
        summary.records
    ))?;
    for witness in &story.witnesses {
        let page = page_line(&witness.article.page);
        printer.line(&one_line(&format!("  {} {page} {}", witness.siglum, witness.relation)))?;
    }
    printer.line("")?;
    for line in shown(&story.established).lines() {
        printer.line(line)?;
    }
    for locus in &story.loci {
        let readings: Vec<String> = locus
            .readings
            .iter()
            .map(|reading| {
                let sigla: Vec<&str> = reading
                    .witnesses
                    .iter()
                    .filter_map(|(witness, _)| Some(story.witnesses.get(*witness)?.siglum.as_str()))
                    .collect();
                let text = if reading.text.is_empty() { "∅" } else { reading.text.as_str() };
                format!("{text} {}", sigla.join(""))
            })
            .collect();
        let mark = if locus.decided { "" } else { " undecided" };
        printer.line(&one_line(&format!("  {}{mark}", readings.join(" | "))))?;
    }
    Ok(Finish::Done)
}

fn story_json(story: &StoryView, printer: &mut Printer) -> Result<Finish, CommandError> {
    let summary = &story.summary;
    let points = CodePoints::new(&story.established);
    let witnesses = story.witnesses.iter().map(|witness| {
        Json::object([
            ("siglum", witness.siglum.as_str().into()),
            ("article", witness.article.key.as_str().into()),
            ("page", witness.article.page.path.as_str().into()),
            ("relation", witness.relation.as_str().into()),
        ])
    });
    let loci = story.loci.iter().map(|locus| {
        let readings = locus.readings.iter().map(|reading| {
            let sigla = reading
                .witnesses
                .iter()
                .filter_map(|(witness, _)| Some(story.witnesses.get(*witness)?.siglum.as_str()));
            Json::object([
                ("text", reading.text.as_str().into()),
                ("witnesses", Json::list(sigla)),
                ("kind", Json::or_null(reading.kind.as_deref())),
                ("cause", Json::or_null(reading.cause.as_deref())),
                ("probability", Json::Thousandths(reading.probability)),
            ])
        });
        let decision = if locus.decided { "decided" } else { "undecided" };
        Json::object([
            ("start", points.at_byte(locus.at.start).into()),
            ("end", points.at_byte(locus.at.end).into()),
            ("decision", decision.into()),
            ("confidence", Json::Thousandths(locus.confidence)),
            ("substantive", Json::or_null(locus.substance.as_deref())),
            ("readings", Json::List(readings.collect())),
        ])
    });
    printer.json(&Json::object([
        ("story", summary.key.as_str().into()),
        ("headline", Json::or_null(summary.headline.as_deref())),
        ("agency", Json::or_null(summary.agency.as_deref())),
        ("date", Json::or_null(summary.date.as_deref())),
        ("established", story.established.as_str().into()),
        ("witnesses", Json::List(witnesses.collect())),
        ("related", Json::list(story.related.iter().map(|related| related.story.key.as_str()))),
        ("loci", Json::List(loci.collect())),
        ("records", Json::list(story.records.iter().map(|(record, _)| record.key.as_str()))),
    ]))?;
    Ok(Finish::Done)
}

fn known(value: Option<&Evidenced>) -> Option<&str> {
    value.map(|value| value.value.as_str())
}

fn article_text(article: &ArticleView, printer: &mut Printer) -> Result<Finish, CommandError> {
    let headline = known(article.headline.as_ref()).unwrap_or("(no headline)");
    printer.line(&one_line(&format!("article {}: {headline}", article.summary.key)))?;
    printer.line(&one_line(&format!("  {} {}", page_line(&article.summary.page), article.summary.status)))?;
    let line =
        [known(article.byline.as_ref()), known(article.agency.as_ref()), known(article.place.as_ref())];
    let line: Vec<&str> = line.into_iter().flatten().collect();
    if !line.is_empty() {
        printer.line(&one_line(&format!("  {}", line.join(" "))))?;
    }
    printer.line("")?;
    for line in shown(&article.text).lines() {
        printer.line(line)?;
    }
    Ok(Finish::Done)
}

fn article_json(
    reader: &Reader,
    article: &ArticleView,
    printer: &mut Printer,
) -> Result<Finish, CommandError> {
    let fragments: Vec<Json> = article
        .summary
        .fragments
        .iter()
        .map(|fragment| place_json(reader, fragment))
        .collect::<Result<_, _>>()?;
    let one = |value: &Option<Evidenced>| Json::or_null(known(value.as_ref()));
    printer.json(&Json::object([
        ("article", article.summary.key.as_str().into()),
        ("page", article.summary.page.path.as_str().into()),
        ("headline", one(&article.headline)),
        ("kicker", one(&article.kicker)),
        ("deck", one(&article.deck)),
        ("byline", one(&article.byline)),
        ("place", one(&article.place)),
        ("agency", one(&article.agency)),
        ("date", one(&article.date)),
        ("fragments", Json::List(fragments)),
        ("head", article.head.as_str().into()),
        ("tail", article.tail.as_str().into()),
        ("status", article.summary.status.as_str().into()),
        ("text", article.text.as_str().into()),
        ("stories", Json::list(article.stories.iter().map(|(story, _)| story.as_str()))),
    ]))?;
    Ok(Finish::Done)
}

fn page_text(page: &PageView, printer: &mut Printer) -> Result<Finish, CommandError> {
    printer.line(&one_line(&format!("page {}", page_line(&page.page))))?;
    printer.line(&format!("  text {} ({}, {})", page.page.text, page.format, page.encoding))?;
    for article in &page.articles {
        let headline = article.headline.as_deref().unwrap_or("(no headline)");
        printer.line(&one_line(&format!("  {} {headline} ({})", article.key, article.status)))?;
    }
    printer.line("")?;
    for line in shown(&page.text).lines() {
        printer.line(line)?;
    }
    Ok(Finish::Done)
}

fn page_json(page: &PageView, printer: &mut Printer) -> Result<Finish, CommandError> {
    let points = CodePoints::new(&page.text);
    let zones = page.zones.iter().map(|zone| {
        Json::object([
            ("start", points.at_byte(zone.span.start).into()),
            ("end", points.at_byte(zone.span.end).into()),
            ("role", zone.role.as_str().into()),
            ("articles", Json::list(zone.articles.iter().map(String::as_str))),
        ])
    });
    let one = |value: &Option<Evidenced>| Json::or_null(known(value.as_ref()));
    printer.json(&Json::object([
        ("page", page.page.path.as_str().into()),
        ("hash", page.source.to_string().into()),
        ("text_hash", page.page.text.to_string().into()),
        ("chars", points.count().into()),
        ("paper", one(&page.paper)),
        ("issue_date", one(&page.date)),
        ("page_no", one(&page.page_no)),
        ("issue", page.issue.as_str().into()),
        ("zones", Json::List(zones.collect())),
        ("articles", Json::list(page.articles.iter().map(|article| article.key.as_str()))),
        ("records", Json::list(page.records.iter().map(|(record, _)| record.key.as_str()))),
        ("text", (&*page.text).into()),
    ]))?;
    Ok(Finish::Done)
}

use clap::Args;
use shiliu_archive::store::{Hit, Paging, PassageFinding, PassageMatch, Query, Reader};
use shiliu_text::CodePoints;

use super::super::{CommandError, Finish, Printer, data};
use super::{Target, failure, number, one_line, page_line, permalink, place_json, range};
use crate::export::json::Json;

/// Several words must all be there; "a phrase"; -word must not; paper: from: to: kind: narrow it.
///
/// Examples: `shiliu search 峰会 from:2025-06` · `shiliu search --passage "a whole sentence"`
#[derive(Debug, Args)]
pub(in crate::cli) struct SearchArguments {
    /// What to look for.
    #[arg(required = true)]
    words: Vec<String>,
    #[command(flatten)]
    target: Target,
    /// Most pages to show.
    #[arg(long, default_value_t = 20)]
    limit: u32,
    /// Pages to pass over.
    #[arg(long, default_value_t = 0)]
    offset: u32,
    /// Take the words as one passage: where was it printed, and in which wording?
    #[arg(long)]
    passage: bool,
}

pub(in crate::cli) fn run(
    arguments: &SearchArguments,
    printer: &mut Printer,
) -> Result<Finish, CommandError> {
    let archive = arguments.target.open()?;
    let reader = archive.reader().map_err(failure)?;
    let pack = data::pack()?;
    let typed = arguments.words.join(" ");
    if arguments.passage {
        let found = reader.find_passage(&typed, &pack).map_err(failure)?;
        for finding in &found {
            tell_passage(&reader, finding, arguments.target.json, printer)?;
        }
        if !arguments.target.json {
            printer.say(&format!("{} printings", found.len()));
        }
        return Ok(Finish::Done);
    }
    // A word with spaces inside was quoted for the shell: it is a phrase.
    let quote = |word: &String| {
        let phrase = word.contains(char::is_whitespace) && !word.contains(['"', ':']);
        if phrase { format!("\"{word}\"") } else { word.clone() }
    };
    let words: Vec<String> = if arguments.words.len() > 1 {
        arguments.words.iter().map(quote).collect()
    } else {
        arguments.words.clone()
    };
    let query = Query::parse(&words.join(" "), &pack).map_err(failure)?;
    let paging = Paging { offset: arguments.offset, limit: arguments.limit };
    let result = reader.search(&query, &pack, paging).map_err(failure)?;
    for hit in &result.hits {
        tell_hit(&reader, hit, arguments.target.json, printer)?;
    }
    if !arguments.target.json {
        let held = reader.overview().map_err(failure)?.counts.pages;
        printer.say(&format!("{}{} of {held} pages", result.total, if result.more { "+" } else { "" }));
        if let Some(next) = result.next {
            printer.say(&format!("  next: --offset {next}"));
        }
    }
    Ok(Finish::Done)
}

fn tell_hit(reader: &Reader, hit: &Hit, json: bool, printer: &mut Printer) -> Result<(), CommandError> {
    let layer = reader.layer(hit.page.text).map_err(failure)?;
    let text = layer.map(|layer| layer.text).unwrap_or_default();
    let points = CodePoints::new(&text);
    let Some(first) = hit.spans.first().copied() else { return Ok(()) };
    if !json {
        let headline = hit.article.as_ref().and_then(|(_, headline)| headline.as_deref());
        let more = if hit.count > 1 { format!(" (+{} on this page)", hit.count - 1) } else { String::new() };
        printer.line(&one_line(&format!(
            "{}  {}{more}",
            page_line(&hit.page),
            headline.unwrap_or_default()
        )))?;
        printer.line(&one_line(&format!("    …{}[{}]{}…", hit.before, hit.text, hit.after)))?;
        return printer.line(&format!("    {}", permalink(hit.page.text, &points, first)));
    }
    let spans: Vec<Json> = hit.spans.iter().map(|span| range(&points, *span)).collect();
    printer.json(&Json::object([
        ("page", hit.page.path.as_str().into()),
        ("text_hash", hit.page.text.to_string().into()),
        ("start", points.at_byte(first.start).into()),
        ("end", points.at_byte(first.end).into()),
        ("text", hit.text.as_str().into()),
        ("spans", Json::List(spans)),
        ("count", hit.count.into()),
        ("before", hit.before.as_str().into()),
        ("after", hit.after.as_str().into()),
        ("paper", Json::or_null(hit.page.paper.as_deref())),
        ("issue_date", Json::or_null(hit.page.date.as_deref())),
        ("page_no", Json::or_null(hit.page.page_no.as_deref())),
        ("article", Json::or_null(hit.article.as_ref().map(|(key, _)| key.as_str()))),
        ("headline", Json::or_null(hit.article.as_ref().and_then(|(_, headline)| headline.as_deref()))),
        ("story", Json::or_null(hit.story.as_ref().map(|(key, _)| key.as_str()))),
        ("printings", Json::or_null(hit.story.as_ref().map(|(_, printings)| number(*printings)))),
        ("link", permalink(hit.page.text, &points, first).into()),
    ]))
}

fn tell_passage(
    reader: &Reader,
    finding: &PassageFinding,
    json: bool,
    printer: &mut Printer,
) -> Result<(), CommandError> {
    let (word, identity, changes) = match &finding.found {
        PassageMatch::Exact => ("exact", 1000, &[][..]),
        PassageMatch::Variant { identity, changes } => ("variant", *identity, changes.as_slice()),
    };
    if !json {
        let date = finding.date.as_deref().unwrap_or("undated");
        let headline = finding.article.headline.as_deref().unwrap_or_default();
        printer
            .line(&one_line(&format!("{word} {date} {}  {headline}", page_line(&finding.article.page))))?;
        printer.line(&one_line(&format!("    {}", finding.text)))?;
        for change in changes {
            let or_nothing = |text: &str| if text.is_empty() { "∅".to_owned() } else { text.to_owned() };
            let line =
                format!("    asked {} printed {}", or_nothing(&change.asked), or_nothing(&change.printed));
            printer.line(&one_line(&line))?;
        }
        return Ok(());
    }
    let places: Vec<Json> =
        finding.places.iter().map(|place| place_json(reader, place)).collect::<Result<_, _>>()?;
    let changes = changes.iter().map(|change| {
        Json::object([("asked", change.asked.as_str().into()), ("printed", change.printed.as_str().into())])
    });
    printer.json(&Json::object([
        ("match", word.into()),
        ("identity", Json::Thousandths(identity)),
        ("article", finding.article.key.as_str().into()),
        ("headline", Json::or_null(finding.article.headline.as_deref())),
        ("byline", Json::or_null(finding.article.byline.as_deref())),
        ("agency", Json::or_null(finding.article.agency.as_deref())),
        ("paper", Json::or_null(finding.article.page.paper.as_deref())),
        ("date", Json::or_null(finding.date.as_deref())),
        ("places", Json::List(places)),
        ("text", finding.text.as_str().into()),
        ("changes", Json::List(changes.collect())),
        ("story", Json::or_null(finding.article.story.as_ref().map(|(key, _)| key.as_str()))),
    ]))
}

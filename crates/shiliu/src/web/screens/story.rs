//! One story: the established text with its loci, the witnesses, any two of them side by side.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use shiliu_archive::store::{ArticleView, LocusView, Reader, StoryView, WitnessView};
use shiliu_ledger::Kind;
use shiliu_text::Span;

use super::loci::{Choice, LocusRow, Rows, is_layout};
use super::outside::{self, OutsideRow};
use super::places::{Atlas, source_name};
use super::rows;
use super::stories::StoryRow;
use crate::web::ask::Ask;
use crate::web::failure::Failure;
use crate::web::frame::Frame;
use crate::web::lit::{Mark, Run, Sense, runs};
use crate::web::{Answer, Site};

#[derive(Template)]
#[template(path = "story.html")]
struct StoryScreen<'a> {
    frame: Frame,
    row: StoryRow,
    established: Vec<Run<'a>>,
    empty: bool,
    witnesses: Vec<WitnessRow>,
    witness_count: u64,
    loci: Vec<LocusRow>,
    locus_count: u64,
    hidden_loci: u64,
    outside: Vec<OutsideRow>,
    all_href: String,
    choice: Choice,
    can_decide: bool,
    one_href: String,
    all_places_href: String,
    previous: String,
    next: String,
    one: String,
    sides_href: String,
    back: String,
    groups: Vec<RecordGroup>,
    record_count: u64,
    related: Vec<(String, String, String)>,
    sides: Option<Sides<'a>>,
    sigla: Vec<String>,
    left: String,
    right: String,
    action: String,
}

struct WitnessRow {
    siglum: String,
    headline: String,
    source: String,
    href: String,
    relation: String,
    chars: String,
    differences: u64,
    byline: String,
    /// What it leaves out, longest first: (characters, address of the place).
    omits: Vec<(String, String)>,
    omits_more: u64,
}

struct RecordGroup {
    kind: String,
    open: bool,
    rows: Vec<(String, String)>,
}

struct Sides<'a> {
    left: Side<'a>,
    right: Side<'a>,
    differences: u64,
}

struct Side<'a> {
    siglum: String,
    source: String,
    href: String,
    runs: Vec<Run<'a>>,
}

/// `/s/KEY?left=A&right=B&all=1`
pub(crate) async fn show(State(site): State<Arc<Site>>, Path(key): Path<String>, ask: Ask) -> Response {
    site.answer(ask, "stories", move |_, reader, ask, frame| {
        let story = reader.story(&key)?.ok_or(Failure::Missing("failure.story"))?;
        screen(reader, ask, frame, &story)
    })
    .await
}

fn screen(reader: &Reader, ask: &Ask, frame: Frame, story: &StoryView) -> Result<Answer, Failure> {
    /// Loci shown at once; those that touch the sense come first in the count, all stand behind a link.
    const LOCI: usize = 200;
    let articles = story
        .witnesses
        .iter()
        .map(|witness| reader.article(&witness.article.key))
        .collect::<Result<Vec<_>, _>>()?;
    let mut atlas = Atlas::new(reader);
    let choice = Choice::of(&frame, ask);
    let wanted: Vec<usize> = choice.places(story);
    // One place after the other, for those who decide them in turn.
    let one = ask.number("one").map(|number| (number as usize).clamp(1, wanted.len().max(1)));
    let shown: Vec<usize> = match one {
        Some(number) => wanted.get(number - 1).copied().into_iter().collect(),
        None if ask.get("all").is_some() => wanted.clone(),
        None => wanted.iter().copied().take(LOCI).collect(),
    };
    let turn = |number: usize| {
        if (1..=wanted.len()).contains(&number) {
            frame.to(&format!("{}#loci", ask.with("one", &number.to_string())))
        } else {
            String::new()
        }
    };
    let mut rows = Rows { frame: &frame, atlas: &mut atlas, story, articles: &articles };
    let loci = shown.iter().map(|number| rows.row(*number)).collect::<Result<Vec<_>, Failure>>()?;
    let mut witnesses = Vec::new();
    for (number, witness) in story.witnesses.iter().enumerate() {
        witnesses.push(witness_row(&frame, &mut atlas, story, number, witness)?);
    }
    let outside = outside::rows(&frame, &mut atlas, story, &articles)?;
    let sigla: Vec<String> = story.witnesses.iter().map(|witness| witness.siglum.clone()).collect();
    let by_siglum =
        |key: &str| ask.get(key).and_then(|siglum| sigla.iter().position(|known| known == siglum));
    let pair = by_siglum("left").zip(by_siglum("right")).filter(|(left, right)| left != right);
    let sides = pair.and_then(|(left, right)| {
        let (one, other) = (articles.get(left)?.as_ref()?, articles.get(right)?.as_ref()?);
        Some(sides(&frame, story, (left, one), (right, other)))
    });
    let related = story.related.iter().map(|related| {
        let row = StoryRow::of(&frame, &related.story);
        (frame.word("related", &related.relation).to_owned(), row.headline, row.href)
    });
    let screen = StoryScreen {
        row: StoryRow::of(&frame, &story.summary),
        established: runs(
            &story.established,
            Span::new(0, story.established.len()),
            &locus_marks(&frame, story, &wanted),
        ),
        empty: story.established.is_empty(),
        outside,
        witness_count: witnesses.len() as u64,
        witnesses,
        locus_count: wanted.len() as u64,
        hidden_loci: if one.is_some() { 0 } else { (wanted.len() - shown.len()) as u64 },
        one_href: if one.is_none() && wanted.len() > 1 { turn(1) } else { String::new() },
        all_places_href: one.map_or_else(String::new, |_| frame.to(&format!("{}#loci", ask.with("one", "")))),
        previous: one.map_or_else(String::new, |number| turn(number.saturating_sub(1))),
        next: one.map_or_else(String::new, |number| turn(number + 1)),
        one: one.map_or_else(String::new, |number| frame.f2("story.one_of", number, wanted.len())),
        sides_href: match pair {
            Some(_) => frame.to(&Ask::new(ask.path(), "", "").with("left", "")),
            None if sigla.len() > 1 => frame.to(&format!(
                "{}#sides",
                Ask::new(&ask.with("left", &sigla[0]), "", "").with("right", &sigla[1])
            )),
            None => String::new(),
        },
        can_decide: true,
        back: format!("{}#loci", ask.here()),
        choice,
        all_href: frame.to(&format!("{}#loci", ask.with("all", "1"))),
        loci,
        record_count: story.records.len() as u64,
        groups: groups(&frame, story),
        related: related.collect(),
        left: pair
            .map_or_else(|| sigla.first().cloned().unwrap_or_default(), |(left, _)| sigla[left].clone()),
        right: pair
            .map_or_else(|| sigla.get(1).cloned().unwrap_or_default(), |(_, right)| sigla[right].clone()),
        sigla,
        sides,
        action: ask.path().to_owned(),
        frame,
    };
    Answer::render(&screen)
}

/// The records that rest on a story, by kind.
fn groups(frame: &Frame, story: &StoryView) -> Vec<RecordGroup> {
    let of_kind = |kind: Kind| {
        let records = story.records.iter().filter(|(record, _)| record.kind == kind);
        let rows: Vec<(String, String)> = records
            .map(|(record, _)| {
                let label = rows::shortened(&super::page::one_line(&record.label), 90);
                (label, rows::address(frame, &record.key))
            })
            .collect();
        (!rows.is_empty()).then(|| RecordGroup {
            kind: frame.word("kind", kind.as_str()).to_owned(),
            open: matches!(kind, Kind::Commitment | Kind::Project | Kind::Event | Kind::Instrument),
            rows,
        })
    };
    Kind::ALL.into_iter().filter_map(of_kind).collect()
}

fn locus_classes(locus: &LocusView) -> &'static str {
    match (locus.substance.is_some(), locus.decided) {
        (true, true) => "substantive",
        (true, false) => "substantive undecided",
        (false, true) => "minor",
        (false, false) => "undecided",
    }
}

/// An omission in the lemma has no characters of its own: the one after it stands for it, at the end the one before.
fn stand_in(established: &str, at: Span) -> Span {
    if !at.is_empty() {
        return at;
    }
    let width = |character: Option<char>| u32::try_from(character.map_or(0, char::len_utf8)).unwrap_or(0);
    let after = width(established.get(at.start as usize..).and_then(|rest| rest.chars().next()));
    if after > 0 {
        return Span { start: at.start, end: at.start + after };
    }
    let before = width(established.get(..at.start as usize).and_then(|rest| rest.chars().next_back()));
    Span { start: at.start - before, end: at.end }
}

/// The number under which a locus stands in the text: that of the first one at its place.
pub(super) fn place_number(story: &StoryView, number: usize) -> usize {
    let start = |locus: &LocusView| stand_in(&story.established, locus.at).start;
    let own = start(&story.loci[number]);
    story.loci.iter().position(|locus| start(locus) == own).unwrap_or(number)
}

fn locus_marks(frame: &Frame, story: &StoryView, wanted: &[usize]) -> Vec<Mark> {
    let mut marks = Vec::new();
    for &number in wanted {
        let locus = &story.loci[number];
        let span = stand_in(&story.established, locus.at);
        let others: Vec<String> = locus
            .readings
            .iter()
            .enumerate()
            .filter(|(index, _)| *index != locus.lemma)
            .map(|(_, reading)| {
                if reading.text.is_empty() {
                    frame.t("story.omitted").to_owned()
                } else {
                    rows::shortened(&reading.text, 40)
                }
            })
            .collect();
        marks.push(Mark {
            span,
            sense: Sense::Locus {
                id: format!("t{number}"),
                href: format!("#l{number}"),
                class: locus_classes(locus),
                value: others.join(" | "),
            },
        });
    }
    marks
}

fn witness_row(
    frame: &Frame,
    atlas: &mut Atlas<'_>,
    story: &StoryView,
    number: usize,
    witness: &WitnessView,
) -> Result<WitnessRow, Failure> {
    /// Omissions named for each printing; the rest are counted.
    const OMISSIONS: usize = 3;
    let differs = |locus: &&LocusView| {
        locus.readings.iter().enumerate().any(|(index, reading)| {
            index != locus.lemma && reading.witnesses.iter().any(|(witness, _)| *witness == number)
        })
    };
    let first: Vec<Span> = witness
        .article
        .fragments
        .iter()
        .filter(|place| place.page.text == witness.article.page.text)
        .map(|place| place.span)
        .collect();
    let mut omits: Vec<(usize, &LocusView)> = story
        .loci
        .iter()
        .enumerate()
        .filter(|(_, locus)| !locus.at.is_empty() && !is_layout(locus))
        .filter(|(_, locus)| {
            locus.readings.iter().any(|reading| {
                reading.text.trim().is_empty() && reading.witnesses.iter().any(|(one, _)| *one == number)
            })
        })
        .collect();
    omits.sort_by_key(|(place, locus)| (std::cmp::Reverse(locus.at.len()), *place));
    let omitted = |(place, locus): &(usize, &LocusView)| {
        let text = super::page::one_line(locus.at.of(&story.established));
        (rows::shortened(&text, 16), format!("#l{place}"))
    };
    let covered: usize = witness.coverage.iter().map(|span| span.len()).sum();
    Ok(WitnessRow {
        siglum: witness.siglum.clone(),
        headline: witness.article.headline.clone().unwrap_or_else(|| frame.t("article.untitled").to_owned()),
        source: source_name(frame, &witness.article.page),
        href: atlas.link(frame, &witness.article.page, &first)?,
        relation: frame.word("relation", &witness.relation).to_owned(),
        // Bytes of Han text by three: a size to compare by, said to be about that.
        chars: frame.n("story.about_chars", (covered / 3) as u64),
        differences: story.loci.iter().filter(|locus| !is_layout(locus)).filter(differs).count() as u64,
        byline: witness.article.byline.clone().unwrap_or_default(),
        omits_more: omits.len().saturating_sub(OMISSIONS) as u64,
        omits: omits.iter().take(OMISSIONS).map(omitted).collect(),
    })
}

fn sides<'a>(
    frame: &Frame,
    story: &StoryView,
    left: (usize, &'a ArticleView),
    right: (usize, &'a ArticleView),
) -> Sides<'a> {
    let mut marks: [Vec<Mark>; 2] = Default::default();
    let mut differences = 0;
    for locus in &story.loci {
        let of = |number: usize| {
            locus.readings.iter().enumerate().find_map(|(index, reading)| {
                let span = reading.witnesses.iter().find(|(witness, _)| *witness == number)?.1;
                Some((index, span))
            })
        };
        let (Some(one), Some(other)) = (of(left.0), of(right.0)) else { continue };
        if one.0 == other.0 {
            continue;
        }
        differences += 1;
        for (slot, (_, span)) in marks.iter_mut().zip([one, other]) {
            if !span.is_empty() {
                slot.push(Mark { span, sense: Sense::Differs });
            }
        }
    }
    let [left_marks, right_marks] = marks;
    let side = |(number, article): (usize, &'a ArticleView), marks: Vec<Mark>| {
        let witness = &story.witnesses[number];
        Side {
            siglum: witness.siglum.clone(),
            source: source_name(frame, &witness.article.page),
            href: frame.to(&super::page::page_address(&witness.article.page)),
            runs: runs(&article.text, Span::new(0, article.text.len()), &marks),
        }
    };
    Sides { left: side(left, left_marks), right: side(right, right_marks), differences }
}

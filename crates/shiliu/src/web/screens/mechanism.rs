//! Home: the mechanism as the held pages show it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use shiliu_archive::store::{
    ClaimView, FieldValue, Mechanism, Overview, Reader, RecordFilter, RecordSummary,
};
use shiliu_lang::Section;
use shiliu_ledger::Kind;
use shiliu_text::{Date, Severity};

use super::deadline::{Term, last_day};
use super::rows::{self, RecordRow};
use super::values;
use crate::web::address::with_query;
use crate::web::ask::Ask;
use crate::web::failure::Failure;
use crate::web::frame::Frame;
use crate::web::{Answer, Site, clock};

/// Rows of one part of home; the rest stands behind the part's count.
const SHOWN: usize = 10;

#[derive(Template)]
#[template(path = "mechanism.html")]
struct MechanismScreen {
    frame: Frame,
    title: String,
    counts: Vec<(String, String, String)>,
    empty: bool,
    nothing_found: bool,
    dates: String,
    as_of: String,
    claims: Vec<ClaimRow>,
    /// Claims of a number of other things: documents, results, points.
    other_claims: Vec<ClaimRow>,
    bodies: Vec<BodyGroup>,
    /// Bodies of stories in which no state of the profile acts.
    other_bodies: Vec<BodyRow>,
    body_count: u64,
    bodies_href: String,
    meetings: Vec<MeetingRow>,
    /// Meetings of stories in which no state of the profile acts.
    other_meetings: Vec<MeetingRow>,
    meeting_count: u64,
    meetings_href: String,
    areas: Vec<AreaRow>,
    preferred: Vec<(String, String)>,
    projects: Vec<(RecordRow, Again)>,
    /// Projects of stories in which no state of the profile acts.
    other_projects: Vec<RecordRow>,
    project_count: u64,
    projects_href: String,
    due: Vec<DueGroup>,
    commitment_count: u64,
    commitments_href: String,
    undated: u64,
    undated_href: String,
    findings: u64,
    findings_href: String,
}

struct ClaimRow {
    href: String,
    claims: String,
    sentence: String,
    named: Vec<(String, String)>,
}

struct BodyGroup {
    name: String,
    rows: Vec<BodyRow>,
}

struct BodyRow {
    name: String,
    href: String,
    note: String,
    /// How many records name it, with their list; nothing where it is one.
    again: Again,
}

/// Several records that say the same without the evidence to join them.
#[derive(Default)]
struct Again {
    count: u64,
    href: String,
}

impl Again {
    fn of(frame: &Frame, kind: Kind, records: &[&RecordSummary]) -> Again {
        let name = records.first().and_then(|record| record.text("name"));
        match name {
            Some(name) if records.iter().filter(|record| record.text("name") == Some(name)).count() > 1 => {
                Again {
                    count: records.iter().filter(|record| record.text("name") == Some(name)).count() as u64,
                    href: frame
                        .to(&with_query("/ledger", [("kind", kind.as_str()), ("name", name), ("each", "1")])),
                }
            }
            _ => Again::default(),
        }
    }
}

/// Records with one label or with names of one row of the profile, in order of their first; the fullest one speaks for
/// them.
fn by_label<'r>(frame: &Frame, records: &'r [RecordSummary]) -> Vec<Vec<&'r RecordSummary>> {
    let mut order: Vec<Vec<&RecordSummary>> = Vec::new();
    let mut places: BTreeMap<(String, Option<&str>), usize> = BTreeMap::new();
    for record in records {
        let key = (frame.one_name(&record.label).to_owned(), record.text("date"));
        let place = *places.entry(key).or_insert_with(|| {
            order.push(Vec::new());
            order.len() - 1
        });
        order[place].push(record);
    }
    for group in &mut order {
        group.sort_by_key(|record| std::cmp::Reverse(record.fields.len()));
    }
    order
}

struct MeetingRow {
    date: String,
    name: String,
    href: String,
    place: String,
    class: &'static str,
    note: String,
    again: Again,
}

struct AreaRow {
    name: String,
    href: String,
    commitments: u64,
    width: String,
}

struct DueGroup {
    name: String,
    class: &'static str,
    count: u64,
    href: String,
    rows: Vec<DueRow>,
}

struct DueRow {
    deadline: String,
    label: String,
    href: String,
    actors: String,
    reports: Vec<(String, String)>,
}

/// `/?asof=YYYY-MM-DD`
pub(crate) async fn show(State(site): State<Arc<Site>>, ask: Ask) -> Response {
    site.answer(ask, "mechanism", |site, reader, ask, frame| {
        let overview = reader.overview()?;
        let mechanism = reader.mechanism()?;
        screen(site, reader, ask, frame, &overview, &mechanism)
    })
    .await
}

/// The day that "due" is counted from: the one asked for, else today, or the last day of the press held where
/// that is later.
pub(super) fn as_of(ask: &Ask, overview: &Overview) -> String {
    if let Some(day) = ask.get("asof").and_then(Date::parse) {
        return day.to_string();
    }
    let today = clock::today().map(|day| day.to_string()).unwrap_or_default();
    let last = overview.dates.as_ref().map(|(_, last)| last.clone()).unwrap_or_default();
    today.max(last)
}

/// Records of the mechanism, then those of other stories of the same pages (`own`: see [`of_mechanism`]).
fn parted(records: &[RecordSummary], own: &BTreeSet<String>) -> (Vec<RecordSummary>, Vec<RecordSummary>) {
    records.iter().cloned().partition(|record| own.contains(&record.key))
}

/// Of these stories those in which a state of the profile acts.
pub(super) fn acted_in(
    site: &Site,
    reader: &Reader,
    stories: &BTreeSet<&str>,
) -> Result<BTreeSet<String>, Failure> {
    let states: Vec<String> =
        site.profile.entries(Section::State).iter().map(|state| state.name("zh").to_owned()).collect();
    Ok(reader.stories_of(stories, &states)?)
}

/// The records that are the mechanism's: what the profile names, meetings of heads and ministers, and what stands in a
/// story in which a state of the profile acts.
fn of_mechanism(
    site: &Site,
    reader: &Reader,
    frame: &Frame,
    mechanism: &Mechanism,
) -> Result<BTreeSet<String>, Failure> {
    let records = || mechanism.bodies.iter().chain(&mechanism.meetings).chain(&mechanism.projects);
    let stories: BTreeSet<&str> = records().map(|record| record.story.as_str()).collect();
    let acted = acted_in(site, reader, &stories)?;
    let own = |record: &&RecordSummary| {
        record.text("name").is_some_and(|name| frame.in_profile(name))
            || matches!(record.text("type"), Some("summit" | "ministerial"))
            || acted.contains(&record.story)
    };
    Ok(records().filter(own).map(|record| record.key.clone()).collect())
}

fn screen(
    site: &Site,
    reader: &Reader,
    ask: &Ask,
    frame: Frame,
    overview: &Overview,
    mechanism: &Mechanism,
) -> Result<Answer, Failure> {
    let as_of = as_of(ask, overview);
    let own = of_mechanism(site, reader, &frame, mechanism)?;
    let (own_bodies, local_bodies) = parted(&mechanism.bodies, &own);
    let (own_meetings, local_meetings) = parted(&mechanism.meetings, &own);
    let (own_projects, local_projects) = parted(&mechanism.projects, &own);
    let (claims, other_claims) = claims(site, &frame, mechanism);
    let ledger = |pairs: &[(&str, &str)]| frame.to(&with_query("/ledger", pairs.iter().copied()));
    let counts = &overview.counts;
    let count =
        |key: &str, number: u64, href: &str| (frame.grouped(number), frame.t(key).to_owned(), frame.to(href));
    let findings: u64 = overview
        .findings
        .iter()
        .filter(|(severity, _)| **severity > Severity::Note)
        .map(|(_, count)| *count)
        .sum();
    let screen = MechanismScreen {
        title: frame.word("profile", &frame.profile).to_owned(),
        counts: vec![
            count("stat.issues", counts.issues, "/library"),
            count("stat.pages", counts.pages, "/library?all=1"),
            count("stat.stories", counts.stories, "/stories"),
            count("stat.reprinted", counts.reprinted, "/stories?printings=2"),
            count("stat.records", counts.records, "/ledger"),
            count("stat.commitments", mechanism.commitments, "/ledger?kind=commitment&promises=1"),
        ],
        empty: counts.pages == 0,
        nothing_found: counts.pages > 0 && counts.records == 0,
        dates: overview
            .dates
            .as_ref()
            .map_or(String::new(), |(first, last)| frame.f2("mechanism.dates", first, last)),
        claims,
        other_claims,
        bodies: bodies(&frame, &own_bodies),
        other_bodies: bodies(&frame, &local_bodies).into_iter().flat_map(|group| group.rows).collect(),
        body_count: mechanism.body_count,
        bodies_href: ledger(&[("kind", "body")]),
        meetings: meetings(&frame, &own_meetings, &as_of),
        other_meetings: meetings(&frame, &local_meetings, ""),
        meeting_count: mechanism.meetings.len() as u64,
        meetings_href: ledger(&[("kind", "event"), ("sort", "newest")]),
        areas: areas(&frame, reader, mechanism)?,
        preferred: preferred(&frame, mechanism),
        projects: by_label(&frame, &own_projects)
            .iter()
            .take(SHOWN)
            .map(|records| (rows::brief(&frame, records[0]), Again::of(&frame, Kind::Project, records)))
            .collect(),
        other_projects: by_label(&frame, &local_projects)
            .iter()
            .take(SHOWN)
            .map(|records| rows::brief(&frame, records[0]))
            .collect(),
        project_count: mechanism.project_count,
        projects_href: ledger(&[("kind", "project")]),
        due: due(&frame, reader, &as_of)?,
        commitment_count: mechanism.commitments,
        commitments_href: ledger(&[("kind", "commitment"), ("promises", "1")]),
        undated_href: ledger(&[("kind", "commitment"), ("due", "none")]),
        undated: mechanism.undated,
        findings,
        findings_href: frame.to("/review"),
        as_of,
        frame,
    };
    Answer::render(&screen)
}

/// Whether what a claim counts are bodies: its words end in one that names of bodies end in, in any language.
fn counts_bodies(site: &Site, claim: &ClaimView) -> bool {
    let ends = |row: &Vec<String>| {
        row.get(1).is_some_and(|class| class == "body-suffix")
            && row.get(2).is_some_and(|words| words.split(' ').any(|word| claim.claims.ends_with(word)))
    };
    site.pack.tables("bodies").any(|(_, table)| table.rows.iter().any(ends))
}

/// Claims of bodies, and of anything else. Those that name something come first; the same claim of several records is one
/// row.
fn claims(site: &Site, frame: &Frame, mechanism: &Mechanism) -> (Vec<ClaimRow>, Vec<ClaimRow>) {
    let mut found: Vec<&ClaimView> = mechanism.claims.iter().collect();
    found.sort_by_key(|claim| (std::cmp::Reverse(claim.named.len()), claim.claims.clone(), claim.claimed));
    found.dedup_by(|later, kept| {
        (&later.claims, later.claimed, &later.named) == (&kept.claims, kept.claimed, &kept.named)
    });
    let (bodies, others): (Vec<_>, Vec<_>) = found.into_iter().partition(|claim| counts_bodies(site, claim));
    let rows = |claims: Vec<&ClaimView>, bodies| {
        claims.into_iter().take(SHOWN).map(|claim| claim_row(frame, claim, bodies)).collect()
    };
    (rows(bodies, true), rows(others, false))
}

/// The names of bodies lead to what is told of them, names of anything else to where they stand.
fn claim_row(frame: &Frame, claim: &ClaimView, bodies: bool) -> ClaimRow {
    let claimed = claim.claimed.map_or_else(|| "?".to_owned(), |n| n.to_string());
    let sentence = frame
        .t("mechanism.claim")
        .replace("{0}", &claimed)
        .replace("{1}", &claim.named.len().to_string())
        .replace("{2}", &claim.missing.to_string());
    let named = claim.named.iter().map(|name| {
        let pairs = if bodies {
            [("kind", "body"), ("body", name.as_str())]
        } else {
            [("q", name.as_str()), ("each", "1")]
        };
        (name.clone(), frame.to(&with_query("/ledger", pairs)))
    });
    ClaimRow {
        href: rows::address(frame, &claim.record.key),
        claims: values::field(frame, "claims", &FieldValue::Text(claim.claims.clone())),
        sentence,
        named: named.collect(),
    }
}

fn bodies(frame: &Frame, bodies: &[RecordSummary]) -> Vec<BodyGroup> {
    let mut groups: BTreeMap<String, Vec<BodyRow>> = BTreeMap::new();
    for mut records in by_label(frame, bodies) {
        // A body that is there was proposed once: what it is now counts.
        records.sort_by_key(|record| {
            !matches!(record.text("status"), Some("established" | "operating" | "raised"))
        });
        let body = records[0];
        let word =
            |name: &str| body.value(name).map(|value| values::field(frame, name, value)).unwrap_or_default();
        let notes: Vec<String> = ["status", "since", "host"]
            .iter()
            .map(|name| word(name))
            .filter(|text| !text.is_empty())
            .collect();
        groups.entry(word("type")).or_default().push(BodyRow {
            name: rows::label(frame, body),
            href: rows::address(frame, &body.key),
            note: notes.join(" · "),
            again: Again::of(frame, Kind::Body, &records),
        });
    }
    let mut groups: Vec<BodyGroup> =
        groups.into_iter().map(|(name, rows)| BodyGroup { name, rows }).collect();
    groups.sort_by_key(|group| (group.name.is_empty(), std::cmp::Reverse(group.rows.len())));
    groups
}

/// Meetings held and coming; the first one that is not over is the next, where a day is given.
fn meetings(frame: &Frame, meetings: &[RecordSummary], as_of: &str) -> Vec<MeetingRow> {
    const MOST: usize = 24;
    let meetings = by_label(frame, meetings);
    let last = |event: &RecordSummary| event.text("date").and_then(last_day);
    let ahead =
        |event: &RecordSummary| !as_of.is_empty() && last(event).is_some_and(|day| day.as_str() > as_of);
    let next = meetings.iter().position(|events| ahead(events[0]));
    // Those around the next one count most: older ones stand behind the count.
    let end = next.map_or(meetings.len(), |next| (next + MOST / 2).min(meetings.len()));
    let start = end.saturating_sub(MOST);
    let mut rows = Vec::new();
    for (index, events) in meetings.iter().enumerate().take(end).skip(start) {
        let event = events[0];
        let word =
            |name: &str| event.value(name).map(|value| values::field(frame, name, value)).unwrap_or_default();
        let coming = ahead(event);
        rows.push(MeetingRow {
            date: if word("date").is_empty() {
                frame.t("mechanism.no_date").to_owned()
            } else {
                word("date")
            },
            name: rows::label(frame, event),
            href: rows::address(frame, &event.key),
            place: word("place"),
            again: Again::of(frame, Kind::Event, events),
            class: match (Some(index) == next, coming) {
                (true, _) => "next",
                (false, true) => "coming",
                _ => "",
            },
            note: if Some(index) == next { frame.t("mechanism.next").to_owned() } else { String::new() },
        });
    }
    rows
}

/// Commitments by area, or by sector where the pages put none in an area.
fn areas(frame: &Frame, reader: &Reader, mechanism: &Mechanism) -> Result<Vec<AreaRow>, Failure> {
    const WIDEST: u64 = 10;
    let mut counted: Vec<(&str, String, u64)> = mechanism
        .areas
        .iter()
        .filter(|area| area.commitments > 0)
        .map(|area| ("area", area.name.clone(), area.commitments))
        .collect();
    if counted.is_empty() {
        let filter = RecordFilter {
            kinds: vec![Kind::Commitment],
            promises: true,
            once: true,
            ..RecordFilter::default()
        };
        let facets = reader.facets(&filter)?;
        let sectors = facets.into_iter().filter(|facet| facet.name == "sector").flat_map(|facet| facet.words);
        counted.extend(sectors.map(|(word, count)| ("sector", word, count)));
    }
    let most = counted.iter().map(|(.., count)| *count).max().unwrap_or(0).max(1);
    let row = |(facet, name, commitments): &(&str, String, u64)| AreaRow {
        name: values::field(frame, facet, &FieldValue::Text(name.clone())),
        href: frame
            .to(&with_query("/ledger", [("kind", "commitment"), ("promises", "1"), (*facet, name.as_str())])),
        commitments: *commitments,
        width: format!("w{}", (commitments * WIDEST).div_ceil(most)),
    };
    Ok(counted.iter().take(SHOWN * 2).map(row).collect())
}

/// Areas that lists name as priorities, with the records that do.
fn preferred(frame: &Frame, mechanism: &Mechanism) -> Vec<(String, String)> {
    let listed = mechanism.areas.iter().filter(|area| area.lists > 0).take(SHOWN * 2);
    listed
        .map(|area| {
            (
                frame.named(&area.name).to_owned(),
                frame.to(&with_query("/ledger", [("kind", "area"), ("q", area.name.as_str())])),
            )
        })
        .collect()
}

/// What is due by where it stands on a day, and what is told as done.
fn due(frame: &Frame, reader: &Reader, as_of: &str) -> Result<Vec<DueGroup>, Failure> {
    let mut groups = Vec::new();
    for term in Term::ALL {
        let kept = term == Term::Kept;
        let mut deadlines = reader.deadlines(kept)?;
        deadlines.retain(|(deadline, _)| kept || Term::of(deadline, as_of) == Some(term));
        if deadlines.is_empty() {
            continue;
        }
        if matches!(term, Term::Past | Term::Kept) {
            // Of what is past, the latest first.
            deadlines.sort_by_cached_key(|(deadline, _)| std::cmp::Reverse(last_day(deadline)));
        }
        let mut rows = Vec::new();
        for (deadline, _) in &deadlines {
            let room = SHOWN.saturating_sub(rows.len());
            if room == 0 {
                break;
            }
            for record in reader.due_at(deadline, kept, u32::try_from(room).unwrap_or(0))? {
                rows.push(due_row(frame, reader, &record)?);
            }
        }
        let query = [("kind", "commitment"), ("due", term.name()), ("asof", as_of), ("sort", "deadline")];
        groups.push(DueGroup {
            name: frame.t(term.words()).to_owned(),
            class: match term {
                Term::Past => "warn",
                Term::Soon => "kind",
                Term::Later => "",
                Term::Kept => "good",
            },
            count: deadlines.iter().map(|(_, count)| count).sum(),
            href: frame.to(&with_query("/ledger", query)),
            rows,
        });
    }
    Ok(groups)
}

fn due_row(frame: &Frame, reader: &Reader, record: &RecordSummary) -> Result<DueRow, Failure> {
    let word =
        |name: &str| record.value(name).map(|value| values::field(frame, name, value)).unwrap_or_default();
    let links = reader.links(&record.key)?;
    // What later pages say of it: delivered, revised, said again.
    let telling = |verb: &str| matches!(verb, "delivers" | "revises" | "restates" | "contradicts");
    let told = links.iter().filter(|link| !link.outgoing && telling(&link.verb)).filter_map(|link| {
        let other = link.other.as_ref()?;
        let verb = frame.word("linked", &link.verb);
        Some((format!("{verb} {}", other.date.clone().unwrap_or_default()), rows::address(frame, &other.key)))
    });
    let reports = marks(told, &rows::address(frame, &record.key));
    Ok(DueRow {
        deadline: word("deadline"),
        label: rows::shortened(&record.label, 60),
        href: rows::address(frame, &record.key),
        actors: word("actors"),
        reports,
    })
}

/// Several stories that say the same of an entry are one mark, with how many, which leads to the entry's links. Each is what
/// is said and where it leads.
fn marks(told: impl Iterator<Item = (String, String)>, entry: &str) -> Vec<(String, String)> {
    let mut marks: Vec<(String, String, u64)> = Vec::new();
    for (said, href) in told {
        match marks.iter_mut().find(|(known, ..)| *known == said) {
            Some((.., count)) => *count += 1,
            None => marks.push((said, href, 1)),
        }
    }
    let whole = |(said, href, count)| match count {
        1 => (said, href),
        _ => (format!("{said} ×{count}"), format!("{entry}#links")),
    };
    marks.into_iter().map(whole).collect()
}

#[cfg(test)]
mod tests {
    use super::marks;

    #[test]
    fn stories_that_say_the_same_are_one_mark() {
        let told =
            [("delivered 2032-06-17", "/a"), ("revised 2032-06-18", "/b"), ("delivered 2032-06-17", "/c")];
        let told = told.into_iter().map(|(said, href)| (said.to_owned(), href.to_owned()));
        let shown = marks(told, "/entry");
        let shown: Vec<(&str, &str)> = shown.iter().map(|(said, href)| (&**said, &**href)).collect();
        assert_eq!(shown, [("delivered 2032-06-17 ×2", "/entry#links"), ("revised 2032-06-18", "/b")]);
    }
}

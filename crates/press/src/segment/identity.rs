//! Which paper, day and page this is: printed in a masthead or folio, else inferred from the manifest, from file
//! and folder names, from datelines. Every value names its evidence.

use std::collections::BTreeMap;

use shiliu_text::{Basis, Date, Excerpt, Inferred, Located, Span};

use super::datelines::{DatelineHit, Joined};
use super::rules::{Rules, first_hit, half_width};
use super::strips::StripKind;
use super::units::Unit;
use crate::{Identity, Page};

/// A number printed in ASCII, full-width or Han digits.
fn number_at(span: Option<Span>, text: &str, rules: &Rules<'_>) -> Option<u32> {
    let printed = span?.of(text);
    rules.number(printed).or_else(|| {
        // A year digit by digit.
        let digits: Option<String> = printed
            .chars()
            .map(|character| match half_width(character) {
                digit @ '0'..='9' => Some(digit),

                other => rules
                    .number(other.encode_utf8(&mut [0; 4]))
                    .filter(|value| *value < 10)
                    .and_then(|value| char::from_digit(value, 10)),
            })
            .collect();
        digits?.parse().ok()
    })
}

fn day_of(year: u32, month: Option<u32>, day: Option<u32>) -> Option<Date> {
    Date::new(i16::try_from(year).ok()?, i8::try_from(month?).ok()?, i8::try_from(day?).ok()?)
}

/// A masthead or folio, without its line breaks, and which units it is made of.
struct Label {
    joined: Joined,
    units: std::ops::Range<usize>,
}

/// No masthead has more bytes.
const LONGEST_LABEL: usize = 600;
/// No masthead is wrapped over more units.
const MOST_WRAPPED: usize = 3;

/// The mastheads of a page; one that was wrapped over several lines is one.
fn labels(units: &[Unit], text: &str, rules: &Rules<'_>) -> Vec<Label> {
    let is_label = |at: usize| units.get(at).is_some_and(|unit| unit.kind == StripKind::Masthead);
    let touch = |at: usize| {
        let between = text.get(units[at].last() as usize..units[at + 1].first() as usize);
        between.is_some_and(|between| between.matches('\n').count() < 2)
    };
    let join = |units: &[Unit]| {
        Joined::of(text, units.iter().flat_map(|unit| unit.spans.iter().copied()), LONGEST_LABEL)
    };
    let mut found = Vec::new();
    let mut at = 0;
    while at < units.len() {
        if !is_label(at) {
            at += 1;
            continue;
        }
        let most =
            (1..MOST_WRAPPED).take_while(|more| is_label(at + more) && touch(at + more - 1)).count() + 1;
        // A page number under a masthead is one of its own, unless the masthead says how many pages there are.
        let wrapped = (2..=most).rev().find_map(|count| {
            let joined = join(&units[at..at + count]);
            let before = join(&units[at..at + count - 1]).text.len();
            let whole = rules.masthead.likely(&joined.text).filter(|pattern| !pattern.row().flag("alone"));
            let reaches = whole
                .filter_map(|pattern| pattern.find(&joined.text))
                .any(|hit| hit.span.end as usize > before);
            reaches.then_some((count, joined))
        });
        let (count, joined) = wrapped.unwrap_or_else(|| (1, join(&units[at..=at])));
        found.push(Label { joined, units: at..at + count });
        at += count;
    }
    found
}

/// What the mastheads and folios of a page print.
fn printed(page: &Page, units: &[Unit], rules: &Rules<'_>) -> Identity {
    let text: &str = &page.layer.text;
    let at = |spans: Vec<Span>| spans.into_iter().map(|span| Located { text: page.layer.id, span }).collect();
    let mut identity = Identity::default();
    // Page numbers without a paper's name or a date, those beside a day of the week first, then those that stand alone:
    // the last unit of each, the value, its place.
    let mut bare: [Vec<(usize, String, Vec<Span>)>; 2] = Default::default();
    for label in labels(units, text, rules) {
        let joined = &label.joined;
        for pattern in rules.masthead.likely(&joined.text) {
            let Some(hit) = pattern.find(&joined.text) else { continue };
            let paper = hit.slot("paper").or(hit.slot("paper_after"));
            if let Some(paper) = paper
                && identity.paper.is_none()
            {
                let value = paper.of(&joined.text).to_owned();
                identity.paper = Some(Inferred { value, basis: Basis::Printed(at(joined.back(paper))) });
            }
            if let Some(number) = hit.slot("page").or(hit.slot("page_after"))
                && let Some(value) = rules.page_number(number.of(&joined.text))
            {
                let spans = joined.back(number);
                if paper.is_none() && hit.slot("year").is_none() {
                    let kind = usize::from(pattern.row().flag("alone"));
                    bare[kind].push((label.units.end, value, spans));
                } else if identity.page_no.is_none() {
                    identity.page_no = Some(Inferred { value, basis: Basis::Printed(at(spans)) });
                }
            }
            let number = |name: &str| number_at(hit.slot(name), &joined.text, rules);
            if identity.date.is_none()
                && let Some(year) = number("year")
                && let Some(date) = day_of(year, number("month"), number("day"))
            {
                let cover =
                    hit.slot("year").zip(hit.slot("day")).map_or(hit.span, |(year, day)| year.cover(day));
                identity.date = Some(Inferred { value: date, basis: Basis::Printed(at(joined.back(cover))) });
            }
        }
    }
    for numbers in bare {
        if identity.page_no.is_none() {
            // Several one below the other are a list.
            let lists = numbers.chunk_by(|one, other| other.0 == one.0 + 1);
            let mut alone =
                lists.filter(|list| list.iter().all(|(_, value, _)| *value == list[0].1)).flatten();
            identity.page_no = alone.next().map(|(_, value, spans)| Inferred {
                value: value.clone(),
                basis: Basis::Printed(at(spans.clone())),
            });
        }
    }
    identity
}

/// Reads off the identity of a page from its mastheads and its name.
pub(super) fn identify(page: &Page, units: &[Unit], rules: &Rules<'_>) -> Identity {
    let text: &str = &page.layer.text;
    let at = |span: Span| Located { text: page.layer.id, span };
    let inferred = |evidence: &str| Basis::Inferred { evidence: evidence.to_owned(), at: Vec::new() };
    let mut identity = printed(page, units, rules);
    if let Some(row) = &page.key.manifest {
        if identity.paper.is_none() {
            identity.paper = row.paper.clone().map(|value| Inferred { value, basis: inferred("manifest") });
        }
        if identity.date.is_none() {
            identity.date = row.date.map(|value| Inferred { value, basis: inferred("manifest") });
        }
        if identity.page_no.is_none() {
            identity.page_no =
                row.page_no.clone().map(|value| Inferred { value, basis: inferred("manifest") });
        }
    }
    let name = page.key.path.rsplit('/').next().unwrap_or_default();
    let folders = page.key.path.rsplit('/').skip(1).chain(page.key.folders.iter().rev().map(String::as_str));
    let names: Vec<(&str, &str)> =
        std::iter::once((name, "file name")).chain(folders.map(|folder| (folder, "folder name"))).collect();
    for (name, evidence) in &names {
        if identity.date.is_none() {
            identity.date = date_in_name(name).map(|value| Inferred { value, basis: inferred(evidence) });
        }
        if identity.paper.is_none() {
            let hit = rules
                .masthead
                .likely(name)
                .filter(|pattern| pattern.row().flag("name_only"))
                .find_map(|pattern| pattern.find(name));
            let paper = hit.and_then(|hit| hit.slot("paper").map(|slot| slot.of(name).to_owned()));
            identity.paper = paper.map(|value| Inferred { value, basis: inferred(evidence) });
        }
    }
    if identity.page_no.is_none() {
        identity.page_no =
            page_in_name(name, rules).map(|value| Inferred { value, basis: inferred("file name") });
    }
    let year = identity.date.as_ref().map(|date| u32::try_from(date.value.year()).unwrap_or(0));
    let year = year.or_else(|| common_year(text, rules));
    for unit in units {
        for hit in [&unit.dateline, &unit.tail_dateline].into_iter().flatten() {
            let Some((date, spans)) = dateline_day(hit, text, year, rules) else { continue };
            if identity.latest_dateline.as_ref().is_none_or(|(latest, _)| date > *latest) {
                let words: String = spans.iter().map(|span| span.of(text)).collect();
                let excerpt = Excerpt { text: words, at: spans.into_iter().map(at).collect() };
                identity.latest_dateline = Some((date, excerpt));
            }
        }
    }
    if identity.date.is_none()
        && let Some((latest, excerpt)) = &identity.latest_dateline
        && let Some(next) = latest.plus_days(1)
    {
        let evidence = "the day after the latest dateline on the page".to_owned();
        let basis = Basis::Inferred { evidence, at: excerpt.at.clone() };
        identity.date = Some(Inferred { value: next, basis });
    }
    identity
}

/// Puts the characters of the page for those of its folded text.
pub(super) fn as_printed(identity: &mut Identity, text: &str) {
    let words = |at: &[Located]| at.iter().map(|at| at.span.of(text)).collect::<String>();
    if let Some(Inferred { value, basis: Basis::Printed(at) }) = &mut identity.paper {
        *value = words(at);
    }
    if let Some((_, excerpt)) = &mut identity.latest_dateline {
        excerpt.text = words(&excerpt.at);
    }
}

/// The day that a dateline prints, its year given from outside where it prints none, and its characters.
pub(super) fn dateline_day(
    hit: &DatelineHit,
    text: &str,
    year: Option<u32>,
    rules: &Rules<'_>,
) -> Option<(Date, Vec<Span>)> {
    let (month, day) = (hit.month?, hit.day?);
    let printed_year = number_at(hit.year, text, rules);
    let date = day_of(
        printed_year.or(year)?,
        number_at(Some(month), text, rules),
        number_at(Some(day), text, rules),
    )?;
    let from = hit.year.unwrap_or(month);
    let spans = if from.start <= day.end { vec![from.cover(day)] } else { vec![month, day] };
    Some((date, spans))
}

/// The year that datelines without one are of: the issue's, else the one most often named.
pub(super) fn year_of(page: &Page, identity: &Identity, rules: &Rules<'_>) -> Option<u32> {
    let issue = identity.date.as_ref().and_then(|date| u32::try_from(date.value.year()).ok());
    issue.or_else(|| common_year(&page.layer.text, rules))
}

/// The year most often named on the page; of equally frequent ones the latest.
fn common_year(text: &str, rules: &Rules<'_>) -> Option<u32> {
    let mut counts: BTreeMap<u32, u32> = BTreeMap::new();
    for pattern in rules.year.likely(text) {
        let mut from = 0;
        while let Some(hit) = pattern.find_at(text, from) {
            from = hit.span.end as usize;
            if let Some(year) =
                number_at(hit.slot("year"), text, rules).filter(|year| (1900..2100).contains(year))
            {
                *counts.entry(year).or_insert(0) += 1;
            }
            if from > 200_000 {
                break;
            }
        }
    }
    counts.into_iter().max_by_key(|(year, count)| (*count, *year)).map(|(year, _)| year)
}

/// A day written in a name as eight digits, with or without signs between.
fn date_in_name(name: &str) -> Option<Date> {
    let bytes = name.as_bytes();
    for start in 0..bytes.len() {
        if start > 0 && bytes[start - 1].is_ascii_digit() {
            continue;
        }
        let mut digits = String::new();
        let mut groups = vec![0_usize];
        for byte in &bytes[start..] {
            match byte {
                b'0'..=b'9' => {
                    digits.push(char::from(*byte));
                    if let Some(last) = groups.last_mut() {
                        *last += 1;
                    }
                }
                b'-' | b'_' | b'.' | b'/' if digits.len() < 8 => groups.push(0),
                _ => break,
            }
            if digits.len() == 8 {
                break;
            }
        }
        let shape_fits = groups == [8] || groups == [4, 2, 2] || groups == [6, 2] || groups == [4, 4];
        if digits.len() == 8 && shape_fits {
            let parsed = format!("{}-{}-{}", &digits[..4], &digits[4..6], &digits[6..]);
            if let Some(date) = Date::parse(&parsed).filter(|date| (1850..2150).contains(&date.year())) {
                return Some(date);
            }
        }
    }
    None
}

/// A page number that stands in a file name as its own part: `A02`, `p3`, with the page word or zeros before it.
fn page_in_name(name: &str, rules: &Rules<'_>) -> Option<String> {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let parts: Vec<&str> =
        stem.split(['-', '_', ' ', '.', '#', '!']).filter(|part| !part.is_empty()).collect();
    let last = parts.last()?;
    let from_page_word = first_hit(rules.masthead, last, |row| row.flag("alone"))
        .and_then(|hit| hit.slot("page").and_then(|slot| rules.page_number(slot.of(last))));
    if from_page_word.is_some() {
        return from_page_word;
    }
    let core = last.strip_prefix(['p', 'P']).unwrap_or(last);
    let letters = core.bytes().take_while(u8::is_ascii_uppercase).count();
    let digits = &core[letters..];
    let plain =
        letters <= 2 && (1..=2).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    // A bare number may count anything: it is a page only behind a date or with a letter or a zero before it.
    let sure = letters > 0 || core.len() < last.len() || (parts.len() > 1 && date_in_name(stem).is_some());
    if plain && sure { rules.page_number(core) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shiliu_lang::Pack;

    #[test]
    fn names_give_days_and_pages() {
        assert_eq!(
            date_in_name("heko_2031-05-03_A02.txt").map(|d| d.to_string()).as_deref(),
            Some("2031-05-03")
        );
        assert_eq!(date_in_name("20310503").map(|d| d.to_string()).as_deref(), Some("2031-05-03"));
        assert_eq!(date_in_name("001_493144276345315f.txt"), None);
        let pack = Pack::load(shiliu_lang::builtin()).value;
        let rules = Rules::new(&pack);
        assert_eq!(page_in_name("heko_2031-05-03_A02.txt", &rules).as_deref(), Some("A2"));
        assert_eq!(page_in_name("2031-05-03-04.txt", &rules).as_deref(), Some("4"));
        assert_eq!(page_in_name("001_493144276345315f.txt", &rules), None);
    }
}

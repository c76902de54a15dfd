//! The day of a page that no masthead, name or manifest dates: from the dates that its stories print. The year is
//! the latest one that the page names as its own time, the day the one after the latest day a story opens or
//! closes with, because a daily prints the news of the day before.

use std::collections::{BTreeMap, BTreeSet};

use shiliu_extract::{Mention, MentionKind, MentionValue};
use shiliu_lang::Pack;
use shiliu_press::{Article, Page, Segmented};
use shiliu_text::{Basis, Date, Inferred, Located, Span};

/// A day of a story stands within this many characters of its start or end.
const OPENING: usize = 60;
const CLOSING: usize = 30;
/// Characters of a page that are looked at.
const MOST_TEXT: usize = 200_000;

/// Dates every page of which only datelines, or nothing, tell the day, and with it its articles.
pub(super) fn refine(pages: &[Page], segmented: &mut Segmented, pack: &Pack) {
    let mut articles: Vec<Vec<usize>> = vec![Vec::new(); pages.len()];
    for (at, article) in segmented.articles.iter().enumerate() {
        articles[article.page].push(at);
    }
    for (page, articles) in articles.iter().enumerate() {
        if segmented.identities[page].date.as_ref().is_some_and(|date| !from_datelines(&date.basis)) {
            continue;
        }
        let found = dates_of(segmented, articles, pack);
        let Some(year) = found.year else { continue };
        let latest =
            found.days.iter().filter_map(|(month, day, at)| Some((Date::new(year, *month, *day)?, at)));
        let latest = latest.max_by_key(|(date, _)| *date).map(|(date, at)| (date, at.clone()));
        let Some((latest, at)) = latest else { continue };
        let Some(issue) = latest.plus_days(1) else { continue };
        let evidence = "the day after the latest day that a story on the page reports".to_owned();
        let date = Inferred { value: issue, basis: Basis::Inferred { evidence, at } };
        for at in articles {
            redate(&mut segmented.articles[*at], year, &date);
        }
        segmented.identities[page].date = Some(date);
    }
}

fn from_datelines(basis: &Basis) -> bool {
    // Printed dates, names and manifests carry no characters of a dateline when they are inferred.
    matches!(basis, Basis::Inferred { at, .. } if !at.is_empty())
}

/// Gives a dateline the year of its page, and the article its reference day.
fn redate(article: &mut Article, year: i16, page: &Inferred<Date>) {
    let line = article.dateline.as_mut().and_then(|line| line.date.as_mut());
    if let Some(date) = line {
        let (_, month, day) = date.value.parts();
        if !date.basis.is_printed() || date.value.year() != year {
            date.value = Date::new(year, month, day).unwrap_or(date.value);
        }
        article.reference = Some(date.clone());
    } else {
        article.reference = Some(page.clone());
    }
}

#[derive(Default)]
struct Dates {
    year: Option<i16>,
    /// Month, day and place of what stories open or close with.
    days: Vec<(i8, i8, Vec<Located>)>,
}

/// What the articles of a page say, given by their places.
fn dates_of(segmented: &Segmented, articles: &[usize], pack: &Pack) -> Dates {
    let articles = || articles.iter().map(|at| &segmented.articles[*at]);
    let mut dates = Dates::default();
    let mut years: BTreeMap<i16, u32> = BTreeMap::new();
    let mut full: BTreeSet<i16> = BTreeSet::new();
    let mut looked = 0;
    for article in articles() {
        let text = &article.text.text;
        looked += text.len();
        if looked > MOST_TEXT {
            break;
        }
        let length = text.chars().count();
        for mention in shiliu_extract::mentions(text, None, pack).value {
            let Some(value) = time_value(&mention) else { continue };
            if let Some(year) = year_of(value).filter(|_| !is_target(text, mention.span, pack)) {
                *years.entry(year).or_default() += 1;
                if value.len() == 10 && mention.kind != MentionKind::DateRange {
                    full.insert(year);
                }
            }
            let before = text[..mention.span.start as usize].chars().count();
            let near = before <= OPENING || before + CLOSING >= length;
            if let Some((month, day)) =
                day_of(value).filter(|_| near && mention.kind != MentionKind::DateRange)
            {
                dates.days.push((month, day, article.text.map.trace(mention.span)));
            }
        }
    }
    // A speech's own day often stands in its deck, and a headline may name the year.
    for article in articles() {
        for excerpt in [&article.headline, &article.deck].into_iter().flatten() {
            for mention in shiliu_extract::mentions(&excerpt.text, None, pack).value {
                let Some(value) = time_value(&mention) else { continue };
                if let Some(year) = year_of(value).filter(|_| !is_target(&excerpt.text, mention.span, pack)) {
                    *years.entry(year).or_default() += 1;
                    if let Some((month, day)) = day_of(value) {
                        full.insert(year);
                        dates.days.push((month, day, excerpt.at.clone()));
                    }
                }
            }
        }
    }
    dates.year = own_year(&years, &full);
    dates
}

fn time_value(mention: &Mention) -> Option<&str> {
    match &mention.value {
        MentionValue::Text(text)
            if matches!(mention.kind, MentionKind::Date | MentionKind::DateRange | MentionKind::Datetime) =>
        {
            Some(text)
        }
        _ => None,
    }
}

fn year_of(value: &str) -> Option<i16> {
    let year: i16 = value.get(..4)?.parse().ok()?;
    (1900..2100).contains(&year).then_some(year)
}

fn day_of(value: &str) -> Option<(i8, i8)> {
    let day = value.get(..10)?;
    let mut parts = day.splitn(3, '-').skip(1);
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

fn is_target(text: &str, span: Span, pack: &Pack) -> bool {
    let before = text[..span.start as usize].char_indices().rev().nth(2).map_or(0, |(at, _)| at);
    let after = &text[span.end as usize..];
    let end = span.end as usize + after.char_indices().nth(3).map_or(after.len(), |(at, _)| at);
    pack.patterns("target_year").is_match(&text[before..end])
}

/// The latest year named. A year named once, two or more past another that the page names twice or by a whole
/// day, is a plan that nothing marks as one.
fn own_year(years: &BTreeMap<i16, u32>, full: &BTreeSet<i16>) -> Option<i16> {
    let mut descending = years.iter().rev().peekable();
    while let Some((&year, &count)) = descending.next() {
        let plan = descending.peek().is_some_and(|&(&earlier, &support)| {
            year - earlier >= 2 && (support > 1 || full.contains(&earlier))
        });
        if count > 1 || full.contains(&year) || !plan {
            return Some(year);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_named_once_is_not_the_time_of_writing() {
        let counts = |years: &[(i16, u32)]| years.iter().copied().collect::<BTreeMap<i16, u32>>();
        let full = |years: &[i16]| years.iter().copied().collect::<BTreeSet<i16>>();
        assert_eq!(own_year(&counts(&[(2013, 1), (2029, 1), (2030, 1), (2031, 1)]), &full(&[])), Some(2031));
        assert_eq!(own_year(&counts(&[(2029, 4), (2031, 1)]), &full(&[2029])), Some(2029));
        assert_eq!(own_year(&counts(&[(2013, 1), (2031, 1)]), &full(&[])), Some(2031));
        assert_eq!(own_year(&counts(&[]), &full(&[])), None);
    }

    #[test]
    fn days_and_years_are_read_off_values() {
        assert_eq!((year_of("2031-06-17"), day_of("2031-06-17")), (Some(2031), Some((6, 17))));
        assert_eq!((year_of("XXXX-06-17"), day_of("XXXX-06-17")), (None, Some((6, 17))));
        assert_eq!((year_of("P2Y"), day_of("2031")), (None, None));
    }
}

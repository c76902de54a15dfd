//! Paste a sentence → where it was printed, by whom, in which wording.
//!
//! Candidates come from the index: the pages that hold the most of the rarest terms. Each article there is then
//! compared character by character (semi-global alignment: the whole question against any stretch of the
//! article), so that a sentence that runs over a column's foot or a jump line is found as one.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;
use shiliu_lang::Pack;
use shiliu_text::Span;

use super::terms::{folded_view, is_paired, is_worded, terms};
use crate::store::read::{ArticleSummary, Place, article_view};
use crate::store::{Reader, StoreError};

/// Characters of the question that are compared; a longer one is cut here.
const LONGEST: usize = 2000;
/// Shortest question, in characters that are no punctuation.
const SHORTEST: usize = 4;
/// Terms looked up.
const TERMS: usize = 24;
/// Pages looked at for one term, and compared in all.
const PAGES_FOR_A_TERM: i64 = 2000;
const PAGES: usize = 60;
/// Least share of equal characters, in thousandths, for a printing to count as one in another wording.
const LEAST: u32 = 600;
/// Length of the seeds that place the question in an article, and room left around it.
const SEED: usize = 3;
const ROOM: usize = 24;

/// How a printing says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PassageMatch {
    /// In the same characters, after folding of width, case and white space.
    Exact,
    /// In other words.
    Variant {
        /// Share of equal characters, in thousandths.
        identity: u32,
        /// Where the words differ.
        changes: Vec<WordingChange>,
    },
}

/// A place where a printing has other words than the question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WordingChange {
    /// What was asked, folded; empty where the printing has more.
    pub asked: String,
    /// What is printed, folded; empty where the printing has less.
    pub printed: String,
}

/// A printing of the passage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassageFinding {
    /// How it says it.
    pub found: PassageMatch,
    /// Where: in reading order, one part for each stretch of a page.
    pub places: Vec<Place>,
    /// The characters, as the article's reading text has them.
    pub text: String,
    /// The article.
    pub article: ArticleSummary,
    /// Day of its page.
    pub date: Option<String>,
}

impl Reader {
    /// Every printing of a passage: exact ones first, then by likeness, then oldest first.
    ///
    /// # Errors
    /// [`StoreError::Refused`] for a passage too short to be looked for; what the database gives.
    pub fn find_passage(&self, passage: &str, pack: &Pack) -> Result<Vec<PassageFinding>, StoreError> {
        let view = folded_view(passage, pack);
        let question: Vec<char> = view.text.trim().chars().take(LONGEST).collect();
        let counted = question.iter().filter(|&&c| is_paired(c) || is_worded(c)).count();
        if counted < SHORTEST {
            let message = format!("a passage of at least {SHORTEST} characters is needed: paste a sentence");
            return Err(StoreError::Refused(message));
        }
        self.run(|connection| find(connection, &question, pack))
    }
}

fn find(connection: &Connection, question: &[char], pack: &Pack) -> rusqlite::Result<Vec<PassageFinding>> {
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut found = Vec::new();
    let mut articles = connection.prepare(
        "SELECT DISTINCT article.key FROM page JOIN fragment ON fragment.page = page.id
         JOIN article ON article.id = fragment.article WHERE page.newness = ?1 ORDER BY article.id",
    )?;
    for page in candidates(connection, question)? {
        let keys = articles.query_map([page], |row| row.get::<_, String>(0))?;
        for key in keys.collect::<rusqlite::Result<Vec<_>>>()? {
            if !seen.insert(key.clone()) {
                continue;
            }
            let Some(article) = article_view(connection, &key)? else { continue };
            let view = folded_view(&article.text, pack);
            let Some((span, matched)) = compare(question, &view.text) else { continue };
            let parts = view.map.trace(span);
            let (Some(first), Some(last)) = (parts.first(), parts.last()) else { continue };
            let at = first.span.cover(last.span);
            found.push(PassageFinding {
                found: matched,
                places: article.trace(at),
                text: article.text.get(at.range()).unwrap_or("").to_owned(),
                date: article
                    .summary
                    .page
                    .date
                    .clone()
                    .or_else(|| Some(article.reference.as_ref()?.value.clone())),
                article: article.summary,
            });
        }
    }
    found.sort_by_cached_key(|finding| {
        let distance = match &finding.found {
            PassageMatch::Exact => 0,
            PassageMatch::Variant { identity, .. } => 1001 - identity,
        };
        (distance, finding.date.is_none(), finding.date.clone(), finding.article.key.clone())
    });
    Ok(found)
}

/// Pages by the number of rare terms that they share with the question, the best first.
fn candidates(connection: &Connection, question: &[char]) -> rusqlite::Result<Vec<i64>> {
    let text: String = question.iter().collect();
    let wanted: BTreeSet<&str> =
        terms(&text).iter().filter(|term| !term.ends_run).map(|term| term.text).collect();
    let mut frequency = connection.prepare("SELECT doc FROM page_terms WHERE term = ?1")?;
    let mut rare: Vec<(i64, &str)> = Vec::new();
    for term in wanted {
        let mut rows = frequency.query([term])?;
        if let Some(row) = rows.next()? {
            rare.push((row.get(0)?, term));
        }
    }
    rare.sort_unstable();
    rare.truncate(TERMS);
    let mut shared: BTreeMap<i64, usize> = BTreeMap::new();
    let mut pages = connection
        .prepare("SELECT rowid FROM page_index WHERE page_index MATCH ?1 ORDER BY rowid DESC LIMIT ?2")?;
    for (_, term) in &rare {
        let rows = pages.query_map(rusqlite::params![format!("\"{term}\""), PAGES_FOR_A_TERM], |row| {
            row.get::<_, i64>(0)
        })?;
        for page in rows {
            *shared.entry(page?).or_default() += 1;
        }
    }
    // A passage may stand on two pages, half on each: a third of the terms is enough to look closer.
    let least = rare.len().div_ceil(3).max(1);
    let mut best: Vec<(usize, i64)> =
        shared.into_iter().filter(|(_, count)| *count >= least).map(|(page, count)| (count, page)).collect();
    best.sort_unstable_by(|a, b| b.cmp(a));
    best.truncate(PAGES);
    Ok(best.into_iter().map(|(_, page)| page).collect())
}

/// Where a text says the question, and how.
fn compare(question: &[char], text: &str) -> Option<(Span, PassageMatch)> {
    let whole: String = question.iter().collect();
    if let Some(at) = text.find(&whole) {
        return Some((Span::new(at, at + whole.len()), PassageMatch::Exact));
    }
    let places: Vec<(usize, char)> = text.char_indices().collect();
    let (from, to) = window(question, &places)?;
    let here: Vec<char> = places[from..to].iter().map(|(_, character)| *character).collect();
    let (start, steps) = align(question, &here)?;
    let equal = steps.iter().filter(|step| matches!(step, Step::Equal)).count();
    let length = steps.iter().filter(|step| !matches!(step, Step::Missing)).count();
    if length == 0 {
        return None;
    }
    let identity = u32::try_from(equal * 1000 / question.len().max(length)).unwrap_or(0);
    if identity < LEAST {
        return None;
    }
    let changes = changes(question, &here, start, &steps);
    let byte = |index: usize| places.get(index).map_or(text.len(), |(byte, _)| *byte);
    let span = Span::new(byte(from + start), byte(from + start + length));
    Some((span, PassageMatch::Variant { identity, changes }))
}

/// The stretch of the text (in characters) where most seeds of the question lie on one diagonal.
fn window(question: &[char], places: &[(usize, char)]) -> Option<(usize, usize)> {
    if question.len() < SEED || places.len() < SEED {
        return None;
    }
    let mut seeds: BTreeMap<&[char], Vec<usize>> = BTreeMap::new();
    for (at, seed) in question.windows(SEED).enumerate() {
        seeds.entry(seed).or_default().push(at);
    }
    let characters: Vec<char> = places.iter().map(|(_, character)| *character).collect();
    let broad = (question.len() / 4).max(ROOM);
    let mut votes: BTreeMap<usize, usize> = BTreeMap::new();
    for (at, seed) in characters.windows(SEED).enumerate() {
        for asked in seeds.get(seed).into_iter().flatten() {
            // Diagonals are counted from the end of the question, so that they are never negative.
            let diagonal = at + question.len() - asked;
            *votes.entry(diagonal / broad).or_default() += 1;
        }
    }
    // A difference in length moves the diagonal: neighbours count together.
    let (bucket, count) = votes
        .keys()
        .map(|&bucket| {
            let near = (bucket.saturating_sub(1)..=bucket + 1).filter_map(|near| votes.get(&near));
            (bucket, near.sum::<usize>())
        })
        .max_by_key(|&(bucket, count)| (count, std::cmp::Reverse(bucket)))?;
    if count * 4 < question.len().saturating_sub(SEED) {
        return None;
    }
    let low = (bucket.saturating_sub(1) * broad).saturating_sub(question.len());
    let high = ((bucket + 2) * broad + broad).min(places.len());
    Some((low, high.max(low + 1).min(places.len())))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Equal,
    Other,
    /// The question has a character that is not printed.
    Missing,
    /// The printing has one more.
    Added,
}

/// Aligns the whole question with the best stretch of `here`: the first character of the stretch and the steps.
/// Unit costs; of equal costs the earliest end, then equal before other before missing before added.
fn align(question: &[char], here: &[char]) -> Option<(usize, Vec<Step>)> {
    let width = here.len() + 1;
    let mut back: Vec<Step> = vec![Step::Added; (question.len() + 1) * width];
    let mut above: Vec<u32> = vec![0; width];
    let mut row: Vec<u32> = vec![0; width];
    for (index, asked) in question.iter().enumerate() {
        let line = (index + 1) * width;
        row[0] = above[0] + 1;
        back[line] = Step::Missing;
        for (column, printed) in here.iter().enumerate() {
            let same = asked == printed;
            let mut best = (above[column] + u32::from(!same), if same { Step::Equal } else { Step::Other });
            if above[column + 1] + 1 < best.0 {
                best = (above[column + 1] + 1, Step::Missing);
            }
            if row[column] + 1 < best.0 {
                best = (row[column] + 1, Step::Added);
            }
            row[column + 1] = best.0;
            back[line + column + 1] = best.1;
        }
        std::mem::swap(&mut above, &mut row);
    }
    let (mut column, _) = above.iter().enumerate().min_by_key(|&(column, cost)| (*cost, column))?;
    let mut line = question.len();
    let mut steps = Vec::new();
    while line > 0 {
        let step = back[line * width + column];
        steps.push(step);
        if !matches!(step, Step::Added) {
            line -= 1;
        }
        if !matches!(step, Step::Missing) {
            column -= 1;
        }
    }
    steps.reverse();
    Some((column, steps))
}

fn changes(question: &[char], here: &[char], start: usize, steps: &[Step]) -> Vec<WordingChange> {
    let (mut asked_at, mut printed_at) = (0, start);
    let mut found: Vec<WordingChange> = Vec::new();
    let mut open = false;
    for step in steps {
        if matches!(step, Step::Equal) {
            open = false;
        } else {
            if !open {
                found.push(WordingChange { asked: String::new(), printed: String::new() });
                open = true;
            }
            if let Some(change) = found.last_mut() {
                if !matches!(step, Step::Added) {
                    change.asked.push(question[asked_at]);
                }
                if !matches!(step, Step::Missing) {
                    change.printed.push(here[printed_at]);
                }
            }
        }
        asked_at += usize::from(!matches!(step, Step::Added));
        printed_at += usize::from(!matches!(step, Step::Missing));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(question: &str, text: &str) -> Option<(String, PassageMatch)> {
        let question: Vec<char> = question.chars().collect();
        compare(&question, text).map(|(span, found)| (span.of(text).to_owned(), found))
    }

    #[test]
    fn same_words_other_words_and_none() {
        let text = "会议公报说,修复费用由两国各出一半,登记站由渡口合作委员会管理。第一批船工今年秋天开班。";
        let exact = ask("修复费用由两国各出一半", text).unwrap();
        assert_eq!(exact, ("修复费用由两国各出一半".to_owned(), PassageMatch::Exact));
        let (printed, found) = ask("修复费用由三国各出一半,登记站由渡口委员会管理", text).unwrap();
        assert_eq!(printed, "修复费用由两国各出一半,登记站由渡口合作委员会管理");
        let change = |asked: &str, printed: &str| WordingChange {
            asked: asked.to_owned(),
            printed: printed.to_owned(),
        };
        let PassageMatch::Variant { identity, changes } = found else { panic!("another wording") };
        assert_eq!(changes, [change("三", "两"), change("", "合作")]);
        assert!((850..1000).contains(&identity), "{identity}");
        assert_eq!(ask("北桥管理所说过桥费五月起减半的通知", text), None);
    }

    proptest::proptest! {
        /// The steps lead through exactly the question and the printed stretch.
        #[test]
        fn steps_add_up(question in "[甲乙丙丁]{1,12}", text in "[甲乙丙丁]{0,30}") {
            let question: Vec<char> = question.chars().collect();
            let here: Vec<char> = text.chars().collect();
            let (start, steps) = align(&question, &here).unwrap();
            let asked = steps.iter().filter(|step| !matches!(step, Step::Added)).count();
            let printed = steps.iter().filter(|step| !matches!(step, Step::Missing)).count();
            proptest::prop_assert_eq!(asked, question.len());
            proptest::prop_assert!(start + printed <= here.len());
            let cost = steps.iter().filter(|step| !matches!(step, Step::Equal)).count();
            proptest::prop_assert!(cost <= question.len());
            if text.contains(&question.iter().collect::<String>()) {
                proptest::prop_assert_eq!(cost, 0);
            }
        }
    }
}

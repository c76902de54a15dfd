//! The places where the printings of a story differ: which of them are asked for, what each printing reads there, why
//! one reading stands, and the form by which a reader decides otherwise.

use shiliu_archive::store::{ArticleView, LocusView, ReadingView, StoryView};
use shiliu_collate::{Cause, DECIDED_FROM};
use shiliu_text::Span;

use super::places::Atlas;
use super::rows;
use super::story::place_number;
use crate::web::ask::Ask;
use crate::web::failure::Failure;
use crate::web::frame::Frame;

/// A locus that a reader decided: evidence alone never reaches it.
const DECIDED_BY_A_PERSON: u32 = 1000;

/// Whether only white space differs: hard line breaks say nothing of the words.
pub(super) fn is_layout(locus: &LocusView) -> bool {
    let solid =
        |reading: &ReadingView| reading.text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let mut texts = locus.readings.iter().map(solid);
    let first = texts.next().unwrap_or_default();
    texts.all(|text| text == first)
}

/// Which places are asked for: by cause, by how sure they are, whether they touch the sense; layout only on demand.
pub(super) struct Choice {
    cause: Option<String>,
    sure: Option<String>,
    pub(super) layout: bool,
    /// Causes to choose from: (value, words, chosen).
    pub(super) causes: Vec<(&'static str, String, bool)>,
    /// Degrees of sureness to choose from.
    pub(super) degrees: Vec<(&'static str, String, bool)>,
    /// Whether anything narrows the list.
    pub(super) narrowed: bool,
}

impl Choice {
    pub(super) fn of(frame: &Frame, ask: &Ask) -> Choice {
        let (cause, sure) = (ask.get("cause").map(str::to_owned), ask.get("sure").map(str::to_owned));
        let causes = Cause::ALL.into_iter().map(|one| {
            let value = one.as_str();
            (value, frame.word("cause", value).to_owned(), cause.as_deref() == Some(value))
        });
        let degrees = ["undecided", "unsure", "sure", "sense", "person"]
            .into_iter()
            .map(|value| (value, frame.word("sureness", value).to_owned(), sure.as_deref() == Some(value)));
        let layout = ask.get("layout").is_some();
        Choice {
            causes: causes.collect(),
            degrees: degrees.collect(),
            narrowed: cause.is_some() || sure.is_some() || layout,
            layout,
            cause,
            sure,
        }
    }

    /// The numbers of the loci that pass.
    pub(super) fn places(&self, story: &StoryView) -> Vec<usize> {
        story
            .loci
            .iter()
            .enumerate()
            .filter(|(_, locus)| self.layout || !is_layout(locus))
            .filter(|(_, locus)| self.cause.as_ref().is_none_or(|cause| has_cause(locus, cause)))
            .filter(|(_, locus)| match self.sure.as_deref() {
                Some("undecided") => !locus.decided,
                Some("unsure") => locus.confidence < 900,
                Some("sure") => locus.decided && locus.confidence >= 900,
                Some("sense") => locus.substance.is_some(),
                Some("person") => locus.confidence == DECIDED_BY_A_PERSON,
                _ => true,
            })
            .map(|(number, _)| number)
            .collect()
    }
}

fn has_cause(locus: &LocusView, cause: &str) -> bool {
    locus.readings.iter().any(|reading| reading.cause.as_deref() == Some(cause))
}

/// A locus as it is shown.
pub(super) struct LocusRow {
    pub(super) id: String,
    pub(super) back: String,
    pub(super) context: String,
    pub(super) after: String,
    pub(super) substance: String,
    pub(super) confidence: String,
    pub(super) decided: bool,
    pub(super) readings: Vec<ReadingRow>,
    /// What no printing has and may have stood here.
    pub(super) conjecture: String,
    /// What speaks for the reading that stands.
    pub(super) why: Vec<String>,
}

/// What some printings read.
pub(super) struct ReadingRow {
    pub(super) text: String,
    pub(super) lemma: bool,
    pub(super) sigla: Vec<(String, String)>,
    pub(super) href: String,
    pub(super) kind: String,
    pub(super) cause: String,
    pub(super) probability: String,
    /// The page and the place on it (code points) by which a reader chooses the reading; empty where none can be named.
    pub(super) page: String,
    pub(super) place: String,
}

/// Where a reading is printed.
#[derive(Default)]
struct Printed {
    href: String,
    page: String,
    place: String,
}

/// Makes the rows.
pub(super) struct Rows<'a, 'r> {
    pub(super) frame: &'a Frame,
    pub(super) atlas: &'a mut Atlas<'r>,
    pub(super) story: &'a StoryView,
    pub(super) articles: &'a [Option<ArticleView>],
}

impl Rows<'_, '_> {
    pub(super) fn row(&mut self, number: usize) -> Result<LocusRow, Failure> {
        let story = self.story;
        let locus = &story.loci[number];
        let mut readings = Vec::new();
        for (index, reading) in locus.readings.iter().enumerate() {
            readings.push(self.reading(locus, index, reading)?);
        }
        readings.sort_by_key(|reading| !reading.lemma);
        let (context, after) = around(&story.established, locus.at);
        Ok(LocusRow {
            id: format!("l{number}"),
            back: format!("#t{}", place_number(story, number)),
            context,
            after,
            substance: locus
                .substance
                .as_deref()
                .map_or(String::new(), |what| self.frame.word("substance", what).to_owned()),
            confidence: percent(locus.confidence),
            decided: locus.decided,
            readings,
            conjecture: locus.conjecture.clone().unwrap_or_default(),
            why: why(self.frame, locus),
        })
    }

    fn reading(
        &mut self,
        locus: &LocusView,
        index: usize,
        reading: &ReadingView,
    ) -> Result<ReadingRow, Failure> {
        let lemma = index == locus.lemma;
        let mut sigla = Vec::new();
        let mut first = Printed::default();
        for (witness, span) in &reading.witnesses {
            let siglum = self.story.witnesses.get(*witness).map_or("", |witness| witness.siglum.as_str());
            let printed = match self.articles.get(*witness).and_then(Option::as_ref) {
                Some(article) => self.printed(article, *span)?,
                None => Printed::default(),
            };
            sigla.push((siglum.to_owned(), printed.href.clone()));
            if first.page.is_empty() {
                first = printed;
            }
        }
        // A moved block is not chosen piece by piece, and what stands settled need not be chosen.
        if locus.moved.is_some() || lemma && locus.confidence == DECIDED_BY_A_PERSON {
            first.page.clear();
        }
        let word = |vocabulary: &str, value: &Option<String>| {
            value.as_deref().map_or(String::new(), |value| self.frame.word(vocabulary, value).to_owned())
        };
        Ok(ReadingRow {
            text: if reading.text.is_empty() {
                self.frame.t("story.omitted").to_owned()
            } else {
                rows::shortened(&reading.text, 160)
            },
            lemma,
            sigla,
            href: first.href,
            kind: word("reading", &reading.kind),
            cause: word("cause", &reading.cause),
            probability: percent(reading.probability),
            page: first.page,
            place: first.place,
        })
    }

    /// The characters of a witness at a locus. An omission has none: it is shown by the character before it, and its place
    /// is the point after that.
    fn printed(&mut self, article: &ArticleView, span: Span) -> Result<Printed, Failure> {
        let probe = if span.is_empty() {
            let before = article.text.get(..span.start as usize).and_then(|text| text.chars().next_back());
            let width = u32::try_from(before.map_or(0, char::len_utf8)).unwrap_or(0);
            Span { start: span.start - width, end: span.start }
        } else {
            span
        };
        let places = article.trace(probe);
        let Some(first) = places.first() else { return Ok(Printed::default()) };
        let spans: Vec<Span> = places
            .iter()
            .filter(|place| place.page.text == first.page.text)
            .map(|place| place.span)
            .collect();
        let parts = self.atlas.parts(first.page.text, &spans)?;
        let place = match (span.is_empty(), parts.first(), parts.last()) {
            (true, _, Some((_, end))) => end.to_string(),
            (false, Some((start, end)), _) => format!("{start}-{end}"),
            _ => String::new(),
        };
        let page = if place.is_empty() { String::new() } else { first.page.path.clone() };
        Ok(Printed { href: self.atlas.link(self.frame, &first.page, &spans)?, page, place })
    }
}

fn percent(thousandths: u32) -> String {
    format!("{}.{}%", thousandths / 10, thousandths % 10)
}

/// The characters around a locus.
fn around(text: &str, at: Span) -> (String, String) {
    const CONTEXT: usize = 8;
    let before = text.get(..at.start as usize).unwrap_or_default();
    let start = before.char_indices().rev().nth(CONTEXT - 1).map_or(0, |(at, _)| at);
    let after = text.get(at.end as usize..).unwrap_or_default();
    (before[start..].to_owned(), after.chars().take(CONTEXT).collect())
}

/// What speaks for the reading that stands, in sentences.
fn why(frame: &Frame, locus: &LocusView) -> Vec<String> {
    let mut lines = Vec::new();
    let Some(lemma) = locus.readings.get(locus.lemma) else { return lines };
    if locus.confidence == DECIDED_BY_A_PERSON {
        lines.push(frame.t("grounds.person").to_owned());
        return lines;
    }
    let all: usize = locus.readings.iter().map(|reading| reading.witnesses.len()).sum();
    lines.push(frame.f2("grounds.votes", lemma.witnesses.len(), all));
    if let Some(number) = locus.moved {
        lines.push(frame.f("grounds.moved", number));
    }
    let mut causes: Vec<&str> =
        locus.readings.iter().filter_map(|reading| reading.cause.as_deref()).collect();
    causes.sort_unstable();
    causes.dedup();
    for cause in causes {
        if let Some(sentence) = frame.known(&format!("grounds.{cause}")) {
            lines.push(sentence.to_owned());
        }
    }
    let others = || locus.readings.iter().enumerate().filter(|(index, _)| *index != locus.lemma);
    if all == 2 && !lemma.text.is_empty() && others().all(|(_, reading)| reading.text.is_empty()) {
        lines.push(frame.t("grounds.longer").to_owned());
    }
    if let Some((rival, terms)) = terms(frame, locus) {
        lines.push(frame.f2("grounds.terms", rival, terms));
    }
    if let Some(substance) = &locus.substance {
        lines.push(frame.f("grounds.substance", frame.word("substance", substance)));
    }
    lines.push(frame.f2("grounds.threshold", percent(locus.confidence), percent(DECIDED_FROM)));
    if !locus.decided {
        lines.push(frame.t("grounds.undecided").to_owned());
    }
    lines
}

/// The strongest other reading, and by how much each kind of evidence speaks for the one that stands against it.
fn terms(frame: &Frame, locus: &LocusView) -> Option<(String, String)> {
    let others = locus.readings.iter().enumerate().filter(|(index, _)| *index != locus.lemma);
    let (_, rival) =
        others.max_by_key(|(index, reading)| (reading.probability, std::cmp::Reverse(*index)))?;
    let terms: Vec<String> = rival
        .grounds
        .iter()
        .filter_map(|(ground, odds)| {
            Some(format!("{} {}", frame.known(&format!("ground.{ground}"))?, factor(-i64::from(*odds))?))
        })
        .collect();
    let name = match rival.text.trim() {
        "" => frame.t("story.omitted").to_owned(),
        text => rows::shortened(text, 12),
    };
    (!terms.is_empty()).then(|| (name, terms.join(frame.t("grounds.and"))))
}

/// Log-odds in milli-nats as a factor for (×) or against (÷); `None` where it is next to nothing.
fn factor(odds: i64) -> Option<String> {
    /// What no reader needs to tell apart.
    const MOST: f64 = 100_000.0;
    let factor = (odds.unsigned_abs() as f64 / 1000.0).exp().min(MOST);
    let sign = if odds < 0 { '÷' } else { '×' };
    match factor {
        ..1.05 => None,
        ..10.0 => Some(format!("{sign}{factor:.1}")),
        ..100.0 => Some(format!("{sign}{factor:.0}")),
        _ => {
            let unit = 10f64.powi(factor.log10() as i32 - 1);
            Some(format!("{sign}{:.0}", (factor / unit).round() * unit))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odds_are_shown_as_factors() {
        let shown: Vec<String> =
            [693, -693, 30, 3000, -8000, 60_000].into_iter().filter_map(factor).collect();
        assert_eq!(shown, ["×2.0", "÷2.0", "×20", "÷3000", "×100000"]);
    }
}

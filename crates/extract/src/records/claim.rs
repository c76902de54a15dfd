use shiliu_ledger::{Kind, Record, Value};
use shiliu_text::Span;

use super::doc::Doc;
use super::lexicon::Class;
use crate::{MentionKind, MentionValue};

/// Longest way from a claimed number to the names, in clauses.
const REACH: usize = 4;
/// Longest way from the verb to the number, in characters.
const NEAR: usize = 8;
/// A clause of more characters is cut to its claim.
const LONG: usize = 40;

/// `已建立13个平台，外交、经贸……`: a number of bodies, documents or points that a verb claims, and the names that the
/// text gives for them.
pub(super) fn claims(doc: &Doc<'_>, found: &mut Vec<Record<Span>>) {
    for (mention, at) in doc.mentions_in(Span::new(0, doc.all().len())) {
        if mention.kind != MentionKind::Count {
            continue;
        }
        let MentionValue::Amount(amount) = &mention.value else { continue };
        let Some(number) = amount.value.as_deref().and_then(|value| value.parse::<i64>().ok()) else {
            continue;
        };
        let Some(index) = doc.layout.clause_at(at.start) else { continue };
        let clause = doc.layout.clauses[index];
        let near = Span { start: at.start, end: clause.span.end.max(at.start) };
        let Some(noun) = doc.of_class(near, Class::ClaimNoun).find(|noun| noun.span.start <= at.end + 24)
        else {
            continue;
        };
        let head = Span { start: clause.span.start, end: at.start.max(clause.span.start) };
        let Some(verb) = doc.of_class(head, Class::ClaimVerb).last() else { continue };
        // A number that only tells which things (`the 58 results that it had`), fields of work, and a total whose items
        // follow as figures claim nothing that names could bear out.
        let between = Span { start: verb.span.end, end: at.start };
        // Fields may be named before the number (`签署了能源、交通等领域12份文件`).
        let listed = doc.ending(between.end, Class::ListEnd).is_some() && doc.text(between).contains('、');
        let apart =
            !listed && (doc.text(between).chars().count() > NEAR || doc.holds(between, Class::TitleStop));
        let fields = doc.at(noun.span.start, Class::ListEnd).is_some()
            || doc.ending(noun.span.end, Class::ListEnd).is_some();
        let counted = doc.layout.clauses.get(index + 1).is_some_and(|next| {
            let figures = doc.mentions_in(next.span).any(|(mention, _)| {
                matches!(mention.value, MentionValue::Amount(_)) && mention.kind != MentionKind::Ordinal
            });
            figures && doc.at(next.span.start, Class::Breakdown).is_some()
        });
        if number < 2 || apart || fields || counted {
            continue;
        }
        // Of a long clause (an advertisement run into it) the verb and what it claims are enough.
        let long = doc.text(clause.span).chars().count() > LONG;
        let span =
            Span { start: if long { verb.span.start } else { clause.span.start }, end: clause.span.end };
        let mut record = Record::new(Kind::Claim, "claim.number", span);
        let claimed = Span { start: at.start, end: noun.span.end.max(at.end) };
        record.printed("claims", Value::text(doc.label(claimed)), claimed);
        record.printed("n", Value::Integer(number), at);
        let mut names = Vec::new();
        for next in doc.layout.clauses[index..].iter().take(REACH) {
            let from = next.span.start.max(claimed.end.min(next.span.end));
            let rest = doc.text(Span { start: from.min(next.span.end), end: next.span.end });
            if rest.matches('、').count() >= 2 {
                let cut =
                    doc.of_class(next.span, Class::Tail).next().map_or(next.span.end, |tail| tail.span.start);
                let list = doc.text(Span { start: from.min(cut), end: cut });
                names = list.split('、').map(str::to_owned).filter(|name| !name.is_empty()).collect();
                record.printed("names", Value::texts(names.clone()), Span { start: from.min(cut), end: cut });
                break;
            }
            if doc.holds(next.span, Class::Numbering) {
                break;
            }
        }
        if names.is_empty() {
            let points = numbered_after(doc, claimed.end);
            if points.len() > 1 {
                record.inferred("names", Value::texts(points), "claim.numbered-points");
            }
        }
        found.push(record);
    }
}

/// The heads of numbered points in the paragraphs that follow.
fn numbered_after(doc: &Doc<'_>, from: u32) -> Vec<String> {
    let first = doc.layout.paragraphs.partition_point(|paragraph| paragraph.end <= from) + 1;
    let mut points = Vec::new();
    for paragraph in doc.layout.paragraphs.iter().skip(first) {
        let Some(number) = doc.at(paragraph.start, Class::Numbering) else { break };
        let Some(sentence) = doc.sentence_at(paragraph.start) else { break };
        let head = Span { start: number.span.end.min(sentence.end), end: sentence.end };
        points.push(doc.text(head).trim_end_matches('。').to_owned());
    }
    points
}

use serde_json::{Value, json};
use shiliu_text::CodePoints;

use super::decimal;
use crate::{Decision, Story};

/// Characters of context that a quotation keeps on either side.
const CONTEXT: usize = 32;

/// The apparatus as W3C Web Annotations (JSON-LD, an `AnnotationPage`): one on each witness's own text at every locus where
/// it departs from the established text or where the evidence does not decide. The target is a place in the witness's
/// text as it was given: `TextPositionSelector` in code points and `TextQuoteSelector`; an omission is an empty place.
/// The body gives the established reading (purpose `editing`) and tags: decision, kind, cause, substance, probability of
/// the witness's reading.
#[must_use]
pub fn annotations(story: &Story) -> String {
    let points: Vec<CodePoints<'_>> =
        story.witnesses.iter().map(|witness| CodePoints::new(&witness.text)).collect();
    let mut items: Vec<Value> = Vec::new();
    for (number, locus) in story.loci.iter().enumerate() {
        let lemma = &locus.readings[locus.lemma];
        let undecided = locus.decision == Decision::Undecided;
        let mut placed: Vec<(usize, Value)> = Vec::new();
        for (index, reading) in locus.readings.iter().enumerate() {
            if index == locus.lemma && !undecided {
                continue;
            }
            let mut tags: Vec<String> = vec![if undecided { "undecided" } else { "decided" }.to_owned()];
            tags.extend(reading.kind.map(|kind| format!("kind:{}", kind.as_str())));
            tags.extend(reading.cause.map(|cause| format!("cause:{}", cause.as_str())));
            tags.extend(locus.substance.map(|substance| format!("substance:{}", substance.as_str())));
            tags.push(format!("probability:{}", decimal(reading.probability)));
            let mut body = vec![json!({
                "type": "TextualBody", "purpose": "editing", "format": "text/plain", "value": lemma.text,
            })];
            body.extend(
                tags.iter().map(|tag| json!({ "type": "TextualBody", "purpose": "tagging", "value": tag })),
            );
            for (witness, span) in &reading.witnesses {
                let own = &story.witnesses[*witness];
                let before: String = own.text[..span.range().start].chars().rev().take(CONTEXT).collect();
                let before: String = before.chars().rev().collect();
                let after: String = own.text[span.range().end..].chars().take(CONTEXT).collect();
                let siglum = Story::siglum(*witness);
                let annotation = json!({
                    "id": format!("#l{}-{siglum}", number + 1),
                    "type": "Annotation",
                    "motivation": "editing",
                    "body": body,
                    "target": {
                        "source": own.key,
                        "selector": [
                            {
                                "type": "TextPositionSelector",
                                "start": points[*witness].at_byte(span.start),
                                "end": points[*witness].at_byte(span.end),
                            },
                            {
                                "type": "TextQuoteSelector",
                                "exact": span.of(&own.text),
                                "prefix": before,
                                "suffix": after,
                            },
                        ],
                    },
                });
                placed.push((*witness, annotation));
            }
        }
        placed.sort_by_key(|(witness, _)| *witness);
        items.extend(placed.into_iter().map(|(_, annotation)| annotation));
    }
    let page = json!({
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "type": "AnnotationPage",
        "items": items,
    });
    let mut text = serde_json::to_string_pretty(&page).unwrap_or_default();
    text.push('\n');
    text
}

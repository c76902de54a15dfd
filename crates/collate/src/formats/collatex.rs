use serde_json::{Map, Value, json};
use shiliu_text::Span;

use super::{Part, parts};
use crate::{Story, Witness};

/// Why a CollateX input was refused.
#[derive(Debug, thiserror::Error)]
pub enum CollatexError {
    /// It is not JSON.
    #[error("not JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// It has no list of witnesses.
    #[error("no \"witnesses\" list; expected {{\"witnesses\":[{{\"id\":…,\"content\":…}}]}}")]
    NoWitnesses,
    /// A witness has neither content nor tokens, or no id.
    #[error("witness {0}: needs an \"id\" and \"content\" or \"tokens\"")]
    BadWitness(usize),
    /// Two witnesses have one name.
    #[error("two witnesses are called {0:?}")]
    SameName(String),
}

/// Reads the input format of CollateX: `{"witnesses":[{"id","content"}]}`, or `"tokens":[{"t"}]` in place of content
/// (joined as they stand); or its output, `{"witnesses":[id…],"table":[row of each witness]}`. The texts are covered whole; sigla follow the ids.
///
/// # Errors
/// When it is not JSON of that shape, or an id occurs twice.
pub fn read_collatex(input: &str) -> Result<Vec<Witness>, CollatexError> {
    let input: Value = serde_json::from_str(input)?;
    let list = input.get("witnesses").and_then(Value::as_array).ok_or(CollatexError::NoWitnesses)?;
    // An alignment table: each row's tokens joined are a witness.
    let rows = input.get("table").and_then(Value::as_array);
    let mut witnesses: Vec<Witness> = Vec::with_capacity(list.len());
    for (index, entry) in list.iter().enumerate() {
        let bad = || CollatexError::BadWitness(index + 1);
        let key = match (entry.get("id"), entry) {
            (Some(Value::String(id)), _) => id.clone(),
            (Some(Value::Number(id)), _) => id.to_string(),
            (None, Value::String(id)) if rows.is_some() => id.clone(),
            _ => return Err(bad()),
        };
        if let Some(rows) = rows {
            let row = rows.get(index).and_then(Value::as_array).ok_or_else(bad)?;
            let tokens = row.iter().filter_map(Value::as_array).flatten();
            let text: String = tokens
                .map(|token| token.get("t").and_then(Value::as_str).ok_or_else(bad))
                .collect::<Result<_, _>>()?;
            let coverage = vec![Span::new(0, text.len())];
            witnesses.push(Witness { key, rank: String::new(), text, coverage, engine: None });
            continue;
        }
        let text = match (entry.get("content"), entry.get("tokens")) {
            (Some(Value::String(content)), _) => content.clone(),
            (None, Some(Value::Array(tokens))) => tokens
                .iter()
                .map(|token| token.get("t").and_then(Value::as_str).ok_or_else(bad))
                .collect::<Result<String, _>>()?,
            _ => return Err(bad()),
        };
        let coverage = vec![Span::new(0, text.len())];
        witnesses.push(Witness { key, rank: String::new(), text, coverage, engine: None });
    }
    let mut names: Vec<&str> = witnesses.iter().map(|witness| witness.key.as_str()).collect();
    names.sort_unstable();
    if let Some(twice) = names.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(CollatexError::SameName(twice[0].to_owned()));
    }
    Ok(witnesses)
}

/// The alignment table as CollateX writes it: `{"witnesses":[id…],"table":[row of each witness]}`, a cell being a list of
/// one token `{"t"}` or null. Joining a row's tokens gives the witness's covered text.
#[must_use]
pub fn collatex(story: &Story) -> String {
    let parts = parts(story);
    let token = |text: &str| {
        let mut token = Map::new();
        token.insert("t".to_owned(), Value::String(text.to_owned()));
        Value::Array(vec![Value::Object(token)])
    };
    let row = |witness: usize| -> Value {
        let cell = |part: &Part<'_>| match part {
            Part::Agreed(text) => token(text),
            Part::Differing(_, locus) => match story.reading_of(locus, witness) {
                Some((reading, _)) if !reading.text.is_empty() => token(&reading.text),
                _ => Value::Null,
            },
        };
        Value::Array(parts.iter().map(cell).collect())
    };
    let names: Vec<&str> = story.witnesses.iter().map(|witness| witness.key.as_str()).collect();
    let rows: Vec<Value> = (0..story.witnesses.len()).map(row).collect();
    // Two keys in this order; `json!` sorts them, so they are put together here.
    format!("{{\"witnesses\":{},\"table\":{}}}\n", json!(names), Value::Array(rows))
}

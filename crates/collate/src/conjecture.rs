//! What may have stood where every witness is damaged: never part of the established text, offered apart.
//!
//! Two sources, both the story's own: the parts of several readings put together (one witness has lost what the other
//! misread), and a letter that stands elsewhere between the same two letters before and after.

use crate::decide::Court;
use crate::table::NONE;
use crate::units::{Unit, UnitKind};
use crate::usage::{Usage, reading};

/// At most so many combinations of parts are weighed.
const MOST_COMBINATIONS: usize = 64;

/// The best conjecture at a unit: every two neighbours of it stand together elsewhere in the story, while each reading
/// has some that do not.
pub(crate) fn conjecture(usage: &Usage, court: &Court<'_>, unit: &Unit) -> Option<String> {
    if unit.kind != UnitKind::Glyphs || !usage.is_usable(court, unit) {
        return None;
    }
    let columns = unit.columns();
    let speaking: Vec<usize> =
        (0..court.table.width).filter(|witness| unit.silent[*witness].is_none()).collect();
    let readings: Vec<Vec<Option<u32>>> =
        speaking.iter().map(|witness| reading(court, unit, *witness)).collect();
    if readings.iter().any(|reading| usage.is_met(&columns, reading)) {
        return None;
    }
    let mut found: Vec<Vec<Option<u32>>> = Vec::new();
    if columns.len() > 1 {
        found.push(Vec::new());
        for column in columns.clone() {
            let mut parts: Vec<Option<u32>> = speaking
                .iter()
                .map(|witness| {
                    let cell = court.table.column(column)[*witness];
                    (cell != NONE).then(|| court.streams[*witness].glyphs[cell as usize].label)
                })
                .collect();
            parts.sort_unstable();
            parts.dedup();
            if found.len() * parts.len() > MOST_COMBINATIONS {
                found.clear();
                break;
            }
            found = found
                .iter()
                .flat_map(|head| {
                    parts
                        .iter()
                        .map(|part| head.iter().copied().chain(part.map(Some)).collect::<Vec<Option<u32>>>())
                })
                .collect();
        }
    }
    if let Some(letter) = usage.between(&columns) {
        found.push(vec![Some(letter)]);
    }
    found
        .into_iter()
        .filter(|text| !text.is_empty() && !readings.contains(text) && usage.is_met(&columns, text))
        .map(|text| (usage.weight(&columns, &text), text))
        .max()
        .map(|(_, text)| text.into_iter().flatten().filter_map(char::from_u32).collect())
}

//! Places on pages as people write them: a permalink, a page's path with `#c=`, or a record's id.

use shiliu_archive::store::{PageText, Reader};
use shiliu_ledger::register::{Detail, Ground};
use shiliu_text::{CodePoints, Span, TextId};

use super::super::CommandError;
use super::failure;

/// The characters that `place` names: `/p/HASH#c=120-188`, `PATH#c=120-188,300-320`, or a record (`r-…`), which
/// gives all its printings.
pub(super) fn grounds(
    reader: &Reader,
    place: &str,
    says: Option<Detail>,
) -> Result<Vec<Ground>, CommandError> {
    if place.starts_with("r-") && !place.contains('#') {
        let found = reader.suggestion(place).map_err(failure)?;
        let suggestion = found.ok_or_else(|| unknown(place, "the archive has no such record"))?;
        let own = suggestion.grounds.into_iter().filter(|ground| ground.says.is_none());
        return Ok(own.map(|ground| Ground { says, ..ground }).collect());
    }
    let (page, parts) = split(place).ok_or_else(|| {
        unknown(place, "no place on a page").hint("write /p/HASH#c=120-188, PATH#c=120-188, or a record's id")
    })?;
    let by_hash = page.strip_prefix("/p/").and_then(TextId::parse).or_else(|| TextId::parse(page));
    let found = reader.page(by_hash.map_or(PageText::Path(page), PageText::Hash)).map_err(failure)?;
    let found = found.ok_or_else(|| unknown(place, "the archive holds no such page"))?;
    let points = CodePoints::new(&found.text);
    if parts.iter().any(|(_, end)| *end > points.count()) {
        return Err(unknown(place, "the page has fewer characters"));
    }
    let span = |part: &(u32, u32)| Span { start: points.to_byte(part.0), end: points.to_byte(part.1) };
    let spans: Vec<Span> = parts.iter().map(span).collect();
    let ground = reader.ground(found.page.text, Some(&found.page.path), &spans, says).map_err(failure)?;
    ground.map(|ground| vec![ground]).ok_or_else(|| unknown(place, "nothing is printed there"))
}

fn unknown(place: &str, what: &str) -> CommandError {
    CommandError::usage(format!("{place}: {what}"))
}

/// The page and the parts of a place.
fn split(place: &str) -> Option<(&str, Vec<(u32, u32)>)> {
    let (page, parts) = place.rsplit_once("c=")?;
    let page = page.trim_end_matches(['#', '?']);
    // A full permalink names the parts twice: `/p/HASH?c=1-2#c=1-2`.
    let page = page.split_once("?c=").map_or(page, |(page, _)| page);
    let page = page.find("/p/").map_or(page, |at| &page[at..]);
    let parts: Option<Vec<(u32, u32)>> = parts
        .split(',')
        .map(|part| {
            let (start, end) = part.trim().split_once('-')?;
            let (start, end) = (start.parse().ok()?, end.parse().ok()?);
            (start < end).then_some((start, end))
        })
        .collect();
    Some((page, parts.filter(|parts| !parts.is_empty())?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_as_people_write_them() {
        for (place, page, parts) in [
            ("/p/abc#c=1-20", "/p/abc", vec![(1, 20)]),
            ("/p/abc?c=1-20,30-31#c=1-20,30-31", "/p/abc", vec![(1, 20), (30, 31)]),
            ("http://127.0.0.1:7340/p/abc?c=1-20#c=1-20", "/p/abc", vec![(1, 20)]),
            ("a/b 1.md#c=5-6", "a/b 1.md", vec![(5, 6)]),
        ] {
            assert_eq!(split(place), Some((page, parts)), "{place}");
        }
        for wrong in ["", "a.md", "a.md#c=", "a.md#c=6-5", "a.md#c=x-5"] {
            assert_eq!(split(wrong), None, "{wrong}");
        }
    }
}

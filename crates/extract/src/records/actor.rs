use shiliu_ledger::Label;
use shiliu_text::Span;

use super::circle::Circle;
use super::doc::{Doc, is_han};
use super::lexicon::Class;
use super::person::People;
use super::states::States;

/// Who acts or receives.
#[derive(Clone, Debug, Default)]
pub(super) struct Party {
    pub(super) states: States,
    /// An organisation or person as printed, where no state of the profile is meant.
    pub(super) other: Option<Label>,
    /// The characters that name it.
    pub(super) at: Span,
    /// First person: the speaker's side or everybody, as the cue decides.
    pub(super) we: bool,
}

impl Party {
    pub(super) fn is_empty(&self) -> bool {
        self.states.is_empty() && self.other.is_none()
    }

    /// The states meant, or where none is known the words as printed.
    fn name_or_words(&mut self, states: States, words: &str) {
        self.other = states.is_empty().then(|| Label::of(words));
        self.states = states;
    }
}

/// The party named at a byte, not reaching beyond `end`. `speaker` holds the states of who speaks.
pub(super) fn party_at(
    doc: &Doc<'_>,
    people: &People,
    circle: &Circle,
    speaker: States,
    at: u32,
    end: u32,
) -> Option<Party> {
    let mut party = single(doc, people, circle, speaker, at, end)?;
    if let Some(office) = office_after(doc, people, party.at.end, end) {
        party.at.end = office;
        if party.other.is_some() && party.states.is_empty() && doc.ending(office, Class::Circle).is_none() {
            party.other = Some(doc.label(party.at));
        }
    }
    // A list of states, and a state with those it acts with.
    loop {
        let next = match doc.char_at(party.at.end) {
            Some('、') => party.at.end + 3,
            _ => match doc.at(party.at.end, Class::Joiner) {
                Some(joiner) => joiner.span.end,
                None => break,
            },
        };
        let Some(more) =
            single(doc, people, circle, speaker, next, end).filter(|more| !more.states.is_empty())
        else {
            break;
        };
        // "A 同 B" after a cue is a recipient; a list is only taken where a mark, a plain "and" or a word for both joins.
        // Before a cue both act: "A and B will", whichever word joins them.
        let both =
            both_sides(doc, more.at.end, end).is_some() || act_together(doc, party.at.end, more.at.end, end);
        if party.states.is_empty() || !both && doc.at(party.at.end, Class::Preposition).is_some() {
            break;
        }
        party.states = party.states.with(more.states);
        party.at = party.at.cover(more.at);
    }
    // "X and Y both": the word for both belongs to the list.
    if let Some(circle) = both_sides(doc, party.at.end, end).filter(|_| party.states.len() > 1) {
        party.at = party.at.cover(circle);
    }
    Some(party)
}

/// Whether two named side by side act together: a cue or a word for what is done follows. Where the first acts "with" the
/// second an adverb alone must say that it is done together.
fn act_together(doc: &Doc<'_>, joiner: u32, after: u32, end: u32) -> bool {
    let with = doc.at(joiner, Class::Joiner).is_some_and(|word| doc.word(word).value == "with");
    let mut at = after;
    // `由甲国和乙国在年底前商定`: where or when both act stands behind them.
    if !with && doc.at(at, Class::Preposition).is_some_and(|word| doc.word(word).value == "at") {
        return true;
    }
    loop {
        if doc.at(at, Class::Cue).is_some_and(|cue| cue.span.end < end) {
            return true;
        }
        let next = doc
            .any_at(at, &[Class::Adverb, Class::Done])
            .filter(|next| next.span.end < end && doc.at(next.span.start, Class::Preposition).is_none());
        let Some(next) = next else { return false };
        if !doc.is(next, Class::Adverb) || !with || doc.word(next).value == "together" {
            return true;
        }
        at = next.span.end;
    }
}

/// The word for both or all sides at a byte.
fn both_sides(doc: &Doc<'_>, at: u32, end: u32) -> Option<Span> {
    let circle = doc.at(at, Class::Circle).filter(|circle| circle.span.end <= end)?;
    matches!(doc.word(circle).value.as_str(), "both" | "three" | "four" | "all").then_some(circle.span)
}

/// The end of an office right after the word for whose it is (`两国能源部长`, `五国外长`), where no name follows it.
fn office_after(doc: &Doc<'_>, people: &People, at: u32, end: u32) -> Option<u32> {
    const OFFICE: u32 = 18;
    let reach = Span { start: at, end: end.min(at.saturating_add(OFFICE)) };
    if let Some(organ) = organ_after(doc, at, reach) {
        return Some(organ);
    }
    let office = doc
        .of_class(reach, Class::Title)
        .find(|title| matches!(doc.word(*title).value.as_str(), "state" | "minister"))?;
    let between = Span { start: at, end: office.span.start };
    let plain = doc.text(between).chars().all(is_han)
        && doc
            .hits_in(between)
            .all(|hit| !matches!(hit.class, Class::Cue | Class::TitleStop | Class::Preposition));
    let named = !people.in_span(Span { start: at, end: office.span.end }).is_empty()
        || !people.in_span(Span { start: office.span.end, end: office.span.end + 1 }).is_empty();
    (plain && !named).then_some(office.span.end)
}

/// The end of an organ right after the word for both or all whose it is (`两国主管机关将…`), where a cue follows it: what
/// firms, schools and papers of two states promise the states do not.
fn organ_after(doc: &Doc<'_>, at: u32, reach: Span) -> Option<u32> {
    let whose = doc.ending(at, Class::Circle)?;
    let organ = doc
        .of_class(reach, Class::TitlePart)
        .filter(|organ| doc.word(*organ).value != "firm")
        .find(|organ| doc.any_at(organ.span.end, &[Class::Cue, Class::Adverb]).is_some())?;
    let between = Span { start: at, end: organ.span.start };
    let plain = doc.text(between).chars().all(is_han)
        && doc.hits_in(between).all(|hit| {
            !matches!(hit.class, Class::Cue | Class::TitleStop | Class::Preposition | Class::Adverb)
        });
    (plain && matches!(doc.word(whose).value.as_str(), "both" | "three" | "four" | "all"))
        .then_some(organ.span.end)
}

fn single(
    doc: &Doc<'_>,
    people: &People,
    circle: &Circle,
    speaker: States,
    at: u32,
    end: u32,
) -> Option<Party> {
    if let Some(party) = compound(doc, at) {
        return Some(party).filter(|party| party.at.end <= end);
    }
    let classes = [
        Class::State,
        Class::Side,
        Class::Group,
        Class::Circle,
        Class::Pronoun,
        Class::Collective,
        Class::Government,
    ];
    let hit = doc.any_at(at, &classes);
    let person = people.in_span(Span::new(at as usize, at as usize + 1)).first();
    if let Some(naming) = person
        && hit.is_none_or(|hit| naming.span.end > hit.span.end)
    {
        let known = &people.persons[naming.person];
        if !known.office || naming.span.end > end {
            return None;
        }
        // `某某云方愿…`: the verb of speech between them is lost, the side is who promises.
        let side = doc.at(naming.span.end, Class::Side).filter(|side| side.span.end < end);
        if let Some(side) = side
            && known.states.has(doc.word(side).row)
        {
            return Some(Party { states: known.states, at: side.span, ..Party::default() });
        }
        return Some(Party { states: known.states, at: naming.span, ..Party::default() });
    }
    let hit = hit.filter(|hit| hit.span.end <= end)?;
    let mut party = Party { at: hit.span, ..Party::default() };
    match hit.class {
        Class::State | Class::Side => {
            // The name of a body that begins with a state is not the state.
            if doc
                .any_at(at, &[Class::Body, Class::Meeting, Class::Project])
                .is_some_and(|b| b.span.end > hit.span.end)
            {
                return None;
            }
            party.states = doc.word(hit).states;
            if let Some(government) = doc.at(hit.span.end, Class::Government) {
                party.at = party.at.cover(government.span);
            }
        }
        // In the mouth of one state's speaker the government is that state's.
        Class::Government => {
            if speaker.only().is_some() {
                party.states = speaker;
            }
        }
        Class::Group => {
            if doc
                .any_at(at, &[Class::Body, Class::Meeting, Class::Project])
                .is_some_and(|b| b.span.end > hit.span.end)
            {
                return None;
            }
            party.states = doc.word(hit).states;
            if let Some(government) = doc.at(hit.span.end, Class::Government) {
                party.at = party.at.cover(government.span);
            }
        }
        Class::Pronoun => party.states = speaker,
        Class::Collective => {
            // A ministry or an organ speaks for itself; a meeting or its document for all who met.
            if !circle.concerned || doc.word(hit).value == "organ" {
                return None;
            }
            party.states = circle.states;
        }
        _ => {
            // Two towns of the profile, or what belongs to them, are both sides of their own story.
            let towns = || matches!(doc.word(hit).value.as_str(), "both" | "pair") && doc.has(Class::Place);
            if !circle.concerned && doc.word(hit).value != "home" && !towns() {
                return None;
            }
            match doc.word(hit).value.as_str() {
                "we" => {
                    party.we = true;
                    party.states = circle.states;
                }
                "home" => party.other = Some(doc.label(hit.span)),
                "others" => party.states = circle.others(speaker),
                // Two who are no states of the profile are whoever is printed.
                // Two people who write a book bind nobody else.
                "both" if circle.are_people(at) => {}
                "both" if !circle.concerned => party.other = Some(doc.label(hit.span)),
                "both" => party.name_or_words(circle.both(doc, at), doc.text(hit.span)),
                "pair" => party.other = Some(doc.label(hit.span)),
                // So many who are not known are whoever is printed, never the whole group.
                "three" => party.name_or_words(circle.so_many(at, 3, speaker), doc.text(hit.span)),
                "four" => party.name_or_words(circle.so_many(at, 4, speaker), doc.text(hit.span)),
                // "All sides" in the mouth of a group is the group.
                _ if speaker.len() > 1 => party.states = speaker,
                _ => party.states = circle.states,
            }
        }
    }
    (!party.is_empty()).then_some(party)
}

/// One-character forms side by side before a word for both or several sides.
pub(super) fn compound(doc: &Doc<'_>, at: u32) -> Option<Party> {
    let (states, end) = short_forms(doc, at)?;
    let circle = doc.at(end, Class::Circle)?;
    Some(Party { states, at: Span { start: at, end: circle.span.end }, ..Party::default() })
}

/// At least two one-character forms side by side at a byte: their states and where they end.
pub(super) fn short_forms(doc: &Doc<'_>, at: u32) -> Option<(States, u32)> {
    if !doc.char_at(at).is_some_and(|first| doc.lexicon.is_short_state(first)) {
        return None;
    }
    let mut found = States::default();
    let mut end = at;
    for character in doc.all()[at as usize..].chars().take(6) {
        let Some(row) = doc.lexicon.short_row(character).filter(|row| !found.has(*row)) else { break };
        found.insert(row);
        end += character.len_utf8() as u32;
    }
    (found.len() > 1).then_some((found, end))
}

/// A name without a mark at its end or beginning whose other half stands outside it.
pub(super) fn without_half_marks(name: &str) -> &str {
    let mut name = name;
    for [open, close] in [['“', '”'], ['‘', '’'], ['《', '》'], ['（', '）'], ['(', ')']] {
        if !name.contains(open) {
            name = name.strip_suffix(close).unwrap_or(name);
        }
        if !name.contains(close) {
            name = name.strip_prefix(open).unwrap_or(name);
        }
    }
    name
}

/// The names of states in the language of the files.
pub(super) fn names(doc: &Doc<'_>, states: States) -> Vec<Label> {
    doc.lexicon.state_names(states).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_pair_of_marks_is_no_part_of_a_name() {
        assert_eq!(without_half_marks("河口大学堂”"), "河口大学堂");
        assert_eq!(without_half_marks("“河口大学堂"), "河口大学堂");
        assert_eq!(without_half_marks("“河口大学堂”"), "“河口大学堂”");
        assert_eq!(without_half_marks("河口大学堂（总校）"), "河口大学堂（总校）");
    }
}

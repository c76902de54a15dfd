//! Words that a text gives as another's: a line before them says so with a colon, or they are set into a sentence of
//! its own that goes on behind them.

use std::cmp::Reverse;
use std::io;

use shiliu_text::Span;

use super::Pairing;
use super::edge::{AROUND, HEADING, MATERIAL};
use super::extent::Ruler;
use super::recurring::Recurring;
use crate::Passage;
use crate::fold::units_until;
use crate::shelf::Shelf;

/// How far before a quotation the colon stands that introduces it, in characters, without the end of a sentence between
/// them: an opening mark, white space, the beginning of what is quoted.
const AFTER_COLON: usize = 80;
/// Or so few after the beginning of what both texts share, in characters: an alignment may begin with a few letters that
/// are the same by accident...
const OVERHANG: usize = 10;
/// ...and with more, where the other text has no colon among twice as many.
const FAR_OVERHANG: usize = 24;
/// Bytes of the line before it that are looked at.
const LINE_BEFORE: usize = 400;
/// Least units of the line before that colon: who says it, and that they do.
const INTRODUCTION: u32 = 14;
/// Least units with which the sentence goes on behind words that are set into it.
const GOES_ON: u32 = 8;
/// Most units of the line around such words: where lines mean nothing, a whole page is one.
const LINE: u32 = 400;
/// One part in so many of a quotation is the least that the text around it has of its own besides that line, and more than
/// others print of what stands around it...
const FRAME: u32 = 4;
/// ...and so many units are the least it has before it, where a sentence of its own ends there, as in no headline and no
/// dateline...
const SAID: u32 = 60;
/// ...which has at least so many.
const SENTENCE: u32 = 40;
/// Most units of a dateline.
const DATELINE: u32 = 70;
/// At most one part in so many of what both texts have may stand before a line of one of them that introduces the rest: a
/// stock sentence.
const COMMON: u32 = 4;
/// Units that two texts have in common by chance hardly anywhere.
const RUN: u32 = 8;
/// Letters by which an alignment may begin or end too early or too late.
const NEAR: usize = 4;

/// Whether one text of a pair, the first or the second, introduces the passages as another's words, and prints no more of
/// theirs: then they are a quotation.
pub(super) fn cited(
    shelf: &Shelf<'_>,
    rulers: &[Ruler],
    recurring: &Recurring,
    pairing: &Pairing<'_>,
    passages: &[Passage],
    second: bool,
) -> io::Result<bool> {
    let (at, other) = if second { (pairing.b, pairing.a) } else { (pairing.a, pairing.b) };
    let side = |passage: &Passage| match second {
        true => (passage.b_span, passage.a_span),
        false => (passage.a_span, passage.b_span),
    };
    let mut stretches: Vec<(Span, Span)> = passages.iter().map(side).collect();
    stretches.sort_unstable();
    let Some(&first) = stretches.first() else { return Ok(false) };
    let (hull, ruler) = (stretches.iter().fold(first.0, |hull, one| hull.cover(one.0)), &rulers[at]);
    let around = recurring.around(at, hull, ruler);
    let (before, quoted) = (ruler.before(hull.start), ruler.length(hull));
    let part = quoted / FRAME;
    if around.before >= AROUND || around.after >= AROUND.max(part) || before < SAID {
        return Ok(false);
    }
    let outside = ruler.total() - quoted;
    let framed = |introduction: u32| outside.saturating_sub(introduction) >= MATERIAL.max(part);
    let text = &shelf.get(at)?.text;
    let source = &shelf.get(other)?.text;
    let theirs = stretches.iter().fold(first.1, |hull, one| hull.cover(one.1));
    if let Some((line, start, introduction)) = set_off(text, hull, theirs.of(source)) {
        let common = units_until(text, hull.start as usize, line).0;
        let said = before + common >= HEADING || says_before(&text[..line]);
        if common * COMMON <= quoted && said && start < hull.end as usize && framed(introduction) {
            return Ok(true);
        }
    }
    if before < HEADING && !says_before(&text[..hull.start as usize]) {
        return Ok(false);
    }
    // A stock phrase before it is shared by accident.
    let main = stretches.iter().copied().max_by_key(|one| (ruler.length(one.0), Reverse(one.0.start)));
    let lines = [Some(first), main.filter(|main| main.0.start != first.0.start)];
    let last = stretches.iter().map(|one| one.1.end).max().unwrap_or(first.1.end);
    Ok(lines.into_iter().flatten().any(|(own, theirs)| {
        let (words, said) = ((own.start as usize, hull.end as usize), (theirs.start as usize, last as usize));
        introduction(text, own, theirs.of(source)).is_some_and(framed)
            || set_in(text, words, source, said).is_some_and(framed)
    }))
}

fn ends_sentence(mark: char) -> bool {
    matches!(mark, '.' | '!' | '?' | '。' | '！' | '？')
}

/// Whether a sentence ends in what stands before a quotation.
fn says_before(text: &str) -> bool {
    let end = text.char_indices().rev().find(|&(at, mark)| {
        // A full stop of an alphabet may stand in a number or an address.
        let next = text[at + mark.len_utf8()..].chars().next();
        ends_sentence(mark) && (!mark.is_ascii() || next.is_none_or(char::is_whitespace))
    });
    end.is_some_and(|(at, _)| units_until(text, 0, at).0 >= SENTENCE)
}

/// Whether a sentence ends at a byte, or a few letters from it, or a line begins that no empty one goes before: the rest of
/// an article may stand behind that.
fn parts(text: &str, at: usize) -> bool {
    let (mut letters, mut lines) = (0, 0);
    for mark in text[..at].chars().rev() {
        letters += usize::from(mark.is_alphanumeric());
        lines += usize::from(mark == '\n');
        if lines == 1 && letters > 0 && mark.is_alphanumeric() || lines <= 1 && ends_sentence(mark) {
            return true;
        }
        if letters > NEAR || lines > 1 {
            break;
        }
    }
    text[at..].chars().take(NEAR + 1).any(ends_sentence)
}

/// Whether a sentence ends before the one that leads up to a byte, with no empty line between them: a dateline stands under
/// a headline, or nothing.
fn ends_before(text: &str, at: usize) -> bool {
    let before = text[..at].char_indices().rev().find(|&(_, mark)| ends_sentence(mark));
    before.is_some_and(|(end, _)| text[end..at].bytes().filter(|&byte| byte == b'\n').count() <= 1)
}

/// Whether what stands before a byte in its line is short enough for a dateline.
fn dated(text: &str, at: usize) -> bool {
    let line = text[..at].rsplit('\n').next().unwrap_or_default();
    (INTRODUCTION..=DATELINE).contains(&units_until(line, 0, line.len()).0)
}

/// Units of the line around stretches from one byte to another, where they are set into a sentence that goes on before them,
/// and the line goes on behind them, and what they say are whole sentences of the other text.
fn set_in(text: &str, (start, end): (usize, usize), source: &str, theirs: (usize, usize)) -> Option<u32> {
    if text[start..end].trim_end().contains('\n') || parts(text, start) {
        return None;
    }
    // A dateline may go before them there, where it is plain that none does here.
    let whole = parts(source, theirs.0) || ends_before(text, start) && dated(source, theirs.0);
    if !whole || !parts(source, theirs.1) {
        return None;
    }
    let line = text[..start].rsplit('\n').next().unwrap_or_default();
    let behind = text[end..].split('\n').next().unwrap_or_default();
    let (said, goes_on) = (units_until(line, 0, line.len()).0, units_until(behind, 0, behind.len()).0);
    (said >= INTRODUCTION && said + goes_on <= LINE && goes_on >= GOES_ON).then_some(said + goes_on)
}

/// Units of the line before a stretch, where it says with a colon that somebody else's words follow; `theirs` are these
/// as the other text has them.
fn introduction(text: &str, span: Span, theirs: &str) -> Option<u32> {
    let mut from = (span.start as usize).saturating_sub(LINE_BEFORE);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let colon = |mark: char| matches!(mark, ':' | '：');
    // An alignment may begin a few characters too early; but what has no line before it begins with its own words.
    let own = text[from..span.start as usize].rsplit('\n').next().unwrap_or_default();
    let overhang = if units_until(own, 0, own.len()).0 < INTRODUCTION {
        0
    } else if theirs.chars().take(2 * FAR_OVERHANG).any(colon) {
        OVERHANG
    } else {
        FAR_OVERHANG
    };
    let start = span
        .of(text)
        .char_indices()
        .take(overhang)
        .filter(|&(_, mark)| colon(mark))
        .last()
        .map_or(span.start as usize, |(at, mark)| span.start as usize + at + mark.len_utf8());
    let line = text[from..start].rsplit('\n').next().unwrap_or_default();
    let behind = &text[start - line.len()..];
    let near = line.char_indices().rev().take(AFTER_COLON);
    let mut sentence = near.take_while(|&(_, mark)| !ends_sentence(mark));
    let (colon, _) = sentence
        .find(|&(at, mark)| colon(mark) && introduces(&line[..at], &behind[at + mark.len_utf8()..]))?;
    (units_until(line, 0, colon).0 >= INTRODUCTION).then(|| units_until(line, 0, line.len()).0)
}

/// Where inside a stretch a line of the text's own begins and ends that introduces the rest with a colon, and its units:
/// `theirs`, which has what stands around it, has neither its words nor a colon.
fn set_off(text: &str, stretch: Span, theirs: &str) -> Option<(usize, usize, u32)> {
    let colon = |mark: char| matches!(mark, ':' | '：');
    if theirs.contains(colon) {
        return None;
    }
    let held = stretch.of(text);
    let (at, mark) = held.char_indices().find(|&(_, mark)| colon(mark))?;
    let end = stretch.start as usize + at + mark.len_utf8();
    let before = &held[..at];
    let from = before.char_indices().rev().find(|&(_, mark)| ends_sentence(mark) || mark == '\n')?;
    let line = before[from.0 + from.1.len_utf8()..].trim();
    let units = units_until(line, 0, line.len()).0;
    if units < INTRODUCTION || !introduces(line, &text[end..]) {
        return None;
    }
    let starts: Vec<usize> = line.char_indices().map(|(at, _)| at).collect();
    let known = starts.iter().any(|&start| {
        let ends = starts.iter().copied().filter(|&end| end > start).chain([line.len()]);
        let run = ends.map(|end| &line[start..end]).find(|run| units_until(run, 0, run.len()).0 >= RUN);
        run.is_some_and(|run| theirs.contains(run))
    });
    (!known).then_some((stretch.start as usize + from.0 + from.1.len_utf8(), end, units))
}

/// Whether a colon between two texts can introduce words: that of a time of day, a score or an address does not.
fn introduces(before: &str, after: &str) -> bool {
    let digit = |mark: Option<char>| mark.is_some_and(char::is_numeric);
    let between = digit(before.trim_end().chars().next_back()) && digit(after.trim_start().chars().next());
    !between && !after.starts_with('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_a_line_introduces_are_anothers() {
        let told = |text: &str, words: &str| {
            let start = text.find(words).expect("it is there");
            introduction(text, Span::new(start, start + words.len()), words).is_some()
        };
        assert!(told("昨晚在河口镇的茶馆里一位老读者还念起通讯社的原话：“渡船从明天起停航。", "渡船"));
        assert!(told("A reader recalled the words of the agency: zThe ferry stops tomorrow.", "ferry"));
        // What both texts share may begin a few characters early.
        assert!(told(
            "昨晚在河口镇的茶馆里一位老读者还念起通讯社的原话：“渡船从明天起停航。",
            "原话：“渡船从明天起停航"
        ));
        assert!(told(
            "A reader recalled the words of the agency: The ferry stops tomorrow.",
            "y: The ferry stops"
        ));
        // A dateline is too short to say who speaks; a colon of another line introduces nothing.
        assert!(!told("石门三日电：渡船从明天起停航。", "渡船"));
        assert!(!told("The words of the agency were as follows:\nThe ferry stops.", "ferry"));
        assert!(!told("The agency said in its report that the ferry stops tomorrow.", "ferry"));
        // Nor does that of a time of day, a score or an address.
        assert!(!told(
            "A crowd of several hundred gathered at the pier by 10:30 to see the ferry stop.",
            "ferry"
        ));
        assert!(!told("昨天上午河口镇的码头边聚了几百人，10：30渡船从对岸开来。", "渡船"));
        assert!(!told("昨天上午河口镇的码头边聚了几百人，10:30，渡船从对岸开来。", "0，渡船"));
        assert!(!told(
            "The harbour team won its match against the millers by 3 : 1 and the ferry ran.",
            "ferry"
        ));
        assert!(!told(
            "More is said on the page of the agency at http://river.example and the ferry ran",
            "ferry"
        ));
        // But a quotation may begin with a number, and stand behind such a colon or before it.
        assert!(told(
            "At 10:30 the agency was quoted by a reader in these words: 3 ferries stop.",
            "3 ferries"
        ));
        assert!(told("昨晚在河口镇的茶馆里一位老读者还念起通讯社的原话：十点，10:30渡船停航。", "渡船"));
    }

    #[test]
    fn a_stock_sentence_may_stand_before_the_line_that_introduces() {
        let quoting = "质疑的声音渐渐少了。记得报上这样说：谈到这里，渡船从明天起停航。";
        let told = |theirs: &str| set_off(quoting, Span::new(0, quoting.len()), theirs).map(|one| one.2);
        assert_eq!(told("质疑的声音渐渐少了。谈到这里，渡船从明天起停航。"), Some(14));
        // It stands in the other too, or the other has a colon that noise may have moved.
        assert_eq!(told("质疑的声音渐渐少了。记得报上这样说，谈到这里，渡船从明天起停航。"), None);
        assert_eq!(told("质疑的声音渐渐少了。站长说：谈到这里，渡船从明天起停航。"), None);
    }

    #[test]
    fn words_set_into_a_sentence_are_anothers() {
        let source = "河口镇昨天下雨。渡船从明天起停航，乘客改走石桥。售票处今天已经关门。";
        let told = |text: &str, words: &str| {
            let place = |text: &str| text.find(words).map(|at| (at, at + words.len())).expect("it is there");
            set_in(text, place(text), source, place(source)).is_some()
        };
        let words = "渡船从明天起停航，乘客改走石桥";
        let quoting =
            "河口镇的茶馆里很冷清。\n一位老读者在信中写道，渡船从明天起停航，乘客改走石桥。读来令人感慨。\n";
        assert!(told(quoting, words));
        // A dateline stands before it, but nothing goes on behind it in its line.
        let printing =
            "河口镇的茶馆里很冷清。\n据河口社一月三日电渡船从明天起停航，乘客改走石桥。\n读来令人感慨。";
        assert!(!told(printing, words));
        // A headline stands over the dateline of another printing.
        let dated = "桥头的渡船\n据河口社一月三日电渡船从明天起停航，乘客改走石桥。售票处今天已经关门。";
        let of = |text: &str| text.find(words).map(|at| (at, at + words.len())).expect("it is there");
        assert!(set_in(quoting, of(quoting), dated, of(dated)).is_some());
        let other = dated.replace("据河口社一月三日电", "据桥头社一月二日电");
        assert!(set_in(&other, of(&other), dated, of(dated)).is_none());
        // It begins a sentence there, or none in the other.
        assert!(!told("茶馆里很冷清。渡船从明天起停航，乘客改走石桥。读来令人感慨。", words));
        assert!(!told("一位老读者在信中写道，起停航，乘客改走石桥。读来令人感慨。", "起停航，乘客改走石桥"));
        // A page without lines.
        assert!(!told(&quoting.replace('\n', "").repeat(12), words));
    }

    #[test]
    fn a_headline_and_a_dateline_end_no_sentence() {
        assert!(says_before(
            "预警劝阻有了新进展，市司法局的科长请他当顾问，前后花了二十天。记得报上这样说："
        ));
        assert!(!says_before("渡船停航\n据河口社一月三日电："));
        assert!(!says_before("Ferry 2.5 stops\nRiver agency, 3 January:"));
    }
}

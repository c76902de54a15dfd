//! Our own cases in marked text (`tests/cases/*.md`): what is marked is found with that value, nothing else is.

#[path = "marks.rs"]
mod marks;

use proptest::prelude::*;
use shiliu_extract::{Mention, mentions};
use shiliu_lang::{Pack, builtin};
use shiliu_text::{Basis, Date, Inferred};

struct Case {
    place: String,
    marked: String,
    reference: Option<Inferred<Date>>,
    fixme: bool,
}

fn pack() -> &'static Pack {
    static PACK: std::sync::OnceLock<Pack> = std::sync::OnceLock::new();
    PACK.get_or_init(|| Pack::load(builtin()).value)
}

fn reference(day: &str) -> Option<Inferred<Date>> {
    let value = Date::parse(day)?;
    Some(Inferred { value, basis: Basis::Inferred { evidence: "case".to_owned(), at: Vec::new() } })
}

/// Lines `- text`; `ref YYYY-MM-DD` or `ref none` before them; `⏎` is a line break; `fixme` marks what is known
/// to be wrong today.
fn cases() -> Vec<Case> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut found = Vec::new();
    for file in files.iter().filter(|file| file.extension().is_some_and(|end| end == "md")) {
        let mut day = reference("2025-06-16");
        for (number, line) in std::fs::read_to_string(file).unwrap().lines().enumerate() {
            if let Some(text) = line.strip_prefix("ref ") {
                day = reference(text);
            }
            let Some(text) = line.strip_prefix("- ") else { continue };
            let (text, fixme) = text.strip_prefix("fixme ").map_or((text, false), |rest| (rest, true));
            let place = format!("{}:{}", file.file_name().unwrap().to_string_lossy(), number + 1);
            found.push(Case { place, marked: text.replace('⏎', "\n"), reference: day.clone(), fixme });
        }
    }
    found
}

fn run(text: &str, day: Option<&Inferred<Date>>) -> Vec<Mention> {
    mentions(text, day, pack()).value
}

#[test]
fn marked_text_is_found_as_marked() {
    let (mut wrong, mut marks, mut negative) = (Vec::new(), 0, 0);
    for case in cases() {
        let text = marks::bare(&case.marked);
        let found = marks::marked(&text, &run(&text, case.reference.as_ref()));
        marks += case.marked.matches('⟦').count();
        negative += usize::from(!case.marked.contains('⟦'));
        if (found == case.marked) == case.fixme {
            let what = if case.fixme { "no longer wrong, drop `fixme`" } else { "found" };
            wrong.push(format!("{}\n  wanted {}\n  {what} {found}", case.place, case.marked));
        }
    }
    assert!(wrong.is_empty(), "{} cases:\n{}", wrong.len(), wrong.join("\n"));
    assert!(marks + negative >= 600, "{marks} marks and {negative} lines without");
    assert!(negative * 3 >= marks / 2, "{negative} lines without marks, {marks} marks");
}

/// Kind, value and characters without white space: what layout must not change.
fn essence(text: &str, found: &[Mention]) -> Vec<(String, String, String)> {
    let squeezed = |mention: &Mention| -> String {
        mention.span.of(text).chars().filter(|character| !character.is_whitespace()).collect()
    };
    found
        .iter()
        .map(|mention| {
            (
                mention.kind.as_str().to_owned(),
                marks::value(mention).replace(" !damaged", ""),
                squeezed(mention),
            )
        })
        .collect()
}

fn is_han(character: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&character)
}

/// Puts `gap` at every place chosen by `choose` between two characters that layout may part: never inside a
/// run of digits or of letters.
fn parted(text: &str, gap: &str, mut choose: impl FnMut() -> bool) -> String {
    let characters: Vec<char> = text.chars().collect();
    let mut out = String::new();
    for (index, &character) in characters.iter().enumerate() {
        out.push(character);
        let Some(&next) = characters.get(index + 1) else { continue };
        let breakable =
            (is_han(character) || is_han(next)) && !character.is_whitespace() && !next.is_whitespace();
        if breakable && choose() {
            out.push_str(gap);
        }
    }
    out
}

#[test]
fn layout_inside_an_expression_changes_nothing() {
    let mut wrong = Vec::new();
    for case in cases().iter().filter(|case| !case.fixme) {
        let text = marks::bare(&case.marked);
        if !text.chars().any(is_han) || text.contains('\n') {
            continue;
        }
        let plain = essence(&text, &run(&text, case.reference.as_ref()));
        for gap in [" ", "\n", "\u{3000}"] {
            let laid = parted(&text, gap, || true);
            let found = essence(&laid, &run(&laid, case.reference.as_ref()));
            if found != plain {
                wrong.push(format!("{} with {gap:?}\n  {plain:?}\n  {found:?}", case.place));
            }
        }
    }
    assert!(wrong.is_empty(), "{} cases:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn full_width_digits_change_nothing() {
    let mut wrong = Vec::new();
    for case in cases().iter().filter(|case| !case.fixme) {
        let text = marks::bare(&case.marked);
        let wide: String = text
            .chars()
            .map(|character| match character {
                '0'..='9' => char::from_u32(character as u32 + 0xfee0).unwrap(),
                other => other,
            })
            .collect();
        let values = |text: &str| -> Vec<String> {
            run(text, case.reference.as_ref()).iter().map(marks::value).collect()
        };
        let (plain, found) = (values(&text), values(&wide));
        // A comma between full-width digits groups them only where it is full-width too.
        if plain != found && !text.contains(',') {
            wrong.push(format!("{}\n  {plain:?}\n  {found:?}", case.place));
        }
    }
    assert!(wrong.is_empty(), "{} cases:\n{}", wrong.len(), wrong.join("\n"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// Any text at all: no panic, spans in order, never overlapping, on character boundaries; twice the same.
    #[test]
    fn any_text_gives_sound_spans(text in "[0-9一二三十百千万亿年月日元个第至多近前后来。，“”/.:—\\- \nA-Za-zА-я%$O()（）]{0,80}") {
        let found = run(&text, reference("2025-06-16").as_ref());
        let mut end = 0;
        for mention in &found {
            prop_assert!(mention.span.start >= end && mention.span.end > mention.span.start);
            prop_assert!(text.get(mention.span.start as usize..mention.span.end as usize).is_some());
            if let Some(numeral) = mention.numeral {
                prop_assert!(mention.span.start <= numeral.start && numeral.end <= mention.span.end);
            }
            end = mention.span.end;
        }
        prop_assert_eq!(found, run(&text, reference("2025-06-16").as_ref()));
    }

    /// A whole number written with digits, with grouping commas or with a myriad is the same amount.
    #[test]
    fn ways_of_writing_a_number_agree(value in 1_u64..1_000_000_000) {
        let amount = |text: &str| run(text, None).first().map(marks::value);
        let want = Some(format!("{value} CNY"));
        prop_assert_eq!(amount(&format!("{value}元")), want.clone());
        let digits = value.to_string();
        let grouped: String = digits.char_indices().map(|(index, digit)| {
            let comma = index > 0 && (digits.len() - index) % 3 == 0;
            if comma { format!(",{digit}") } else { digit.to_string() }
        }).collect();
        prop_assert_eq!(amount(&format!("{grouped}元")), want);
        prop_assert_eq!(amount(&format!("{value}万元")), Some(format!("{} CNY", value * 10_000)));
    }
}

#[test]
fn bad_input_is_answered_in_linear_time() {
    let inputs = [
        "9".repeat(100_000),
        "九".repeat(100_000),
        "十".repeat(100_000),
        "万".repeat(100_000),
        "(".repeat(10_000) + "2025年" + &")".repeat(10_000),
        "1,".repeat(50_000),
        "100 ".repeat(50_000),
        "第".repeat(50_000),
        "1至".repeat(50_000),
        "超近".repeat(50_000),
        "\u{202e}6月\u{202c}17日\u{200f}".repeat(5_000),
        "2月30日第十三个月".repeat(5_000),
        "\n".repeat(100_000) + "3\n\n\n\n公里",
    ];
    for input in inputs {
        let day = reference("2025-06-16");
        for mention in run(&input, day.as_ref()) {
            assert!(!marks::value(&mention).contains("-02-30"));
        }
    }
}

//! Input that no newspaper prints: no panic, no value that is not there.

use shiliu_extract::{Mention, MentionKind, MentionValue, mentions};
use shiliu_lang::{Pack, builtin};
use shiliu_text::{Basis, Date, Inferred};

fn pack() -> &'static Pack {
    static PACK: std::sync::OnceLock<Pack> = std::sync::OnceLock::new();
    PACK.get_or_init(|| Pack::load(builtin()).value)
}

fn run(text: &str) -> Vec<Mention> {
    let value = Date::parse("2025-06-16").unwrap();
    let day = Inferred { value, basis: Basis::Inferred { evidence: "given".to_owned(), at: Vec::new() } };
    mentions(text, Some(&day), pack()).value
}

fn texts(text: &str) -> Vec<String> {
    let text_of = |mention: Mention| match mention.value {
        MentionValue::Text(text) => text,
        MentionValue::Amount(amount) => amount.value.or(amount.low).unwrap_or_default(),
        MentionValue::Vague => String::new(),
    };
    run(text).into_iter().map(text_of).collect()
}

#[test]
fn a_numeral_too_long_to_hold_has_no_value() {
    for digit in ["9", "1", "九", "七"] {
        let long = digit.repeat(1000);
        for unit in ["", "年", "元", "%", "人", "公里", "个月", "月1日", "倍", "分之一", "年前", "多万吨"]
        {
            for before in ["", "第", "超过", "¥", "-", "公元"] {
                let found = texts(&format!("{before}{long}{unit}"));
                let made_up = found.iter().find(|value| value.len() > 2);
                assert_eq!(made_up, None, "{before}{digit}…{unit}");
            }
        }
    }
    assert_eq!(texts(&("1".repeat(50_000) + "年")), Vec::<String>::new());
}

#[test]
fn dates_that_do_not_exist_have_no_value() {
    for text in [
        "2月30日",
        "2月31日",
        "4月31日",
        "2025年2月29日",
        "2025年6月31日",
        "6月0日",
        "2025-02-30",
        "2025.11.31",
        "2025年2月30日至3月2日",
        "二月三十日",
        "农历六月三十一",
        "2025年第5季度",
        "1900年2月29日",
    ] {
        for mention in run(text) {
            let is_day =
                matches!(&mention.value, MentionValue::Text(value) if value.matches('-').count() >= 2);
            assert!(!is_day, "{text}: {mention:?}");
        }
    }
    for text in ["第十三个月", "13月", "0月", "第0届", "25时", "3时75分", "32日", "十三月五日"]
    {
        let dated = run(text).into_iter().find(|mention| {
            matches!(mention.kind, MentionKind::Date | MentionKind::DateRange | MentionKind::Datetime)
        });
        assert_eq!(dated, None, "{text}");
    }
    assert_eq!(texts("有效期至9999年12月31日"), ["9999-12-31"]);
    assert_eq!(texts("2024年2月29日"), ["2024-02-29"]);
}

#[test]
fn brackets_scripts_and_direction_marks_change_nothing() {
    for (open, close) in [("(", ")"), ("（", "）"), ("“", "”"), ("《", "》"), ("[", "]")] {
        let text = open.repeat(10_000) + "会议于2025年6月17日开幕" + &close.repeat(10_000);
        assert_eq!(texts(&text), ["2025-06-17"], "{open}");
    }
    assert_eq!(texts("\u{202e}2025年\u{202c}6\u{200f}月17\u{2066}日\u{2069}"), ["2025-06-17"]);
    assert_eq!(texts("２０２５年六月17日"), ["2025-06-17"]);
    assert_eq!(texts("投资\u{200b}24\u{ad}.5亿\u{feff}元"), ["2450000000"]);
    // Digits of other scripts are no figures here, whatever stands beside them.
    for text in ["٢٠٢٥年", "२०२५年", "六٣月", "Ⅻ月", "①个", "½年"] {
        assert!(texts(text).iter().all(|value| value.len() < 8), "{text}");
    }
}

#[test]
fn time_grows_with_length_only() {
    for piece in [
        "1 ",
        "1\n",
        "1O",
        "O",
        "l",
        "—",
        "一",
        "1一",
        "第—",
        "1, 000",
        "1. 5",
        "1比",
        "半",
        "个半",
        "每",
        "年内",
        "至次日",
    ] {
        let text = piece.repeat(200_000 / piece.len());
        // An answer that is not linear does not come within a minute; the test runner would show it.
        let found = run(&text);
        assert!(found.len() <= text.len());
    }
}

//! Whatever is given: a clear result, bounded time and memory.

mod shared;

use shared::{PlainFold, check, story, witness};
use shiliu_collate::{NeutralJudge, Witness, collate};

/// Text that does not repeat itself: characters by a small generator of our own.
fn text(characters: usize, mut seed: u64) -> Vec<char> {
    (0..characters)
        .map(|at| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            match at % 23 {
                22 => '。',
                11 => '，',
                _ => char::from_u32(0x4e00 + u32::try_from((seed >> 33) % 2500).unwrap()).unwrap(),
            }
        })
        .collect()
}

/// A copy in which one character in `every` is another, each copy at other places.
fn printing(text: &[char], every: usize, copy: usize) -> String {
    // Scattered: errors at a fixed distance from each other would look like another copy of themselves.
    let wrong = |at: usize| {
        let mixed = (at * 7919 + copy * 104_729 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        ((mixed ^ mixed >> 29) >> 17).is_multiple_of(every)
    };
    text.iter().enumerate().map(|(at, one)| if wrong(at) { '甲' } else { *one }).collect()
}

/// The most memory that this process has used, where the system tells.
fn peak_mebibytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().trim_end_matches(" kB").parse::<u64>().ok()? / 1024)
}

/// Seconds that this thread was on a processor, where the system tells: what other programs take does not count.
fn processor_seconds() -> Option<u64> {
    let line = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(line.split_whitespace().next()?.parse::<u64>().ok()? / 1_000_000_000)
}

/// The work in so many seconds at most (of a build that is hardly optimised).
fn within<T>(seconds: u64, work: impl FnOnce() -> T) -> T {
    let before = processor_seconds();
    let done = work();
    if let (Some(before), Some(after)) = (before, processor_seconds()) {
        assert!(after - before <= seconds, "{} s", after - before);
    }
    done
}

#[test]
fn five_hundred_witnesses_that_agree_in_nothing_or_say_nothing() {
    let texts: Vec<Vec<char>> = (0..500).map(|copy| text(30, 1000 + copy)).collect();
    let strangers: Vec<Witness> = texts
        .iter()
        .enumerate()
        .map(|(at, text)| witness(&format!("{at:03}"), &text.iter().collect::<String>()))
        .collect();
    let outcome = within(60, || collate(&strangers, &PlainFold, &NeutralJudge));
    assert_eq!(outcome.value.witnesses.len(), 500);
    for at in [0, 123, 499] {
        assert_eq!(outcome.value.rebuild(at), strangers[at].text);
    }
    assert!(outcome.diagnostics.iter().filter(|remark| remark.code == "witness-unrelated").count() > 400);
    let silent: Vec<Witness> = (0..500).map(|at| witness(&format!("{at:03}"), "")).collect();
    let outcome = within(5, || collate(&silent, &PlainFold, &NeutralJudge));
    assert_eq!((outcome.value.established.as_str(), outcome.value.loci.len()), ("", 0));
}

#[test]
fn five_hundred_witnesses() {
    let text = text(400, 5);
    let witnesses: Vec<Witness> =
        (0..500).map(|copy| witness(&format!("{copy:03}"), &printing(&text, 60, copy))).collect();
    let found = within(60, || collate(&witnesses, &PlainFold, &NeutralJudge)).value;
    assert_eq!(found.witnesses.len(), 500);
    assert_eq!(found.established, text.iter().collect::<String>());
    for index in [0, 250, 499] {
        assert_eq!(found.rebuild(index), found.witnesses[index].text);
    }
}

/// Five megabytes each: memory is a small multiple of the input.
#[test]
fn two_witnesses_of_five_megabytes() {
    let text = text(1_750_000, 9);
    let whole: String = text.iter().collect();
    let other = printing(&text, 900, 1);
    assert!(whole.len() > 5_000_000);
    let witnesses = [witness("a", &whole), witness("b", &other)];
    let found = within(60, || collate(&witnesses, &PlainFold, &NeutralJudge)).value;
    assert_eq!(found.rebuild(0), whole);
    assert_eq!(found.rebuild(1), other);
    if let Some(peak) = peak_mebibytes() {
        assert!(peak < 1500, "{peak} MiB");
    }
}

#[test]
fn five_megabytes_beside_a_line_and_beside_nothing_in_common() {
    let whole: String = text(1_750_000, 11).into_iter().collect();
    within(60, || check(&story(&[&whole, "山高水长。"])));
    let latin = "harbour ".repeat(10_000);
    let outcome =
        collate(&[witness("a", &whole[..300_000]), witness("b", &latin)], &PlainFold, &NeutralJudge);
    check(&outcome.value);
    let codes: Vec<&str> = outcome.diagnostics.iter().map(|remark| remark.code).collect();
    assert_eq!(codes, ["witness-unrelated", "witness-unrelated"]);
}

#[test]
fn one_identical_and_empty_witnesses() {
    let whole: String = text(300, 3).into_iter().collect();
    let one = story(&[&whole]);
    assert_eq!((one.established.as_str(), one.loci.len()), (whole.as_str(), 0));
    let same = story(&[&whole, &whole, &whole]);
    assert_eq!((same.established.as_str(), same.loci.len()), (whole.as_str(), 0));
    let outcome = collate(&[witness("a", &whole), witness("b", "")], &PlainFold, &NeutralJudge);
    check(&outcome.value);
    assert_eq!(outcome.value.established, whole);
    let codes: Vec<&str> = outcome.diagnostics.iter().map(|remark| remark.code).collect();
    assert_eq!(codes, ["witness-empty"]);
}

#[test]
fn control_characters_are_characters() {
    let whole = "山\u{0}高\u{1b}[31m水\u{202e}长\u{fffe}。\r\n风\u{7f}起";
    check(&story(&[whole, &whole.replace('\u{202e}', ""), &whole.replace('\u{0}', "\u{1}")]));
}

/// A paragraph printed five times over stays five times in the established text, however many print it.
#[test]
fn a_repeated_paragraph_does_not_grow() {
    let paragraph: Vec<char> = text(95, 21);
    let five: Vec<char> = paragraph.iter().copied().cycle().take(95 * 5).collect();
    for count in [2usize, 5, 30] {
        let texts: Vec<String> = (0..count).map(|copy| printing(&five, 20, copy)).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let found = story(&texts);
        assert_eq!(found.established.chars().count(), 475, "{count} witnesses");
        assert!(found.loci.iter().all(|locus| locus.moved.is_none()));
    }
}

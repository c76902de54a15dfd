//! Runs one stage over a file so many times, to be timed from outside:
//! `time speed_records FILE mentions|records|both TIMES [joined]` (`joined`: the file as one sentence). Texts in one
//! file are parted by form feeds. `show` prints what was found, to compare two builds.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a measuring tool that prints")]

use shiliu_extract::{Context, mentions, records};
use shiliu_lang::{Pack, Profile};

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let mut text = std::fs::read_to_string(&args[0]).unwrap();
    if args.get(3).is_some() {
        text = text.replace(['\n', '。', '！', '？'], "，");
    }
    let pack = Pack::load(shiliu_lang::builtin()).value;
    let profile = Profile::load("china-central-asia", shiliu_lang::builtin()).value;
    let texts: Vec<&str> = text.split('\u{c}').collect();
    let known: Vec<_> = texts.iter().map(|text| mentions(text, None, &pack).value).collect();
    if args[1] == "show" {
        for (text, known) in texts.iter().zip(&known) {
            println!("{known:?}\n{:?}", records(text, known, &Context::default(), &pack, &profile).value);
        }
        return;
    }
    let (mut found, mut bytes) = (0, 0);
    for _ in 0..args[2].parse::<usize>().unwrap() {
        for (text, known) in texts.iter().zip(&known) {
            let fresh = if args[1] == "records" { None } else { Some(mentions(text, None, &pack).value) };
            let used = fresh.as_ref().unwrap_or(known);
            if args[1] != "mentions" {
                found += records(text, used, &Context::default(), &pack, &profile).value.len();
            }
            bytes += text.len();
        }
    }
    let mentions: usize = known.iter().map(Vec::len).sum();
    println!("{bytes} bytes in {} texts, {mentions} mentions, {found} records", texts.len());
}

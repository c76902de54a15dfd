//! The cases of `cases/apparatus.md`: printings and the apparatus they must give.

mod shared;

use shared::{check, story};
use shiliu_collate::{Decision, Story};

struct Case {
    title: String,
    texts: Vec<String>,
    expected: Vec<String>,
}

fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for line in include_str!("cases/apparatus.md").lines() {
        if let Some(title) = line.strip_prefix("## ") {
            cases.push(Case { title: title.to_owned(), texts: Vec::new(), expected: Vec::new() });
        } else if let (Some(case), Some(expected)) = (cases.last_mut(), line.strip_prefix("- ")) {
            case.expected.push(expected.to_owned());
        } else if let Some(case) = cases.last_mut()
            && line.len() > 2
        {
            case.texts.push(line[2..].replace('⏎', "\n"));
        }
    }
    cases
}

fn apparatus(story: &Story) -> Vec<String> {
    let name = |text: &str| match text {
        "" => "∅".to_owned(),
        _ => text.replace('\n', "⏎").replace(' ', "␣"),
    };
    let mut lines = Vec::new();
    for locus in &story.loci {
        let mut line = String::new();
        if locus.decision == Decision::Undecided {
            line.push('?');
        }
        if let Some(substance) = locus.substance {
            line += &format!("!{} ", substance.as_str());
        }
        if let Some(number) = locus.moved {
            line += &format!("~{number} ");
        }
        if let Some(number) = locus.event {
            line += &format!("={number} ");
        }
        line += &format!("{}]", name(&locus.readings[locus.lemma].text));
        for reading in &locus.readings {
            if let (Some(kind), Some(cause)) = (reading.kind, reading.cause) {
                let sigla: String = reading.witnesses.iter().map(|(at, _)| Story::siglum(*at)).collect();
                line += &format!(" {} {sigla} {} {}", name(&reading.text), kind.as_str(), cause.as_str());
            }
        }
        lines.push(line);
    }
    lines
}

#[test]
fn every_case_gives_its_apparatus() {
    let mut failures = Vec::new();
    for case in cases() {
        let texts: Vec<&str> = case.texts.iter().map(String::as_str).collect();
        let story = story(&texts);
        check(&story);
        let found = apparatus(&story);
        let known_wrong = case.title.contains("fixme");
        if (found == case.expected) == known_wrong {
            failures.push(format!(
                "{}{}\n  expected {}\n  found    {}",
                case.title,
                if known_wrong { " (now right: take fixme away)" } else { "" },
                case.expected.join("\n           "),
                found.join("\n           ")
            ));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn there_are_cases() {
    assert!(cases().len() > 15);
    assert!(cases().iter().all(|case| case.texts.len() > 1));
}

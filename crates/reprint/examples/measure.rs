//! Prints passages and families of the pages of a folder: whole pages, or articles of `segments.json`-like cuts.
//!
//! `measure FILE…`: each file is one text.
#![expect(clippy::print_stdout, reason = "a measuring tool")]

use shiliu_reprint::{Doc, DocInfo, MemoryRuns, Settings, families, passages};

fn main() {
    let paths: Vec<String> = std::env::args().skip(1).collect();
    let texts: Vec<String> = paths
        .iter()
        .map(|path| String::from_utf8_lossy(&std::fs::read(path).expect("readable")).into_owned())
        .collect();
    let settings = Settings::default();
    let mut docs =
        texts.iter().enumerate().map(|(key, text)| Doc { key: key as u32, text, day: None, outlet: None });
    let found = passages(&mut docs, &mut MemoryRuns::default(), &settings).expect("memory").value;
    for passage in &found {
        let shown =
            |text: &str| text.chars().filter(|mark| !mark.is_whitespace()).take(30).collect::<String>();
        println!(
            "{}[{}..{}] {}[{}..{}] {} chars, identity {} {} | {}",
            paths[passage.a as usize].rsplit('/').next().unwrap_or(""),
            passage.a_span.start,
            passage.a_span.end,
            paths[passage.b as usize].rsplit('/').next().unwrap_or(""),
            passage.b_span.start,
            passage.b_span.end,
            passage.a_span.of(&texts[passage.a as usize]).chars().count(),
            passage.identity,
            shown(passage.a_span.of(&texts[passage.a as usize])),
            shown(passage.b_span.of(&texts[passage.b as usize])),
        );
    }
    let infos: Vec<DocInfo<'_>> = texts
        .iter()
        .zip(&paths)
        .enumerate()
        .map(|(key, (text, name))| DocInfo {
            key: key as u32,
            name: name.rsplit('/').next().unwrap_or(name),
            text,
            day: None,
            outlet: None,
        })
        .collect();
    for family in families(&infos, &found, &settings).value {
        let list = |members: &[shiliu_reprint::Member]| {
            members
                .iter()
                .map(|member| {
                    let size: usize = member.spans.iter().map(|span| span.len()).sum();
                    format!("{}:{}({size} B)", infos[member.key as usize].name, member.relation.as_str())
                })
                .collect::<Vec<_>>()
                .join(" ")
        };
        println!("{} = {} | related {}", family.name, list(&family.members), list(&family.related));
    }
}

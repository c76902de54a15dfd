use std::fmt::Write as _;

use super::xml::{escape, replacement};
use super::{Part, parts};
use crate::Story;

/// The variant graph as GraphML: a node for each agreed stretch and each reading, from `start` to `end`; an edge with
/// its witnesses wherever one reads on from one node to the next. An omission has no node.
#[must_use]
pub fn graphml(story: &Story) -> String {
    let mut out = String::from(concat!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
        "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n",
        "<key id=\"text\" for=\"node\" attr.name=\"text\" attr.type=\"string\"/>\n",
        "<key id=\"rank\" for=\"node\" attr.name=\"rank\" attr.type=\"int\"/>\n",
        "<key id=\"lemma\" for=\"node\" attr.name=\"lemma\" attr.type=\"boolean\"/>\n",
        "<key id=\"witnesses\" for=\"edge\" attr.name=\"witnesses\" attr.type=\"string\"/>\n",
        "<graph id=\"story\" edgedefault=\"directed\">\n",
    ));
    let mut edges = String::new();
    let node = |out: &mut String, name: &str, text: &str, rank: usize, lemma: bool| {
        let text = escape(text, replacement);
        let _ = writeln!(
            out,
            "<node id=\"{name}\"><data key=\"text\">{text}</data><data key=\"rank\">{rank}</data><data key=\"lemma\">{lemma}</data></node>"
        );
    };
    // The node each witness stands at, by its name.
    let mut standing: Vec<String> = vec!["start".to_owned(); story.witnesses.len()];
    let step = |edges: &mut String, standing: &mut Vec<String>, to: &str, witnesses: &[usize]| {
        let mut groups: Vec<(String, Vec<String>)> = Vec::new();
        for &witness in witnesses {
            let from = std::mem::replace(&mut standing[witness], to.to_owned());
            let siglum = Story::siglum(witness);
            match groups.iter_mut().find(|(known, _)| *known == from) {
                Some((_, sigla)) => sigla.push(siglum),
                None => groups.push((from, vec![siglum])),
            }
        }
        for (from, sigla) in groups {
            let sigla = sigla.join(" ");
            let _ = writeln!(
                edges,
                "<edge source=\"{from}\" target=\"{to}\"><data key=\"witnesses\">{sigla}</data></edge>"
            );
        }
    };
    let all: Vec<usize> = (0..story.witnesses.len()).collect();
    node(&mut out, "start", "", 0, true);
    let mut rank = 0;
    for part in parts(story) {
        rank += 1;
        match part {
            Part::Agreed(text) => {
                let name = format!("n{rank}");
                node(&mut out, &name, text, rank, true);
                step(&mut edges, &mut standing, &name, &all);
            }
            Part::Differing(_, locus) => {
                for (at, reading) in locus.readings.iter().enumerate() {
                    if reading.text.is_empty() {
                        continue;
                    }
                    let name = format!("n{rank}-{}", at + 1);
                    node(&mut out, &name, &reading.text, rank, at == locus.lemma);
                    let own: Vec<usize> = reading.witnesses.iter().map(|(witness, _)| *witness).collect();
                    step(&mut edges, &mut standing, &name, &own);
                }
            }
        }
    }
    node(&mut out, "end", "", rank + 1, true);
    step(&mut edges, &mut standing, "end", &all);
    out + &edges + "</graph>\n</graphml>\n"
}

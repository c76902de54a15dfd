use std::collections::BTreeMap;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use shiliu_text::Span;

use crate::{Cause, Decision, Locus, Reading, ReadingKind, Story, Substance, Witness};

/// Why a TEI document could not be read as an apparatus.
#[derive(Debug, thiserror::Error)]
pub enum TeiError {
    /// It is not well-formed.
    #[error("not well-formed at byte {at}: {message}")]
    Xml {
        /// Byte of the document.
        at: u64,
        /// What the parser says.
        message: String,
    },
    /// It is well-formed but not an apparatus in parallel segmentation as [`tei`](super::tei) writes it.
    #[error("at byte {at}: {message}")]
    Shape {
        /// Byte of the document.
        at: u64,
        /// What is missing or unknown.
        message: String,
    },
}

/// Reads an apparatus in parallel segmentation back into a [`Story`]: same established text, loci and readings. The
/// witnesses' texts are what the apparatus says of them, covered whole.
///
/// # Errors
/// When the document is not well-formed, an `app` has no `lem`, or a reading names an unknown witness.
pub fn read_tei(document: &str) -> Result<Story, TeiError> {
    let mut reader = Reader::from_str(document);
    let mut state = State::default();
    loop {
        let at = reader.buffer_position();
        let shape = |message: String| TeiError::Shape { at, message };
        let event = reader.read_event().map_err(|error| TeiError::Xml { at, message: error.to_string() })?;
        match event {
            Event::Start(element) => state.open(&element, false).map_err(shape)?,
            Event::Empty(element) => state.open(&element, true).map_err(shape)?,
            Event::End(element) => state.close(element.local_name().as_ref()).map_err(shape)?,
            Event::Text(text) => state.text(&text.xml10_content()),
            Event::CData(text) => state.text(&text.xml10_content()),
            Event::GeneralRef(reference) => {
                let resolved = reference.resolve_char_ref().map_err(|error| shape(error.to_string()))?;
                let name = reference.xml10_content();
                let character = resolved
                    .map(String::from)
                    .or_else(|| quick_xml::escape::resolve_predefined_entity(&name).map(str::to_owned));
                state.text(&character.ok_or_else(|| shape(format!("unknown entity {name}")))?);
            }
            Event::Eof => break,
            _ => {}
        }
    }
    state.story()
}

/// A reading while it is read.
#[derive(Default)]
struct Open {
    lemma: bool,
    text: String,
    witnesses: Vec<usize>,
    kind: Option<ReadingKind>,
    cause: Option<Cause>,
    probability: u32,
}

#[derive(Default)]
struct State {
    sigla: BTreeMap<String, usize>,
    keys: Vec<String>,
    in_witness: bool,
    in_text: bool,
    /// Readings of the `app` that is open.
    app: Option<(Locus, Vec<Open>)>,
    in_reading: bool,
    in_note: bool,
    established: String,
    loci: Vec<Locus>,
    names: BTreeMap<String, usize>,
    moves: Vec<(u32, String)>,
    events: Vec<(u32, String)>,
    number: u32,
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = element.try_get_attribute(name).ok()??;
    found.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok().map(|value| value.into_owned())
}

/// `0.981` → 981.
fn thousandths(text: &str) -> Option<u32> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let part: String = part.chars().chain("000".chars()).take(3).collect();
    Some(whole.parse::<u32>().ok()?.checked_mul(1000)? + part.parse::<u32>().ok()?)
}

impl State {
    fn open(&mut self, element: &BytesStart<'_>, empty: bool) -> Result<(), String> {
        let local = element.local_name();
        match local.as_ref() {
            "witness" => {
                if let Some(id) = attribute(element, "xml:id") {
                    self.sigla.insert(id, self.keys.len());
                    self.keys.push(String::new());
                    self.in_witness = !empty;
                }
            }
            "text" => self.in_text = true,
            "app" => {
                let decided = attribute(element, "type").as_deref() != Some("undecided");
                let subtype = attribute(element, "subtype");
                let substance = Substance::ALL
                    .into_iter()
                    .find(|substance| Some(substance.as_str()) == subtype.as_deref());
                if let Some(id) = attribute(element, "xml:id") {
                    self.names.insert(id, self.loci.len());
                }
                let locus = Locus {
                    at: Span::new(self.established.len(), self.established.len()),
                    lemma: 0,
                    decision: if decided { Decision::Decided } else { Decision::Undecided },
                    confidence: 0,
                    moved: None,
                    event: None,
                    substance,
                    conjecture: None,
                    readings: Vec::new(),
                };
                self.app = Some((locus, Vec::new()));
            }
            "lem" | "rdg" => {
                let lemma = local.as_ref() == "lem";
                let mut witnesses = Vec::new();
                for name in attribute(element, "wit").unwrap_or_default().split_whitespace() {
                    let known = self.sigla.get(name.trim_start_matches('#'));
                    witnesses.push(*known.ok_or_else(|| format!("no witness {name} in listWit"))?);
                }
                witnesses.sort_unstable();
                let kind = attribute(element, "type");
                let cause = attribute(element, "cause");
                let open = Open {
                    lemma,
                    text: String::new(),
                    witnesses,
                    kind: ReadingKind::ALL.into_iter().find(|known| Some(known.as_str()) == kind.as_deref()),
                    cause: Cause::ALL.into_iter().find(|known| Some(known.as_str()) == cause.as_deref()),
                    probability: attribute(element, "cert").as_deref().and_then(thousandths).unwrap_or(0),
                };
                self.in_reading = !empty;
                self.app.as_mut().ok_or("a reading outside app")?.1.push(open);
            }
            "note" if self.app.is_some() && attribute(element, "type").as_deref() == Some("conjecture") => {
                self.in_note = !empty;
                if let Some((locus, _)) = &mut self.app {
                    locus.conjecture = Some(String::new());
                }
            }
            "g" => {
                let name = attribute(element, "n").unwrap_or_default();
                let code = name.strip_prefix("U+").and_then(|code| u32::from_str_radix(code, 16).ok());
                let character =
                    code.and_then(char::from_u32).ok_or_else(|| format!("no character {name:?}"))?;
                self.text(&character.to_string());
            }
            "transpose" | "link" => {
                self.number = attribute(element, "n").and_then(|number| number.parse().ok()).unwrap_or(0);
                for target in attribute(element, "target").unwrap_or_default().split_whitespace() {
                    self.events.push((self.number, target.trim_start_matches('#').to_owned()));
                }
            }
            "ptr" => {
                let target = attribute(element, "target").unwrap_or_default();
                self.moves.push((self.number, target.trim_start_matches('#').to_owned()));
            }
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, text: &str) {
        if self.in_witness {
            if let Some(key) = self.keys.last_mut() {
                key.push_str(text);
            }
        } else if let Some((locus, readings)) = &mut self.app {
            if self.in_note {
                if let Some(conjecture) = &mut locus.conjecture {
                    conjecture.push_str(text);
                }
            } else if self.in_reading
                && let Some(reading) = readings.last_mut()
            {
                reading.text.push_str(text);
            }
        } else if self.in_text {
            self.established.push_str(text);
        }
    }

    fn close(&mut self, name: &str) -> Result<(), String> {
        match name {
            "witness" => self.in_witness = false,
            "lem" | "rdg" => self.in_reading = false,
            "note" => self.in_note = false,
            "ab" => self.in_text = false,
            "app" => {
                let (mut locus, readings) = self.app.take().ok_or("app closed twice")?;
                locus.lemma =
                    readings.iter().position(|reading| reading.lemma).ok_or("an app without lem")?;
                let start = self.established.len();
                self.established.push_str(&readings[locus.lemma].text);
                locus.at = Span::new(start, self.established.len());
                locus.confidence = readings[locus.lemma].probability;
                let nowhere = Span::new(0, 0);
                locus.readings = readings
                    .into_iter()
                    .map(|open| Reading {
                        text: open.text,
                        witnesses: open.witnesses.into_iter().map(|witness| (witness, nowhere)).collect(),
                        kind: open.kind,
                        cause: open.cause,
                        probability: open.probability,
                        grounds: Vec::new(),
                    })
                    .collect();
                self.loci.push(locus);
            }
            _ => {}
        }
        Ok(())
    }

    /// Puts the parts together: places in the witnesses follow from the order of the text.
    fn story(mut self) -> Result<Story, TeiError> {
        for (number, name) in &self.moves {
            if let Some(at) = self.names.get(name) {
                self.loci[*at].moved = Some(*number);
            }
        }
        for (number, name) in &self.events {
            if let Some(at) = self.names.get(name) {
                self.loci[*at].event = Some(*number);
            }
        }
        let mut texts = vec![String::new(); self.keys.len()];
        let mut agreements = vec![Vec::new(); self.keys.len()];
        let mut reached = 0;
        for at in 0..=self.loci.len() {
            let end = self.loci.get(at).map_or(self.established.len(), |locus| locus.at.range().start);
            for (text, agreements) in texts.iter_mut().zip(&mut agreements) {
                if reached < end {
                    let start = text.len();
                    text.push_str(&self.established[reached..end]);
                    agreements.push((Span::new(reached, end), Span::new(start, text.len())));
                }
            }
            let Some(locus) = self.loci.get_mut(at) else { break };
            for reading in &mut locus.readings {
                for (witness, place) in &mut reading.witnesses {
                    let start = texts[*witness].len();
                    texts[*witness].push_str(&reading.text);
                    *place = Span::new(start, texts[*witness].len());
                }
            }
            reached = locus.at.range().end;
        }
        let witnesses = self
            .keys
            .into_iter()
            .zip(texts)
            .map(|(key, text)| Witness {
                key,
                rank: String::new(),
                coverage: vec![Span::new(0, text.len())],
                text,
                engine: None,
            })
            .collect();
        Ok(Story { witnesses, established: self.established, loci: self.loci, agreements })
    }
}

//! The stories of an issue: written by the grammar, in blocks of reading order.

use std::path::Path;

use anyhow::{Context as _, Result};
use serde::Deserialize;

use super::cell::{Block, BlockKind, Cell, Role, marked_cells};
use crate::grammar::{Grammar, IssueDay, Writer};
use crate::rng::Rng;

/// What kind of story.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StoryKind {
    /// Local report of several paragraphs.
    #[default]
    Local,
    /// One or two paragraphs.
    Brief,
    /// Talks between two heads of state.
    Talks,
    /// Full text of a speech.
    Speech,
    /// Agency report from abroad.
    Wire,
    /// Commentary.
    Opinion,
    /// List of people honoured.
    Honours,
    /// Picture with its text only.
    Photo,
}

impl StoryKind {
    /// The word in the truth.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            StoryKind::Local => "local news",
            StoryKind::Brief => "brief",
            StoryKind::Talks => "talks",
            StoryKind::Speech => "speech full text",
            StoryKind::Wire => "agency news",
            StoryKind::Opinion => "commentary",
            StoryKind::Honours => "honours",
            StoryKind::Photo => "photo",
        }
    }
}

/// A story as one paper prints it, whole and in order.
#[derive(Clone, Debug)]
pub struct Story {
    /// Index in the set plus one.
    pub owner: u32,
    /// The work: equal for two papers' printings of one story.
    pub work: usize,
    /// Kind.
    pub kind: StoryKind,
    /// Topic of the grammar.
    pub topic: String,
    /// Blocks in reading order.
    pub blocks: Vec<Block>,
    /// The headline, its lines joined; empty for a photo without one.
    pub headline: String,
    /// Names of the damages applied.
    pub damages: Vec<&'static str>,
}

impl Story {
    fn push(&mut self, kind: BlockKind, role: Role, text: &str, position: &mut u32) {
        let cells = marked_cells(text, self.owner, role, position);
        if !cells.is_empty() {
            self.blocks.push(Block { kind, cells, glued: false, continues: false });
        }
    }

    /// Characters of its blocks.
    #[must_use]
    pub fn chars(&self) -> usize {
        self.blocks.iter().map(|b| b.cells.len()).sum()
    }
}

/// What one story says, before a paper lays it out: two papers print the same content under their own datelines.
///
/// One may also come from a file of JSON Lines with these fields (`--prose`): articles that nobody of us wrote, which
/// stay outside the project.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Content {
    /// Kind.
    #[serde(skip)]
    pub kind: StoryKind,
    /// Topic.
    #[serde(skip)]
    pub topic: String,
    /// Line above the headline.
    pub kicker: String,
    /// Headline.
    pub headline: String,
    /// Line under it.
    pub deck: String,
    /// Byline of its own, with marks.
    pub byline: String,
    /// Dateline, with marks.
    pub dateline: String,
    /// Paragraphs; a subhead starts with `#`.
    pub paragraphs: Vec<String>,
    /// Tail credit, with marks.
    pub tail: String,
    /// Caption and credit.
    pub caption: Option<(String, String)>,
}

impl Content {
    /// The articles of a file, one a line.
    ///
    /// # Errors
    /// Where the file cannot be read, or a line is not such an object.
    pub fn load(path: &Path) -> Result<Vec<Content>> {
        let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
        let line = |(number, line): (usize, &str)| {
            serde_json::from_str(line).with_context(|| format!("{}: line {}", path.display(), number + 1))
        };
        text.lines().enumerate().map(line).collect()
    }
}

fn sentences(writer: &mut Writer<'_>, low: usize, high: usize) -> String {
    let n = writer.rng.between(low, high);
    (0..n).map(|_| writer.write("sent")).collect()
}

fn requirement(writer: &mut Writer<'_>) -> String {
    // An official who has not been introduced is introduced by title.
    if writer.value("n1").is_some() {
        return writer.write("req");
    }
    let name = writer.write("name");
    let title = writer.write("title");
    writer.bind("n1", &format!("{title}{name}"));
    let text = writer.write("req");
    writer.bind("n1", &name);
    text
}

fn local(writer: &mut Writer<'_>, long: bool) -> Vec<String> {
    let mut paragraphs = vec![writer.write("lead")];
    if writer.rng.chance(35) {
        paragraphs[0].push_str(&sentences(writer, 1, 2));
    }
    let n = if long { writer.rng.between(3, 6) } else { writer.rng.between(1, 3) };
    let subheads = long && writer.rng.chance(18);
    for i in 0..n {
        if subheads && i > 0 && i % 2 == 0 {
            let sub = writer.write("sub");
            paragraphs.push(format!("#{sub}"));
        }
        let text = if writer.rng.chance(26) { requirement(writer) } else { sentences(writer, 2, 5) };
        paragraphs.push(text);
    }
    if writer.rng.chance(60) {
        paragraphs.push(writer.write("close"));
    }
    paragraphs
}

fn speech(writer: &mut Writer<'_>) -> Vec<String> {
    let mut paragraphs = writer.write_sequence("speech", 10);
    let ordinals: Vec<char> = writer.write("ordinals").chars().collect();
    let n = writer.rng.between(3, 7);
    for ordinal in ordinals.iter().take(n) {
        writer.bind("ord", &ordinal.to_string());
        let mut text = writer.write("speech.ord");
        text.push_str(&writer.write("speech.n"));
        paragraphs.push(text);
    }
    paragraphs.extend(writer.write_sequence("speech.z", 30));
    paragraphs
}

/// Writes one story.
pub fn write_content(
    grammar: &Grammar,
    rng: Rng,
    kind: StoryKind,
    topic: &str,
    home: &str,
    day: IssueDay,
) -> Content {
    let mut w = Writer::new(grammar, rng, topic, day);
    w.bind("home", home);
    let foreign = matches!(kind, StoryKind::Talks | StoryKind::Speech | StoryKind::Wire);
    let (head_rule, mut paragraphs) = match kind {
        StoryKind::Local => {
            let long = w.rng.chance(60);
            ("head", local(&mut w, long))
        }
        StoryKind::Brief => {
            let mut p = vec![w.write("brief")];
            if w.rng.chance(35) {
                p.push(w.write("sentb"));
            }
            ("head", p)
        }
        StoryKind::Talks => ("talkhead", w.write_sequence("talk", 25)),
        StoryKind::Speech => ("speechhead", speech(&mut w)),
        StoryKind::Wire => ("talkhead2", w.write_sequence("wire", 40)),
        StoryKind::Opinion => ("opinhead", w.write_sequence("opin", 25)),
        StoryKind::Honours => ("honhead", w.write_sequence("hon", 10)),
        StoryKind::Photo => ("head", Vec::new()),
    };
    let headline = w.write(head_rule);
    let kicker = if w.rng.chance(18) && !foreign { w.write("kick") } else { String::new() };
    let deck = if kind == StoryKind::Local && w.rng.chance(18) { w.write("deck") } else { String::new() };
    let agency = w.write("agency");
    w.bind("ag0", &agency);
    let (mut dateline, mut byline, mut tail) = (String::new(), String::new(), String::new());
    match (foreign, w.rng.below(10)) {
        (true, 0..=3) => dateline = w.write("dateline.wire"),
        (true, 4..=6) => {
            byline = if w.rng.chance(40) { w.write("byline.wire") } else { String::new() };
            tail = w.write("tail.wire");
        }
        (true, _) => {}
        (false, 0..=4) => dateline = w.write("dateline.own"),
        (false, 5 | 6) => byline = w.write("byline.own"),
        (false, 7) => tail = w.write("tail.own"),
        (false, _) => {}
    }
    if matches!(kind, StoryKind::Speech | StoryKind::Photo | StoryKind::Opinion) {
        dateline.clear();
    }
    if kind == StoryKind::Photo {
        byline.clear();
        tail.clear();
    }
    let pictured = kind == StoryKind::Photo || (!foreign && kind != StoryKind::Opinion && w.rng.chance(32));
    let caption = pictured.then(|| (w.write("cap"), w.write("credit")));
    paragraphs.retain(|p| !p.is_empty());
    Content {
        kind,
        topic: topic.to_owned(),
        kicker,
        headline,
        deck,
        byline,
        dateline,
        paragraphs,
        tail,
        caption,
    }
}

/// Lays a content out as blocks in reading order.
pub fn set_story(content: &Content, owner: u32, work: usize, rng: &mut Rng) -> Story {
    let mut story = Story {
        owner,
        work,
        kind: content.kind,
        topic: content.topic.clone(),
        blocks: Vec::new(),
        headline: content.headline.clone(),
        damages: Vec::new(),
    };
    let mut at = 0;
    story.push(BlockKind::Head(3), Role::Kicker, &content.kicker, &mut at);
    // A long headline may be broken over lines, at a space where it has one.
    let headline: Vec<char> = content.headline.chars().collect();
    let middle = headline
        .iter()
        .position(|c| *c == ' ')
        .map(|p| p + 1)
        .or((headline.len() > 14).then_some(headline.len() / 2));
    match middle {
        Some(middle) if rng.chance(35) => {
            let first: String = headline[..middle].iter().collect();
            let second: String = headline[middle..].iter().collect();
            story.push(BlockKind::Head(1), Role::Headline, &first, &mut at);
            story.push(BlockKind::Head(1), Role::Headline, &second, &mut at);
        }
        _ => story.push(BlockKind::Head(1), Role::Headline, &content.headline, &mut at),
    }
    story.push(BlockKind::Head(2), Role::Deck, &content.deck, &mut at);
    story.push(BlockKind::Line, Role::Byline, &content.byline, &mut at);
    for (i, paragraph) in content.paragraphs.iter().enumerate() {
        if let Some(sub) = paragraph.strip_prefix('#') {
            story.push(BlockKind::Head(3), Role::Subhead, sub, &mut at);
            continue;
        }
        let mut cells: Vec<Cell> = Vec::new();
        if i == 0 && !content.dateline.is_empty() {
            cells.extend(marked_cells(&content.dateline, owner, Role::Dateline, &mut at));
        }
        cells.extend(marked_cells(paragraph, owner, Role::Body, &mut at));
        story.blocks.push(Block { kind: BlockKind::Paragraph, cells, glued: false, continues: false });
    }
    story.push(BlockKind::Line, Role::TailDateline, &content.tail, &mut at);
    if let Some((caption, credit)) = &content.caption {
        story.push(BlockKind::Line, Role::Caption, caption, &mut at);
        story.push(BlockKind::Line, Role::Credit, credit, &mut at);
    }
    story
}

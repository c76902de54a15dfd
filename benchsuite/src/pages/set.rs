//! A made set: the pages of one issue, and sometimes a page of another paper that prints some of its stories.

use super::cell::{Block, BlockKind, Cell, Mark, Role, marked_cells};
use super::damage::{self, Flow};
use super::forms::Form;
use super::layout::{self, Style};
use super::sheet;
use super::story::{Content, Story, StoryKind, set_story, write_content};
use crate::grammar::{Grammar, IssueDay, Writer};
use crate::rng::Rng;

/// Where an end of a story is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// On the pages of the set.
    Here,
    /// On a page that the set does not hold, as a jump line says.
    Elsewhere,
    /// Nowhere, and nothing says so.
    Lost,
}

impl End {
    /// The word in the truth.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            End::Here => "here",
            End::Elsewhere => "elsewhere",
            End::Lost => "lost",
        }
    }
}

/// A place where text was taken away without a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The story.
    pub owner: u32,
    /// Position of the last character before the loss.
    pub after: u32,
    /// Characters lost.
    pub lost: usize,
}

/// One page as printed: its text and what each character is (`None` for white space and format marks).
#[derive(Clone, Debug)]
pub struct MadePage {
    /// File name, `p1.md`.
    pub name: String,
    /// Paper.
    pub paper: String,
    /// Page number.
    pub page_no: usize,
    /// How it is written.
    pub style: Style,
    /// Characters in order.
    pub chars: Vec<(char, Option<Cell>)>,
}

impl MadePage {
    /// The text of the file.
    #[must_use]
    pub fn text(&self) -> String {
        self.chars.iter().map(|(ch, _)| *ch).collect()
    }
}

/// The pages of one seed with their truth.
#[derive(Clone, Debug)]
pub struct MadeSet {
    /// The seed.
    pub seed: u64,
    /// Day of the issue.
    pub day: IssueDay,
    /// Pages; the other paper's page last, where there is one.
    pub pages: Vec<MadePage>,
    /// Stories; `owner` of a cell is the index plus one.
    pub stories: Vec<Story>,
    /// Where head and tail of each story are.
    pub ends: Vec<(End, End)>,
    /// Losses.
    pub gaps: Vec<Gap>,
    /// Jumps between pages of the set: owner, page index of the front, page index of the tail.
    pub jumps: Vec<(u32, usize, usize)>,
}

/// How badly a page is treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Little damage.
    Light,
    /// The common case.
    Medium,
    /// Nearly every story is touched.
    Heavy,
}

impl Severity {
    fn draw(rng: &mut Rng) -> Severity {
        match rng.below(100) {
            0..=9 => Severity::Light,
            10..=59 => Severity::Medium,
            _ => Severity::Heavy,
        }
    }
}

/// What the makers of pages share while a set is made.
pub(super) struct Making<'g> {
    pub(super) grammar: &'g Grammar,
    pub(super) rng: Rng,
    pub(super) day: IssueDay,
    pub(super) home: String,
    pub(super) seed: u64,
    pub(super) contents: Vec<Content>,
    pub(super) stories: Vec<Story>,
    pub(super) ends: Vec<(End, End)>,
    pub(super) gaps: Vec<Gap>,
    pub(super) jumps: Vec<(u32, usize, usize)>,
    pub(super) form: Option<Form>,
    /// Articles to print in place of the grammar's, taken in turn.
    prose: &'g [Content],
    next_prose: usize,
}

impl<'g> Making<'g> {
    fn new(grammar: &'g Grammar, seed: u64, form: Option<Form>, prose: &'g [Content]) -> Making<'g> {
        let mut rng = Rng::new(seed, 1);
        let day =
            IssueDay { year: rng.between(2021, 2029), month: rng.between(1, 12), day: rng.between(5, 28) };
        let mut making = Making {
            grammar,
            rng,
            day,
            home: String::new(),
            seed,
            contents: Vec::new(),
            stories: Vec::new(),
            ends: Vec::new(),
            gaps: Vec::new(),
            jumps: Vec::new(),
            form,
            prose,
            next_prose: Rng::new(seed, 2).below(prose.len().max(1)),
        };
        making.home = making.lines().write("city");
        making
    }

    fn made(self, pages: Vec<MadePage>) -> MadeSet {
        let Making { seed, day, stories, ends, gaps, jumps, .. } = self;
        MadeSet { seed, day, pages, stories, ends, gaps, jumps }
    }

    /// A writer for the paper's own lines (mastheads, notices).
    pub(super) fn lines(&mut self) -> Writer<'g> {
        let rng = Rng::new(self.rng.next_u64(), 9);
        let mut writer = Writer::new(self.grammar, rng, "*", self.day);
        writer.bind("home", &self.home);
        writer.bind("m", &self.day.month.to_string());
        writer.bind("d", &self.day.day.to_string());
        writer
    }

    fn new_story(&mut self, kind: StoryKind, topic: &str) -> u32 {
        let stream = self.contents.len() as u64 + 100;
        let rng = Rng::new(self.seed, stream);
        let content = match self.prose.get(self.next_prose) {
            Some(content) => {
                self.next_prose = (self.next_prose + 1) % self.prose.len();
                Content { topic: topic.to_owned(), ..content.clone() }
            }
            None => write_content(self.grammar, rng, kind, topic, &self.home, self.day),
        };
        let work = self.contents.len();
        self.contents.push(content);
        self.print(work)
    }

    fn print(&mut self, work: usize) -> u32 {
        let owner = self.stories.len() as u32 + 1;
        let content = &self.contents[work];
        let story = set_story(content, owner, work, &mut self.rng);
        self.stories.push(story);
        self.ends.push((End::Here, End::Here));
        owner
    }

    pub(super) fn damaged(&mut self, owner: u32, name: &'static str) {
        let damages = &mut self.stories[owner as usize - 1].damages;
        if !damages.contains(&name) {
            damages.push(name);
        }
    }
}

fn pick_kind(rng: &mut Rng, front: bool) -> StoryKind {
    match rng.below(100) {
        0..=44 => StoryKind::Local,
        45..=61 => StoryKind::Brief,
        62..=69 if front => StoryKind::Talks,
        62..=69 => StoryKind::Wire,
        70..=75 => StoryKind::Speech,
        76..=83 => StoryKind::Wire,
        84..=89 => StoryKind::Opinion,
        90..=94 => StoryKind::Honours,
        _ => StoryKind::Photo,
    }
}

/// The cells of one furniture line.
pub(super) fn furniture(text: &str, role: Role) -> Vec<Cell> {
    let mut at = 0;
    let mut cells = marked_cells(text, 0, role, &mut at);
    for cell in &mut cells {
        cell.mark = Mark::None;
    }
    cells
}

fn jump_block(making: &mut Making<'_>, owner: u32, role: Role, page: usize, label: &str) -> Block {
    let mut writer = making.lines();
    let code = match writer.rng.below(6) {
        0 => format!("A0{page}"),
        1 => format!("0{page}"),
        _ => page.to_string(),
    };
    writer.bind("page", &code);
    writer.bind("label", label);
    let rule = if role == Role::JumpTo { "jump.to" } else { "jump.from" };
    let text = writer.write(rule);
    let mut at = 0;
    let cells = marked_cells(&text, owner, role, &mut at);
    Block { kind: BlockKind::Paragraph, cells, glued: true, continues: false }
}

/// A tail: the later part of a story whose first part stands on another page.
fn tail_flow(making: &mut Making<'_>, owner: u32, rest: Vec<Block>, front: usize, label: &str) -> Flow {
    let mut blocks = Vec::new();
    let bare = making.rng.chance(10);
    if bare {
        making.damaged(owner, "jump-line-absent");
    } else {
        let jump = jump_block(making, owner, Role::JumpFrom, front, label);
        blocks.push(Block { glued: false, ..jump });
    }
    let mut rest = rest;
    if let Some(first) = rest.first_mut() {
        first.glued = !bare && !making.rng.chance(20);
    }
    blocks.extend(rest);
    let headline = making.stories[owner as usize - 1].headline.clone();
    let mut at = 0;
    let head = Block {
        kind: BlockKind::Head(2),
        cells: marked_cells(&headline, owner, Role::ContinuationHead, &mut at),
        glued: false,
        continues: false,
    };
    match making.rng.below(100) {
        0..=17 => blocks.insert(0, head),
        18..=34 => {
            making.damaged(owner, "continuation-head-after");
            blocks.push(head);
        }
        _ => making.damaged(owner, "tail-without-head"),
    }
    Flow { owner, blocks }
}

fn jumps(making: &mut Making<'_>, pages: &mut [Vec<Flow>], tails: &mut [Vec<Flow>]) {
    let held = pages.len();
    let labels: Vec<String> = making.lines().write("circled").chars().map(|c| c.to_string()).collect();
    let mut wanted = making.rng.between(0, 4);
    let target = making.rng.between(1, held - 1);
    let labelled = wanted > 1 && making.rng.chance(60);
    let mut number = 0;
    for i in 0..pages[0].len() {
        if wanted == 0 {
            break;
        }
        let owner = pages[0][i].owner;
        let Some((mut left, right)) = damage::split(&pages[0][i].blocks, &mut making.rng, 70) else {
            continue;
        };
        wanted -= 1;
        let to = if making.rng.chance(75) { target } else { making.rng.between(1, held) };
        let label = if labelled { labels.get(number).cloned().unwrap_or_default() } else { String::new() };
        number += 1;
        let jump = jump_block(making, owner, Role::JumpTo, to + 1, &label);
        left.push(jump);
        pages[0][i].blocks = left;
        making.damaged(owner, "jump");
        if to < held {
            let flow = tail_flow(making, owner, right, 1, &label);
            tails[to].push(flow);
            making.jumps.push((owner, 0, to));
        } else {
            making.ends[owner as usize - 1].1 = End::Elsewhere;
            making.damaged(owner, "jump-to-page-not-held");
        }
    }
}

fn orphans(making: &mut Making<'_>, topics: &[String], tails: &mut [Vec<Flow>]) {
    for (page, row) in tails.iter_mut().enumerate().skip(1) {
        let n = if making.rng.chance(45) { making.rng.between(1, 3) } else { 0 };
        for k in 0..n {
            let kind = if making.rng.chance(25) { StoryKind::Talks } else { StoryKind::Local };
            let topic = topics[making.rng.below(topics.len())].clone();
            let owner = making.new_story(kind, &topic);
            let blocks = making.stories[owner as usize - 1].blocks.clone();
            let Some((_, right)) = damage::split(&blocks, &mut making.rng, 70) else { continue };
            let labels: Vec<char> = making.lines().write("circled").chars().collect();
            let label =
                if n > 1 { labels.get(k).map(char::to_string).unwrap_or_default() } else { String::new() };
            let front = if page == 1 { 1 } else { making.rng.between(1, 2) };
            making.damaged(owner, "front-page-not-held");
            let flow = tail_flow(making, owner, right, front, &label);
            let bare = making.stories[owner as usize - 1].damages.contains(&"jump-line-absent");
            making.ends[owner as usize - 1].0 = if bare { End::Lost } else { End::Elsewhere };
            row.push(flow);
        }
    }
}

/// Makes the pages of one seed, as text and markdown.
#[must_use]
pub fn make_set(grammar: &Grammar, seed: u64) -> MadeSet {
    make_set_as(grammar, seed, None)
}

/// Makes the pages of one seed out of given articles, neighbours of the list on one page; where there are none, out of
/// the grammar's.
#[must_use]
pub fn make_set_of(grammar: &Grammar, seed: u64, prose: &[Content]) -> MadeSet {
    make(grammar, seed, None, prose)
}

/// Makes two pages of one seed by the second way of laying pages out: columns of a sheet. Out of given articles, or where there
/// are none out of the grammar's.
#[must_use]
pub fn make_sheets(grammar: &Grammar, seed: u64, prose: &[Content]) -> MadeSet {
    let mut making = Making::new(grammar, seed, None, prose);
    let paper = making.lines().write("paper");
    let mut made = Vec::new();
    for page_no in 1..=2 {
        let mut topics = grammar.topics().to_vec();
        making.rng.shuffle(&mut topics);
        let stories = making.rng.between(4, 9);
        let mut flows = Vec::new();
        for topic in topics.iter().cycle().take(stories) {
            let kind = pick_kind(&mut making.rng, page_no == 1);
            let owner = making.new_story(kind, topic);
            flows.push(Flow { owner, blocks: making.stories[owner as usize - 1].blocks.clone() });
        }
        let severity = Severity::draw(&mut making.rng);
        let style = Style::draw(&mut making.rng);
        let sequence = sheet::arrange(&mut making, flows, severity, &style);
        let blocks = damage::furnish(&mut making, sequence, &paper, page_no);
        let chars = layout::render(&blocks, &style, &mut making.rng);
        let name = format!("s{page_no}.{}", style.extension());
        made.push(MadePage { name, paper: paper.clone(), page_no, style, chars });
    }
    making.made(made)
}

/// Makes the pages of one seed for a format: [`MadePage::form`] writes it, and the page's own text is its lines in
/// file order. The stories are those of [`make_set`]; where they are cut differs with the width of the lines.
#[must_use]
pub fn make_set_as(grammar: &Grammar, seed: u64, form: Option<Form>) -> MadeSet {
    make(grammar, seed, form, &[])
}

fn make(grammar: &Grammar, seed: u64, form: Option<Form>, prose: &[Content]) -> MadeSet {
    let mut making = Making::new(grammar, seed, form, prose);
    let paper = making.lines().write("paper");
    let held = making.rng.between(2, 4);
    let mut pages: Vec<Vec<Flow>> = Vec::new();
    let mut page_topics: Vec<Vec<String>> = Vec::new();
    for page in 0..held {
        let mut topics = grammar.topics().to_vec();
        making.rng.shuffle(&mut topics);
        let n = making.rng.between(5, 8);
        let mut flows = Vec::new();
        for topic in topics.iter().take(n) {
            let kind = pick_kind(&mut making.rng, page == 0);
            let owner = making.new_story(kind, topic);
            flows.push(Flow { owner, blocks: making.stories[owner as usize - 1].blocks.clone() });
        }
        pages.push(flows);
        page_topics.push(topics[n..].to_vec());
    }
    let mut tails: Vec<Vec<Flow>> = vec![Vec::new(); held];
    jumps(&mut making, &mut pages, &mut tails);
    let spare = page_topics[1].clone();
    orphans(&mut making, &spare, &mut tails);

    let mut made = Vec::new();
    for (index, (flows, tails)) in pages.into_iter().zip(tails).enumerate() {
        let severity = Severity::draw(&mut making.rng);
        made.push(make_page(&mut making, flows, tails, severity, &paper, index + 1, "p"));
    }
    if making.rng.chance(55) {
        made.push(other_paper(&mut making, &page_topics[0]));
    }
    making.made(made)
}

/// A page of another paper with full printings of some of the issue's interrupted stories.
fn other_paper(making: &mut Making<'_>, topics: &[String]) -> MadePage {
    let interrupted: Vec<usize> = making
        .stories
        .iter()
        .filter(|s| s.damages.iter().any(|d| damage::INTERRUPTS.contains(d)) && s.kind != StoryKind::Photo)
        .map(|s| s.work)
        .collect();
    let mut works = interrupted;
    works.dedup();
    making.rng.shuffle(&mut works);
    works.truncate(making.rng.between(1, 4));
    let mut flows = Vec::new();
    for work in works {
        let owner = making.print(work);
        making.damaged(owner, "printed-elsewhere-in-full");
        let others: Vec<u32> =
            making.stories.iter().filter(|s| s.work == work && s.owner != owner).map(|s| s.owner).collect();
        for other in others {
            making.damaged(other, "printed-elsewhere-in-full");
        }
        flows.push(Flow { owner, blocks: making.stories[owner as usize - 1].blocks.clone() });
    }
    for topic in topics.iter().take(3) {
        let kind = pick_kind(&mut making.rng, false);
        let owner = making.new_story(kind, topic);
        flows.push(Flow { owner, blocks: making.stories[owner as usize - 1].blocks.clone() });
    }
    making.rng.shuffle(&mut flows);
    let mut writer = making.lines();
    let city = writer.write("city");
    writer.bind("home", &city);
    let paper = writer.write("paper");
    let page_no = making.rng.between(2, 6);
    make_page(making, flows, Vec::new(), Severity::Light, &paper, page_no, "x")
}

fn make_page(
    making: &mut Making<'_>,
    flows: Vec<Flow>,
    tails: Vec<Flow>,
    severity: Severity,
    paper: &str,
    page_no: usize,
    prefix: &str,
) -> MadePage {
    let mut style = Style::draw(&mut making.rng);
    if let Some(form) = making.form {
        style = style.for_form(form);
    }
    let whole = prefix == "x";
    let sequence = damage::arrange(making, flows, tails, severity, &style, whole);
    let blocks = damage::furnish(making, sequence, paper, page_no);
    let chars = layout::render(&blocks, &style, &mut making.rng);
    let number = if whole { 1 } else { page_no };
    let extension = making.form.map_or(style.extension(), Form::extension);
    let name = format!("{prefix}{number}.{extension}");
    MadePage { name, paper: paper.to_owned(), page_no, style, chars }
}

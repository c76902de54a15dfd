//! Characters that know where they belong, and the printed blocks they form.

/// What a character is; the words are those of the hand-made truth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Line above the headline.
    Kicker,
    /// Headline.
    Headline,
    /// Headline printed again over a continuation.
    ContinuationHead,
    /// Line under the headline.
    Deck,
    /// Author line of its own.
    Byline,
    /// Agency, place and date at the head.
    Dateline,
    /// The same at the tail.
    TailDateline,
    /// Heading inside an article.
    Subhead,
    /// Running text.
    Body,
    /// Text of a picture.
    Caption,
    /// Credit of a picture.
    Credit,
    /// Forward jump line.
    JumpTo,
    /// Back jump line.
    JumpFrom,
    /// Name and date of the paper.
    Masthead,
    /// Head of a group of articles.
    Section,
    /// Editors and hotlines.
    Staff,
    /// List of pages.
    PageList,
    /// Small advertisement or notice.
    Notice,
    /// Navigation of an electronic edition.
    Web,
}

impl Role {
    /// The word in the truth.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Kicker => "kicker",
            Role::Headline => "headline",
            Role::ContinuationHead => "continuation_head",
            Role::Deck => "deck",
            Role::Byline => "byline",
            Role::Dateline => "dateline",
            Role::TailDateline => "tail_dateline",
            Role::Subhead => "subhead",
            Role::Body => "body",
            Role::Caption => "caption",
            Role::Credit => "credit",
            Role::JumpTo => "jump_to",
            Role::JumpFrom => "jump_from",
            Role::Masthead => "masthead",
            Role::Section => "section_head",
            Role::Staff => "staff",
            Role::PageList => "page_list",
            Role::Notice => "notice",
            Role::Web => "web",
        }
    }
}

/// Parts inside a dateline or byline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// Nothing special.
    None,
    /// Author names and their title.
    Byline,
    /// Agency or the paper's own mark.
    Agency,
    /// Place.
    Place,
    /// Date.
    Date,
}

/// One character with its truth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The character as printed.
    pub ch: char,
    /// Index of the story in the set, plus one; 0 is page furniture.
    pub owner: u32,
    /// What it is.
    pub role: Role,
    /// Part of a dateline.
    pub mark: Mark,
    /// Place in the story's reading order.
    pub position: u32,
    /// Second copy of a passage that also stands in its right place.
    pub duplicate: bool,
}

/// What a block is for the layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockKind {
    /// A head line that a recogniser may mark; the smaller the level, the larger the type.
    Head(u8),
    /// A line by itself: kicker, byline, credit, masthead.
    Line,
    /// A paragraph or a piece of one.
    Paragraph,
}

/// What is printed together: a head line, a paragraph, or a piece of a paragraph.
#[derive(Clone, Debug)]
pub struct Block {
    /// Kind.
    pub kind: BlockKind,
    /// Its characters.
    pub cells: Vec<Cell>,
    /// Printed without a break after the block before it.
    pub glued: bool,
    /// Goes on in the middle of a paragraph.
    pub continues: bool,
}

impl Block {
    /// Its characters as text.
    #[must_use]
    pub fn text(&self) -> String {
        self.cells.iter().map(|c| c.ch).collect()
    }

    /// Whether it is running text.
    #[must_use]
    pub fn is_body(&self) -> bool {
        self.kind == BlockKind::Paragraph && self.cells.iter().any(|c| c.role == Role::Body)
    }
}

/// Turns a text with `{a…}` `{p…}` `{d…}` `{b…}` marks into cells.
pub fn marked_cells(text: &str, owner: u32, role: Role, position: &mut u32) -> Vec<Cell> {
    let mut out = Vec::new();
    let mut mark = Mark::None;
    let mut chars = text.chars();
    while let Some(ch) = chars.next() {
        match ch {
            '{' => {
                mark = match chars.next() {
                    Some('a') => Mark::Agency,
                    Some('p') => Mark::Place,
                    Some('d') => Mark::Date,
                    _ => Mark::Byline,
                }
            }
            '}' => mark = Mark::None,
            _ => {
                out.push(Cell { ch, owner, role, mark, position: *position, duplicate: false });
                *position += 1;
            }
        }
    }
    out
}

/// Whether a character ends a sentence.
#[must_use]
pub fn is_stop(ch: char) -> bool {
    matches!(ch, '。' | '！' | '？' | '”' | '；' | '：' | '）' | '!' | '?')
}

/// Whether a line must not begin with this character.
#[must_use]
pub fn hangs(ch: char) -> bool {
    matches!(ch, '，' | '。' | '、' | '；' | '：' | '！' | '？' | '”' | '）' | ')' | '》')
}

/// Whether a character is a Han character: a place where a cut falls inside running words.
#[must_use]
pub fn is_han(ch: char) -> bool {
    ('\u{4E00}'..='\u{9FFF}').contains(&ch)
}

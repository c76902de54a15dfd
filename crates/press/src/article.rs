use shiliu_text::{Date, Derived, Excerpt, Inferred, Span};

use crate::Identity;

/// What a stretch of a page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Line above the headline.
    Kicker,
    /// The headline.
    Headline,
    /// Line under the headline.
    Deck,
    /// Author line.
    Byline,
    /// Agency, place and date, at the head or the tail.
    Dateline,
    /// Heading inside an article.
    Subhead,
    /// Running text.
    Body,
    /// Text of a picture.
    Caption,
    /// Credit of a picture or of an agency.
    Credit,
    /// Jump line.
    Jump,
    /// Name, date and number of the paper.
    Masthead,
    /// Head of a group of articles.
    Section,
    /// Whatever belongs to no article: page lists, staff lines, notices, web navigation.
    Furniture,
    /// White space.
    Blank,
}

impl Role {
    /// The word used in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Kicker => "kicker",
            Role::Headline => "headline",
            Role::Deck => "deck",
            Role::Byline => "byline",
            Role::Dateline => "dateline",
            Role::Subhead => "subhead",
            Role::Body => "body",
            Role::Caption => "caption",
            Role::Credit => "credit",
            Role::Jump => "jump",
            Role::Masthead => "masthead",
            Role::Section => "section",
            Role::Furniture => "furniture",
            Role::Blank => "blank",
        }
    }
}

/// A stretch of one page. The zones of a page partition it: joined in order they are the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    /// Bytes of the page's text.
    pub span: Span,
    /// What it is.
    pub role: Role,
    /// The articles it belongs to, as indexes into [`Segmented::articles`]: none for furniture and blank zones,
    /// several for a credit that closes a group of briefs.
    pub articles: Vec<usize>,
    /// Whether it is the second copy of a passage that also stands elsewhere on the page.
    pub duplicate: bool,
}

/// Content-and-place id of an article: the same input gives the same id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ArticleId(pub String);

/// Bytes of one page that belong to an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fragment {
    /// Index into the pages given to [`crate::segment`].
    pub page: usize,
    /// Bytes of that page's text.
    pub span: Span,
}

/// Whether an end of an article is on the pages given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum End {
    /// On the pages given.
    Here,
    /// On another page, as a jump line says.
    Elsewhere,
    /// Not printed or not read, and nothing says where it is.
    Lost,
}

impl End {
    /// The word used in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            End::Here => "here",
            End::Elsewhere => "elsewhere",
            End::Lost => "lost",
        }
    }
}

/// What of an article is on the pages given; follows from its ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Head and tail are here.
    Complete,
    /// The head is not here.
    Continuation,
    /// The tail is elsewhere.
    Continues,
    /// The tail is lost.
    Cut,
}

impl Status {
    /// The rule of the contract.
    #[must_use]
    pub fn of(head: End, tail: End) -> Status {
        match (head, tail) {
            (End::Elsewhere | End::Lost, _) => Status::Continuation,
            (End::Here, End::Elsewhere) => Status::Continues,
            (End::Here, End::Lost) => Status::Cut,
            (End::Here, End::Here) => Status::Complete,
        }
    }

    /// The word used in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Complete => "complete",
            Status::Continuation => "continuation",
            Status::Continues => "continues",
            Status::Cut => "cut",
        }
    }
}

/// Place, agency and day of a dateline, at the head or the tail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dateline {
    /// Place as printed, with its characters.
    pub place: Option<Excerpt>,
    /// Agency or the paper's own mark (`新华社`, `本报`).
    pub agency: Option<Excerpt>,
    /// The day, its missing year taken from the page's identity where the line prints none.
    pub date: Option<Inferred<Date>>,
    /// Bytes of the whole line: (page index, span).
    pub at: Option<(usize, Span)>,
}

/// What a jump line says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JumpTarget {
    /// Page number as printed, normalised to section letter and number.
    pub page_no: Option<String>,
    /// Numbered label (`1` for ①).
    pub label: Option<u32>,
    /// The page it was resolved to, index into the pages given.
    pub page: Option<usize>,
    /// Bytes of the jump line: (page index, span).
    pub at: Option<(usize, Span)>,
}

/// A place where text is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loss {
    /// Index of the page.
    pub page: usize,
    /// Byte after which text is missing.
    pub at: u32,
}

/// One piece as printed in one paper, its jumps resolved.
#[derive(Clone, Debug)]
pub struct Article {
    /// Its id.
    pub id: ArticleId,
    /// Index of the page it starts on.
    pub page: usize,
    /// Headline, joined from its lines.
    pub headline: Option<Excerpt>,
    /// Line above it.
    pub kicker: Option<Excerpt>,
    /// Line under it.
    pub deck: Option<Excerpt>,
    /// Author line; alignment spaces inside two-character names are dropped.
    pub byline: Option<Excerpt>,
    /// Dateline.
    pub dateline: Option<Dateline>,
    /// All its characters, in reading order, each a contiguous stretch of one page.
    pub fragments: Vec<Fragment>,
    /// Jump line that it comes from.
    pub jump_from: Option<JumpTarget>,
    /// Jump line that it goes to.
    pub jump_to: Option<JumpTarget>,
    /// Whether its head is here.
    pub head: End,
    /// Whether its tail is here.
    pub tail: End,
    /// Where text is missing inside or at its end.
    pub losses: Vec<Loss>,
    /// Reading text as the contract defines it, with the way back.
    pub text: Derived,
    /// The issue date of its page as a reference, or the dateline's own date (see the contract, `ref`).
    pub reference: Option<Inferred<Date>>,
}

impl Article {
    /// Its status.
    #[must_use]
    pub fn status(&self) -> Status {
        Status::of(self.head, self.tail)
    }
}

/// The result of segmentation over pages given together.
#[derive(Clone, Debug, Default)]
pub struct Segmented {
    /// For each page, its identity.
    pub identities: Vec<Identity>,
    /// For each page, its zones in order.
    pub zones: Vec<Vec<Zone>>,
    /// The articles, by page and place of their first fragment in file order.
    pub articles: Vec<Article>,
}

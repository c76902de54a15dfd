//! The corpus as a stream: a block of a day's papers at a time, so that memory does not grow with its size.

use super::copies::{Kind, draw_kind, print, quote};
use super::noise::{Noise, NoiseKind};
use super::text::{Grammars, Language, StoryText, join, line, story, telegram, writer};
use crate::grammar::IssueDay;
use crate::rng::Rng;

/// What one document of the corpus is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// An article.
    Article,
    /// A page of one paper: several articles, not segmented.
    Page,
}

/// What corpus to make.
#[derive(Clone, Debug)]
pub struct Spec {
    /// Seed.
    pub seed: u64,
    /// Documents at least; the last block is finished.
    pub documents: usize,
    /// Language of the stories; null for all of them mixed.
    pub language: Option<Language>,
    /// Percent of characters with noise: 0, 2, 5, 10.
    pub noise: usize,
    /// Kind of noise.
    pub noise_kind: NoiseKind,
    /// Articles or pages.
    pub unit: Unit,
    /// Stories that [`WIDE_PAPERS`] papers print.
    pub wide: usize,
}

/// Papers that a nationwide story stands in.
pub const WIDE_PAPERS: usize = 300;
/// Papers of the corpus.
pub const PAPERS: usize = 360;
/// Stories, printed or not, of a block.
const BLOCK_STORIES: usize = 120;

/// The stories of a block that are telegrams.
const TELEGRAMS: [usize; 2] = [0, 12];
/// Advertisements printed in a block.
const BLOCK_ADVERTISEMENTS: usize = 5;

/// A part of a document with its truth, in code points of the text; the whole text for an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Families it prints; an article of its own has a family of its own.
    pub families: Vec<String>,
    /// Families it quotes without being a printing of them.
    pub quotes: Vec<String>,
    /// Kind of copy.
    pub kind: Kind,
    /// Language.
    pub language: Language,
    /// First code point.
    pub start: usize,
    /// End, exclusive.
    pub end: usize,
}

/// A document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Its id; tells nothing of its family.
    pub id: String,
    /// Paper.
    pub paper: usize,
    /// ISO date.
    pub date: String,
    /// Text.
    pub text: String,
    /// Parts.
    pub parts: Vec<Part>,
}

/// One printing before ids are given.
struct Draft {
    paper: usize,
    late: usize,
    text: String,
    part: Part,
}

/// Makes the documents of a spec block by block.
pub struct Maker {
    spec: Spec,
    grammars: Grammars,
    noise: Noise,
    advertisements: Vec<(Language, String)>,
    series: Vec<(Language, u64)>,
    papers: Vec<String>,
    block: usize,
    made: usize,
}

fn day_of(block: usize) -> IssueDay {
    // 24 issue days a month keep every day and the two after it inside the month.
    let (month, day) = (block / 24, block % 24);
    IssueDay { year: 1990 + month / 12, month: month % 12 + 1, day: day + 4 }
}

fn date_text(day: IssueDay, late: usize) -> String {
    format!(
        "{:04}-{:02}-{:02}",
        day.year,
        day.month,
        (day.day + late).min(30).min(if day.month == 2 { 28 } else { 30 })
    )
}

impl Maker {
    /// A maker for a spec.
    #[must_use]
    pub fn new(spec: Spec) -> Maker {
        let grammars = Grammars::default();
        let noise = Noise::new(&grammars, spec.noise_kind, spec.noise);
        let mut rng = Rng::new(spec.seed, 2);
        let language = |rng: &mut Rng| draw_language(spec.language, rng);
        let advertisements = (0..30 + spec.documents / 2000)
            .map(|i| {
                let l = language(&mut rng);
                (l, line(&grammars, Rng::new(spec.seed, 10_000 + i as u64), l, day_of(i), "ad", &[]))
            })
            .collect();
        let series =
            (0..4 + spec.documents / 1500).map(|i| (language(&mut rng), 20_000 + i as u64)).collect();
        let names =
            writer(grammars.of(Language::En), Rng::new(0, 3), day_of(0)).write_sequence("papername", 0);
        let papers = (0..PAPERS)
            .map(|i| {
                format!("{} {}", names.get(i % names.len().max(1)).map_or("", String::as_str), i / 6 + 1)
            })
            .collect();
        Maker { spec, grammars, noise, advertisements, series, papers, block: 0, made: 0 }
    }

    /// The name of a paper: its `series` in the corpus.
    #[must_use]
    pub fn paper_name(&self, paper: usize) -> &str {
        self.papers.get(paper).map_or("", String::as_str)
    }

    /// Whether all documents are made.
    #[must_use]
    pub fn done(&self) -> bool {
        self.made >= self.spec.documents && self.block >= self.spec.wide
    }

    /// The documents of the next block, in an order that tells nothing.
    pub fn next_block(&mut self) -> Vec<Document> {
        let block = self.block;
        self.block += 1;
        let day = day_of(block);
        let mut rng = Rng::new(self.spec.seed, 1_000_000 + block as u64);
        let mut drafts = self.drafts(block, day, &mut rng);
        for draft in &mut drafts {
            draft.text = self.noise.apply(&draft.text, &mut rng);
            draft.part.end = draft.text.chars().count();
        }
        rng.shuffle(&mut drafts);
        let documents = match self.spec.unit {
            Unit::Article => drafts
                .into_iter()
                .map(|d| Document {
                    id: String::new(),
                    paper: d.paper,
                    date: date_text(day, d.late),
                    text: d.text,
                    parts: vec![d.part],
                })
                .collect(),
            Unit::Page => pages(drafts, &self.papers, day, &mut rng),
        };
        let mut out: Vec<Document> = documents;
        for document in &mut out {
            document.id = format!("d{:08}", self.made);
            self.made += 1;
        }
        out
    }

    fn drafts(&self, block: usize, day: IssueDay, rng: &mut Rng) -> Vec<Draft> {
        let mut out: Vec<Draft> = Vec::new();
        let stories: Vec<StoryText> = (0..BLOCK_STORIES)
            .map(|i| {
                let language = draw_language(self.spec.language, rng);
                let seed = Rng::new(self.spec.seed ^ 0x5EED, (block * BLOCK_STORIES + i) as u64);
                // Two telegrams of a day differ in little but the names.
                if TELEGRAMS.contains(&i) && language != Language::Bilingual {
                    telegram(&self.grammars, seed, language, day)
                } else {
                    story(&self.grammars, seed, language, day, 6, 16)
                }
            })
            .collect();
        // The first sixth is printed by several papers, which makes half of all printings; the others are local.
        let shared = BLOCK_STORIES * 16 / 100;
        for (i, text) in stories.iter().enumerate() {
            let family = format!("f{block}-{i}");
            let template = TELEGRAMS.contains(&i) && text.language != Language::Bilingual;
            if i >= shared {
                self.local(&mut out, text, &stories[i % shared], family, i % shared, block, day, rng);
                continue;
            }
            let wide = i == 1 && block < self.spec.wide;
            let copies = if wide { WIDE_PAPERS } else { rng.between(3, 8) };
            let mut papers: Vec<usize> = (0..PAPERS).collect();
            rng.shuffle(&mut papers);
            for paper in papers.into_iter().take(copies) {
                let kind = if template { Kind::Template } else { draw_kind(rng) };
                let other = (i + 1 + rng.below(shared - 1)) % shared;
                let late = rng.below(3);
                let mut families = vec![family.clone()];
                if kind == Kind::Composite {
                    families.push(format!("f{block}-{other}"));
                }
                for printed in print(&self.grammars, text, &stories[other], kind, day, rng) {
                    out.push(Draft {
                        paper,
                        late,
                        text: printed,
                        part: part(families.clone(), Vec::new(), kind, text.language),
                    });
                }
            }
        }
        for _ in 0..BLOCK_ADVERTISEMENTS {
            let n = rng.below(self.advertisements.len());
            let (language, text) = &self.advertisements[n];
            out.push(Draft {
                paper: rng.below(PAPERS),
                late: 0,
                text: text.clone(),
                part: part(vec![format!("a{n}")], Vec::new(), Kind::Advertisement, *language),
            });
        }
        out
    }

    #[expect(clippy::too_many_arguments, reason = "one call; the values have no common owner")]
    fn local(
        &self,
        out: &mut Vec<Draft>,
        text: &StoryText,
        quoted: &StoryText,
        family: String,
        quoted_index: usize,
        block: usize,
        day: IssueDay,
        rng: &mut Rng,
    ) {
        let paper = rng.below(PAPERS);
        let mut quotes = Vec::new();
        let (kind, printed) = match rng.below(100) {
            0..=7 if quoted.language == text.language => {
                quotes.push(format!("f{block}-{quoted_index}"));
                (Kind::Quoted, quote(&self.grammars, quoted, text, day, rng))
            }
            8..=12 => {
                let which = rng.below(self.series.len());
                let (language, stream) = self.series[which];
                let number = block.to_string();
                let intro = line(
                    &self.grammars,
                    Rng::new(self.spec.seed, stream),
                    language,
                    day_of(which),
                    "series",
                    &[("part", &number)],
                );
                (Kind::Series, format!("{intro}\n{}", join(text.language, "", &text.sentences)))
            }
            13..=15 => {
                // The next item of the column, an advertisement, was left on the article.
                let (_, ad) = &self.advertisements[rng.below(self.advertisements.len())];
                (Kind::Local, format!("{}\n{ad}", join(text.language, "", &text.sentences)))
            }
            _ => {
                let body = join(text.language, &text.opening, &text.sentences);
                (Kind::Local, if rng.chance(60) { format!("{}\n{body}", text.headline) } else { body })
            }
        };
        out.push(Draft {
            paper,
            late: 0,
            text: printed,
            part: part(vec![family], quotes, kind, text.language),
        });
    }
}

fn part(families: Vec<String>, quotes: Vec<String>, kind: Kind, language: Language) -> Part {
    Part { families, quotes, kind, language, start: 0, end: 0 }
}

fn draw_language(wanted: Option<Language>, rng: &mut Rng) -> Language {
    match (wanted, rng.below(100)) {
        (Some(language), _) => language,
        (None, 0..=44) => Language::Zh,
        (None, 45..=69) => Language::En,
        (None, 70..=91) => Language::Ru,
        (None, _) => Language::Bilingual,
    }
}

fn pages(drafts: Vec<Draft>, names: &[String], day: IssueDay, rng: &mut Rng) -> Vec<Document> {
    // A day has few enough papers that each has pages of several articles.
    let papers = drafts.len().div_ceil(8).clamp(1, names.len());
    let mut by_paper: Vec<Vec<Draft>> = (0..papers).map(|_| Vec::new()).collect();
    for draft in drafts {
        by_paper[draft.paper % papers].push(draft);
    }
    let mut out = Vec::new();
    for (paper, list) in by_paper.into_iter().enumerate() {
        let mut list = list.into_iter().peekable();
        while list.peek().is_some() {
            let take = rng.between(3, 6);
            let mut text = format!("{} {}\n", names[paper], date_text(day, 0));
            let mut chars = text.chars().count();
            let mut parts = Vec::new();
            for draft in list.by_ref().take(take) {
                text.push('\n');
                text.push_str(&draft.text);
                text.push('\n');
                let n = draft.text.chars().count();
                parts.push(Part { start: chars + 1, end: chars + 1 + n, ..draft.part });
                chars += n + 2;
            }
            out.push(Document { id: String::new(), paper, date: date_text(day, 0), text, parts });
        }
    }
    out
}

//! Truth of a made set in the form of the hand-made one, and the plain ids that the scores take.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::cell::{Cell, Mark, Role, is_stop};
use super::score::{Lines, SKIP};
use super::set::{MadePage, MadeSet};

/// Plain ids of one page.
#[derive(Clone, Debug)]
pub struct PageIds {
    /// Story of each character of the text: index in the set plus one, 0 furniture, [`SKIP`] white space and
    /// format marks.
    pub owners: Vec<u32>,
    /// Second copies of passages.
    pub duplicate: Vec<bool>,
}

impl MadePage {
    /// Plain ids for the scores.
    #[must_use]
    pub fn ids(&self) -> PageIds {
        PageIds {
            owners: self.chars.iter().map(|(_, c)| c.map_or(SKIP, |c| c.owner)).collect(),
            duplicate: self.chars.iter().map(|(_, c)| c.is_some_and(|c| c.duplicate)).collect(),
        }
    }
}

/// Roles in the reading order of a body; the others may stand anywhere without breaking it.
fn flows(role: Role) -> bool {
    matches!(role, Role::Dateline | Role::Body | Role::Subhead | Role::TailDateline)
}

#[derive(Clone, Debug)]
struct Fragment {
    start: usize,
    end: usize,
    first_position: Option<u32>,
    duplicate: bool,
}

fn fragments(page: &MadePage, owner: u32) -> Vec<Fragment> {
    let printed: BTreeSet<u32> = page
        .chars
        .iter()
        .filter_map(|(_, c)| *c)
        .filter(|c| c.owner == owner && flows(c.role) && !c.duplicate)
        .map(|c| c.position)
        .collect();
    let mut out: Vec<Fragment> = Vec::new();
    let mut open = false;
    let mut last: Option<u32> = None;
    for (at, (_, cell)) in page.chars.iter().enumerate() {
        let Some(cell) = cell else { continue };
        if cell.owner != owner {
            open = false;
            continue;
        }
        let flowing = flows(cell.role);
        let broken = flowing
            && last
                .is_some_and(|l| cell.position <= l || printed.range(l + 1..cell.position).next().is_some());
        let turned = out.last().is_some_and(|f| f.duplicate != cell.duplicate);
        if !open || broken || turned {
            out.push(Fragment { start: at, end: at + 1, first_position: None, duplicate: cell.duplicate });
            open = true;
        }
        if let Some(fragment) = out.last_mut() {
            fragment.end = at + 1;
            if flowing && fragment.first_position.is_none() {
                fragment.first_position = Some(cell.position);
            }
        }
        if flowing {
            last = Some(cell.position);
        }
    }
    out
}

fn slice(page: &MadePage, start: usize, end: usize) -> String {
    page.chars[start..end].iter().map(|(ch, _)| *ch).collect()
}

fn ends_of(text: &str) -> (String, String) {
    let chars: Vec<char> = text.chars().collect();
    let first: String = chars.iter().take(12).collect();
    let last: String = chars[chars.len().saturating_sub(12)..].iter().collect();
    (first, last)
}

/// Runs of one role of one owner; nothing but white space lies inside.
fn role_runs(page: &MadePage, owner: u32) -> Vec<(Role, usize, usize, bool)> {
    let mut out: Vec<(Role, usize, usize, bool)> = Vec::new();
    let mut before: Option<Cell> = None;
    for (at, (_, cell)) in page.chars.iter().enumerate() {
        let Some(cell) = cell else { continue };
        if cell.owner == owner {
            // Two furniture lines of one role are two elements.
            let follows = before.is_some_and(|b| {
                b.owner == owner
                    && b.role == cell.role
                    && b.duplicate == cell.duplicate
                    && (owner != 0 || cell.position > b.position)
            });
            match out.last_mut() {
                Some(run) if follows => run.2 = at + 1,
                _ => out.push((cell.role, at, at + 1, cell.duplicate)),
            }
        }
        before = Some(*cell);
    }
    out
}

fn mark_runs(page: &MadePage, owner: u32, mark: Mark) -> Vec<(usize, usize)> {
    let mut out: Vec<(usize, usize)> = Vec::new();
    let mut open = false;
    for (at, (_, cell)) in page.chars.iter().enumerate() {
        let Some(cell) = cell else { continue };
        let ours = cell.owner == owner && cell.mark == mark;
        match out.last_mut() {
            Some(run) if ours && open => run.1 = at + 1,
            _ if ours => out.push((at, at + 1)),
            _ => {}
        }
        open = ours;
    }
    out
}

impl MadeSet {
    /// Where each loss stands: owner, page index, code point after which text is missing.
    #[must_use]
    pub fn losses(&self) -> Vec<(u32, usize, usize)> {
        let mut out = Vec::new();
        for gap in &self.gaps {
            for (index, page) in self.pages.iter().enumerate() {
                let at = page.chars.iter().position(|(_, c)| {
                    c.is_some_and(|c| {
                        c.owner == gap.owner && flows(c.role) && !c.duplicate && c.position == gap.after
                    })
                });
                if let Some(at) = at {
                    out.push((gap.owner, index, at + 1));
                }
            }
        }
        out
    }

    /// Headline, byline and dateline of a story as the set prints them.
    #[must_use]
    pub fn lines(&self, owner: u32) -> Lines {
        let collect = |wanted: &dyn Fn(&Cell) -> bool| {
            let mut cells: Vec<(u32, char)> = Vec::new();
            for page in &self.pages {
                for (_, cell) in &page.chars {
                    if let Some(c) = cell
                        && c.owner == owner
                        && !c.duplicate
                        && wanted(c)
                    {
                        cells.push((c.position, c.ch));
                    }
                }
            }
            cells.sort_by_key(|c| c.0);
            let text: String = cells.iter().map(|c| c.1).collect();
            (!text.is_empty()).then_some(text)
        };
        Lines {
            headline: collect(&|c| c.role == Role::Headline)
                .or_else(|| collect(&|c| c.role == Role::ContinuationHead)),
            byline: collect(&|c| c.mark == Mark::Byline),
            dateline: [Mark::Agency, Mark::Place, Mark::Date].map(|mark| collect(&|c| c.mark == mark)),
        }
    }

    /// Stories that another paper of the set prints in full.
    #[must_use]
    pub fn printed_elsewhere(&self, owner: u32) -> bool {
        self.story(owner).is_some_and(|s| s.damages.contains(&"printed-elsewhere-in-full"))
    }

    /// The story of an owner.
    #[must_use]
    pub fn story(&self, owner: u32) -> Option<&super::story::Story> {
        self.stories.get((owner as usize).checked_sub(1)?)
    }

    /// Owners in order of their first character on each page.
    #[must_use]
    pub fn owners_on(&self, page: usize) -> Vec<u32> {
        let mut out = Vec::new();
        for cell in self.pages[page].chars.iter().filter_map(|(_, c)| *c) {
            if cell.owner != 0 && !cell.duplicate && !out.contains(&cell.owner) {
                out.push(cell.owner);
            }
        }
        out
    }

    /// Truth of the set: its pages and its stories.
    #[must_use]
    pub fn truth(&self) -> (Vec<Value>, Vec<Value>) {
        let folder = format!("seed-{:04}", self.seed);
        let mut ids: BTreeMap<u32, Vec<String>> = BTreeMap::new();
        let losses = self.losses();
        let mut pages = Vec::new();
        for (index, page) in self.pages.iter().enumerate() {
            let path = format!("{folder}/{}", page.name);
            let mut articles = Vec::new();
            for (k, owner) in self.owners_on(index).into_iter().enumerate() {
                let id = format!("{path}/{}", k + 1);
                ids.entry(owner).or_default().push(id.clone());
                articles.push(self.article(index, owner, &id, &losses));
            }
            let furniture: Vec<Value> = role_runs(page, 0)
                .into_iter()
                .map(|(role, start, end, _)| {
                    json!({"role": role.as_str(), "start": start, "end": end, "text": slice(page, start, end)})
                })
                .collect();
            let date = format!("{:04}-{:02}-{:02}", self.day.year, self.day.month, self.day.day);
            pages.push(json!({
                "page": path, "seed": self.seed, "chars": page.chars.len(), "paper": page.paper,
                "page_no": page.page_no.to_string(), "issue_date": date, "text_kind": page.style.name(),
                "articles": articles, "furniture": furniture,
            }));
        }
        let mut stories = Vec::new();
        for (owner, articles) in ids {
            let Some(story) = self.story(owner) else { continue };
            let (head, tail) = self.ends[owner as usize - 1];
            let lines = self.lines(owner);
            stories.push(json!({
                "story": format!("{folder}/s{owner}"), "work": format!("{folder}/w{}", story.work),
                "kind": story.kind.as_str(), "topic": story.topic, "articles": articles,
                "head": head.as_str(), "tail": tail.as_str(), "headline": lines.headline,
                "byline": lines.byline,
                "dateline": {"agency": lines.dateline[0], "place": lines.dateline[1], "date": lines.dateline[2]},
                "damages": story.damages,
            }));
        }
        (pages, stories)
    }

    fn article(&self, index: usize, owner: u32, id: &str, losses: &[(u32, usize, usize)]) -> Value {
        let page = &self.pages[index];
        let fragments = fragments(page, owner);
        let mut order: Vec<usize> = (0..fragments.len()).collect();
        order.sort_by_key(|i| (fragments[*i].first_position, *i));
        let fragments: Vec<Value> = fragments
            .iter()
            .enumerate()
            .map(|(i, f)| {
                let (first, last) = ends_of(&slice(page, f.start, f.end));
                let rank = order.iter().position(|o| *o == i).unwrap_or(i) + 1;
                let mut value =
                    json!({"start": f.start, "end": f.end, "order": rank, "first": first, "last": last});
                if f.duplicate {
                    value["flag"] = json!("duplicate-misplaced");
                }
                value
            })
            .collect();
        let mut elements = Vec::new();
        for (role, start, end, duplicate) in role_runs(page, owner) {
            let word = if duplicate { "misplaced_duplicate" } else { role.as_str() };
            let text = slice(page, start, end);
            elements.push(if role == Role::Body {
                let (first, last) = ends_of(&text);
                json!({"role": word, "start": start, "end": end, "first": first, "last": last})
            } else {
                json!({"role": word, "start": start, "end": end, "text": text})
            });
        }
        for (mark, word) in
            [(Mark::Byline, "byline"), (Mark::Agency, "agency"), (Mark::Place, "place"), (Mark::Date, "date")]
        {
            for (start, end) in mark_runs(page, owner, mark) {
                elements
                    .push(json!({"role": word, "start": start, "end": end, "text": slice(page, start, end)}));
            }
        }
        let gaps: Vec<Value> = losses
            .iter()
            .filter(|(o, p, _)| *o == owner && *p == index)
            .map(|(_, _, at)| {
                json!({"at": at, "kind": "text-lost", "after_text": slice(page, at.saturating_sub(12), *at)})
            })
            .collect();
        let story = self.story(owner);
        let (mut head, mut tail) = self.ends[owner as usize - 1];
        let jumped: Vec<&(u32, usize, usize)> = self.jumps.iter().filter(|j| j.0 == owner).collect();
        for (_, front, to) in &jumped {
            if *front == index {
                tail = super::End::Elsewhere;
            }
            if *to == index {
                head = super::End::Elsewhere;
            }
        }
        let title = self.lines(owner).headline;
        json!({
            "id": id, "story": format!("seed-{:04}/s{owner}", self.seed), "title": title,
            "kind": story.map(|s| s.kind.as_str()), "head": head.as_str(), "tail": tail.as_str(),
            "fragments": fragments, "elements": elements, "gaps": gaps,
            "mid_sentence_breaks": breaks(page, owner),
            "damages": story.map(|s| s.damages.clone()),
        })
    }
}

/// Blank lines inside a sentence of one story, nothing foreign between.
fn breaks(page: &MadePage, owner: u32) -> Vec<Value> {
    let mut out = Vec::new();
    let mut before: Option<(usize, Cell)> = None;
    for (at, (_, cell)) in page.chars.iter().enumerate() {
        let Some(cell) = cell else { continue };
        if let Some((last, b)) = before {
            let blank =
                at - last > 2 && page.chars[last + 1..at].iter().filter(|(c, _)| *c == '\n').count() > 1;
            let body = b.role == Role::Body && cell.role == Role::Body && !cell.duplicate && !b.duplicate;
            if blank
                && body
                && b.owner == owner
                && cell.owner == owner
                && cell.position == b.position + 1
                && !is_stop(b.ch)
            {
                let left = slice(page, (last + 1).saturating_sub(6), last + 1);
                let right = slice(page, at, (at + 6).min(page.chars.len()));
                out.push(json!({"at": last + 1, "resume": at, "left": left, "right": right}));
            }
        }
        before = Some((at, *cell));
    }
    out
}

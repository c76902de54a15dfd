//! Truth in the form of `../shared/gold` and `sample/truth`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use serde_json::Value;
use shiliu_lang::{Profile, Section};

/// Code points, end exclusive.
pub(crate) type Range = (usize, usize);

/// One article of one page.
pub(crate) struct TruthArticle {
    pub(crate) id: String,
    pub(crate) title: Option<String>,
    pub(crate) status: String,
    pub(crate) fragments: Vec<Range>,
    /// Kinds of facts that this article has no truth of.
    pub(crate) unmarked: Vec<String>,
}

/// One page.
pub(crate) struct TruthPage {
    pub(crate) page: String,
    pub(crate) issue_date: Option<String>,
    pub(crate) articles: Vec<TruthArticle>,
}

/// One fact: its kind, its place and its whole row.
pub(crate) struct Fact {
    pub(crate) id: String,
    pub(crate) page: String,
    pub(crate) kind: String,
    pub(crate) spans: Vec<Range>,
    pub(crate) text: String,
    pub(crate) row: Value,
}

/// Two printings that belong to one story, or must not.
pub(crate) struct Pair {
    pub(crate) a: String,
    pub(crate) b: String,
    pub(crate) same: bool,
}

/// A link between facts (ids); `to` is empty where the other end stands on no held page.
pub(crate) struct TruthLink {
    pub(crate) id: String,
    pub(crate) relation: String,
    pub(crate) title: String,
    pub(crate) from: Vec<String>,
    pub(crate) to: Vec<String>,
}

/// All of it.
pub(crate) struct Truth {
    pub(crate) pages: Vec<TruthPage>,
    pub(crate) facts: Vec<Fact>,
    pub(crate) pairs: Vec<Pair>,
    pub(crate) links: Vec<TruthLink>,
    /// Whether every link of the pages is listed (the sample's), or some that a reader noticed.
    pub(crate) links_complete: bool,
    /// (reading of one witness, reading of the other, class, which is right)
    pub(crate) variants: Vec<[String; 4]>,
}

fn range(value: &Value) -> Option<Range> {
    if let Some(list) = value.as_array() {
        return Some((usize_of(list.first()?)?, usize_of(list.get(1)?)?));
    }
    Some((usize_of(value.get("start")?)?, usize_of(value.get("end")?)?))
}

fn usize_of(value: &Value) -> Option<usize> {
    value.as_u64().and_then(|number| usize::try_from(number).ok())
}

fn text(value: &Value, key: &str) -> Option<String> {
    value.get(key).and_then(Value::as_str).map(str::to_owned)
}

fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

impl Truth {
    /// Groups of states that the truth names by their group (`the five states`) as the states they are: that is what
    /// records list.
    pub(crate) fn name_states(&mut self, profile: &Profile) {
        let states = profile.entries(Section::State);
        let members = |name: &str| -> Option<Vec<Value>> {
            let group = profile
                .entries(Section::Group)
                .iter()
                .find(|group| group.names.values().flatten().any(|known| known == name))?;
            let named =
                |id: &String| states.iter().find(|state| &state.id == id).map(|state| state.name("zh"));
            Some(group.members.iter().filter_map(named).map(Value::from).collect())
        };
        for fact in &mut self.facts {
            for key in ["actors", "recipients", "parties"] {
                let Some(Value::Array(names)) = fact.row.get_mut(key) else { continue };
                *names = std::mem::take(names)
                    .into_iter()
                    .flat_map(|name| name.as_str().and_then(members).unwrap_or_else(|| vec![name.clone()]))
                    .collect();
            }
        }
    }

    pub(crate) fn load(folder: &Path) -> Result<Truth> {
        let open = |name: &str| fs::read_to_string(folder.join(name)).with_context(|| name.to_owned());
        let segments: Value = serde_json::from_str(&open("segments.json")?)?;
        let pages = list(&segments, "pages").iter().map(page).collect();
        let mut facts = Vec::new();
        for line in open("facts.jsonl")?.lines().filter(|line| !line.trim().is_empty()) {
            let row: Value = serde_json::from_str(line)?;
            let mut spans: Vec<Range> = list(&row, "spans").iter().filter_map(range).collect();
            if spans.is_empty() {
                spans.extend(range(&row));
            }
            let get = |key| text(&row, key).unwrap_or_default();
            facts.push(Fact {
                id: get("id"),
                page: get("page"),
                kind: get("kind"),
                spans,
                text: get("text"),
                row,
            });
        }
        let reprints: Value = serde_json::from_str(&open("reprints.json")?)?;
        let variants = open("variants.tsv")?;
        let mut lines = variants.lines();
        let header: Vec<&str> = lines.next().unwrap_or_default().split('\t').collect();
        let column = |name: &str| header.iter().position(|cell| *cell == name);
        let columns = ["reading_A", "reading_B", "class", "right"].map(column);
        let variants = lines
            .map(|line| {
                let cells: Vec<&str> = line.split('\t').collect();
                columns.map(|at| at.and_then(|at| cells.get(at)).copied().unwrap_or_default().to_owned())
            })
            .collect();
        let listed: Value = serde_json::from_str(&open("links.json")?)?;
        let links_complete = list(&listed, "links").iter().any(|row| row.get("from").is_some());
        let links = list(&listed, "links").iter().map(link).collect();
        Ok(Truth { pages, facts, pairs: pairs(&reprints), links, links_complete, variants })
    }
}

fn page(value: &Value) -> TruthPage {
    let articles = list(value, "articles")
        .iter()
        .map(|article| TruthArticle {
            id: text(article, "id").unwrap_or_default(),
            title: text(article, "title"),
            status: text(article, "status").unwrap_or_default(),
            fragments: list(article, "fragments").iter().filter_map(range).collect(),
            unmarked: list(article, "unmarked").iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        })
        .collect();
    TruthPage {
        page: text(value, "page").unwrap_or_default(),
        issue_date: text(value, "issue_date"),
        articles,
    }
}

/// The sample names both ends; the hand-made truth lists the places in their order in time, the later ones last.
fn link(row: &Value) -> TruthLink {
    let get = |key| text(row, key).unwrap_or_default();
    let ids = |row: &Value, key: &str| -> Vec<String> {
        list(row, key).iter().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let (mut from, mut to) = (ids(row, "from"), ids(row, "to"));
    if row.get("from").is_none() {
        let places = list(row, "evidence");
        to = places.first().map(|place| ids(place, "facts")).unwrap_or_default();
        from = places.iter().skip(1).flat_map(|place| ids(place, "facts")).collect();
    }
    TruthLink { id: get("id"), relation: get("type"), title: get("title"), from, to }
}

fn pairs(reprints: &Value) -> Vec<Pair> {
    let mut found = Vec::new();
    let mut push = |a: Option<String>, b: Option<String>, same: bool| {
        if let (Some(a), Some(b)) = (a, b) {
            found.push(Pair { a, b, same });
        }
    };
    for row in list(reprints, "reprints") {
        let same = text(row, "relation").is_some_and(|relation| relation.starts_with("full"));
        push(text(row, "a"), text(row, "b"), same);
    }
    let mut stories: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for (number, family) in list(reprints, "families").iter().enumerate() {
        let members: Vec<String> =
            list(family, "members").iter().filter_map(|row| text(row, "article")).collect();
        for (place, a) in members.iter().enumerate() {
            for b in &members[place + 1..] {
                push(Some(a.clone()), Some(b.clone()), true);
            }
        }
        stories.insert(number, members);
    }
    let ids = |value: &Value, key: &str| -> Vec<String> {
        match value.get(key) {
            Some(Value::String(id)) => vec![id.clone()],
            Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            _ => Vec::new(),
        }
    };
    for key in ["related", "look_alike_but_not"] {
        for row in list(reprints, key) {
            for a in ids(row, "a") {
                for b in ids(row, "b") {
                    push(Some(a.clone()), Some(b), false);
                }
            }
        }
    }
    found
}

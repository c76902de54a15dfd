//! Pages → issues: by what the pages say (paper and date), else by folder.

use std::collections::{BTreeMap, BTreeSet};

use shiliu_press::{Identity, Page};

/// An issue and why its pages are together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct IssueRow {
    /// Unique name, the same whenever the same pages are read.
    pub(super) key: String,
    pub(super) paper: Option<String>,
    pub(super) date: Option<String>,
    pub(super) folder: Option<String>,
    /// `identity`, `folder` or `page`.
    pub(super) grouping: &'static str,
}

/// The issues sorted by key, and for each page the index of its issue.
pub(super) fn group(pages: &[Page], identities: &[Identity]) -> (Vec<IssueRow>, Vec<usize>) {
    let said: Vec<Option<(String, String)>> = identities
        .iter()
        .map(|identity| {
            let paper = identity.paper.as_ref()?.value.clone();
            Some((paper, identity.date.as_ref()?.value.to_string()))
        })
        .collect();
    let folders: Vec<Option<String>> = pages.iter().map(folder_of).collect();
    let mut in_folder: BTreeMap<&str, BTreeSet<&(String, String)>> = BTreeMap::new();
    for (folder, said) in folders.iter().zip(&said) {
        if let (Some(folder), Some(said)) = (folder, said) {
            in_folder.entry(folder).or_default().insert(said);
        }
    }
    let rows: Vec<IssueRow> = (0..pages.len())
        .map(|index| {
            let folder = folders[index].clone();
            let whole = folder.as_deref().and_then(|folder| in_folder.get(folder));
            // A page that does not say what it is belongs with its folder, if the folder is of one issue.
            let joined = match whole {
                Some(one) if one.len() == 1 => one.first().map(|said| (*said).clone()),
                _ => None,
            };
            if let Some((paper, date)) = said[index].clone().or(joined) {
                let key = format!("{date} {paper}");
                return IssueRow { key, paper: Some(paper), date: Some(date), folder, grouping: "identity" };
            }
            let identity = &identities[index];
            let paper = identity.paper.as_ref().map(|paper| paper.value.clone());
            let date = identity.date.as_ref().map(|date| date.value.to_string());
            match folder {
                Some(name) => {
                    let known = [date.as_deref(), paper.as_deref()];
                    let known: Vec<&str> = known.into_iter().flatten().collect();
                    let key = format!("{name}/ {}", known.join(" "));
                    IssueRow { key, paper, date, folder: Some(name), grouping: "folder" }
                }
                None => {
                    let key = pages[index].key.path.clone();
                    IssueRow { key, paper, date, folder: None, grouping: "page" }
                }
            }
        })
        .collect();
    let mut issues: BTreeMap<String, IssueRow> = BTreeMap::new();
    for row in &rows {
        let known = issues.entry(row.key.clone()).or_insert_with(|| row.clone());
        if known.folder != row.folder {
            known.folder = None;
        }
    }
    let order: BTreeMap<&String, usize> =
        issues.keys().enumerate().map(|(index, key)| (key, index)).collect();
    let of_page = rows.iter().map(|row| order[&row.key]).collect();
    (issues.into_values().collect(), of_page)
}

/// The folder or archive that a page lies in: from its name, else the folder that was given.
fn folder_of(page: &Page) -> Option<String> {
    let path = &page.key.path;
    let inner = path.rfind(['/', '!']).map(|at| path[..at].to_owned());
    inner.or_else(|| page.key.folders.last().cloned())
}

#[cfg(test)]
mod tests {
    use shiliu_press::{Format, PageKey};
    use shiliu_text::{Basis, Date, Inferred, Layer, SourceId};

    use super::*;

    fn page(path: &str) -> Page {
        let layer = Layer::new(SourceId::of(path.as_bytes()), String::new());
        let key = PageKey { path: path.to_owned(), ..PageKey::default() };
        Page { key, layer, format: Format::Text, encoding: "UTF-8".to_owned(), lines: Vec::new() }
    }

    fn identity(paper: &str, date: &str) -> Identity {
        let basis = Basis::Inferred { evidence: "test".to_owned(), at: Vec::new() };
        let paper = (!paper.is_empty()).then(|| Inferred { value: paper.to_owned(), basis: basis.clone() });
        let date = Date::parse(date).map(|value| Inferred { value, basis });
        Identity { paper, date, ..Identity::default() }
    }

    #[test]
    fn by_what_pages_say_then_by_folder_then_alone() {
        let pages = ["a/1.md", "a/2.md", "b/1.md", "b/2.md", "c/1.md", "c/2.md", "x.md"].map(page);
        let identities = [
            identity("榴园日报", "2031-04-05"),
            identity("", ""),
            identity("榴园日报", "2031-04-05"),
            identity("西岭晚报", "2031-04-05"),
            identity("", ""),
            identity("", ""),
            identity("", ""),
        ];
        let (issues, of_page) = group(&pages, &identities);
        let keys: Vec<&str> = of_page.iter().map(|&issue| issues[issue].key.as_str()).collect();
        let expected = [
            "2031-04-05 榴园日报",
            "2031-04-05 榴园日报",
            "2031-04-05 榴园日报",
            "2031-04-05 西岭晚报",
            "c/ ",
            "c/ ",
            "x.md",
        ];
        assert_eq!(keys, expected);
    }
}

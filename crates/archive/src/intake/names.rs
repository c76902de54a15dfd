//! What pages are called: every page has one name, no two have the same, and the order in which PATHs are
//! given changes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// One PATH to walk and the name that stands for it in the names of its pages.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Start<'a> {
    /// The PATH as it was given, so that messages show what the user typed.
    pub path: &'a Path,
    /// Its last name; with the names above it where two PATHs end alike.
    pub name: Option<String>,
    /// Whether another PATH leads to the same file or to a folder above it: it is walked there.
    pub covered: bool,
}

/// Names the PATHs: `2031/pages` and `2032/pages` are told apart by as much as it takes, and what is given
/// twice, in whatever spelling, is walked once.
pub(super) fn starts(paths: &[PathBuf]) -> Vec<Start<'_>> {
    let whole: Vec<Option<PathBuf>> = paths.iter().map(|path| real(path)).collect();
    let folders: BTreeSet<&Path> =
        whole.iter().flatten().filter(|path| path.is_dir()).map(PathBuf::as_path).collect();
    let mut seen: BTreeSet<&Path> = BTreeSet::new();
    let covered: Vec<bool> = whole
        .iter()
        .map(|path| path.as_deref().is_some_and(|path| !seen.insert(path) || lies_below(path, &folders)))
        .collect();
    let mut depth: Vec<usize> = vec![1; paths.len()];
    // Each round makes the names that are still shared one part longer; a name ends growing at the root.
    loop {
        let mut holders: BTreeMap<String, BTreeSet<&Path>> = BTreeMap::new();
        for ((path, depth), covered) in whole.iter().zip(&depth).zip(&covered) {
            if let (Some(path), false) = (path, covered) {
                holders.entry(last_names(path, *depth)).or_default().insert(path);
            }
        }
        let mut grown = false;
        for (path, depth) in whole.iter().zip(&mut depth) {
            let Some(path) = path else { continue };
            let shared = holders.get(&last_names(path, *depth)).is_some_and(|holders| holders.len() > 1);
            if shared && *depth < path.components().count() {
                *depth += 1;
                grown = true;
            }
        }
        if !grown {
            break;
        }
    }
    paths
        .iter()
        .zip(whole.iter().zip(depth).zip(covered))
        .map(|(path, ((whole, depth), covered))| Start {
            path,
            name: whole.as_deref().map(|whole| last_names(whole, depth)).filter(|name| !name.is_empty()),
            covered,
        })
        .collect()
}

/// The path without `.`, `..` and links in the folders above it; its own last name stays as it is, because a
/// link to a page is a place of its own.
fn real(path: &Path) -> Option<PathBuf> {
    match (path.parent(), path.file_name()) {
        (Some(parent), Some(name)) if !path.is_dir() => {
            let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
            Some(parent.canonicalize().ok()?.join(name))
        }
        _ => path.canonicalize().ok(),
    }
}

/// Whether a walk of one of `folders` comes to `path`: it passes over names that start with a dot.
fn lies_below(path: &Path, folders: &BTreeSet<&Path>) -> bool {
    path.ancestors().skip(1).any(|above| {
        folders.contains(above)
            && path.strip_prefix(above).is_ok_and(|rest| {
                rest.components().all(|part| !part.as_os_str().as_encoded_bytes().starts_with(b"."))
            })
    })
}

fn last_names(path: &Path, count: usize) -> String {
    let names: Vec<String> = path
        .components()
        .filter_map(|part| match part {
            std::path::Component::Normal(name) => Some(printable(name)),
            _ => None,
        })
        .collect();
    names[names.len().saturating_sub(count)..].join("/")
}

/// A file name as text. Bytes that are no UTF-8 are written `%FF`, so that two such names stay two.
pub(super) fn printable(name: &OsStr) -> String {
    let mut text = String::new();
    for chunk in name.as_encoded_bytes().utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}

/// Names given out so far.
#[derive(Debug, Default)]
pub(super) struct Taken(BTreeSet<String>);

impl Taken {
    /// The name itself, or, where it is taken, the name with a number before its ending: `a~2.md`.
    pub(super) fn name(&mut self, wanted: &str) -> String {
        if self.0.insert(wanted.to_owned()) {
            return wanted.to_owned();
        }
        let last = wanted.rfind(['/', '!']).map_or(0, |at| at + 1);
        let end = wanted[last..].rfind('.').filter(|at| *at > 0).map_or(wanted.len(), |at| last + at);
        let numbered = |number: u64| format!("{}~{number}{}", &wanted[..end], &wanted[end..]);
        // The names of one archive may all be equal: look from where the last search ended.
        let mut number = 2;
        while self.0.contains(&numbered(number)) {
            number *= 2;
        }
        let (mut low, mut high) = (number / 2, number);
        while low + 1 < high {
            let middle = low + (high - low) / 2;
            if self.0.contains(&numbered(middle)) { low = middle } else { high = middle }
        }
        let name = numbered(high.max(2));
        self.0.insert(name.clone());
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_end_alike_are_told_apart_in_any_order() {
        let made = tempfile::tempdir().unwrap();
        let (one, two) = (made.path().join("2031/pages"), made.path().join("2032/pages"));
        for folder in [&one, &two] {
            std::fs::create_dir_all(folder.join("inner")).unwrap();
        }
        let names = |paths: &[PathBuf]| -> Vec<(Option<String>, bool)> {
            starts(paths).into_iter().map(|start| (start.name, start.covered)).collect()
        };
        let known = |name: &str, covered| (Some(name.to_owned()), covered);
        assert_eq!(
            names(&[two.clone(), one.clone()]),
            [known("2032/pages", false), known("2031/pages", false)]
        );
        assert_eq!(names(&[one.clone(), one.join(".")]), [known("pages", false), known("pages", true)]);
        assert!(names(&[one.join("inner"), one.clone()])[0].1);
        assert_eq!(names(&[one.join("inner/../../pages")]), [known("pages", false)]);
        assert_eq!(names(&[PathBuf::from("/nowhere/at/all")]), [(None, false)]);
    }

    #[test]
    fn a_name_that_is_taken_gets_a_number() {
        let mut taken = Taken::default();
        let names: Vec<String> = ["a.md", "a.md", "a.md", "x.zip!a/.b", "x.zip!a/.b"]
            .iter()
            .map(|name| taken.name(name))
            .collect();
        assert_eq!(names, ["a.md", "a~2.md", "a~3.md", "x.zip!a/.b", "x.zip!a/.b~2"]);
    }

    #[test]
    #[cfg(unix)]
    fn names_that_are_no_text_stay_two() {
        use std::os::unix::ffi::OsStrExt as _;
        assert_eq!(printable(OsStr::from_bytes(b"a\xff.md")), "a%FF.md");
        assert_eq!(printable(OsStr::new("北砧.md")), "北砧.md");
    }
}

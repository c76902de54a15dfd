//! Rules of the house that no compiler checks: who may know whom, where words may stand, how long a file gets,
//! and that the map of the code is complete.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "target") {
                rust_files(&path, found);
            }
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
}

fn sources() -> Vec<PathBuf> {
    let mut found = Vec::new();
    rust_files(&root().join("crates"), &mut found);
    rust_files(&root().join("benchsuite"), &mut found);
    found.sort();
    assert!(found.len() > 30, "the sources were not found");
    found
}

/// The edges of design: a crate may know only these.
#[test]
fn crates_know_only_whom_they_may() {
    let allowed: BTreeMap<&str, &[&str]> = BTreeMap::from([
        ("text", &[][..]),
        ("lang", &["text"][..]),
        ("press", &["text", "lang"]),
        ("reprint", &["text"]),
        ("collate", &["text"]),
        ("ledger", &["text"]),
        ("extract", &["text", "lang", "ledger"]),
        ("archive", &["text", "lang", "press", "reprint", "collate", "extract", "ledger"]),
        ("shiliu", &["text", "lang", "press", "reprint", "collate", "extract", "ledger", "archive"]),
    ]);
    let mut seen = BTreeSet::new();
    for entry in fs::read_dir(root().join("crates")).unwrap().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let manifest = fs::read_to_string(entry.path().join("Cargo.toml")).unwrap();
        let permitted =
            allowed.get(name.as_str()).unwrap_or_else(|| panic!("no edges are stated for `{name}`"));
        let normal = manifest.split("[dev-dependencies]").next().unwrap();
        for line in normal.lines() {
            if let Some(rest) = line.strip_prefix("shiliu-") {
                let other = rest.split([' ', '.', '=']).next().unwrap();
                assert!(permitted.contains(&other), "crate `{name}` must not know `{other}`");
            }
        }
        seen.insert(name);
    }
    assert_eq!(seen.len(), allowed.len());
}

/// Files and clocks: only `archive` and the binary touch the disk.
#[test]
fn stages_touch_no_files() {
    for path in sources() {
        let shown = path.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
        let pure = ["text", "lang", "press", "reprint", "collate", "extract", "ledger"]
            .iter()
            .any(|name| shown.starts_with(&format!("crates/{name}/src/")));
        if !pure {
            continue;
        }
        let text = without_tests(&fs::read_to_string(&path).unwrap());
        for banned in ["std::fs", "std::net", "std::process", "std::env::var", "SystemTime", "Instant::now"] {
            assert!(!text.contains(banned), "{shown} uses {banned}");
        }
    }
}

fn without_tests(text: &str) -> String {
    text.split("#[cfg(test)]").next().unwrap_or_default().to_owned()
}

fn is_han(character: char) -> bool {
    matches!(character as u32, 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff | 0x2_0000..=0x3_ffff)
}

/// Invariant 12: words are rows in data files.
#[test]
fn no_han_text_in_sources_outside_tests() {
    for path in sources() {
        let shown = path.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
        if shown.contains("/tests/") || shown.contains("/examples/") || shown.ends_with("tests.rs") {
            continue;
        }
        // Comments may name a term of the trade; code may not.
        for (number, line) in without_tests(&fs::read_to_string(&path).unwrap()).lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            assert!(!code.chars().any(is_han), "{shown}:{}: Han text in code: {line}", number + 1);
        }
    }
}

#[test]
fn files_are_short_and_named_for_what_they_own() {
    for path in sources() {
        let shown = path.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
        let lines = fs::read_to_string(&path).unwrap().lines().count();
        assert!(lines <= 800, "{shown} has {lines} lines; at most 800");
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        assert!(
            !["utils", "util", "common", "helpers", "helper", "misc"].contains(&stem.as_str()),
            "{shown}"
        );
    }
}

fn module_folders(folder: &Path) -> Vec<PathBuf> {
    let is_module = |path: &PathBuf| path.is_dir() && !path.ends_with("tests");
    let inner = fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path()).filter(is_module);
    inner.flat_map(|path| module_folders(&path).into_iter().chain([path])).collect()
}

/// The map in ARCHITECTURE.md names every crate and every module folder; the two READMEs have the same headings.
#[test]
fn documents_are_complete() {
    let read =
        |name: &str| fs::read_to_string(root().join(name)).unwrap_or_else(|_| panic!("{name} is missing"));
    let map = read("ARCHITECTURE.md");
    for entry in fs::read_dir(root().join("crates")).unwrap().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        assert!(map.contains(&format!("crates/{name}")), "ARCHITECTURE.md does not name crates/{name}");
        for module in module_folders(&entry.path().join("src")) {
            let module = module.strip_prefix(root().join("crates")).unwrap().to_string_lossy().into_owned();
            assert!(map.contains(&format!("`{module}`")), "ARCHITECTURE.md does not name {module}");
        }
    }
    let headings = |text: &str| {
        text.lines()
            .filter(|line| line.starts_with('#'))
            .map(|l| l.bytes().take_while(|b| *b == b'#').count())
            .collect::<Vec<_>>()
    };
    assert_eq!(headings(&read("README.md")), headings(&read("README.zh.md")));
    for name in ["CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "LICENSE-MIT", "LICENSE-APACHE"] {
        read(name);
    }
    assert!(read("README.md").contains("cargo run --release -- demo"));
}

/// Every row's examples hold, and the built-in profiles load without a finding.
#[test]
fn rule_data_holds() {
    let outcome = shiliu_lang::Pack::load(shiliu_lang::builtin());
    assert!(outcome.diagnostics.is_empty(), "{:#?}", outcome.diagnostics);
    let findings = outcome.value.check();
    assert!(findings.is_empty(), "{findings:#?}");
    let mut profiles: Vec<&str> = shiliu_lang::builtin()
        .iter()
        .filter_map(|(path, _)| path.strip_prefix("profiles/")?.split('/').next())
        .collect();
    profiles.dedup();
    assert!(profiles.len() >= 2, "a second profile proves that nothing is hard-wired");
    for name in profiles {
        let outcome = shiliu_lang::Profile::load(name, shiliu_lang::builtin());
        assert!(outcome.diagnostics.is_empty(), "{name}: {:#?}", outcome.diagnostics);
    }
}

/// Every code that the sources give is explained in docs/diagnostics.md.
#[test]
fn every_diagnostic_is_explained() {
    let explained = fs::read_to_string(root().join("docs/diagnostics.md")).unwrap();
    let mut seen = 0;
    for path in sources() {
        let text = without_tests(&fs::read_to_string(&path).unwrap());
        for part in text.split("Diagnostic::new(").skip(1) {
            let Some(code) = part.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next())
            else {
                continue;
            };
            seen += 1;
            assert!(
                explained.contains(&format!("`{code}`")),
                "{}: `{code}` is not explained",
                path.display()
            );
        }
    }
    assert!(seen > 15, "the codes were not found");
}

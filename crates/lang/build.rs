//! Lists the rule data of `lang/` and `profiles/` for embedding, so that a new row file, language or profile
//! needs no Rust. It reads the source tree at build time only.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    println!("cargo:rerun-if-changed={}", folder.display());
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|end| end == "toml" || end == "tsv") {
            println!("cargo:rerun-if-changed={}", path.display());
            found.push(path);
        }
    }
}

fn main() {
    // Asked for when the script runs, not when it was compiled: a build folder may be shared by several trees.
    let manifest = std::env::var("CARGO_MANIFEST_DIR").expect("cargo sets it");
    let root = Path::new(&manifest).join("../..");
    let mut list = String::from("&[\n");
    for top in ["lang", "profiles"] {
        let mut found = Vec::new();
        collect(&root.join(top), &mut found);
        // A program without its data would read nothing and say nothing.
        assert!(!found.is_empty(), "{}: no rule data found", root.join(top).display());
        found.sort();
        for path in found {
            let name =
                path.strip_prefix(&root).expect("it was found below the root").to_string_lossy().into_owned();
            let path = path.canonicalize().expect("it was just listed");
            writeln!(list, "    ({name:?}, include_str!({:?})),", path.to_string_lossy())
                .expect("a String takes it");
        }
    }
    list.push(']');
    let out = std::env::var("OUT_DIR").expect("cargo sets it");
    std::fs::write(Path::new(&out).join("builtin.rs"), list).expect("the build folder takes a file");
}

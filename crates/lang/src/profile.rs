use std::collections::BTreeMap;

use shiliu_text::{Diagnostic, Digest, Outcome, Severity, digest_of};

/// One mechanism as data: its states, bodies, offices, instruments, projects, places and areas. Rows of
/// `profiles/NAME/`.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    /// Folder name (`china-central-asia`).
    pub name: String,
    /// Rows by section.
    pub rows: BTreeMap<String, Vec<toml::Table>>,
    digest: Digest,
}

impl Profile {
    /// Loads the profile `name` from data files given as (path, contents), paths like
    /// `profiles/NAME/bodies.toml`. What cannot be used is reported and left out; a name that no path has
    /// gives an empty profile and an error.
    #[must_use]
    pub fn load(name: &str, files: &[(&str, &str)]) -> Outcome<Profile> {
        let mut diagnostics = Vec::new();
        let mut rows: BTreeMap<String, Vec<toml::Table>> = BTreeMap::new();
        let mut hashed = Vec::new();
        let folder = format!("profiles/{name}/");
        for (path, contents) in files.iter().filter(|(path, _)| path.starts_with(&folder)) {
            hashed.extend_from_slice(path.as_bytes());
            hashed.extend_from_slice(contents.as_bytes());
            match contents.parse::<toml::Table>() {
                Ok(document) => {
                    for (section, value) in document {
                        let list = match value {
                            toml::Value::Array(list) => list,
                            single => vec![single],
                        };
                        let tables = list.into_iter().filter_map(|value| match value {
                            toml::Value::Table(table) => Some(table),
                            _ => None,
                        });
                        rows.entry(section).or_default().extend(tables);
                    }
                }
                Err(error) => diagnostics.push(
                    Diagnostic::new("profile-file", Severity::Error, format!("not TOML: {error}")).on(*path),
                ),
            }
        }
        if hashed.is_empty() {
            diagnostics.push(
                Diagnostic::new("profile-missing", Severity::Error, format!("no profile `{name}`"))
                    .hint("`shiliu profile show` lists the built-in ones; a folder can be given by its path"),
            );
        }
        Outcome { value: Profile { name: name.to_owned(), rows, digest: digest_of(&hashed) }, diagnostics }
    }

    /// Hash over its data, part of every cache key that uses it.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }
}

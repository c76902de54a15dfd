//! What states, bodies, meetings, instruments and people of the profile are called in the languages of the interface.

use std::collections::{BTreeMap, BTreeSet};

use shiliu_lang::{Profile, Section};

use super::words::Tongue;

/// Sections whose rows are named in the fields of records.
const SECTIONS: [Section; 9] = [
    Section::State,
    Section::Group,
    Section::Body,
    Section::Meeting,
    Section::Instrument,
    Section::Project,
    Section::Place,
    Section::Person,
    Section::Area,
];

/// The usual names of the profile's rows by every name that a page may print.
#[derive(Debug, Default)]
pub(crate) struct Names {
    /// Printed name → row.
    rows: BTreeMap<String, usize>,
    /// The usual name of a row in each language, where it has one.
    usual: Vec<[Option<String>; 3]>,
    /// Every name of a row.
    known: BTreeSet<String>,
}

impl Names {
    pub(crate) fn of(profile: &Profile) -> Names {
        let mut names = Names::default();
        for entry in SECTIONS.iter().flat_map(|section| profile.entries(*section)) {
            let usual =
                Tongue::ALL.map(|tongue| entry.names.get(tongue.code()).and_then(|all| all.first()).cloned());
            names.known.extend(entry.names.values().flatten().cloned());
            // A row that no other language names has nothing more to say here.
            if usual.iter().flatten().count() < 2 {
                continue;
            }
            let row = names.usual.len();
            names.usual.push(usual);
            for printed in entry.names.values().flatten() {
                names.rows.entry(printed.clone()).or_insert(row);
            }
        }
        // What a list of priorities names has names of its own.
        for entry in profile.entries(Section::Area).iter().filter(|entry| !entry.item_names.is_empty()) {
            for (place, item) in entry.items.iter().enumerate() {
                let usual = Tongue::ALL.map(|tongue| match tongue {
                    Tongue::Zh => Some(item.clone()),
                    _ => entry.item_names.get(tongue.code()).and_then(|all| all.get(place)).cloned(),
                });
                let row = names.usual.len();
                names.usual.push(usual);
                names.rows.entry(item.clone()).or_insert(row);
            }
        }
        names
    }

    /// Whether the profile has a row of this name.
    pub(crate) fn knows(&self, printed: &str) -> bool {
        self.known.contains(printed)
    }

    /// The first name of the row that has this name, the same for all its names; the name itself where no row has it.
    pub(crate) fn one<'n>(&'n self, printed: &'n str) -> &'n str {
        let usual = self.rows.get(printed).and_then(|row| self.usual.get(*row));
        usual.and_then(|usual| usual.iter().flatten().next()).map_or(printed, String::as_str)
    }

    /// What this is called in the language; as it is printed where the profile does not say.
    pub(crate) fn shown<'n>(&'n self, tongue: Tongue, printed: &'n str) -> &'n str {
        let usual = self.rows.get(printed).and_then(|row| self.usual.get(*row));
        let place = Tongue::ALL.iter().position(|known| *known == tongue).unwrap_or(0);
        match usual.and_then(|usual| usual.get(place)).and_then(Option::as_deref) {
            // In the language of the pages the page's own form stands.
            Some(name) if tongue != Tongue::Zh => name,
            _ => printed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_and_group_of_a_built_in_profile_has_a_name_in_every_language_of_the_interface() {
        for profile in ["china-central-asia", "lanhai"] {
            let profile = Profile::load(profile, shiliu_lang::builtin()).value;
            for section in [Section::State, Section::Group] {
                assert!(!profile.entries(section).is_empty());
                for entry in profile.entries(section) {
                    for tongue in Tongue::ALL {
                        assert!(entry.names.contains_key(tongue.code()), "{} in {}", entry.id, tongue.code());
                    }
                }
            }
        }
    }

    #[test]
    fn every_priority_and_place_of_a_built_in_profile_is_told_in_every_language_of_the_interface() {
        for profile in ["china-central-asia", "lanhai"] {
            let profile = Profile::load(profile, shiliu_lang::builtin()).value;
            let names = Names::of(&profile);
            let places = profile.entries(Section::Place).iter().map(|place| place.name("zh"));
            let areas = profile.entries(Section::Area).iter();
            let items = areas.flat_map(|area| area.items.iter().map(String::as_str).chain([area.name("zh")]));
            for name in places.chain(items) {
                for tongue in [Tongue::En, Tongue::Ru] {
                    assert_ne!(names.shown(tongue, name), name, "{name} in {}", tongue.code());
                }
            }
        }
    }

    #[test]
    fn a_printed_name_is_told_in_the_language_of_the_screen() {
        let profile = Profile::load("lanhai", shiliu_lang::builtin()).value;
        let names = Names::of(&profile);
        assert_eq!(names.shown(Tongue::En, "云津共和国"), "Yunjin");
        assert_eq!(names.shown(Tongue::Ru, "朔原"), "Шоюань");
        assert_eq!(names.shown(Tongue::Zh, "云津共和国"), "云津共和国");
        assert_eq!(names.shown(Tongue::En, "合作社"), "合作社");
        assert_eq!(names.shown(Tongue::En, "五国外长"), "the foreign ministers of the five states");
    }
}

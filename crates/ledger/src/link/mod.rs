//! Links between records: said again, delivered, revised, contradicted, part of, the same. Rules only; nothing here
//! knows a language: what words count comes in with [`Words`].

mod figures;
mod likeness;
mod names;
mod promises;

use crate::Record;

/// How two records relate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkVerb {
    /// Says again.
    Restates,
    /// Reports as done what the other promises.
    Delivers,
    /// Changes amount, date or actor.
    Revises,
    /// Cannot both be right.
    Contradicts,
    /// Is a part of the other.
    PartOf,
    /// Is the same body, event, project, person.
    SameAs,
}

impl LinkVerb {
    /// The word used in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            LinkVerb::Restates => "restates",
            LinkVerb::Delivers => "delivers",
            LinkVerb::Revises => "revises",
            LinkVerb::Contradicts => "contradicts",
            LinkVerb::PartOf => "part-of",
            LinkVerb::SameAs => "same-as",
        }
    }

    /// The verb of a word used in files.
    #[must_use]
    pub fn parse(word: &str) -> Option<LinkVerb> {
        const ALL: [LinkVerb; 6] = [
            LinkVerb::Restates,
            LinkVerb::Delivers,
            LinkVerb::Revises,
            LinkVerb::Contradicts,
            LinkVerb::PartOf,
            LinkVerb::SameAs,
        ];
        ALL.into_iter().find(|verb| verb.as_str() == word)
    }
}

/// A relation between two records of one list (indexes), with the rule that found it. `from` is `None` where a
/// report of delivery names a promise that no held page prints.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    /// The later or smaller record: it restates, delivers, revises, is part of `to`.
    pub from: Option<usize>,
    /// The other.
    pub to: usize,
    /// How.
    pub verb: LinkVerb,
    /// Id of the rule.
    pub rule: String,
}

/// The words of a record that can be compared: numbers, dates and particles are left out by whoever knows the
/// language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// What it is about: object and action of a promise, measure of a figure, name of a thing.
    pub core: String,
    /// All of the stretch that says it.
    pub wide: String,
    /// The stretch as it stands.
    pub text: String,
}

/// What linking needs to know of a record beside its fields.
#[derive(Clone, Debug, Default)]
pub struct LinkRules {
    /// For each record, the story it stands in (index) and the day number of that story, where known.
    pub stories: Vec<(usize, Option<i32>)>,
    /// For each record, its words; the fields serve where there are none.
    pub words: Vec<Words>,
}

impl LinkRules {
    fn story(&self, index: usize) -> usize {
        self.stories.get(index).map_or(index, |(story, _)| *story)
    }

    fn day(&self, index: usize) -> Option<i32> {
        self.stories.get(index).and_then(|(_, day)| *day)
    }

    fn words(&self, index: usize) -> Option<&Words> {
        self.words.get(index)
    }
}

/// Reports within so many days of each other tell of the same meeting.
const SAME_MEETING: i32 = 4;

/// Links between records of different stories: promises said again, delivered, revised or contradicted; figures
/// of one measure; names of the same body, event, instrument, project or person. Inside one story the items of a
/// total are part of it. Every record is compared only with records that share a rare pair of characters with it,
/// so the work grows with the number of records, not its square. Sorted.
#[must_use]
pub fn link<P>(records: &[Record<P>], rules: &LinkRules) -> Vec<Link> {
    let mut links = Vec::new();
    promises::link(records, rules, &mut links);
    figures::link(records, rules, &mut links);
    figures::totals(records, rules, &mut links);
    names::link(records, rules, &mut links);
    links.sort();
    links.dedup();
    links
}

/// Whether two days are those of one meeting's reports.
fn near(a: Option<i32>, b: Option<i32>) -> bool {
    matches!((a, b), (Some(a), Some(b)) if (b - a).abs() <= SAME_MEETING)
}

/// Whether two EDTF texts can mean the same time: equal, or one says the other more roughly.
fn same_time(a: &str, b: &str) -> bool {
    let bare = |text: &str| text.trim_start_matches("../").trim_end_matches("/..").to_owned();
    let (a, b) = (bare(a), bare(b));
    a == b || a.starts_with(&b) || b.starts_with(&a) || a.starts_with('P') != b.starts_with('P')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Kind, Label, Value};

    fn promise(object: &str, fields: &[(&'static str, &str)]) -> Record<()> {
        let mut record = Record::new(Kind::Commitment, "t", ());
        record.printed("object", Value::text(Label::of(object)), ());
        for (name, value) in fields {
            let value = if *name == "actors" {
                Value::texts([Label::of(value)])
            } else {
                Value::text(Label::of(value))
            };
            record.inferred(name, value, "t");
        }
        record
    }

    fn verbs(records: &[Record<()>], days: &[i32]) -> Vec<(Option<usize>, usize, &'static str)> {
        let stories = days.iter().enumerate().map(|(index, day)| (index, Some(*day))).collect();
        link(records, &LinkRules { stories, ..LinkRules::default() })
            .iter()
            .map(|l| (l.from, l.to, l.verb.as_str()))
            .collect()
    }

    #[test]
    fn a_promise_is_said_again_put_off_and_kept() {
        let records = [
            promise("望澜至银礁货运航线", &[("actors", "云津"), ("deadline", "2031")]),
            promise("望澜至银礁货运航线", &[("actors", "云津"), ("deadline", "2031")]),
            promise("望澜至银礁货运航线", &[("actors", "云津"), ("deadline", "2033")]),
            promise("望澜至银礁货运航线", &[("actors", "云津"), ("status", "delivered")]),
            promise("渔业学校奖学金", &[("actors", "云津")]),
        ];
        assert_eq!(
            verbs(&records, &[100, 101, 400, 800, 801]),
            [(Some(1), 0, "same-as"), (Some(2), 0, "revises"), (Some(3), 0, "delivers")]
        );
    }

    #[test]
    fn another_actor_or_one_story_is_no_link() {
        let records = [
            promise("望澜至银礁货运航线", &[("actors", "云津")]),
            promise("望澜至银礁货运航线", &[("actors", "朔原")]),
        ];
        assert_eq!(verbs(&records, &[1, 400]), []);
        let same = [promise("望澜货运航线", &[]), promise("望澜货运航线", &[])];
        assert_eq!(
            link(&same, &LinkRules { stories: vec![(0, Some(1)), (0, Some(1))], ..LinkRules::default() }),
            []
        );
    }

    #[test]
    fn exact_figures_of_one_time_conflict() {
        let figure = |value: &str| {
            let mut record = Record::new(Kind::Figure, "t", ());
            record.printed("measure", Value::text("五国贸易额"), ());
            record.printed("value", Value::text(Label::of(value)), ());
            record.printed("unit", Value::text("{澜元}"), ());
            record.printed("cmp", Value::text("="), ());
            record.printed("as_of", Value::text("2030"), ());
            record
        };
        let records = [figure("1860"), figure("1840"), figure("1860")];
        assert_eq!(verbs(&records, &[1, 2, 3]), [(Some(1), 0, "contradicts"), (Some(2), 0, "same-as")]);
    }
}

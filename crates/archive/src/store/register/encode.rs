//! Acts as single columns: the body of an event is a tree in the syntax of JSON, its names in a fixed order.

use shiliu_ledger::LinkVerb;
use shiliu_ledger::register::{
    Act, Assessment, Brief, Detail, Details, Draw, Ground, Line, Receipt, Scope, Section, Source, Stage,
    Status, Step, Verdict,
};
use shiliu_text::{Date, TextId};

use crate::store::encode::{parse_spans, spans};
use crate::store::read::FieldValue;

fn text(text: &str) -> FieldValue {
    FieldValue::Text(text.to_owned())
}

fn map<const N: usize>(pairs: [(&str, FieldValue); N]) -> FieldValue {
    FieldValue::Map(pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

fn or_null(value: Option<FieldValue>) -> FieldValue {
    value.unwrap_or(FieldValue::Null)
}

fn natural(number: u64) -> FieldValue {
    FieldValue::Integer(i64::try_from(number).unwrap_or(i64::MAX))
}

/// The tree of an act; its verb stands beside it.
pub(super) fn body(act: &Act) -> FieldValue {
    match act {
        Act::Enter { details, grounds, source } => map([
            ("details", details_tree(details)),
            ("grounds", FieldValue::List(grounds.iter().map(ground_tree).collect())),
            ("source", source_tree(source)),
        ]),
        Act::Edit { detail, value } => map([("detail", text(detail.as_str())), ("value", text(value))]),
        Act::Support(ground) => map([("ground", ground_tree(ground))]),
        Act::Reanchor { ground, to } => {
            map([("ground", FieldValue::Integer(i64::from(*ground))), ("to", ground_tree(to))])
        }
        Act::Assess(assessment) => map([
            ("status", text(assessment.status.as_str())),
            ("stage", text(assessment.stage.as_str())),
            ("day", text(&assessment.day.to_string())),
            ("rule", text(&assessment.rule)),
            ("grounds", FieldValue::List(assessment.grounds.iter().map(ground_tree).collect())),
            ("receipt", or_null(assessment.receipt.as_ref().map(receipt_tree))),
        ]),
        Act::Reply { to, from, text: words } => {
            map([("to", FieldValue::Integer(*to)), ("from", text(from)), ("text", text(words))])
        }
        Act::Relate { verb, other } => map([("verb", text(verb.as_str())), ("other", text(other))]),
        Act::Own { owner } => map([("owner", text(owner))]),
        Act::Plan { steps } => {
            let step = |step: &Step| {
                map([
                    ("name", text(&step.name)),
                    ("days_before", FieldValue::Integer(i64::from(step.days_before))),
                ])
            };
            map([("steps", FieldValue::List(steps.iter().map(step).collect()))])
        }
        Act::Ask { whom, about, by } => map([
            ("whom", text(whom)),
            ("about", text(about)),
            ("by", or_null(by.map(|by| text(&by.to_string())))),
        ]),
        Act::Answer { to, text: words } => map([("to", FieldValue::Integer(*to)), ("text", text(words))]),
        Act::Note { text: words } => map([("text", text(words))]),
        Act::Find { problem, mender } => map([("problem", text(problem)), ("mender", text(mender))]),
        Act::Mend { finding, how } => map([("finding", FieldValue::Integer(*finding)), ("how", text(how))]),
        Act::Recheck { finding, holds } => map([
            ("finding", FieldValue::Integer(*finding)),
            ("holds", text(if *holds { "yes" } else { "no" })),
        ]),
        Act::Decide(verdict) => map([("verdict", text(verdict.as_str()))]),
        Act::Submit { from, text: words, about } => {
            map([("from", text(from)), ("text", text(words)), ("about", text(about))])
        }
        Act::Draw(draw) => map([
            ("seed", text(&draw.seed.to_string())),
            ("of", text(&draw.of)),
            ("population", natural(draw.population)),
            ("keys", FieldValue::List(draw.keys.iter().map(|key| text(key)).collect())),
        ]),
        Act::Check { key, verdict } => map([("key", text(key)), ("verdict", text(verdict.as_str()))]),
        Act::Issue(brief) => brief_tree(brief),
        Act::Undo { event } => map([("event", FieldValue::Integer(*event))]),
    }
}

fn details_tree(details: &Details) -> FieldValue {
    FieldValue::Map(details.iter().map(|(detail, value)| (detail.as_str().to_owned(), text(value))).collect())
}

fn ground_tree(ground: &Ground) -> FieldValue {
    map([
        ("says", or_null(ground.says.map(|detail| text(detail.as_str())))),
        ("text", text(&ground.text.to_string())),
        ("path", text(&ground.path)),
        ("spans", text(&spans(&ground.spans))),
        ("quote", text(&ground.quote)),
        ("before", text(&ground.before)),
        ("after", text(&ground.after)),
        ("paper", text(&ground.paper)),
        ("day", text(&ground.day)),
        ("story", text(&ground.story)),
    ])
}

fn source_tree(source: &Source) -> FieldValue {
    match source {
        Source::Record(key) => map([("record", text(key))]),
        Source::Selection => text("selection"),
        Source::Table { file, row } => {
            map([("file", text(file)), ("row", FieldValue::Integer(i64::from(*row)))])
        }
    }
}

fn receipt_tree(receipt: &Receipt) -> FieldValue {
    map([
        ("query", text(&receipt.query)),
        ("hits", natural(receipt.hits)),
        ("pages", natural(receipt.pages)),
        ("papers", natural(receipt.papers)),
        ("from", text(&receipt.from)),
        ("to", text(&receipt.to)),
        ("holdings", text(&receipt.holdings)),
    ])
}

fn brief_tree(brief: &Brief) -> FieldValue {
    let texts = |texts: &[String]| FieldValue::List(texts.iter().map(|one| text(one)).collect());
    let line = |line: &Line| {
        map([
            (
                "sections",
                FieldValue::List(line.sections.iter().map(|section| text(section.as_str())).collect()),
            ),
            ("entry", text(&line.entry)),
            ("words", text(&line.words)),
            ("actors", text(&line.actors)),
            ("recipients", text(&line.recipients)),
            ("due", text(&line.due)),
            ("due_words", text(&line.due_words)),
            ("amount", text(&line.amount)),
            ("status", text(&line.status)),
            ("assessed", text(&line.assessed)),
            ("owner", text(&line.owner)),
            ("last_evidence", text(&line.last_evidence)),
            ("remarks", texts(&line.remarks)),
            ("grounds", FieldValue::List(line.grounds.iter().map(ground_tree).collect())),
        ])
    };
    map([
        ("title", text(&brief.title)),
        ("meeting", text(&brief.scope.meeting)),
        ("parties", texts(&brief.scope.parties)),
        ("by", text(&brief.scope.by)),
        ("day", text(&brief.day)),
        ("events", FieldValue::Integer(brief.events)),
        ("since", or_null(brief.since.as_deref().map(text))),
        ("lines", FieldValue::List(brief.lines.iter().map(line).collect())),
    ])
}

fn word(tree: &FieldValue, name: &str) -> Option<String> {
    tree.entry(name)?.as_text().map(str::to_owned)
}

fn whole(tree: &FieldValue, name: &str) -> Option<i64> {
    match tree.entry(name)? {
        FieldValue::Integer(number) => Some(*number),
        _ => None,
    }
}

fn count(tree: &FieldValue, name: &str) -> Option<u64> {
    u64::try_from(whole(tree, name)?).ok()
}

fn list<T>(tree: &FieldValue, name: &str, read: impl Fn(&FieldValue) -> Option<T>) -> Option<Vec<T>> {
    match tree.entry(name)? {
        FieldValue::List(items) => items.iter().map(read).collect(),
        _ => None,
    }
}

/// The act of a verb and a tree; `None` where they do not fit together.
pub(super) fn act(verb: &str, tree: &FieldValue) -> Option<Act> {
    Some(match verb {
        "enter" => Act::Enter {
            details: read_details(tree.entry("details")?)?,
            grounds: list(tree, "grounds", read_ground)?,
            source: read_source(tree.entry("source")?)?,
        },
        "edit" => Act::Edit { detail: Detail::parse(&word(tree, "detail")?)?, value: word(tree, "value")? },
        "support" => Act::Support(read_ground(tree.entry("ground")?)?),
        "reanchor" => Act::Reanchor {
            ground: u32::try_from(whole(tree, "ground")?).ok()?,
            to: read_ground(tree.entry("to")?)?,
        },
        "assess" => Act::Assess(Assessment {
            status: Status::parse(&word(tree, "status")?)?,
            stage: Stage::parse(&word(tree, "stage")?)?,
            day: Date::parse(&word(tree, "day")?)?,
            rule: word(tree, "rule")?,
            grounds: list(tree, "grounds", read_ground)?,
            receipt: match tree.entry("receipt")? {
                FieldValue::Null => None,
                receipt => Some(read_receipt(receipt)?),
            },
        }),
        "reply" => {
            Act::Reply { to: whole(tree, "to")?, from: word(tree, "from")?, text: word(tree, "text")? }
        }
        "relate" => Act::Relate { verb: LinkVerb::parse(&word(tree, "verb")?)?, other: word(tree, "other")? },
        "own" => Act::Own { owner: word(tree, "owner")? },
        "plan" => Act::Plan {
            steps: list(tree, "steps", |step| {
                Some(Step {
                    name: word(step, "name")?,
                    days_before: i32::try_from(whole(step, "days_before")?).ok()?,
                })
            })?,
        },
        "ask" => Act::Ask {
            whom: word(tree, "whom")?,
            about: word(tree, "about")?,
            by: match tree.entry("by")? {
                FieldValue::Null => None,
                day => Some(Date::parse(day.as_text()?)?),
            },
        },
        "answer" => Act::Answer { to: whole(tree, "to")?, text: word(tree, "text")? },
        "note" => Act::Note { text: word(tree, "text")? },
        "find" => Act::Find { problem: word(tree, "problem")?, mender: word(tree, "mender")? },
        "mend" => Act::Mend { finding: whole(tree, "finding")?, how: word(tree, "how")? },
        "recheck" => Act::Recheck {
            finding: whole(tree, "finding")?,
            holds: match word(tree, "holds")?.as_str() {
                "yes" => true,
                "no" => false,
                _ => return None,
            },
        },
        "decide" => Act::Decide(Verdict::parse(&word(tree, "verdict")?)?),
        "submit" => {
            Act::Submit { from: word(tree, "from")?, text: word(tree, "text")?, about: word(tree, "about")? }
        }
        "draw" => Act::Draw(Draw {
            seed: word(tree, "seed")?.parse().ok()?,
            of: word(tree, "of")?,
            population: count(tree, "population")?,
            keys: list(tree, "keys", |key| key.as_text().map(str::to_owned))?,
        }),
        "check" => Act::Check { key: word(tree, "key")?, verdict: Verdict::parse(&word(tree, "verdict")?)? },
        "issue" => Act::Issue(read_brief(tree)?),
        "undo" => Act::Undo { event: whole(tree, "event")? },
        _ => return None,
    })
}

fn read_details(tree: &FieldValue) -> Option<Details> {
    let FieldValue::Map(pairs) = tree else { return None };
    let mut details = Details::default();
    for (name, value) in pairs {
        details.set(Detail::parse(name)?, value.as_text()?);
    }
    Some(details)
}

fn read_ground(tree: &FieldValue) -> Option<Ground> {
    Some(Ground {
        says: match tree.entry("says")? {
            FieldValue::Null => None,
            detail => Some(Detail::parse(detail.as_text()?)?),
        },
        text: TextId::parse(&word(tree, "text")?)?,
        path: word(tree, "path")?,
        spans: parse_spans(&word(tree, "spans")?)?,
        quote: word(tree, "quote")?,
        before: word(tree, "before")?,
        after: word(tree, "after")?,
        paper: word(tree, "paper")?,
        day: word(tree, "day")?,
        story: word(tree, "story")?,
    })
}

fn read_source(tree: &FieldValue) -> Option<Source> {
    if tree.as_text() == Some("selection") {
        return Some(Source::Selection);
    }
    if let Some(record) = word(tree, "record") {
        return Some(Source::Record(record));
    }
    Some(Source::Table { file: word(tree, "file")?, row: u32::try_from(whole(tree, "row")?).ok()? })
}

fn read_receipt(tree: &FieldValue) -> Option<Receipt> {
    Some(Receipt {
        query: word(tree, "query")?,
        hits: count(tree, "hits")?,
        pages: count(tree, "pages")?,
        papers: count(tree, "papers")?,
        from: word(tree, "from")?,
        to: word(tree, "to")?,
        holdings: word(tree, "holdings")?,
    })
}

fn read_brief(tree: &FieldValue) -> Option<Brief> {
    let texts = |tree: &FieldValue, name: &str| list(tree, name, |one| one.as_text().map(str::to_owned));
    let line = |tree: &FieldValue| {
        Some(Line {
            sections: list(tree, "sections", |section| Section::parse(section.as_text()?))?,
            entry: word(tree, "entry")?,
            words: word(tree, "words")?,
            actors: word(tree, "actors")?,
            recipients: word(tree, "recipients")?,
            due: word(tree, "due")?,
            due_words: word(tree, "due_words")?,
            amount: word(tree, "amount")?,
            status: word(tree, "status")?,
            assessed: word(tree, "assessed")?,
            owner: word(tree, "owner")?,
            last_evidence: word(tree, "last_evidence")?,
            remarks: texts(tree, "remarks")?,
            grounds: list(tree, "grounds", read_ground)?,
        })
    };
    Some(Brief {
        title: word(tree, "title")?,
        scope: Scope {
            meeting: word(tree, "meeting")?,
            parties: texts(tree, "parties")?,
            by: word(tree, "by")?,
        },
        day: word(tree, "day")?,
        events: whole(tree, "events")?,
        since: match tree.entry("since")? {
            FieldValue::Null => None,
            key => Some(key.as_text()?.to_owned()),
        },
        lines: list(tree, "lines", line)?,
    })
}

//! The public shapes of the register: entries, events, receipts.

use shiliu_archive::store::{EntryRow, EntryView, FieldValue, GroundState, GroundView, KeptEvent};
use shiliu_ledger::register::{Assessment, Dated, Event, Ground, Precision, Receipt, Stamp, Status};
use shiliu_text::{CodePoints, hex};

use super::json::Json;

/// A value tree of the store.
pub(crate) fn tree(value: &FieldValue) -> Json {
    match value {
        FieldValue::Null => Json::Null,
        FieldValue::Text(text) => text.as_str().into(),
        FieldValue::Integer(number) => Json::Integer(*number),
        FieldValue::List(values) => Json::List(values.iter().map(tree).collect()),
        FieldValue::Map(entries) => {
            Json::object(entries.iter().map(|(name, value)| (name.as_str(), tree(value))))
        }
    }
}

/// The tree that a JSON value is; fractions and flags do not occur in events.
pub(crate) fn from_json(value: &serde_json::Value) -> Option<FieldValue> {
    Some(match value {
        serde_json::Value::Null => FieldValue::Null,
        serde_json::Value::String(text) => FieldValue::Text(text.clone()),
        serde_json::Value::Number(number) => FieldValue::Integer(number.as_i64()?),
        serde_json::Value::Array(values) => {
            FieldValue::List(values.iter().map(from_json).collect::<Option<_>>()?)
        }
        serde_json::Value::Object(entries) => FieldValue::Map(
            entries
                .iter()
                .map(|(name, value)| Some((name.clone(), from_json(value)?)))
                .collect::<Option<_>>()?,
        ),
        serde_json::Value::Bool(_) => return None,
    })
}

/// One event, whole: what is exported imports to the same event.
pub(crate) fn event(kept: &KeptEvent) -> Json {
    Json::object([
        ("event", Json::Integer(kept.number)),
        ("when", kept.stamp.when.as_str().into()),
        ("who", kept.stamp.who.as_str().into()),
        ("via", kept.stamp.via.as_str().into()),
        ("why", kept.stamp.why.as_str().into()),
        ("subject", Json::or_null(kept.subject.as_deref())),
        ("item", Json::or_null(kept.item.as_deref())),
        ("verb", kept.verb.as_str().into()),
        ("body", kept.tree().as_ref().map_or(Json::Null, tree)),
        ("previous", hex(&kept.previous).into()),
        ("digest", hex(&kept.digest).into()),
    ])
}

/// Reads what [`event`] writes; says what is missing where it is none.
pub(crate) fn read_event(line: &str) -> Result<KeptEvent, String> {
    let value: serde_json::Value =
        serde_json::from_str(line).map_err(|error| format!("not JSON: {error}"))?;
    let text = |name: &str| {
        value.get(name).and_then(|value| value.as_str()).map(str::to_owned).ok_or(format!("no `{name}`"))
    };
    let optional = |name: &str| match value.get(name) {
        None | Some(serde_json::Value::Null) => Ok(None),
        Some(serde_json::Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(format!("`{name}` is no text")),
    };
    let digest = |name: &str| {
        let text = text(name)?;
        shiliu_text::Digest::parse(&text).map(|digest| digest.0).ok_or(format!("`{name}` is no sha256"))
    };
    let body = value.get("body").and_then(from_json).ok_or("no `body`, or one that no event has")?;
    Ok(KeptEvent {
        number: value.get("event").and_then(serde_json::Value::as_i64).ok_or("no `event` number")?,
        stamp: Stamp { when: text("when")?, who: text("who")?, via: text("via")?, why: text("why")? },
        subject: optional("subject")?,
        item: optional("item")?,
        verb: text("verb")?,
        body: KeptEvent::body_of(&body),
        previous: digest("previous")?,
        digest: digest("digest")?,
    })
}

/// Columns that a table of events cannot do without.
const NEEDED: [&str; 8] = ["event", "when", "who", "via", "verb", "body", "previous", "digest"];

/// The events of a table with these headings (the names that files have), as `--view events` writes it; `None`
/// where the headings are those of another table.
///
/// # Errors
/// The number of the first row that is no event (the heading is row 1), and what is wrong with it.
pub(crate) fn read_event_table(
    heading: &[String],
    rows: &[Vec<String>],
) -> Option<Result<Vec<KeptEvent>, (usize, String)>> {
    let place = |name: &str| heading.iter().position(|known| known == name);
    if NEEDED.iter().any(|name| place(name).is_none()) {
        return None;
    }
    let event = |row: &Vec<String>| -> Result<KeptEvent, String> {
        let cell =
            |name: &str| place(name).and_then(|at| row.get(at)).map(String::as_str).unwrap_or_default();
        let some = |name: &str| Some(cell(name)).filter(|text| !text.is_empty()).map(str::to_owned);
        let digest = |name: &str| {
            let parsed = shiliu_text::Digest::parse(cell(name));
            parsed.map(|digest| digest.0).ok_or(format!("`{name}` is no sha256"))
        };
        let body: serde_json::Value = serde_json::from_str(cell("body"))
            .map_err(|error| format!("`body` was cut or changed: {error}"))?;
        let body = from_json(&body).ok_or("`body` is one that no event has")?;
        Ok(KeptEvent {
            number: cell("event").parse().map_err(|_| "no `event` number")?,
            stamp: Stamp {
                when: cell("when").to_owned(),
                who: cell("who").to_owned(),
                via: cell("via").to_owned(),
                why: cell("why").to_owned(),
            },
            subject: some("subject"),
            item: some("item"),
            verb: cell("verb").to_owned(),
            body: KeptEvent::body_of(&body),
            previous: digest("previous")?,
            digest: digest("digest")?,
        })
    };
    Some((2..).zip(rows).map(|(number, row)| event(row).map_err(|words| (number, words))).collect())
}

fn stamp(stamp: &Stamp) -> [(&'static str, Json); 4] {
    [
        ("when", stamp.when.as_str().into()),
        ("who", stamp.who.as_str().into()),
        ("via", stamp.via.as_str().into()),
        ("why", stamp.why.as_str().into()),
    ]
}

/// An entry in a list. `today` decides what is overdue: it is computed, never stored.
pub(crate) fn row(row: &EntryRow, today: &str) -> Json {
    let some = |text: &str| if text.is_empty() { Json::Null } else { text.into() };
    let names = |text: &str| Json::list(text.split(';').map(str::trim).filter(|name| !name.is_empty()));
    Json::object([
        ("entry", row.key.as_str().into()),
        ("words", row.words.as_str().into()),
        ("actors", names(&row.actors)),
        ("recipients", names(&row.recipients)),
        ("amount", some(&row.amount)),
        ("unit", some(&row.unit)),
        ("due", some(&row.due)),
        ("due_words", some(&row.due_words)),
        ("due_day", Json::or_null(row.due_day.as_deref())),
        ("precision", Precision::of(&row.due).as_str().into()),
        ("said", some(&row.said)),
        ("area", some(&row.area)),
        ("sector", some(&row.sector)),
        ("meeting", some(&row.meeting)),
        ("status", Json::or_null(row.status.as_deref())),
        ("assessed", Json::or_null(row.assessed.as_deref())),
        ("overdue", row.is_overdue(today).into()),
        ("owner", Json::or_null(row.owner.as_deref())),
        ("origins", count(row.origins)),
        ("printings", count(row.printings)),
        ("shaken", count(row.shaken)),
        ("waiting", count(row.waiting)),
        ("findings", count(row.findings)),
        ("last_evidence", Json::or_null(row.last_evidence.as_deref())),
        ("counted_as", row.speaker.as_str().into()),
        ("taken_back", row.taken_back.into()),
        ("crosswalk", crosswalk(row.status.as_deref())),
    ])
}

fn count(number: u64) -> Json {
    Json::Integer(i64::try_from(number).unwrap_or(i64::MAX))
}

/// A status on the scales of others, with what is lost; null where nothing was assessed.
pub(crate) fn crosswalk(status: Option<&str>) -> Json {
    let row = status.and_then(Status::parse).and_then(Status::crosswalk);
    row.map_or(Json::Null, |row| {
        Json::object([
            ("ogp", Json::or_null(row.ogp)),
            ("g20", Json::or_null(row.g20)),
            ("iati", Json::or_null(row.iati)),
            ("aiddata", Json::or_null(row.aiddata)),
            ("lost", row.lost.into()),
        ])
    })
}

/// A ground; offsets in code points where the text is held, null where not.
pub(crate) fn ground(ground: &Ground, state: GroundState, text: Option<&str>) -> Json {
    let points = text.map(CodePoints::new);
    let part = |span: &shiliu_text::Span| {
        let at = |byte: u32| points.as_ref().map_or(Json::Null, |points| points.at_byte(byte).into());
        Json::object([("start", at(span.start)), ("end", at(span.end))])
    };
    let state = match state {
        GroundState::Held => "held",
        GroundState::Changed => "changed",
        GroundState::Gone => "gone",
    };
    Json::object([
        ("says", Json::or_null(ground.says.map(|detail| detail.as_str()))),
        ("page", ground.path.as_str().into()),
        ("text_hash", ground.text.to_string().into()),
        ("spans", Json::List(ground.spans.iter().map(part).collect())),
        ("text", ground.quote.as_str().into()),
        ("paper", ground.paper.as_str().into()),
        ("date", ground.day.as_str().into()),
        ("story", ground.story.as_str().into()),
        ("state", state.into()),
    ])
}

/// A search receipt.
pub(crate) fn receipt(receipt: &Receipt) -> Json {
    Json::object([
        ("query", receipt.query.as_str().into()),
        ("hits", count(receipt.hits)),
        ("pages", count(receipt.pages)),
        ("papers", count(receipt.papers)),
        ("from", receipt.from.as_str().into()),
        ("to", receipt.to.as_str().into()),
        ("holdings", receipt.holdings.as_str().into()),
    ])
}

fn assessment(known: &Dated<Assessment>, view: &EntryView) -> Json {
    let value = &known.value;
    let replies = view.entry.replies.iter().filter(|(to, _)| *to == known.event).map(|(_, reply)| {
        let mut pairs = vec![
            ("event", Json::Integer(reply.event)),
            ("from", reply.value.from.as_str().into()),
            ("text", reply.value.text.as_str().into()),
        ];
        pairs.extend(stamp(&reply.stamp));
        Json::object(pairs)
    });
    let mut pairs = vec![
        ("event", Json::Integer(known.event)),
        ("status", value.status.as_str().into()),
        ("stage", value.stage.as_str().into()),
        ("day", value.day.to_string().into()),
        ("rule", value.rule.as_str().into()),
        (
            "evidence",
            Json::list(value.grounds.iter().map(|ground| {
                Json::object([
                    ("page", Json::from(ground.path.as_str())),
                    ("text_hash", ground.text.to_string().into()),
                    ("text", ground.quote.as_str().into()),
                ])
            })),
        ),
        ("receipt", value.receipt.as_ref().map_or(Json::Null, receipt)),
        ("replies", Json::List(replies.collect())),
        ("crosswalk", crosswalk(Some(value.status.as_str()))),
    ];
    pairs.extend(stamp(&known.stamp));
    Json::object(pairs)
}

/// An entry with everything known of it. `texts` gives the text of a ground where it is held.
pub(crate) fn entry(
    view: &EntryView,
    today: &str,
    texts: &mut dyn FnMut(&GroundView) -> Option<std::sync::Arc<str>>,
) -> Json {
    let mut pairs = match row(&view.row, today) {
        Json::Object(pairs) => pairs,
        other => vec![("entry".to_owned(), other)],
    };
    let grounds = view.grounds.iter().map(|known| {
        let text = texts(known);
        ground(&known.ground, known.state, text.as_deref())
    });
    let milestones = view
        .entry
        .milestones()
        .into_iter()
        .map(|(day, name)| Json::object([("day", Json::from(day.to_string())), ("name", name.into())]));
    let outgoing = view.entry.relations.iter().map(|relation| {
        let (verb, other) = &relation.value;
        Json::object([
            ("relation", Json::from(verb.as_str())),
            ("outgoing", true.into()),
            ("entry", other.as_str().into()),
        ])
    });
    let incoming = view.behind.iter().map(|(verb, other)| {
        Json::object([
            ("relation", Json::from(verb.as_str())),
            ("outgoing", false.into()),
            ("entry", other.as_str().into()),
        ])
    });
    let relations = outgoing.chain(incoming).collect();
    let more = [
        ("evidence", Json::List(grounds.collect())),
        (
            "assessments",
            Json::List(view.entry.assessments.iter().map(|known| assessment(known, view)).collect()),
        ),
        ("relations", Json::List(relations)),
        ("milestones", Json::List(milestones.collect())),
        ("records", Json::list(view.records.iter().map(String::as_str))),
        ("history", Json::List(view.history.iter().map(|(event, undone)| short(event, *undone)).collect())),
    ];
    pairs.extend(more.into_iter().map(|(name, value)| (name.to_owned(), value)));
    Json::Object(pairs)
}

/// An event in a history.
fn short(event: &Event, undone: bool) -> Json {
    let mut pairs = vec![("event", Json::Integer(event.number)), ("verb", event.act.verb().into())];
    pairs.extend(stamp(&event.stamp));
    pairs.push(("undone", undone.into()));
    Json::object(pairs)
}

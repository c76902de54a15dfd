//! The files of `shiliu read`, line by line, as docs/files.md gives them.

use shiliu_archive::{Evidence, GroundedRecord, PlacedMention, Reading, StoryEntry};
use shiliu_collate::{Decision, Ground, Story};
use shiliu_extract::{Amount, Mention, MentionValue};
use shiliu_ledger::{FieldBasis, Kind, LinkVerb, Value};
use shiliu_press::{Article, Dateline, JumpTarget, Quality, Zone};
use shiliu_text::{Basis, CodePoints, Diagnostic, Excerpt, Inferred, Span, digest_of, hex};

use super::json::Json;
use super::outside::outside;

/// A reading with what its output needs of every text: the converters to code points, made once.
pub(crate) struct Contract<'a> {
    reading: &'a Reading,
    pages: Vec<CodePoints<'a>>,
    articles: Vec<CodePoints<'a>>,
    established: Vec<CodePoints<'a>>,
}

/// The quality note of a page: shares with three decimals.
fn quality_note(note: &Quality) -> Json {
    Json::object([
        ("grade", note.grade.as_str().into()),
        ("reason", note.reason.map_or(Json::Null, Json::from)),
        ("suspect", Json::Thousandths(note.suspect)),
        ("odd", Json::Thousandths(note.odd)),
        ("tiny_lines", Json::Thousandths(note.tiny_lines)),
        ("spaced", Json::Thousandths(note.spaced)),
        ("open_lines", Json::Thousandths(note.open_lines)),
        ("median_line", note.median_line.into()),
    ])
}

impl<'a> Contract<'a> {
    pub(crate) fn new(reading: &'a Reading) -> Contract<'a> {
        Contract {
            reading,
            pages: reading.pages.iter().map(|page| CodePoints::new(&page.layer.text)).collect(),
            articles: reading.segmented.articles.iter().map(|a| CodePoints::new(&a.text.text)).collect(),
            established: reading
                .stories
                .iter()
                .map(|entry| CodePoints::new(&entry.story.established))
                .collect(),
        }
    }

    fn path(&self, page: usize) -> &'a str {
        &self.reading.pages[page].key.path
    }

    fn text_of(&self, page: usize, span: Span) -> &'a str {
        span.of(&self.reading.pages[page].layer.text)
    }

    fn basis(&self, page: usize, basis: &Basis) -> Json {
        let spans: Vec<Json> = basis
            .places()
            .iter()
            .filter(|place| place.text == self.reading.pages[page].layer.id)
            .map(|place| range(&self.pages[page], place.span))
            .collect();
        match basis {
            Basis::Printed(_) => Json::object([
                ("basis", "printed".into()),
                ("evidence", Json::Null),
                ("spans", Json::List(spans)),
            ]),
            Basis::Inferred { evidence, .. } => Json::object([
                ("basis", "inferred".into()),
                ("evidence", evidence.as_str().into()),
                ("spans", Json::List(spans)),
            ]),
        }
    }

    fn with_basis<T: ToString>(&self, page: usize, value: Option<&Inferred<T>>) -> (Json, Json) {
        match value {
            Some(inferred) => (inferred.value.to_string().into(), self.basis(page, &inferred.basis)),
            None => (Json::Null, Json::Null),
        }
    }

    /// `pages.jsonl`.
    pub(crate) fn pages(&self) -> impl Iterator<Item = Json> + '_ {
        self.reading.pages.iter().enumerate().map(|(index, page)| {
            let identity = self.reading.segmented.identities.get(index);
            let (paper, paper_basis) = self.with_basis(index, identity.and_then(|i| i.paper.as_ref()));
            let (date, date_basis) = self.with_basis(index, identity.and_then(|i| i.date.as_ref()));
            let (page_no, page_no_basis) = self.with_basis(index, identity.and_then(|i| i.page_no.as_ref()));
            let zones = self.reading.segmented.zones.get(index).map(Vec::as_slice).unwrap_or_default();
            Json::object([
                ("page", page.key.path.as_str().into()),
                ("hash", page.layer.source.to_string().into()),
                ("text_hash", page.layer.id.to_string().into()),
                ("chars", self.pages[index].count().into()),
                ("paper", paper),
                ("paper_basis", paper_basis),
                ("issue_date", date),
                ("date_basis", date_basis),
                ("page_no", page_no),
                ("page_no_basis", page_no_basis),
                ("zones", Json::long_list(zones.iter().map(|zone| self.zone(index, zone)))),
                ("quality", quality_note(&shiliu_press::quality(page))),
            ])
        })
    }

    fn zone(&self, page: usize, zone: &Zone) -> Json {
        let id = |article: &usize| Json::from(self.reading.segmented.articles[*article].id.0.as_str());
        let mut pairs = vec![
            ("start", self.pages[page].at_byte(zone.span.start).into()),
            ("end", self.pages[page].at_byte(zone.span.end).into()),
            ("role", zone.role.as_str().into()),
            ("article", zone.articles.first().map_or(Json::Null, id)),
        ];
        if zone.articles.len() > 1 {
            pairs.push(("articles", Json::List(zone.articles.iter().map(id).collect())));
        }
        if zone.duplicate {
            pairs.push(("duplicate", true.into()));
        }
        Json::object(pairs)
    }

    /// `articles.jsonl`.
    pub(crate) fn articles(&self) -> impl Iterator<Item = Json> + '_ {
        self.reading
            .segmented
            .articles
            .iter()
            .enumerate()
            .map(|(index, article)| self.article(index, article))
    }

    fn article(&self, index: usize, article: &Article) -> Json {
        let place = |page: usize, span: Span| {
            vec![
                ("page", Json::from(self.path(page))),
                ("start", self.pages[page].at_byte(span.start).into()),
                ("end", self.pages[page].at_byte(span.end).into()),
            ]
        };
        let fragments =
            article.fragments.iter().map(|part| Json::object(place(part.page, part.span))).collect();
        let losses = article.losses.iter().map(|loss| {
            Json::object([
                ("page", self.path(loss.page).into()),
                ("at", self.pages[loss.page].at_byte(loss.at).into()),
            ])
        });
        let losses = losses.collect();
        Json::object([
            ("article", article.id.0.as_str().into()),
            ("page", self.path(article.page).into()),
            ("headline", derived(article.headline.as_ref())),
            ("kicker", derived(article.kicker.as_ref())),
            ("deck", derived(article.deck.as_ref())),
            ("byline", derived(article.byline.as_ref())),
            ("dateline", article.dateline.as_ref().map_or(Json::Null, dateline)),
            ("fragments", Json::List(fragments)),
            ("jump_from", article.jump_from.as_ref().map_or(Json::Null, |jump| self.jump(jump))),
            ("jump_to", article.jump_to.as_ref().map_or(Json::Null, |jump| self.jump(jump))),
            ("head", article.head.as_str().into()),
            ("tail", article.tail.as_str().into()),
            ("status", article.status().as_str().into()),
            ("losses", Json::List(losses)),
            ("text", article.text.text.as_str().into()),
            ("map", self.map(index, article)),
        ])
    }

    fn jump(&self, jump: &JumpTarget) -> Json {
        Json::object([
            ("page_no", Json::or_null(jump.page_no.as_deref())),
            ("label", Json::or_null(jump.label)),
            ("page", Json::or_null(jump.page.map(|page| self.path(page)))),
        ])
    }

    /// `[[text_start,page,start,end]…]`; characters that no page prints have no row.
    fn map(&self, index: usize, article: &Article) -> Json {
        let points = &self.articles[index];
        let rows = article.text.map.origins().filter_map(|(at, from, _)| {
            let from = from?;
            let page = article
                .fragments
                .iter()
                .map(|part| part.page)
                .chain([article.page])
                .find(|&page| self.reading.pages[page].layer.id == from.text)?;
            Some(Json::List(vec![
                points.at_byte(at.start).into(),
                self.path(page).into(),
                self.pages[page].at_byte(from.span.start).into(),
                self.pages[page].at_byte(from.span.end).into(),
            ]))
        });
        Json::long_list(rows)
    }

    /// `stories.jsonl`.
    pub(crate) fn stories(&self) -> impl Iterator<Item = Json> + '_ {
        (0..self.reading.stories.len()).map(|index| self.story(index))
    }

    /// One story.
    pub(crate) fn story(&self, index: usize) -> Json {
        let entry = &self.reading.stories[index];
        let articles = &self.reading.segmented.articles;
        let first_of = |pick: &dyn Fn(&Article) -> Option<String>| {
            entry.witnesses.iter().find_map(|witness| pick(&articles[witness.article]))
        };
        let headline = first_of(&|article| article.headline.as_ref().map(|excerpt| excerpt.text.clone()));
        let agency =
            first_of(&|article| article.dateline.as_ref()?.agency.as_ref().map(|agency| agency.text.clone()));
        let date =
            first_of(&|article| article.dateline.as_ref()?.date.as_ref().map(|date| date.value.to_string()));
        let witnesses = entry.witnesses.iter().enumerate().map(|(number, witness)| {
            let points = &self.articles[witness.article];
            let coverage = witness.coverage.iter().map(|span| range(points, *span)).collect();
            Json::object([
                ("siglum", Story::siglum(number).into()),
                ("article", articles[witness.article].id.0.as_str().into()),
                ("relation", witness.relation.as_str().into()),
                ("coverage", Json::List(coverage)),
            ])
        });
        let witnesses = witnesses.collect();
        let related = entry.related.iter().map(|related| {
            let spans = related.spans.iter().map(|(article, span)| {
                Json::object([
                    ("article", articles[*article].id.0.as_str().into()),
                    ("start", self.articles[*article].at_byte(span.start).into()),
                    ("end", self.articles[*article].at_byte(span.end).into()),
                ])
            });
            Json::object([
                ("story", self.reading.stories[related.story].id.as_str().into()),
                ("relation", related.relation.as_str().into()),
                ("spans", Json::List(spans.collect())),
            ])
        });
        let related = related.collect();
        Json::object([
            ("story", entry.id.as_str().into()),
            ("headline", Json::or_null(headline)),
            ("agency", Json::or_null(agency)),
            ("date", Json::or_null(date)),
            ("established", entry.story.established.as_str().into()),
            ("witnesses", Json::List(witnesses)),
            ("related", Json::List(related)),
            ("loci", self.loci(index, entry)),
            (
                "outside",
                outside(self.reading, entry, &|page, span| {
                    (self.path(page), range_of(&self.pages[page], span))
                }),
            ),
        ])
    }

    fn loci(&self, index: usize, entry: &StoryEntry) -> Json {
        let place = |witness: usize, span: Span| {
            let article = &self.reading.segmented.articles[entry.witnesses[witness].article];
            // An omission stands between two characters: the place is after the one before it.
            let probe = if span.is_empty() {
                Span { start: span.start.saturating_sub(1), end: span.start }
            } else {
                span
            };
            let traced = article.text.map.trace(probe);
            let (first, last) = (traced.first()?, traced.last()?);
            let page = article
                .fragments
                .iter()
                .map(|part| part.page)
                .chain([article.page])
                .find(|&page| self.reading.pages[page].layer.id == first.text)?;
            let span = match (span.is_empty(), first.text == last.text) {
                (true, _) => Span { start: last.span.end, end: last.span.end },
                (false, true) if first.span.start <= last.span.start => first.span.cover(last.span),
                (false, _) => first.span,
            };
            Some((page, span))
        };
        loci(&entry.story, &self.established[index], &|witness, span| {
            place(witness, span).map(|(page, span)| (self.path(page), range_of(&self.pages[page], span)))
        })
    }

    /// `mentions.jsonl`.
    pub(crate) fn mentions(&self) -> impl Iterator<Item = Json> + '_ {
        self.reading.mentions.iter().map(|placed| self.mention(placed))
    }

    fn mention(&self, placed: &PlacedMention) -> Json {
        let points = &self.pages[placed.page];
        let mut pairs = vec![("page", Json::from(self.path(placed.page)))];
        pairs.extend(self.located(placed.page, &placed.spans));
        pairs.extend(mention_fields(&placed.mention, placed.numeral.map(|span| range(points, span))));
        Json::object(pairs)
    }

    /// `start end text`, and `spans` where foreign text interrupts: then `text` is that of the first part.
    fn located(&self, page: usize, spans: &[Span]) -> Vec<(&'static str, Json)> {
        let points = &self.pages[page];
        let first = spans.first().copied().unwrap_or_default();
        let mut pairs = vec![
            ("start", Json::from(points.at_byte(first.start))),
            ("end", points.at_byte(first.end).into()),
        ];
        if spans.len() > 1 {
            pairs.push(("spans", Json::List(spans.iter().map(|span| range(points, *span)).collect())));
        }
        pairs.push(("text", self.text_of(page, first).into()));
        pairs
    }

    /// `records.jsonl`: the records, then the links.
    pub(crate) fn records(&self) -> impl Iterator<Item = Json> + '_ {
        let records = self.reading.records.iter().map(|grounded| self.record(grounded));
        let links = self.reading.links.iter().map(|link| {
            let to = &self.reading.records[link.to];
            let from = link.from.map(|from| &self.reading.records[from]);
            let relation = link.verb.as_str();
            let key = format!("{:?}\u{0}{}\u{0}{relation}", from.map(|record| &record.id), to.id);
            let id = format!("r-{}", &hex(&digest_of(key.as_bytes()).0)[..16]);
            let both: Vec<&GroundedRecord> = from.into_iter().chain([to]).collect();
            let mut stories: Vec<usize> = both.iter().map(|record| record.stories[0]).collect();
            stories.dedup();
            let evidence = both.iter().flat_map(|record| self.evidence(&record.record.at)).collect();
            Json::object([
                ("record", id.into()),
                ("kind", Kind::Link.as_str().into()),
                ("stories", self.story_ids(&stories)),
                ("evidence", Json::List(evidence)),
                ("rule", link.rule.as_str().into()),
                ("origins", stories.len().into()),
                ("flags", Json::List(Vec::new())),
                ("alternatives", Json::List(Vec::new())),
                ("from", Json::or_null(from.map(|record| record.id.as_str()))),
                ("to", to.id.as_str().into()),
                ("relation", LinkVerb::as_str(link.verb).into()),
            ])
        });
        records.chain(links)
    }

    fn story_ids(&self, stories: &[usize]) -> Json {
        Json::list(stories.iter().map(|&story| self.reading.stories[story].id.as_str()))
    }

    fn evidence(&self, evidence: &[Evidence]) -> Vec<Json> {
        let item = |evidence: &Evidence| {
            let mut pairs = vec![
                ("story", Json::from(self.reading.stories[evidence.story].id.as_str())),
                ("article", self.reading.segmented.articles[evidence.article].id.0.as_str().into()),
                ("siglum", Story::siglum(evidence.witness).into()),
                ("page", self.path(evidence.page).into()),
            ];
            pairs.extend(self.located(evidence.page, &evidence.spans));
            Json::object(pairs)
        };
        evidence.iter().map(item).collect()
    }

    fn record(&self, grounded: &GroundedRecord) -> Json {
        let record = &grounded.record;
        let points = &self.established[grounded.stories[0]];
        let alternatives = grounded.alternatives.iter().map(|alternative| {
            Json::object([
                ("start", points.at_byte(alternative.at.start).into()),
                ("end", points.at_byte(alternative.at.end).into()),
                ("reading", alternative.reading.as_str().into()),
                (
                    "fields",
                    Json::object(alternative.fields.iter().map(|(name, field)| (*name, value(field)))),
                ),
            ])
        });
        let inferred: Vec<&str> = record
            .fields
            .iter()
            .filter(|(_, field)| matches!(field.basis, FieldBasis::Inferred(_)))
            .map(|(name, _)| *name)
            .collect();
        let mut pairs = vec![
            ("record", Json::from(grounded.id.as_str())),
            ("kind", record.kind.as_str().into()),
            ("stories", self.story_ids(&grounded.stories)),
            ("evidence", Json::List(self.evidence(&record.at))),
            ("rule", record.rule.as_ref().into()),
            ("origins", grounded.origins.into()),
            ("flags", Json::list(record.flags.iter().copied())),
            ("alternatives", Json::List(alternatives.collect())),
        ];
        for name in record.kind.fields() {
            pairs.push((name, record.value(name).map_or(Json::Null, value)));
        }
        pairs.push(("inferred", Json::list(inferred)));
        Json::object(pairs)
    }

    /// `diagnostics.jsonl`.
    pub(crate) fn diagnostics(&self) -> impl Iterator<Item = Json> + '_ {
        self.reading.diagnostics.iter().map(|diagnostic| self.diagnostic(diagnostic))
    }

    fn diagnostic(&self, diagnostic: &Diagnostic) -> Json {
        let pages = &self.reading.pages;
        let page = match (&diagnostic.page, diagnostic.at) {
            (Some(path), _) => pages.iter().position(|page| page.key.path == *path),
            (None, Some(at)) => pages.iter().position(|page| page.layer.id == at.text),
            (None, None) => None,
        };
        let name = diagnostic.page.clone().or_else(|| page.map(|page| self.path(page).to_owned()));
        let at = diagnostic.at.and_then(|at| Some((page?, at.span)));
        diagnostic_line(diagnostic, name, at.map(|(page, span)| range_of(&self.pages[page], span)))
    }
}

/// A diagnostic whose place is converted already.
pub(crate) fn diagnostic_line(diagnostic: &Diagnostic, page: Option<String>, at: Option<(u32, u32)>) -> Json {
    Json::object([
        ("code", diagnostic.code.into()),
        ("severity", diagnostic.severity.as_str().into()),
        ("message", diagnostic.message.as_str().into()),
        ("page", Json::or_null(page)),
        ("start", Json::or_null(at.map(|(start, _)| start))),
        ("end", Json::or_null(at.map(|(_, end)| end))),
        ("hints", Json::list(diagnostic.hints.iter().map(String::as_str))),
    ])
}

/// The loci of a story; `place` leads a witness's bytes to a page and its code points.
pub(crate) fn loci<'p>(
    story: &Story,
    points: &CodePoints<'_>,
    place: &dyn Fn(usize, Span) -> Option<(&'p str, (u32, u32))>,
) -> Json {
    let loci = story.loci.iter().map(|locus| {
        let readings = locus.readings.iter().map(|reading| {
            let witnesses = reading.witnesses.iter().map(|(witness, _)| Story::siglum(*witness));
            let at = reading.witnesses.first().and_then(|(witness, span)| place(*witness, *span));
            Json::object([
                ("text", reading.text.as_str().into()),
                ("witnesses", Json::list(witnesses)),
                ("kind", Json::or_null(reading.kind.map(|kind| kind.as_str()))),
                ("cause", Json::or_null(reading.cause.map(|cause| cause.as_str()))),
                ("probability", Json::Thousandths(reading.probability)),
                ("page", Json::or_null(at.map(|(page, _)| page))),
                ("start", Json::or_null(at.map(|(_, (start, _))| start))),
                ("end", Json::or_null(at.map(|(_, (_, end))| end))),
                ("grounds", grounds(&reading.grounds)),
            ])
        });
        let decision = match locus.decision {
            Decision::Decided => "decided",
            Decision::Undecided => "undecided",
        };
        Json::object([
            ("start", points.at_byte(locus.at.start).into()),
            ("end", points.at_byte(locus.at.end).into()),
            ("lemma", locus.readings[locus.lemma].text.as_str().into()),
            ("decision", decision.into()),
            ("confidence", Json::Thousandths(locus.confidence)),
            ("move", Json::or_null(locus.moved)),
            ("substantive", locus.substance.is_some().into()),
            ("readings", Json::List(readings.collect())),
            ("conjecture", Json::or_null(locus.conjecture.as_deref())),
        ])
    });
    Json::List(loci.collect())
}

/// What speaks for a reading beyond the lemma: log-odds in milli-nats by kind of evidence.
fn grounds(grounds: &[(Ground, i32)]) -> Json {
    Json::object(grounds.iter().map(|(ground, odds)| (ground.as_str(), Json::from(i64::from(*odds)))))
}

/// The fields of a mention after its place.
pub(crate) fn mention_fields(mention: &Mention, numeral: Option<Json>) -> Vec<(&'static str, Json)> {
    let reference = mention.reference.as_ref();
    let basis = reference.map(|reference| match &reference.basis {
        Basis::Printed(_) => "printed".to_owned(),
        Basis::Inferred { evidence, .. } => format!("inferred: {evidence}"),
    });
    vec![
        ("type", mention.kind.as_str().into()),
        (
            "value",
            match &mention.value {
                MentionValue::Text(text) => text.as_str().into(),
                MentionValue::Amount(amount) => amount_object(amount),
                MentionValue::Vague => Json::Null,
            },
        ),
        ("numeral", numeral.unwrap_or(Json::Null)),
        ("flags", Json::list(mention.flags.iter().copied())),
        ("rule", mention.rule.as_ref().into()),
        ("cmp", mention.bound.as_str().into()),
        ("part", Json::or_null(mention.part)),
        ("tz", Json::or_null(mention.zone.as_deref())),
        ("relative", mention.relative.into()),
        ("ref", Json::or_null(reference.map(|reference| reference.value.to_string()))),
        ("ref_basis", Json::or_null(basis)),
    ]
}

fn amount_object(amount: &Amount) -> Json {
    Json::object([
        ("value", Json::or_null(amount.value.as_deref())),
        ("unit", Json::or_null(amount.unit.as_deref())),
        ("low", Json::or_null(amount.low.as_deref())),
        ("high", Json::or_null(amount.high.as_deref())),
        ("low_open", amount.low_open.into()),
        ("high_open", amount.high_open.into()),
    ])
}

fn value(field: &Value) -> Json {
    match field {
        Value::Text(text) => text.as_str().into(),
        Value::Integer(number) => (*number).into(),
        Value::List(values) => Json::List(values.iter().map(value).collect()),
        Value::Map(pairs) => Json::object(pairs.iter().map(|(name, field)| (*name, value(field)))),
        Value::Null => Json::Null,
    }
}

fn derived(excerpt: Option<&Excerpt>) -> Json {
    Json::or_null(excerpt.map(|excerpt| excerpt.text.as_str()))
}

fn dateline(line: &Dateline) -> Json {
    Json::object([
        ("place", derived(line.place.as_ref())),
        ("agency", derived(line.agency.as_ref())),
        ("date", Json::or_null(line.date.as_ref().map(|date| date.value.to_string()))),
    ])
}

fn range_of(points: &CodePoints<'_>, span: Span) -> (u32, u32) {
    (points.at_byte(span.start), points.at_byte(span.end))
}

fn range(points: &CodePoints<'_>, span: Span) -> Json {
    let (start, end) = range_of(points, span);
    Json::object([("start", start.into()), ("end", end.into())])
}

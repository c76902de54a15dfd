use std::borrow::Cow;

use shiliu_ledger::{Kind, Label, Record, Value};
use shiliu_text::Span;

use super::doc::Doc;
use super::layout::Pair;
use super::lexicon::{Class, Hit};
use super::person::People;
use super::speech::{Frame, Speaker, after_quotation, before_colon, spoken_by};

/// Something said, with who says it.
#[derive(Clone, Debug)]
pub(super) struct Said {
    pub(super) span: Span,
    pub(super) speaker: Option<Speaker>,
    mode: &'static str,
    cue: Option<Span>,
    rule: &'static str,
    flags: Vec<&'static str>,
}

/// What the text has people say, and who speaks at each place.
#[derive(Debug, Default)]
pub(super) struct Speech {
    said: Vec<Said>,
    /// Every frame, those too whose content is an act and no quotation ("announced that …").
    pub(super) frames: Vec<Frame>,
    /// Who wrote a piece in the first person.
    author: Option<Speaker>,
}

impl Speech {
    /// Who speaks at a byte: the quotation around it, else the frame before it in its paragraph.
    pub(super) fn speaker_at(&self, doc: &Doc<'_>, byte: u32) -> Option<&Speaker> {
        let frame = self.frames[..self.frames.partition_point(|frame| frame.content <= byte)].last();
        let here = doc.layout.paragraphs.partition_point(|paragraph| paragraph.end <= byte);
        let near = frame.filter(|frame| {
            doc.layout.paragraphs.get(here).is_some_and(|paragraph| paragraph.start <= frame.verb.span.start)
        });
        if let Some(frame) = near {
            return Some(&frame.speaker);
        }
        // Quotations nest at most a few deep; a speech printed in full stands first.
        let before = self.said.partition_point(|said| said.span.start <= byte);
        let mut near = self.said[..before].iter().rev().take(6).chain(self.said.first());
        let around = near.find(|said| said.span.start <= byte && byte < said.span.end);
        around.and_then(|said| said.speaker.as_ref()).or(self.author.as_ref())
    }
}

/// Shortest quotation in marks that can be an utterance, in characters.
const UTTERANCE: usize = 6;

/// Finds and emits quotations.
pub(super) fn quotes(
    doc: &Doc<'_>,
    people: &People,
    frames: Vec<Frame>,
    found: &mut Vec<Record<Span>>,
) -> Speech {
    let mut said: Vec<Said> = Vec::new();
    if let Some(whole) = full_text(doc, people) {
        said.push(whole);
    }
    let inside = said.first().map(|whole| whole.span);
    direct(doc, people, &frames, &mut said);
    nested(doc, &frames, &mut said);
    answers(doc, people, &mut said);
    let mut direct_spans: Vec<Span> = said.iter().filter(|s| s.mode == "direct").map(|s| s.span).collect();
    direct_spans.sort();
    if inside.is_none() {
        if let Some(opening) = torn_opening(doc, &frames) {
            said.push(opening);
        }
        indirect(doc, &frames, &direct_spans, people, &mut said);
    }
    // A quotation inside an indirect one belongs to it, unless it has a frame of its own.
    let mut indirect_spans: Vec<Span> =
        said.iter().filter(|s| matches!(s.mode, "indirect" | "relayed")).map(|s| s.span).collect();
    indirect_spans.sort();
    said.retain(|one| {
        let before = indirect_spans.partition_point(|outer| outer.start <= one.span.start);
        let covered = indirect_spans[..before].iter().rev().take(4).any(|outer| outer.contains(one.span));
        one.mode != "direct" || matches!(one.rule, "quote.before" | "quote.nested") || !covered
    });
    said.sort_by_key(|one| (one.span.start, std::cmp::Reverse(one.span.end)));
    for one in &said {
        found.push(record(doc, one));
    }
    let author = author(doc, people);
    Speech { said, frames, author }
}

/// Who signs a piece in the first person: somebody whose office and name are a line by themselves, with a state they speak
/// for; else the state that the first person speaks for (`我谨代表某国政府…`).
fn author(doc: &Doc<'_>, people: &People) -> Option<Speaker> {
    /// White space and a mark beside the name on its line, in bytes.
    const BESIDE: u32 = 6;
    let own = |hit: &Hit| doc.word(*hit).value == "we" && doc.layout.pair_around(hit.span, '“').is_none();
    let first = doc.every(Class::Circle).find(own)?;
    let signed = doc.layout.paragraphs.iter().find_map(|line| {
        let naming = people.in_span(*line).first()?;
        let whole = naming.title.cover(naming.span);
        (line.contains(whole) && line.len() <= whole.len() + BESIDE as usize)
            .then(|| spoken_by(people, naming))
    });
    let signed = signed.filter(|speaker| !speaker.states.is_empty());
    signed.map(|speaker| Speaker { at: Span::default(), ..speaker }).or_else(|| {
        let behalf = doc.every(Class::Preposition).find(|word| doc.word(*word).value == "behalf")?;
        let near = behalf.span.start >= first.span.start
            && doc.ending(behalf.span.start, Class::Circle).is_some_and(|hit| own(&hit));
        let state = doc.at(behalf.span.end, Class::State).filter(|_| near)?;
        let name = doc.label(state.span);
        Some(Speaker { name, states: doc.word(state).states, office: true, ..Speaker::default() })
    })
}

fn record(doc: &Doc<'_>, said: &Said) -> Record<Span> {
    let mut record = Record::new(Kind::Quote, said.rule, said.span);
    record.printed("text", Value::text(doc.label(said.span)), said.span);
    record.inferred("mode", Value::text(said.mode), said.rule);
    if let Some(cue) = said.cue {
        record.printed("cue", Value::text(doc.label(cue)), cue);
    }
    if let Some(speaker) = &said.speaker {
        if speaker.at.is_empty() {
            record.inferred("speaker", Value::text(&speaker.name), "the speaker of the piece");
        } else {
            record.printed("speaker", Value::text(&speaker.name), speaker.at);
        }
        if let Some(title) = &speaker.title {
            record.inferred("title", Value::text(title), "the fullest naming in the text, or the profile");
        }
    }
    record.flags.clone_from(&said.flags);
    record
}

/// A speech printed in full: the byline names a person in office and the text greets an audience.
fn full_text(doc: &Doc<'_>, people: &People) -> Option<Said> {
    let byline = doc.context.byline.as_deref()?;
    let compact: String = byline.chars().filter(|c| !c.is_whitespace()).collect();
    let persons = doc.profile.entries(shiliu_lang::Section::Person);
    let entry = persons.iter().find(|entry| {
        !entry.states.is_empty() && entry.names.values().flatten().any(|name| compact.contains(name.as_str()))
    })?;
    if !doc.has(Class::Salutation) {
        return None;
    }
    let name = Label::of(entry.name("zh"));
    let known = people.persons.iter().find(|person| person.name == name);
    let title = known.and_then(|person| person.title.clone()).or_else(|| {
        let day = doc.context.reference.as_ref().map(|day| day.value.to_string());
        entry.title_on(day.as_deref()).map(Label::of)
    });
    let states = super::lexicon::rows(doc.profile, &entry.states);
    let speaker = Speaker { name, title, states, office: true, at: Span::default() };
    let first = doc.layout.paragraphs.first()?;
    let last = doc.layout.paragraphs.last()?;
    Some(Said {
        span: first.cover(*last),
        speaker: Some(speaker),
        mode: "unmarked",
        cue: None,
        rule: "quote.full-text",
        flags: Vec::new(),
    })
}

fn direct(doc: &Doc<'_>, people: &People, frames: &[Frame], said: &mut Vec<Said>) {
    let mut last: Option<Cow<'_, Speaker>> = None;
    let mut frame_at = 0;
    let mut paragraph = usize::MAX;
    let outer: Vec<&Pair> = doc.layout.pairs.iter().filter(|pair| pair.open == '“').collect();
    for pair in outer {
        let content = pair.content();
        let text = doc.text(content);
        let here = doc.layout.paragraphs.partition_point(|span| span.end <= pair.span.start);
        if here != paragraph {
            paragraph = here;
            last = None;
        }
        while frame_at < frames.len() && frames[frame_at].content <= pair.span.start {
            if frames[frame_at].verb.span.start >= doc.layout.paragraphs.get(here).map_or(0, |p| p.start) {
                last = Some(Cow::Borrowed(&frames[frame_at].speaker));
            }
            frame_at += 1;
        }
        if text.chars().nth(UTTERANCE - 1).is_none() {
            continue;
        }
        let closed = text.ends_with(['。', '！', '？', '，', '…']);
        let sentence_like = closed || text.contains(['，', '。', '！', '？']);
        let frame = frames[..frame_at].last().filter(|frame| frame.content == pair.span.start);
        let make = |speaker: Option<Speaker>, cue: Option<Span>, rule: &'static str| Said {
            span: content,
            speaker,
            mode: "direct",
            cue,
            rule,
            flags: if pair.torn { vec!["damaged"] } else { Vec::new() },
        };
        let before = |at: u32| match doc.before(at) {
            Some(mark @ ('：' | '，')) => at - mark.len_utf8() as u32,
            _ => at,
        };
        let found = if let Some(frame) = frame {
            Some(make(Some(frame.speaker.clone()), Some(frame.verb.span), "quote.before"))
        } else if let Some(cue) = doc.ending(before(pair.span.start), Class::Attributive) {
            let sentence = doc.sentence_at(cue.span.start);
            let head =
                sentence.map_or(cue.span, |sentence| Span { start: sentence.start, end: cue.span.start });
            let naming = people.in_span(head).iter().rfind(|naming| naming.span.end <= cue.span.start);
            let speaker = naming.map(|naming| spoken_by(people, naming));
            speaker.map(|speaker| make(Some(speaker), Some(cue.span), "quote.attributive"))
        } else if let Some(speaker) =
            before_colon(doc, people, pair.span.start).filter(|_| closed && sentence_like && !pair.torn)
        {
            last = Some(Cow::Owned(speaker.clone()));
            Some(make(Some(speaker), None, "quote.colon"))
        } else if let Some((speaker, verb)) = after_quotation(doc, people, pair.span.end, last.as_deref())
            .filter(|_| !pair.torn && (closed || !pair.atom || sentence_like))
            .filter(|_| closed || starts_sentence(doc, pair.span.start))
        {
            last = Some(Cow::Owned(speaker.clone()));
            Some(make(Some(speaker), Some(verb.span), "quote.after"))
        } else if closed && sentence_like && starts_sentence(doc, pair.span.start) && !pair.torn {
            // A whole sentence in marks goes on with the last speaker of the paragraph.
            last.as_deref().map(|speaker| make(Some(speaker.clone()), None, "quote.goes-on"))
        } else {
            None
        };
        said.extend(found);
    }
}

/// What a speaker quotes of another: inner marks after a verb of speech inside a quotation.
fn nested(doc: &Doc<'_>, frames: &[Frame], said: &mut Vec<Said>) {
    for pair in doc.layout.pairs.iter().filter(|pair| pair.open == '‘') {
        let content = pair.content();
        let long = doc.text(content).chars().nth(UTTERANCE - 1).is_some();
        let index = frames.partition_point(|frame| frame.content < pair.span.start);
        let Some(frame) = frames.get(index).filter(|frame| frame.content == pair.span.start && long) else {
            continue;
        };
        said.push(Said {
            span: content,
            speaker: Some(frame.speaker.clone()),
            mode: "direct",
            cue: Some(frame.verb.span),
            rule: "quote.nested",
            flags: vec!["nested"],
        });
    }
}

/// Question and answer: a paragraph that a known name and a colon open.
fn answers(doc: &Doc<'_>, people: &People, said: &mut Vec<Said>) {
    for paragraph in &doc.layout.paragraphs {
        let start = paragraph.start as usize;
        let Some(naming) = people.in_span(Span::new(start, start + 1)).first() else { continue };
        let after = naming.span.end;
        if doc.char_at(after) != Some('：') || doc.char_at(after + 3) == Some('“') {
            continue;
        }
        let speaker = spoken_by(people, naming);
        said.push(Said {
            span: Span { start: after + 3, end: paragraph.end },
            speaker: Some(speaker),
            mode: "direct",
            cue: None,
            rule: "quote.answer",
            flags: Vec::new(),
        });
    }
}

fn starts_sentence(doc: &Doc<'_>, at: u32) -> bool {
    doc.before(at).is_none_or(|before| matches!(before, '。' | '！' | '？' | '\n' | '”'))
}

/// The head of the piece is lost and it begins inside somebody's words: numbered points or the first person
/// before any frame. The next frame names the speaker.
fn torn_opening(doc: &Doc<'_>, frames: &[Frame]) -> Option<Said> {
    let first = doc.layout.clauses.first()?;
    let head = first.span.start;
    let opens_inside = doc.any_at(head, &[Class::Numbering, Class::Preposition, Class::Action]).is_some()
        && doc.at(head, Class::According).is_none();
    if !opens_inside || doc.mention_spans.first().is_some_and(|at| at.start == head) {
        return None;
    }
    let limit = frames.first().map_or(u32::MAX, |frame| {
        doc.sentence_at(frame.start).map_or(frame.start, |sentence| sentence.start)
    });
    let mut end = 0;
    let mut signs = 0;
    for paragraph in &doc.layout.paragraphs {
        let numbered = doc.at(paragraph.start, Class::Numbering).is_some();
        let own = doc.any_at(paragraph.start, &[Class::Circle, Class::Side]).is_some();
        let within = Span { start: paragraph.start, end: paragraph.end.min(limit) };
        if paragraph.start >= limit || within.is_empty() || paragraph.start > head && !numbered && !own {
            break;
        }
        // Marks before short news are no points of a speech.
        let numbers =
            |hit: &Hit| doc.numbering_at(hit.span.start).is_some_and(|word| doc.word(word).value != "mark");
        signs += doc.of_class(within, Class::Numbering).filter(numbers).count() + usize::from(own);
        // A side that heads its clause acts in somebody's words; one that something is done for stands anywhere.
        let heads = |hit: &Hit| doc.clause_at(hit.span.start).is_some_and(|c| c.span.start == hit.span.start);
        signs += doc.of_class(within, Class::Side).filter(heads).count();
        end = within.end;
    }
    if signs == 0 || end <= head {
        return None;
    }
    let speaker =
        frames.iter().map(|frame| &frame.speaker).find(|speaker| speaker.office && !speaker.name.is_empty());
    let speaker = speaker.map(|speaker| Speaker { at: Span::default(), ..speaker.clone() });
    Some(Said {
        span: trimmed(doc, Span { start: head, end }),
        speaker,
        mode: "indirect",
        cue: None,
        rule: "quote.torn-opening",
        flags: vec!["damaged"],
    })
}

fn indirect(doc: &Doc<'_>, frames: &[Frame], direct: &[Span], people: &People, said: &mut Vec<Said>) {
    let mut covered = 0;
    for (index, frame) in frames.iter().enumerate() {
        let act = doc.word(frame.verb).value.contains("act");
        let in_marks = matches!(doc.char_at(frame.content), Some('“' | '‘'))
            && direct.binary_search_by_key(&(frame.content + 3), |span| span.start).is_ok();
        let marks_before = direct.partition_point(|span| span.start <= frame.verb.span.start);
        let inside = direct[..marks_before].iter().rev().take(4).any(|span| span.contains(frame.verb.span));
        let nested = frame.content < covered && frame.speaker.title.is_none() && is_side(doc, frame);
        if act || in_marks || nested || inside || frame.only_feels(doc) {
            continue;
        }
        // `“…”他说。` closes what was said before it.
        if matches!(doc.char_at(frame.content), None | Some('。' | '\n')) {
            continue;
        }
        let Some(end) = reach(doc, frames, index, direct, people) else { continue };
        let span = trimmed(doc, Span { start: frame.content, end: end.max(frame.content) });
        if doc.text(span).chars().count() < UTTERANCE {
            continue;
        }
        covered = span.end;
        said.push(Said {
            span,
            speaker: Some(frame.speaker.clone()),
            mode: if relays(doc, frame) { "relayed" } else { "indirect" },
            cue: Some(frame.verb.span),
            rule: if frame.named { "quote.indirect" } else { "quote.indirect-carried" },
            flags: Vec::new(),
        });
    }
}

/// Whether a message or a paper passes on what is said.
fn relays(doc: &Doc<'_>, frame: &Frame) -> bool {
    doc.word(frame.verb).value.contains("relay")
        || !frame.speaker.at.is_empty() && doc.at(frame.speaker.at.start, Class::Press).is_some()
}

fn is_side(doc: &Doc<'_>, frame: &Frame) -> bool {
    doc.any_at(frame.speaker.at.start, &[Class::Side, Class::State, Class::Circle]).is_some()
}

/// Whether the side of another state opens a sentence of its own and says something (`…。汐方则解释说，…`).
fn answers_back(doc: &Doc<'_>, frame: &Frame, next: &Frame) -> bool {
    let opens = doc.sentence_at(next.verb.span.start).is_some_and(|sentence| sentence.start == next.start);
    let other = !next.speaker.states.meet(frame.speaker.states);
    opens && other && !frame.speaker.states.is_empty() && doc.word(next.verb).id.ends_with(".say")
}

/// Where what a frame governs ends: at the next frame, at a sentence of narration, at the paragraph's end; over
/// paragraphs while they are numbered points or in the first person.
fn reach(doc: &Doc<'_>, frames: &[Frame], index: usize, direct: &[Span], people: &People) -> Option<u32> {
    let frame = &frames[index];
    let first = doc.layout.sentence_at(frame.verb.span.start)?;
    let mut paragraph = doc.layout.sentences[first].paragraph;
    let next = frames[index + 1..].iter().find(|next| {
        !(doc.word(next.verb).value.contains("act") || is_side(doc, next) && next.speaker.title.is_none())
            || next.speaker.name == frame.speaker.name && next.named
            || answers_back(doc, frame, next)
    });
    let limit = next.map_or(u32::MAX, |next| {
        let sentence = doc.layout.sentence_at(next.start).map(|i| doc.layout.sentences[i].span.start);
        sentence.filter(|&start| start > frame.content).unwrap_or(next.start)
    });
    let from = direct.partition_point(|span| span.start <= frame.content);
    let marked = direct[from..].iter().take(60).find(|span| starts_sentence(doc, span.start - 3));
    let limit = limit.min(marked.map_or(u32::MAX, |span| span.start - 3));
    let mut end = frame.content;
    let mut sentence = first;
    // Reports of officials go on over the paragraph; what an ordinary person says ends with the sentence unless
    // the first person goes on.
    let official = frame.speaker.office
        || doc.at(frame.speaker.at.start, Class::Collective).is_some()
        || doc.ending(frame.verb.span.end, Class::Urge).is_some();
    while let Some(here) = doc.layout.sentences.get(sentence) {
        if here.span.start >= limit {
            break;
        }
        if here.paragraph != paragraph {
            let start = here.span.start;
            let goes_on = doc.at(start, Class::Numbering).is_some()
                || doc.at(start, Class::Circle).is_some_and(|hit| doc.word(hit).value == "we")
                    && frame.speaker.office;
            if !goes_on {
                break;
            }
            paragraph = here.paragraph;
        } else if sentence > first
            && (narrates(doc, people, here.span) || !official && !own_words(doc, here.span))
        {
            break;
        }
        end = here.span.end.min(limit);
        sentence += 1;
    }
    Some(end)
}

/// Whether the first person speaks in a sentence.
fn own_words(doc: &Doc<'_>, sentence: Span) -> bool {
    doc.of_class(sentence, Class::Circle)
        .any(|hit| doc.word(hit).value == "we" && doc.layout.pair_around(hit.span, '“').is_none())
}

/// A sentence that tells what happened instead of going on with what was said.
fn narrates(doc: &Doc<'_>, people: &People, sentence: Span) -> bool {
    let at = sentence.start;
    if !people.in_span(Span::new(at as usize, at as usize + 1)).is_empty() {
        return true;
    }
    // `同日，某某…`: a time of the telling before whoever acts.
    if let Some(word) = doc.at(at, Class::Narration).filter(|word| doc.word(*word).value != "after") {
        let next = if doc.char_at(word.span.end) == Some('，') { word.span.end + 3 } else { word.span.end };
        let acts = [Class::State, Class::Side, Class::Circle, Class::Group, Class::Collective];
        if !people.in_span(Span { start: next, end: next + 1 }).is_empty()
            || doc.any_at(next, &acts).is_some()
        {
            return true;
        }
    }
    let subject = super::actor::compound(doc, at).map(|party| party.at.end).or_else(|| {
        doc.any_at(at, &[Class::Circle, Class::Collective, Class::Group]).map(|subject| subject.span.end)
    });
    subject.is_some_and(|end| {
        let mut after = end;
        while let Some(adverb) = doc.at(after, Class::Adverb) {
            after = adverb.span.end;
        }
        if doc.at(after, Class::Narration).is_some() || has_done(doc, after) {
            return true;
        }
        let cue = doc.any_at(after, &[Class::Cue, Class::EventAct]);
        let passed = doc.at(after, Class::InstrumentVerb);
        cue.is_some_and(|cue| doc.is(cue, Class::EventAct) || doc.word(cue).value.starts_with("F5"))
            || passed
                .is_some_and(|verb| matches!(doc.word(verb).value.as_str(), "adopted" | "issued" | "signed"))
    })
}

/// Whether the rest of a clause says that a document was made or views exchanged (`签署了《…》`, `就…交换了意见`), whatever
/// character a recogniser gave for the verb before a title.
fn has_done(doc: &Doc<'_>, at: u32) -> bool {
    let Some(clause) = doc.clause_at(at) else { return false };
    let rest = Span { start: at, end: clause.span.end.max(at) };
    if doc.holds(rest, Class::Cue) {
        return false;
    }
    let titled = doc
        .layout
        .pairs_in(rest)
        .iter()
        .any(|pair| pair.open == '《' && doc.ending(pair.span.start, Class::Aspect).is_some());
    titled
        || doc
            .of_class(rest, Class::InstrumentVerb)
            .any(|verb| doc.at(verb.span.end, Class::Aspect).is_some())
}

/// Without the white space and the closing marks at the end.
fn trimmed(doc: &Doc<'_>, span: Span) -> Span {
    let text = doc.text(span);
    let kept = text.trim_end_matches(['\n', '。', '！', '？', '，', '；', '”']);
    // A closing mark that closes a term inside stays.
    let keep = if text[kept.len()..].starts_with('”') && kept.rfind('“') > kept.rfind('”') {
        kept.len() + '”'.len_utf8()
    } else {
        kept.len()
    };
    Span::new(span.start as usize, span.start as usize + keep)
}

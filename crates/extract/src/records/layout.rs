use shiliu_text::Span;

use super::blocks::Blocks;

/// A stretch between two marks of one sentence.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clause {
    /// Its characters, without the mark that ends it and without an opening quotation mark.
    pub(super) span: Span,
    /// Index of its sentence.
    pub(super) sentence: usize,
    /// The mark after it (`\0` where the text ends).
    pub(super) mark: char,
}

/// A sentence: up to a full stop, question or exclamation mark with what closes after it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sentence {
    /// Its characters, the closing mark included.
    pub(super) span: Span,
    /// Index of its paragraph.
    pub(super) paragraph: usize,
    /// Its first clause and one past its last.
    pub(super) clauses: (usize, usize),
}

/// A pair of marks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair {
    /// From the opening to the closing mark, both included.
    pub(super) span: Span,
    /// The opening mark.
    pub(super) open: char,
    /// Whether the closing mark was missing and the paragraph's end stands for it.
    pub(super) torn: bool,
    /// Whether nothing in it is split: a name, a term, a short remark.
    pub(super) atom: bool,
}

impl Pair {
    /// What stands between the marks.
    pub(super) fn content(&self) -> Span {
        let close = if self.torn { 0 } else { self.open.len_utf8() };
        let start = self.span.start as usize + self.open.len_utf8();
        Span::new(start, (self.span.end as usize - close).max(start))
    }
}

/// Paragraphs, sentences, clauses and pairs of marks of a view.
#[derive(Debug, Default)]
pub(super) struct Layout {
    pub(super) paragraphs: Vec<Span>,
    pub(super) sentences: Vec<Sentence>,
    pub(super) clauses: Vec<Clause>,
    pub(super) pairs: Vec<Pair>,
    sentence_blocks: Blocks,
    clause_blocks: Blocks,
}

/// Longest quoted term, in characters, that is never split.
const TERM: usize = 26;
/// Longest bracketed remark, in characters, that is never split.
const REMARK: usize = 40;
/// Pairs of marks are closed at the latest after this many characters: a lost closing mark must not swallow a text.
const REACH: usize = 3000;

impl Layout {
    /// `marks` are those of the text with its line feeds ([`View::marks`](super::view::View::marks)), `breaks` bytes at which a sentence ends though its mark is lost, ascending.
    pub(super) fn of(text: &str, marks: &[(u32, char)], breaks: &[u32]) -> Layout {
        let mut layout = Layout {
            clauses: Vec::with_capacity(marks.len() + 1),
            sentences: Vec::with_capacity(marks.len() / 3 + 4),
            pairs: Vec::with_capacity(marks.len() / 4 + 4),
            ..Layout::default()
        };
        let mut start = 0;
        let lines = marks.split_inclusive(|(_, mark)| *mark == '\n');
        let mut last = false;
        for line in lines {
            let (end, inside) = match line.split_last() {
                Some(((at, '\n'), inside)) => (*at as usize, inside),
                _ => {
                    last = true;
                    (text.len(), line)
                }
            };
            layout.line(text, Span::new(start, end), inside, breaks);
            start = end + 1;
        }
        if !last && start < text.len() {
            layout.line(text, Span::new(start, text.len()), &[], breaks);
        }
        layout.sentence_blocks =
            Blocks::of(text.len(), layout.sentences.iter().map(|sentence| sentence.span.end));
        layout.clause_blocks = Blocks::of(text.len(), layout.clauses.iter().map(|clause| clause.span.end));
        layout
    }

    fn line(&mut self, text: &str, span: Span, marks: &[(u32, char)], breaks: &[u32]) {
        if !span.is_empty() {
            let first = breaks.partition_point(|&at| at <= span.start);
            let last = breaks.partition_point(|&at| at < span.end);
            self.paragraph(text, span, marks, &breaks[first..last.max(first)]);
        }
    }

    fn paragraph(&mut self, text: &str, span: Span, marks: &[(u32, char)], breaks: &[u32]) {
        let index = self.paragraphs.len();
        self.paragraphs.push(span);
        let first_pair = self.pairs.len();
        pairs_of(text, span, marks, &mut self.pairs);
        let mut next_pair = first_pair;
        let base = span.start as usize;
        let mut sentence_start = base;
        let mut clause_start = base;
        let mut first_clause = self.clauses.len();
        let mut skip_to = base;
        let mut characters = marks.iter().map(|&(at, mark)| (at as usize, mark)).peekable();
        let mut breaks = breaks.iter().map(|&at| at as usize).peekable();
        loop {
            let next = characters.next();
            while let Some(lost) = breaks.next_if(|&lost| next.is_none_or(|(at, _)| lost <= at)) {
                if lost > clause_start && lost >= skip_to {
                    self.clause(text, clause_start, lost, self.sentences.len(), '。');
                    let clauses = (first_clause, self.clauses.len());
                    let span = Span::new(sentence_start, lost);
                    self.sentences.push(Sentence { span, paragraph: index, clauses });
                    (clause_start, sentence_start, first_clause) = (lost, lost, self.clauses.len());
                }
            }
            let Some((at, character)) = next else { break };
            while next_pair < self.pairs.len() && (self.pairs[next_pair].span.start as usize) < at {
                next_pair += 1;
            }
            if at < skip_to {
                continue;
            }
            if let Some(pair) = self.pairs.get(next_pair)
                && pair.span.start as usize == at
                && pair.atom
            {
                skip_to = pair.span.end as usize;
                continue;
            }
            if !matches!(character, '，' | '；' | '：' | '。' | '！' | '？' | '!' | '?') {
                continue;
            }
            let sentence = self.sentences.len();
            self.clause(text, clause_start, at, sentence, character);
            clause_start = at + character.len_utf8();
            if matches!(character, '。' | '！' | '？' | '!' | '?') {
                while let Some(&(after, next)) = characters.peek() {
                    let closes = matches!(next, '”' | '’' | '）' | '。' | '！' | '？');
                    if after != clause_start || !closes {
                        break;
                    }
                    characters.next();
                    clause_start += next.len_utf8();
                }
                let clauses = (first_clause, self.clauses.len());
                let span = Span::new(sentence_start, clause_start);
                self.sentences.push(Sentence { span, paragraph: index, clauses });
                sentence_start = clause_start;
                first_clause = self.clauses.len();
                skip_to = clause_start;
            }
        }
        if sentence_start < span.end as usize {
            let sentence = self.sentences.len();
            self.clause(text, clause_start, span.end as usize, sentence, '\0');
            let clauses = (first_clause, self.clauses.len());
            let span = Span::new(sentence_start, span.end as usize);
            self.sentences.push(Sentence { span, paragraph: index, clauses });
        }
    }

    fn clause(&mut self, text: &str, start: usize, end: usize, sentence: usize, mark: char) {
        let inside = &text[start..end];
        let head = inside.len() - inside.trim_start_matches(['“', '‘', '”', '’']).len();
        let tail = inside.len() - inside.trim_end_matches(['”', '’']).len();
        let tail = if tail > 0 && inside.contains('“') { 0 } else { tail };
        if head + tail >= inside.len() {
            return;
        }
        let span = Span::new(start + head, end - tail);
        self.clauses.push(Clause { span, sentence, mark });
    }

    /// Index of the sentence that holds a byte.
    pub(super) fn sentence_at(&self, byte: u32) -> Option<usize> {
        let mut index = self.sentence_blocks.first(byte);
        while self.sentences.get(index).is_some_and(|sentence| sentence.span.end <= byte) {
            index += 1;
        }
        (index < self.sentences.len() && self.sentences[index].span.start <= byte).then_some(index)
    }

    /// Index of the clause that holds a byte.
    pub(super) fn clause_at(&self, byte: u32) -> Option<usize> {
        let mut index = self.clause_blocks.first(byte);
        while self.clauses.get(index).is_some_and(|clause| clause.span.end <= byte) {
            index += 1;
        }
        (index < self.clauses.len() && self.clauses[index].span.start <= byte).then_some(index)
    }

    /// The sentences of a paragraph.
    pub(super) fn sentences_of(&self, paragraph: usize) -> std::ops::Range<usize> {
        let start = self.sentences.partition_point(|sentence| sentence.paragraph < paragraph);
        let end = self.sentences.partition_point(|sentence| sentence.paragraph <= paragraph);
        start..end
    }

    /// The pairs that start inside a span.
    pub(super) fn pairs_in(&self, span: Span) -> &[Pair] {
        let start = self.pairs.partition_point(|pair| pair.span.start < span.start);
        let end = self.pairs.partition_point(|pair| pair.span.start < span.end);
        &self.pairs[start..end]
    }

    /// The innermost pair of that opening mark around a span, if any.
    pub(super) fn pair_around(&self, span: Span, open: char) -> Option<&Pair> {
        let end = self.pairs.partition_point(|pair| pair.span.start <= span.start);
        self.pairs[..end]
            .iter()
            .rev()
            .take(12)
            .find(|pair| pair.open == open && pair.span.start <= span.start && span.end <= pair.span.end)
    }
}

fn pairs_of(text: &str, span: Span, marks: &[(u32, char)], pairs: &mut Vec<Pair>) {
    let first = pairs.len();
    let mut open: Vec<(char, usize)> = Vec::new();
    let stale =
        |open: &[(char, usize)], at: usize| open.first().is_some_and(|&(_, start)| at > start + REACH);
    let close_all = |open: &mut Vec<(char, usize)>, end: usize, pairs: &mut Vec<Pair>| {
        for (mark, start) in open.drain(..) {
            if matches!(mark, '“') {
                let span = Span::new(start, end);
                pairs.push(Pair { span, open: mark, torn: true, atom: false });
            }
        }
    };
    for (at, character) in marks.iter().map(|&(at, mark)| (at as usize, mark)) {
        // A character before this one may have been too far off already.
        if stale(&open, text.floor_char_boundary(at.saturating_sub(1))) {
            open.clear();
        }
        match character {
            '“' | '‘' | '《' | '（' => {
                // A second opening mark of the same kind: the first was never closed.
                if let Some(known) = open.iter().position(|&(mark, _)| mark == character && mark != '（') {
                    open.truncate(known);
                }
                open.push((character, at));
            }
            '”' | '’' | '》' | '）' => {
                let wanted = match character {
                    '”' => '“',
                    '’' => '‘',
                    '》' => '《',
                    _ => '（',
                };
                if let Some(known) = open.iter().rposition(|&(mark, _)| mark == wanted) {
                    let (mark, start) = open[known];
                    open.truncate(known);
                    let span = Span::new(start, at + character.len_utf8());
                    let content = &text[start + mark.len_utf8()..at];
                    let atom = is_atom(mark, content);
                    pairs.push(Pair { span, open: mark, torn: false, atom });
                }
            }
            _ => {}
        }
        if stale(&open, at) {
            open.clear();
        }
    }
    let end = span.end as usize;
    if stale(&open, text.floor_char_boundary(end.saturating_sub(1))) {
        open.clear();
    }
    close_all(&mut open, end, pairs);
    pairs[first..].sort_by_key(|pair| (pair.span.start, std::cmp::Reverse(pair.span.end)));
}

fn is_atom(mark: char, content: &str) -> bool {
    let short = |limit: usize| content.chars().nth(limit).is_none();
    match mark {
        '《' => short(60),
        '（' => short(REMARK),
        _ => short(TERM) && !content.contains(['。', '！', '？']) && !content.ends_with('，'),
    }
}

#[cfg(test)]
mod tests {
    use super::super::view::View;
    use super::*;

    #[test]
    fn splits_outside_terms_and_inside_speech() {
        let text = "云方将办好“同舟，共济”活动，他说：“我们愿意来，也愿意再来一次这个地方看看大家。”";
        let view = View::new(text);
        let layout = Layout::of(&view.text, view.marks(), &[]);
        let clauses: Vec<&str> = layout.clauses.iter().map(|clause| clause.span.of(text)).collect();
        assert_eq!(
            clauses,
            ["云方将办好“同舟，共济”活动", "他说", "我们愿意来", "也愿意再来一次这个地方看看大家"]
        );
        assert_eq!(layout.sentences.len(), 1);
    }
}

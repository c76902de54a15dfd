use shiliu_text::Span;

use super::lexicon::{Class, Hit};
use super::view::narrow;

/// A set of classes as a sieve: two classes may share a bit, so a set that lacks the bit lacks the class.
pub(super) type Sieve = u64;

/// The sieve of one class.
#[inline]
pub(super) const fn sieve(class: Class) -> Sieve {
    1 << (class as u8 % Sieve::BITS as u8)
}

/// The sieve of these classes.
#[inline]
pub(super) fn sieve_of(classes: &[Class]) -> Sieve {
    classes.iter().fold(0, |all, &class| all | sieve(class))
}

#[derive(Clone, Copy, Debug, Default)]
struct Node {
    /// Range in [`Tree::edges`], in order of their characters.
    edges: (u32, u32),
    /// Range in [`Tree::words`]: the words that end here, the last listed first.
    words: (u32, u32),
    /// A bit for each edge's character: most characters that follow lead nowhere.
    open: u64,
}

/// The bit of a character among those of a node's edges.
#[inline]
fn bit(character: char) -> u64 {
    1 << (character as u32 % u64::BITS)
}

/// Words as a tree over characters. A place of a text costs the length of the longest word that begins there, mostly
/// one look into a table: an automaton that never steps back costs more, since it turns every byte.
#[derive(Clone, Debug)]
pub(super) struct Tree {
    /// Node of each first character of the basic plane, 0 for none. Those nodes come first.
    first: Box<[u16; 0x1_0000]>,
    nodes: Vec<Node>,
    edges: Vec<(char, u32)>,
    words: Vec<(u32, Class)>,
}

/// What stands where in one text.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// In order of the start, the longer first, of one stretch the last listed first.
    pub(super) hits: Vec<Hit>,
    marks: Vec<Mark>,
    /// For every byte the index of the first hit that starts there or later, and one more than the index of the last
    /// hit that ends there, 0 for none.
    places: Vec<(u32, u32)>,
    /// Index of the first hit that ends behind the start of the last one.
    over: usize,
}

/// What is kept beside a hit.
#[derive(Clone, Copy, Debug)]
struct Mark {
    /// Of the first hit with its start the classes of all of them.
    starting: Sieve,
    /// Classes of the hit and those before it with its end.
    ending: Sieve,
    /// One more than the index of the hit before it with its end, 0 for none.
    before: u32,
    /// Index of the first hit that ends behind the start of this one.
    over: u32,
}

impl Found {
    /// Index of the first hit that starts at a byte or later.
    pub(super) fn first_from(&self, byte: u32) -> usize {
        self.places[byte as usize].0 as usize
    }

    /// The hits that may lie over a byte and begin at it or before.
    #[inline]
    pub(super) fn over(&self, byte: u32) -> &[Hit] {
        let end = self.places[byte as usize + 1].0 as usize;
        let Some(last) = end.checked_sub(1) else { return &[] };
        &self.hits[self.marks[last].over as usize..end]
    }

    /// The hits from the first that starts at a byte, where one that starts there may be of these classes; else none.
    #[inline]
    pub(super) fn starting(&self, byte: u32, classes: Sieve) -> &[Hit] {
        let first = self.places[byte as usize].0 as usize;
        let here = self.hits.get(first).is_some_and(|hit| hit.span.start == byte);
        if here && self.marks[first].starting & classes != 0 { &self.hits[first..] } else { &[] }
    }

    /// Where the longest hit of one of the classes that starts at a byte ends; looks at no hit that starts later.
    pub(super) fn end_of(&self, byte: u32, classes: &[Class]) -> Option<u32> {
        let here = self.starting(byte, sieve_of(classes)).iter().take_while(|hit| hit.span.start == byte);
        here.filter(|hit| classes.contains(&hit.class)).map(|hit| hit.span.end).max()
    }

    /// The longest hit of a class that ends at a byte, of one stretch the first listed.
    #[inline]
    pub(super) fn ending(&self, byte: u32, class: Class) -> Option<Hit> {
        let mut place = self.places[byte as usize].1 as usize;
        if place == 0 || self.marks[place - 1].ending & sieve(class) == 0 {
            return None;
        }
        let mut longest: Option<Hit> = None;
        while place != 0 {
            let hit = self.hits[place - 1];
            if hit.class == class && longest.is_none_or(|known| hit.span.start < known.span.start) {
                longest = Some(hit);
            }
            place = self.marks[place - 1].before as usize;
        }
        longest
    }

    fn push(&mut self, hit: Hit) {
        let own = sieve(hit.class);
        let end = hit.span.end as usize;
        let before = self.places[end].1;
        let earlier = before.checked_sub(1).map_or(0, |before| self.marks[before as usize].ending);
        // Hits come in order of their starts, so this place only moves on.
        while self.hits.get(self.over).is_some_and(|open| open.span.end <= hit.span.start) {
            self.over += 1;
        }
        self.marks.push(Mark { starting: 0, ending: own | earlier, before, over: narrow(self.over) });
        self.hits.push(hit);
        self.places[end].1 = narrow(self.hits.len());
    }
}

#[derive(Default)]
struct Growing {
    edges: Vec<(char, u32)>,
    words: Vec<(u32, Class)>,
}

impl Tree {
    /// The tree of words given in ascending order, each with what it can be.
    pub(super) fn of<'w>(listed: impl Iterator<Item = (&'w str, Vec<(u32, Class)>)>) -> Tree {
        let mut growing: Vec<Growing> = vec![Growing::default()];
        for (text, words) in listed {
            let mut node = 0;
            for character in text.chars() {
                // In ascending order only the last edge can be the one.
                let known = growing[node].edges.last().filter(|(last, _)| *last == character);
                node = match known {
                    Some(&(_, next)) => next as usize,
                    None => {
                        let next = growing.len();
                        growing.push(Growing::default());
                        growing[node].edges.push((character, narrow(next)));
                        next
                    }
                };
            }
            growing[node].words = words;
        }
        let mut tree = Tree {
            first: Box::new([0; 0x1_0000]),
            nodes: Vec::with_capacity(growing.len()),
            edges: Vec::with_capacity(growing.len()),
            words: Vec::new(),
        };
        // Level after level, so that what is looked at together stands together.
        let mut order: Vec<usize> = vec![0];
        let mut next = 0;
        while let Some(&node) = order.get(next) {
            next += 1;
            let Growing { edges, words } = &growing[node];
            let (first_edge, first_word) = (narrow(tree.edges.len()), narrow(tree.words.len()));
            let open = edges.iter().fold(0, |open, &(character, _)| open | bit(character));
            for &(character, child) in edges {
                tree.edges.push((character, narrow(order.len())));
                order.push(child as usize);
            }
            tree.words.extend(words.iter().rev());
            tree.nodes.push(Node {
                edges: (first_edge, narrow(tree.edges.len())),
                words: (first_word, narrow(tree.words.len())),
                open,
            });
        }
        for &(character, node) in &tree.edges[..tree.nodes[0].edges.1 as usize] {
            // Far fewer characters than this begin words.
            if let Some(slot) = tree.first.get_mut(character as usize) {
                *slot = u16::try_from(node).unwrap_or(0);
            }
        }
        tree
    }

    #[inline]
    fn next(&self, node: u32, character: char) -> Option<u32> {
        self.after(&self.nodes[node as usize], character)
    }

    #[inline]
    fn after(&self, node: &Node, character: char) -> Option<u32> {
        let Node { edges: (start, end), open, .. } = *node;
        if open & bit(character) == 0 {
            return None;
        }
        let edges = &self.edges[start as usize..end as usize];
        if edges.len() <= 8 {
            return edges.iter().find(|(edge, _)| *edge == character).map(|&(_, next)| next);
        }
        edges.binary_search_by_key(&character, |&(edge, _)| edge).ok().map(|place| edges[place].1)
    }

    /// Whether a word may end at the node of a first character or go on with the character at a byte: most end here.
    #[inline]
    fn may_end(&self, text: &str, node: u16, at: usize) -> bool {
        let known = &self.nodes[usize::from(node)];
        known.words.0 < known.words.1
            || character_at(text, at).is_some_and(|next| known.open & bit(next) != 0)
    }

    /// The nodes of the words that begin with the character before `end`, whose node is given, with the byte after each
    /// word, the shorter first.
    #[inline]
    fn walk(&self, text: &str, node: u32, end: usize, ended: &mut Vec<(u32, u32)>) {
        let (mut node, mut end) = (node, end);
        loop {
            let known = &self.nodes[node as usize];
            if known.words.0 < known.words.1 {
                ended.push((node, narrow(end)));
            }
            if known.open == 0 {
                return;
            }
            let Some(next) = character_at(text, end) else { return };
            let Some(on) = self.after(known, next) else { return };
            node = on;
            end += next.len_utf8();
        }
    }

    /// The numbers of the words in `text`, with their classes, also of those inside another.
    pub(super) fn words_in<'t>(&'t self, text: &'t str) -> impl Iterator<Item = (u32, Class)> + 't {
        let mut ended: Vec<(u32, u32)> = Vec::new();
        text.char_indices().flat_map(move |(start, character)| {
            ended.clear();
            let head = self.first.get(character as usize).copied();
            let node = head.map_or_else(|| self.next(0, character).unwrap_or(0), u32::from);
            if node != 0 {
                self.walk(text, node, start + character.len_utf8(), &mut ended);
            }
            let words: Vec<(u32, Class)> = ended
                .iter()
                .flat_map(|(node, _)| {
                    let (from, to) = self.nodes[*node as usize].words;
                    self.words[from as usize..to as usize].iter().copied()
                })
                .collect();
            words
        })
    }

    /// Every word in `text`, also inside another.
    pub(super) fn find(&self, text: &str) -> Found {
        let bytes = text.as_bytes();
        let mut found = Found {
            hits: Vec::with_capacity(text.len() / 2),
            marks: Vec::with_capacity(text.len() / 2),
            places: vec![(0, 0); text.len() + 2],
            over: 0,
        };
        let mut start = 0;
        // The nodes on the way from one place where words end, the shorter first.
        let mut ended: Vec<(u32, u32)> = Vec::with_capacity(16);
        loop {
            let first = narrow(found.hits.len());
            // Nearly every character has three bytes.
            if let [lead @ 0xe4..=0xe9, second, third, ..] = bytes[start..] {
                let code = usize::from(lead & 0xf) << 12
                    | usize::from(second & 0x3f) << 6
                    | usize::from(third & 0x3f);
                let node = self.first[code & 0xffff];
                if node != 0 && self.may_end(text, node, start + 3) {
                    self.walk(text, u32::from(node), start + 3, &mut ended);
                    if !ended.is_empty() {
                        self.take(start, &mut ended, &mut found);
                    }
                }
                let next = narrow(found.hits.len());
                if let Some([one, two, three]) = found.places.get_mut(start..start + 3) {
                    (one.0, two.0, three.0) = (first, next, next);
                }
                start += 3;
                continue;
            }
            let Some(character) = text[start..].chars().next() else { break };
            let after = start + character.len_utf8();
            let node = self.first.get(character as usize).copied();
            let node = node.map_or_else(|| self.next(0, character).unwrap_or(0), u32::from);
            if node != 0 {
                self.walk(text, node, after, &mut ended);
                self.take(start, &mut ended, &mut found);
            }
            found.places[start].0 = first;
            let next = narrow(found.hits.len());
            found.places[start + 1..after].iter_mut().for_each(|place| place.0 = next);
            start = after;
        }
        let next = narrow(found.hits.len());
        found.places[start..].iter_mut().for_each(|place| place.0 = next);
        found
    }

    /// Takes over the words that end at these nodes and begin at a byte, the longest first.
    #[inline]
    fn take(&self, start: usize, ended: &mut Vec<(u32, u32)>, found: &mut Found) {
        let first = found.hits.len();
        let mut starting = 0;
        for &(node, end) in ended.iter().rev() {
            let node = &self.nodes[node as usize];
            let span = Span { start: narrow(start), end };
            for &(word, class) in &self.words[node.words.0 as usize..node.words.1 as usize] {
                starting |= sieve(class);
                found.push(Hit { span, word, class });
            }
        }
        ended.clear();
        if let Some(mark) = found.marks.get_mut(first) {
            mark.starting = starting;
        }
    }
}

/// The character that begins at a byte: nearly always one of three bytes.
#[inline]
fn character_at(text: &str, at: usize) -> Option<char> {
    if let Some(&[first @ 0xe4..=0xe9, second, third]) = text.as_bytes().get(at..at + 3) {
        let code = u32::from(first & 0xf) << 12 | u32::from(second & 0x3f) << 6 | u32::from(third & 0x3f);
        return char::from_u32(code);
    }
    text.get(at..)?.chars().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_words_inside_words_and_names_them_from_both_ends() {
        let listed = [
            ("会", vec![(0, Class::NameEnd)]),
            ("会议", vec![(1, Class::EventSuffix), (2, Class::Sector)]),
            ("理事会", vec![(3, Class::BodySuffix)]),
            ("𠮷", vec![(4, Class::Place)]),
        ];
        let tree = Tree::of(listed.into_iter());
        let text = "理事会议𠮷";
        let found = tree.find(text);
        let words = |hits: &[Hit]| hits.iter().map(|hit| (hit.span.of(text), hit.word)).collect::<Vec<_>>();
        assert_eq!(words(&found.hits), [("理事会", 3), ("会议", 2), ("会议", 1), ("会", 0), ("𠮷", 4)]);
        assert_eq!(found.first_from(6), 1);
        assert_eq!(found.first_from(7), 4);
        let sought = |class| found.starting(6, sieve(class)).first().map(|hit| hit.word);
        assert_eq!(sought(Class::NameEnd), Some(2));
        assert_eq!(sought(Class::BodySuffix), None);
        assert_eq!(found.ending(9, Class::BodySuffix).map(|hit| hit.word), Some(3));
        assert_eq!(found.ending(9, Class::NameEnd).map(|hit| hit.word), Some(0));
        assert_eq!(found.ending(12, Class::EventSuffix).map(|hit| hit.word), Some(1));
        assert_eq!(found.ending(12, Class::NameEnd), None);
        let numbers: Vec<u32> = tree.words_in(text).map(|(word, _)| word).collect();
        assert_eq!(numbers, [3, 0, 2, 1, 4]);
    }
}

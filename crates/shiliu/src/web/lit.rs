//! A text cut into runs that carry its marks. Joined, the runs are the text: nothing is added, so that offsets
//! counted in the browser are offsets of the page.

use shiliu_text::Span;

/// A mark over bytes of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) span: Span,
    pub(crate) sense: Sense,
}

/// What a mark says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Sense {
    /// The passage that the address asks for.
    Lit,
    /// A date or figure: class and value in words.
    Mention {
        /// CSS class of its kind.
        class: &'static str,
        /// Value, for the tooltip.
        value: String,
    },
    /// A record rests on it.
    Evidence,
    /// Another printing has other words here.
    Differs,
    /// Witnesses differ here: address of the locus, whether decided, whether it touches the sense.
    Locus {
        /// Name of the place.
        id: String,
        /// Link to the locus in the table.
        href: String,
        /// CSS classes.
        class: &'static str,
        /// What the others read.
        value: String,
    },
}

/// A stretch without inner boundaries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Run<'a> {
    /// Its characters, never empty.
    pub(crate) text: &'a str,
    /// CSS classes, separated by spaces.
    pub(crate) classes: String,
    /// What a tooltip says.
    pub(crate) title: String,
    /// Where it leads, empty where nowhere.
    pub(crate) href: String,
    /// Name of the place, empty where it needs none.
    pub(crate) id: String,
    /// Whether the address asks for it.
    pub(crate) lit: bool,
    /// Whether it is the first of what the address asks for.
    pub(crate) first: bool,
    /// Whether it is one character that steers direction: it is set apart so that it moves nothing around it.
    pub(crate) control: bool,
}

/// Characters that reorder what stands around them.
fn steers_direction(character: char) -> bool {
    matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}')
}

/// The runs of `within` of `text`. Marks may overlap and need no order; what lies outside is cut off.
pub(crate) fn runs<'a>(text: &'a str, within: Span, marks: &[Mark]) -> Vec<Run<'a>> {
    let marks: Vec<(Span, &Sense)> =
        marks.iter().filter_map(|mark| Some((mark.span.intersect(within)?, &mark.sense))).collect();
    let mut cuts = vec![within.start, within.end];
    for (span, _) in &marks {
        cuts.extend([span.start, span.end]);
    }
    let mut controls = Vec::new();
    for (offset, character) in within.of(text).char_indices() {
        if steers_direction(character) {
            let start = within.start + u32::try_from(offset).unwrap_or(0);
            controls.push(start);
            cuts.extend([start, start + u32::try_from(character.len_utf8()).unwrap_or(1)]);
        }
    }
    cuts.sort_unstable();
    cuts.dedup();
    let mut order: Vec<usize> = (0..marks.len()).collect();
    order.sort_by_key(|&index| marks[index].0.start);
    let (mut next, mut open): (usize, Vec<usize>) = (0, Vec::new());
    let mut seen_lit = false;
    let mut found = Vec::new();
    for pair in cuts.windows(2) {
        let span = Span { start: pair[0], end: pair[1] };
        open.retain(|&index| marks[index].0.end > span.start);
        while let Some(&index) = order.get(next)
            && marks[index].0.start <= span.start
        {
            open.push(index);
            next += 1;
        }
        let Some(characters) = text.get(span.range()) else { continue };
        let mut run =
            Run { text: characters, control: controls.binary_search(&span.start).is_ok(), ..Run::default() };
        let mut classes: Vec<&str> = Vec::new();
        for &index in &open {
            match marks[index].1 {
                Sense::Lit => run.lit = true,
                Sense::Evidence => classes.push("ev"),
                Sense::Mention { class, value } => {
                    classes.extend(["m", class]);
                    run.title.clone_from(value);
                }
                Sense::Differs => classes.push("differs"),
                Sense::Locus { id, href, class, value } => {
                    classes.extend(["locus", class]);
                    if marks[index].0.start == span.start && run.id.is_empty() {
                        run.id.clone_from(id);
                    }
                    run.title.clone_from(value);
                    run.href.clone_from(href);
                }
            }
        }
        classes.dedup();
        if run.control {
            let code = u32::from(characters.chars().next().unwrap_or('?'));
            run.title = format!("U+{code:04X}");
        }
        run.classes = classes.join(" ");
        run.first = run.lit && !seen_lit;
        seen_lit |= run.lit;
        found.push(run);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lit(start: usize, end: usize) -> Mark {
        Mark { span: Span::new(start, end), sense: Sense::Lit }
    }

    #[test]
    fn marks_overlap_and_controls_stand_alone() {
        let text = "ab\u{202e}cd";
        let mention =
            Mark { span: Span::new(1, 6), sense: Sense::Mention { class: "m-date", value: "2031".into() } };
        let found = runs(text, Span::new(0, text.len()), &[mention, lit(5, 7)]);
        let shown: Vec<(&str, &str, bool, bool)> =
            found.iter().map(|run| (run.text, run.classes.as_str(), run.lit, run.control)).collect();
        assert_eq!(
            shown,
            [
                ("a", "", false, false),
                ("b", "m m-date", false, false),
                ("\u{202e}", "m m-date", false, true),
                ("c", "m m-date", true, false),
                ("d", "", true, false),
            ]
        );
        assert_eq!(found.iter().filter(|run| run.first).count(), 1);
    }

    proptest::proptest! {
        /// Joined, the runs are the text, whatever is marked.
        #[test]
        fn runs_join_to_the_text(
            text in "[a-c一-三 \n\u{202e}]{0,30}",
            marks in proptest::collection::vec((0usize..40, 0usize..12), 0..8),
        ) {
            let edges: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            let at = |index: usize| edges[index.min(edges.len() - 1)];
            let marks: Vec<Mark> = marks.iter().map(|&(start, length)| lit(at(start), at(start + length))).collect();
            let found = runs(&text, Span::new(0, text.len()), &marks);
            let joined: String = found.iter().map(|run| run.text).collect();
            assert_eq!(joined, text);
            assert!(found.iter().all(|run| !run.text.is_empty()));
        }
    }
}

//! A reader of our own markup, strict where browsers are lax: every tag is closed, every attribute quoted.

/// A document as a list of what stands in it.
#[derive(Debug, Default)]
pub(super) struct Document {
    pub(super) nodes: Vec<Node>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node {
    Open(String, Vec<(String, String)>),
    Close(String),
    Text(String),
}

const VOID: &[&str] = &["meta", "link", "img", "input", "br", "hr"];

impl Document {
    /// Reads markup; what is not well formed fails the test.
    pub(super) fn read(markup: &str, name: &str) -> Document {
        let mut document = Document::default();
        let mut open: Vec<String> = Vec::new();
        let mut rest = markup.strip_prefix("<!doctype html>").unwrap_or_else(|| panic!("{name}: no doctype"));
        while !rest.is_empty() {
            let Some(at) = rest.find('<') else {
                document.nodes.push(Node::Text(unescape(rest, name)));
                break;
            };
            if at > 0 {
                document.nodes.push(Node::Text(unescape(&rest[..at], name)));
            }
            // A bracket within a quoted value does not end the tag.
            let mut quoted = false;
            let length = rest[at..]
                .find(|character| {
                    quoted ^= character == '"';
                    character == '>' && !quoted
                })
                .unwrap_or_else(|| panic!("{name}: open tag"));
            let tag = &rest[at + 1..at + length];
            rest = &rest[at + length + 1..];
            if let Some(closed) = tag.strip_prefix('/') {
                assert_eq!(open.pop().as_deref(), Some(closed), "{name}: tags cross near {closed}");
                document.nodes.push(Node::Close(closed.to_owned()));
                continue;
            }
            let (element, attributes) = read_tag(tag, name);
            if !VOID.contains(&element.as_str()) {
                open.push(element.clone());
            }
            document.nodes.push(Node::Open(element, attributes));
        }
        assert!(open.is_empty(), "{name}: never closed: {open:?}");
        document
    }

    pub(super) fn elements(&self) -> impl Iterator<Item = (&str, &[(String, String)])> {
        self.nodes.iter().filter_map(|node| match node {
            Node::Open(name, attributes) => Some((name.as_str(), attributes.as_slice())),
            _ => None,
        })
    }

    /// The values of an attribute over all elements.
    pub(super) fn values<'d>(
        &'d self,
        element: &'d str,
        attribute: &'d str,
    ) -> impl Iterator<Item = &'d str> {
        self.elements().filter(move |(name, _)| *name == element).filter_map(move |(_, attributes)| {
            attributes.iter().find(|(name, _)| name == attribute).map(|(_, value)| value.as_str())
        })
    }

    /// The text of every element that the test accepts, in order.
    pub(super) fn texts(&self, accept: impl Fn(&str, &[(String, String)]) -> bool) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        let mut open: Vec<Option<usize>> = Vec::new();
        for node in &self.nodes {
            match node {
                Node::Open(name, attributes) => {
                    let slot = accept(name, attributes).then(|| {
                        found.push(String::new());
                        found.len() - 1
                    });
                    if !VOID.contains(&name.as_str()) {
                        open.push(slot);
                    }
                }
                Node::Close(_) => {
                    open.pop();
                }
                Node::Text(text) => open.iter().flatten().for_each(|&slot| found[slot].push_str(text)),
            }
        }
        found
    }

    /// The text of the element with an id.
    pub(super) fn text_of(&self, id: &str) -> Option<String> {
        self.texts(|_, attributes| attributes.iter().any(|(name, value)| name == "id" && value == id)).pop()
    }

    /// The characters that the address lit.
    pub(super) fn lit(&self) -> String {
        let is_lit = |attributes: &[(String, String)]| {
            attributes
                .iter()
                .any(|(name, value)| name == "class" && value.split(' ').any(|class| class == "lit"))
        };
        self.texts(|name, attributes| name == "mark" && is_lit(attributes)).concat()
    }
}

fn read_tag(tag: &str, name: &str) -> (String, Vec<(String, String)>) {
    let (element, mut rest) = tag.split_once([' ', '\n']).unwrap_or((tag, ""));
    assert!(element.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()), "{name}: <{tag}>");
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            return (element.to_owned(), attributes);
        }
        let end = rest.find(['=', ' ']).unwrap_or(rest.len());
        let key = &rest[..end];
        assert!(
            key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
                || element == "svg" && key == "viewBox",
            "{name}: attribute `{key}` in <{tag}>"
        );
        rest = &rest[end..];
        let mut value = String::new();
        if let Some(after) = rest.strip_prefix("=\"") {
            let close = after.find('"').unwrap_or_else(|| panic!("{name}: open value in <{tag}>"));
            value = unescape(&after[..close], name);
            rest = &after[close + 1..];
        }
        attributes.push((key.to_owned(), value));
    }
}

fn unescape(text: &str, name: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        let end = rest[at..].find(';').unwrap_or_else(|| panic!("{name}: bare ampersand: {}", &rest[at..]));
        out.push(match &rest[at + 1..at + end] {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "#39" => '\'',
            "#13" => '\r',
            other => panic!("{name}: unknown entity {other}"),
        });
        rest = &rest[at + end + 1..];
    }
    out.push_str(rest);
    assert!(!text.contains('\r'), "{name}: a browser would change a bare carriage return");
    out
}

//! Citations of printed characters: GB/T 7714-2015 for newspapers (`[N]`) and BibTeX.

use shiliu_ledger::register::Ground;

/// What a citation needs of a printing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Printing<'p> {
    /// Byline; empty where none is known.
    pub(crate) author: &'p str,
    /// Headline, or the words themselves.
    pub(crate) title: &'p str,
    /// The paper.
    pub(crate) paper: &'p str,
    /// Issue date, `YYYY-MM-DD`.
    pub(crate) day: &'p str,
    /// Section letter and number.
    pub(crate) page_no: &'p str,
    /// Address of the characters.
    pub(crate) link: &'p str,
}

/// `Author. Title[N]. Paper, 2031-06-17(1). link`; what is not known is left out.
pub(crate) fn gb7714(printing: &Printing<'_>) -> String {
    let mut out = String::new();
    if !printing.author.is_empty() {
        out.push_str(&format!("{}. ", printing.author));
    }
    out.push_str(&format!("{}[N]. ", one_line(printing.title).trim_end_matches(['.', '\u{3002}'])));
    let day = if printing.day.is_empty() { "[s.d.]" } else { printing.day };
    let paper = if printing.paper.is_empty() { "[s.n.]" } else { printing.paper };
    out.push_str(&format!("{paper}, {day}"));
    if !printing.page_no.is_empty() {
        out.push_str(&format!("({})", printing.page_no));
    }
    out.push('.');
    if !printing.link.is_empty() {
        out.push_str(&format!(" {}.", printing.link));
    }
    out
}

/// One BibTeX entry under `key`.
pub(crate) fn bibtex(key: &str, printing: &Printing<'_>) -> String {
    let mut out = format!("@article{{{},\n", key.replace([' ', ',', '{', '}'], "-"));
    for (name, value) in [
        ("author", printing.author),
        ("title", printing.title),
        ("journal", printing.paper),
        ("date", printing.day),
        ("pages", printing.page_no),
        ("url", printing.link),
    ] {
        if !value.is_empty() {
            out.push_str(&format!("  {name} = {{{}}},\n", escaped(&one_line(value))));
        }
    }
    out.push_str("}\n");
    out
}

/// A printing of a ground.
pub(crate) fn of_ground<'g>(ground: &'g Ground, title: &'g str, link: &'g str) -> Printing<'g> {
    Printing { title, paper: &ground.paper, day: &ground.day, link, ..Printing::default() }
}

fn one_line(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, '\n' | '\r')).collect::<String>().trim().to_owned()
}

/// What has a meaning for TeX is written so that it prints; unbalanced braces would end the field.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' => out.push_str("\\textbackslash "),
            '{' | '}' | '%' | '&' | '#' | '$' | '_' => {
                out.push('\\');
                out.push(character);
            }
            '~' => out.push_str("\\textasciitilde "),
            '^' => out.push_str("\\textasciicircum "),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_the_standards_write_them() {
        let printing = Printing {
            author: "",
            title: "青石渡口两年内修复",
            paper: "西岭晚报",
            day: "2031-04-07",
            page_no: "2",
            link: "/p/ab#c=1-5",
        };
        assert_eq!(gb7714(&printing), "青石渡口两年内修复[N]. 西岭晚报, 2031-04-07(2). /p/ab#c=1-5.");
        assert_eq!(gb7714(&Printing { title: "x", ..Printing::default() }), "x[N]. [s.n.], [s.d.].");
        let hostile = Printing { title: "50% {of} \\it a_b", ..printing };
        assert_eq!(
            bibtex("C-0001 1", &hostile),
            "@article{C-0001-1,\n  title = {50\\% \\{of\\} \\textbackslash it a\\_b},\n  journal = {西岭晚报},\n  date = {2031-04-07},\n  pages = {2},\n  url = {/p/ab\\#c=1-5},\n}\n"
        );
    }
}

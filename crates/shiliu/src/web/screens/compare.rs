//! A printing's words against the established ones, character by character.

/// A stretch of a printing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stretch {
    /// Its characters as printed; empty where only something is missing.
    pub(crate) text: String,
    /// Whether the established text has other characters here.
    pub(crate) differs: bool,
    /// Characters of the established text that are not there, before `text`.
    pub(crate) absent: String,
}

/// Longer texts are given whole, not compared.
const LONGEST: usize = 4000;

/// The printing in stretches: joined, their texts are the printing. White space is layout and does not count.
/// Equal heads and tails are set aside, the rest is aligned by its longest common subsequence.
pub(crate) fn compare(established: &str, printing: &str) -> Vec<Stretch> {
    let solid = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<Vec<char>>();
    let (a, b) = (solid(established), solid(printing));
    if a.len() > LONGEST || b.len() > LONGEST {
        return vec![Stretch { text: printing.to_owned(), differs: false, absent: String::new() }];
    }
    let head = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let tail = a[head..].iter().rev().zip(b[head..].iter().rev()).take_while(|(a, b)| a == b).count();
    let same = alignment(&a[head..a.len() - tail], &b[head..b.len() - tail]);
    // For each character of the printing, its place in the established text.
    let mut place: Vec<Option<usize>> = vec![None; b.len()];
    for (index, slot) in place.iter_mut().enumerate() {
        if index < head {
            *slot = Some(index);
        } else if index >= b.len() - tail {
            *slot = Some(index + a.len() - b.len());
        }
    }
    for (here, there) in same {
        place[there + head] = Some(here + head);
    }
    let mut stretches: Vec<Stretch> = Vec::new();
    let (mut next, mut count) = (0, 0);
    for character in printing.chars() {
        let blank = character.is_whitespace();
        let known = if blank { None } else { place[count] };
        let mut absent = String::new();
        if !blank {
            count += 1;
            if let Some(here) = known {
                absent = a[next..here].iter().collect();
                next = here + 1;
            }
        }
        let differs = !blank && known.is_none();
        match stretches.last_mut() {
            Some(last) if absent.is_empty() && (blank || last.differs == differs) => {
                last.text.push(character)
            }
            _ => stretches.push(Stretch { text: character.to_string(), differs, absent }),
        }
    }
    if next < a.len() {
        let absent = a[next..].iter().collect();
        stretches.push(Stretch { text: String::new(), differs: false, absent });
    }
    stretches
}

/// Pairs of places of a longest common subsequence.
fn alignment(a: &[char], b: &[char]) -> Vec<(usize, usize)> {
    const CELLS: usize = 4_000_000;
    if a.is_empty() || b.is_empty() || a.len() * b.len() > CELLS {
        return Vec::new();
    }
    let width = b.len() + 1;
    let mut table = vec![0u16; (a.len() + 1) * width];
    for here in (0..a.len()).rev() {
        for there in (0..b.len()).rev() {
            table[here * width + there] = if a[here] == b[there] {
                table[(here + 1) * width + there + 1] + 1
            } else {
                table[(here + 1) * width + there].max(table[here * width + there + 1])
            };
        }
    }
    let (mut here, mut there, mut pairs) = (0, 0, Vec::new());
    while here < a.len() && there < b.len() {
        if a[here] == b[there] {
            pairs.push((here, there));
            here += 1;
            there += 1;
        } else if table[(here + 1) * width + there] >= table[here * width + there + 1] {
            here += 1;
        } else {
            there += 1;
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(established: &str, printing: &str) -> String {
        compare(established, printing)
            .iter()
            .map(|stretch| {
                let absent =
                    if stretch.absent.is_empty() { String::new() } else { format!("-{}-", stretch.absent) };
                if stretch.differs {
                    format!("{absent}[{}]", stretch.text)
                } else {
                    format!("{absent}{}", stretch.text)
                }
            })
            .collect()
    }

    #[test]
    fn differences_are_shown_and_layout_is_none() {
        assert_eq!(shown("建成铁山口大桥", "建成铁山\n口大桥"), "建成铁山\n口大桥");
        assert_eq!(shown("总额12亿元", "总额10亿元"), "总额1[0]-2-亿元");
        assert_eq!(shown("将于年底前开通", "将于开通"), "将于-年底前-开通");
        assert_eq!(shown("开通", "正式开通航线"), "[正式]开通[航线]");
        assert_eq!(shown("全线贯通。", "全线"), "全线-贯通。-");
    }

    proptest::proptest! {
        /// The printing's own characters are what is shown, whatever it is compared with.
        #[test]
        fn stretches_join_to_the_printing(established in "[甲乙丙丁 ]{0,12}", printing in "[甲乙丙丁 \n]{0,12}") {
            let joined: String = compare(&established, &printing).into_iter().map(|stretch| stretch.text).collect();
            assert_eq!(joined, printing);
        }
    }
}

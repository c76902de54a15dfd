//! Where the pieces of one text stand in another that prints their story: unlike [`crate::passages`], which asks
//! whether two texts have anything in common, this knows that they have, and so also believes pieces as short as a
//! line of a column, if they fit where nothing longer fits.

use shiliu_text::Span;

use crate::fold::{Code, Folded, WIDE, weight};

/// A stretch of a text and the stretch of the fuller printing that it prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Traced {
    /// Bytes of the fuller printing.
    pub fuller: Span,
    /// Bytes of the text.
    pub text: Span,
}

/// Weight of the runs of characters that are looked up: five Han characters, ten letters.
const GRAM: u32 = 5 * WIDE;
/// Folded characters after which a run is ended and another begun, so that repeated text costs no more than other.
const LONGEST: usize = 512;
/// Runs before one that are tried as the stretch it goes on with.
const NEAR: usize = 32;
/// A run of characters that stands oftener in one text tells nothing of its place.
const PLACES: usize = 24;
/// Folded characters on either side that may differ inside one stretch.
const DIFFERENT: usize = 14;
/// By how many one side of such a difference may be longer.
const LONGER: usize = 2;
/// Least weight of a stretch that is believed for itself.
const ALONE: u32 = 20 * WIDE;
/// Least weight of one that begins or ends where another stretch ends or begins in the fuller printing.
const FITTING: u32 = 6 * WIDE;
/// Folded characters that may be missing there.
const TOUCHING: usize = 3;

/// A text whose pieces are looked for in other texts.
#[derive(Debug)]
pub struct Tracer<'a> {
    text: &'a str,
    folded: Folded,
    /// Runs of characters by hash, and where they begin.
    grams: Vec<(u64, u32)>,
}

/// Equal stretches of two folded texts, by places of folded characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Run {
    here: usize,
    there: usize,
    /// Lengths on either side differ where characters were lost.
    here_end: usize,
    there_end: usize,
    weight: u32,
}

/// Calls `each` with the hash of the run of characters that begins at each place.
fn for_each_gram(codes: &[Code], mut each: impl FnMut(u64, usize)) {
    for start in 0..codes.len() {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        let mut heavy = 0;
        for code in &codes[start..] {
            hash = (hash ^ u64::from(*code)).wrapping_mul(0x0000_0100_0000_01b3);
            hash ^= hash >> 29;
            heavy += weight(*code);
            if heavy >= GRAM {
                each(hash, start);
                break;
            }
        }
        if heavy < GRAM {
            return;
        }
    }
}

fn weight_of(codes: &[Code]) -> u32 {
    codes.iter().map(|code| weight(*code)).sum()
}

impl<'a> Tracer<'a> {
    /// Prepares a text; linear in its length but for one sort.
    #[must_use]
    pub fn new(text: &'a str) -> Tracer<'a> {
        let folded = Folded::of(text);
        let mut grams = Vec::with_capacity(folded.codes.len());
        for_each_gram(&folded.codes, |hash, at| grams.push((hash, u32::try_from(at).unwrap_or(u32::MAX))));
        grams.sort_unstable();
        Tracer { text, folded, grams }
    }

    /// The stretches of the text that print pieces of `fuller`, in the order of `fuller`; none of them overlap, on
    /// either side. A stretch shorter than twenty Han characters is believed only where it touches another one in
    /// `fuller`.
    #[must_use]
    pub fn stretches(&self, fuller: &str) -> Vec<Traced> {
        let other = Folded::of(fuller);
        let equal = self.equal_runs(&other.codes);
        let mut runs = joined(equal.clone(), &self.folded.codes);
        // Where a joined run is broken by a better one, its parts still count.
        runs.extend(equal);
        runs.sort_unstable_by_key(|run| (std::cmp::Reverse(run.weight), run.there, run.here));
        let taken = self.chosen(&runs, other.codes.len());
        taken
            .into_iter()
            .map(|run| {
                let bytes = |folded: &Folded, text: &str, from: usize, to: usize| Span {
                    start: folded.view().byte_of(from, text),
                    end: folded.view().end_of(to - 1, text),
                };
                Traced {
                    fuller: bytes(&other, fuller, run.there, run.there_end),
                    text: bytes(&self.folded, self.text, run.here, run.here_end),
                }
            })
            .collect()
    }

    /// The longest equal runs, by place in the other text.
    fn equal_runs(&self, other: &[Code]) -> Vec<Run> {
        let own = &self.folded.codes;
        let mut runs: Vec<Run> = Vec::new();
        // Runs that may still grow.
        let mut open: Vec<Run> = Vec::new();
        for_each_gram(other, |hash, there| {
            open.retain(|run| {
                let grows = run.there_end > there;
                if !grows {
                    runs.push(*run);
                }
                grows
            });
            let from = self.grams.partition_point(|gram| gram.0 < hash);
            let count = self.grams[from..].iter().take_while(|gram| gram.0 == hash).take(PLACES + 1).count();
            if count > PLACES {
                return;
            }
            for &(_, here) in &self.grams[from..from + count] {
                let here = here as usize;
                // Inside a run that is known already.
                if open.iter().any(|run| run.here + there == run.there + here) {
                    continue;
                }
                let ahead = own[here..].iter().zip(&other[there..]);
                let length = ahead.take(LONGEST).take_while(|(a, b)| a == b).count();
                open.push(Run {
                    here,
                    there,
                    here_end: here + length,
                    there_end: there + length,
                    weight: weight_of(&own[here..here + length]),
                });
            }
        });
        runs.append(&mut open);
        runs
    }

    /// The heaviest runs first, each character of either text once.
    fn chosen(&self, runs: &[Run], length: usize) -> Vec<Run> {
        let mut here = vec![false; self.folded.codes.len()];
        let mut there = vec![false; length];
        let mut taken: Vec<Run> = Vec::new();
        let mut waiting: Vec<Run> = runs.to_vec();
        // A short stretch may fit once the one beside it has been taken.
        loop {
            let before = taken.len();
            let mut still = Vec::new();
            for run in waiting {
                let Some(run) = self.trimmed(run, &here, &there) else { continue };
                let near = |from: usize, to: usize| there[from.min(length)..to.min(length)].contains(&true);
                let touches = near(run.there.saturating_sub(TOUCHING), run.there)
                    || near(run.there_end, run.there_end + TOUCHING);
                if run.weight >= ALONE || (run.weight >= FITTING && touches) {
                    here[run.here..run.here_end].fill(true);
                    there[run.there..run.there_end].fill(true);
                    taken.push(run);
                } else if run.weight >= FITTING {
                    still.push(run);
                }
            }
            if taken.len() == before || still.is_empty() {
                break;
            }
            waiting = still;
        }
        taken.sort_unstable_by_key(|run| (run.there, run.here));
        taken
    }

    /// What of a run is free at its two ends; nothing where a taken stretch lies inside it.
    fn trimmed(&self, mut run: Run, here: &[bool], there: &[bool]) -> Option<Run> {
        while run.here < run.here_end && run.there < run.there_end && (here[run.here] || there[run.there]) {
            run.here += 1;
            run.there += 1;
        }
        while run.here < run.here_end
            && run.there < run.there_end
            && (here[run.here_end - 1] || there[run.there_end - 1])
        {
            run.here_end -= 1;
            run.there_end -= 1;
        }
        if run.here >= run.here_end
            || run.there >= run.there_end
            || here[run.here..run.here_end].contains(&true)
            || there[run.there..run.there_end].contains(&true)
        {
            return None;
        }
        run.weight = weight_of(&self.folded.codes[run.here..run.here_end]);
        Some(run)
    }
}

/// Runs that follow each other on both sides but for a small difference become one.
fn joined(mut runs: Vec<Run>, codes: &[Code]) -> Vec<Run> {
    runs.sort_unstable_by_key(|run| (run.here, run.there, run.here_end));
    let mut result: Vec<Run> = Vec::with_capacity(runs.len());
    for run in runs {
        let last = result.len().saturating_sub(NEAR);
        let near = result[last..].iter().rposition(|known| {
            let here = run.here.checked_sub(known.here_end);
            let there = run.there.checked_sub(known.there_end);
            matches!((here, there), (Some(here), Some(there))
                if here <= DIFFERENT && there <= DIFFERENT && here.abs_diff(there) <= LONGER)
        });
        match near {
            Some(at) => {
                let known = &mut result[last + at];
                known.here_end = run.here_end;
                known.there_end = run.there_end;
                known.weight += weight_of(&codes[run.here..run.here_end]);
            }
            None => result.push(run),
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    const FULLER: &str = "灯湾市供水公司昨天说，旧管网改造比原定日期提前两周完成，沿线三万户居民不再分时用水。\
        工程用了四个月，先修主管，再修支管，夜里施工，白天通车。公司还公布了水质检测的结果，全部合格。";

    fn printed(text: &str, fuller: &str) -> Vec<(String, String)> {
        let of = |span: Span, text: &str| span.of(text).to_owned();
        Tracer::new(text)
            .stretches(fuller)
            .into_iter()
            .map(|traced| (of(traced.fuller, fuller), of(traced.text, text)))
            .collect()
    }

    #[test]
    fn pieces_stand_in_the_order_of_the_fuller_printing() {
        let (first, rest) = FULLER.split_once("工程用了").expect("it is there");
        let text = format!("工程用了{rest}\n另一件事与此无关，说的是石桥镇的集市照常开放。\n{first}");
        let found: Vec<String> = printed(&text, FULLER).into_iter().map(|(_, here)| here).collect();
        assert_eq!(found.len(), 2);
        assert!(found[0].starts_with("灯湾市供水公司") && found[1].starts_with("工程用了"), "{found:?}");
    }

    #[test]
    fn a_short_line_counts_where_it_fits_and_nowhere_else() {
        let text = "灯湾市供水公司昨天说，旧管网改造比原定日期提前\n石桥镇的集市\n两周完成，沿线三万户居民\n照常开放\n\
            不再分时用水。工程用了四个月，先修主管，再修支管";
        let found = printed(text, FULLER);
        assert_eq!(found.len(), 3, "{found:?}");
        assert_eq!(found[1].1, "两周完成，沿线三万户居民");
        assert_eq!(printed("石桥镇的集市\n两周完成，沿线三万户居民\n照常开放", FULLER), []);
    }

    #[test]
    fn wrong_characters_do_not_cut_a_stretch() {
        let noisy = FULLER.replace("提前两周", "提前雨周").replace("夜里施工", "夜裡工");
        let found = printed(&noisy, FULLER);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].1.starts_with("灯湾市供水") && found[0].1.ends_with("全部合格"));
    }

    proptest::proptest! {
        #[test]
        fn no_character_is_traced_twice(cut in 1usize..60, again in 1usize..60) {
            let characters: Vec<char> = FULLER.chars().collect();
            let part = |from: usize, to: usize| characters[from..to.max(from)].iter().collect::<String>();
            let text = format!("{}{}{}", part(cut, 80), part(0, cut), part(again.min(40), 80));
            for list in [
                Tracer::new(&text).stretches(FULLER).iter().map(|one| one.text).collect::<Vec<_>>(),
                Tracer::new(&text).stretches(FULLER).iter().map(|one| one.fuller).collect::<Vec<_>>(),
            ] {
                let mut sorted = list.clone();
                sorted.sort();
                proptest::prop_assert!(sorted.windows(2).all(|pair| pair[0].end <= pair[1].start));
            }
        }
    }
}

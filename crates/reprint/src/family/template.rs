//! Two texts cut from one pattern: the same words around other names, as two telegrams of one day have them.
//!
//! What tells a pattern from a printing with errors is that its differences repeat: one name stands for
//! another each time. Errors of recognition fall anywhere and hardly ever twice alike.

use crate::fold::{Code, PLAIN, weight};
use crate::walk::common_start;

/// Equal characters in a row after which two texts are taken to be in step again.
const IN_STEP: usize = 3;
/// How far ahead a common continuation is looked for, in characters.
const AHEAD: usize = 40;
/// Least weight of either side of a difference, in units: two Han characters, four letters.
const SIZE: u32 = 4;
/// Differences looked at; a pattern shows itself early.
const MOST: usize = 64;

/// From which folded character of a text to before which.
pub(super) type Stretch = (usize, usize);

/// One stretch that stands for another.
struct Change {
    left: Vec<Code>,
    right: Vec<Code>,
}

/// Kinds of differences that come again from which on two texts are taken for one pattern filled in twice; where there
/// are other grounds for it, one name suffices.
pub(super) const PATTERNED: usize = 2;

/// How many kinds of differences between two texts, along `stretches` of both in the order of the first, come again.
pub(super) fn repeated_changes(a: &[Code], b: &[Code], stretches: &[(Stretch, Stretch)]) -> usize {
    let mut changes: Vec<Change> = Vec::new();
    let mut last: Option<(Stretch, Stretch)> = None;
    for &(left, right) in stretches {
        // Where two stretches follow each other in both, what lies between them is a difference too.
        if let Some((before, other)) = last
            && before.1 <= left.0
            && other.1 <= right.0
        {
            let far = |end: usize, start: usize| end..start.min(end + AHEAD);
            push(&mut changes, &a[far(before.1, left.0)], &b[far(other.1, right.0)]);
        }
        differences(&a[left.0..left.1], &b[right.0..right.1], &mut changes);
        last = Some((left, right));
    }
    // Changes that come again, each kind counted once.
    let mut kinds = 0;
    let mut seen = vec![false; changes.len()];
    for at in 0..changes.len() {
        if seen[at] {
            continue;
        }
        let mut again = 0;
        for other in at + 1..changes.len() {
            if alike(&changes[at].left, &changes[other].left)
                && alike(&changes[at].right, &changes[other].right)
            {
                seen[other] = true;
                again += 1;
            }
        }
        kinds += usize::from(again > 0);
    }
    kinds
}

/// Walks two texts side by side and collects where they differ.
fn differences(a: &[Code], b: &[Code], changes: &mut Vec<Change>) {
    let (mut i, mut j) = (0, 0);
    while i < a.len() && j < b.len() && changes.len() < MOST {
        let run = common_start(&a[i..], &b[j..]) as usize;
        i += run;
        j += run;
        if i == a.len() || j == b.len() {
            break;
        }
        let Some((skip_a, skip_b)) = in_step_again(&a[i..], &b[j..]) else { break };
        push(changes, &a[i..i + skip_a], &b[j..j + skip_b]);
        i += skip_a;
        j += skip_b;
    }
}

/// The smallest number of characters to leave out on both sides so that what follows is the same.
fn in_step_again(a: &[Code], b: &[Code]) -> Option<(usize, usize)> {
    for total in 1..2 * AHEAD {
        // Equal lengths first: most differences replace.
        let half = total / 2;
        for lean in 0..=half.min(AHEAD) {
            for (left, right) in [(total - half + lean, half - lean), (half - lean, total - half + lean)] {
                if left > AHEAD || right > AHEAD {
                    continue;
                }
                if let (Some(one), Some(two)) = (a.get(left..left + IN_STEP), b.get(right..right + IN_STEP))
                    && one == two
                {
                    return Some((left, right));
                }
            }
        }
    }
    None
}

fn push(changes: &mut Vec<Change>, left: &[Code], right: &[Code]) {
    let size = |codes: &[Code]| codes.iter().map(|&code| weight(code)).sum::<u32>();
    if size(left) < SIZE || size(right) < SIZE || changes.len() >= MOST || alike(left, right) {
        return;
    }
    changes.push(Change { left: left.to_vec(), right: right.to_vec() });
}

/// Whether two short stretches are the same but for errors.
fn alike(left: &[Code], right: &[Code]) -> bool {
    let longer = left.len().max(right.len());
    // A short word in an alphabet shares letters with any other; a Han word does not.
    let plain = left.iter().all(|&code| weight(code) == PLAIN);
    let allowed = if plain { longer / 4 } else { longer / 2 };
    left.len().abs_diff(right.len()) <= allowed && crate::distance::distance(left, right) <= allowed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fold::Folded;

    fn whole(a: &str, b: &str) -> bool {
        let [one, two] = [a, b].map(|text| Folded::of(text).codes);
        repeated_changes(&one, &two, &[((0, one.len()), (0, two.len()))]) >= PATTERNED
    }

    #[test]
    fn names_that_change_every_time_make_a_template() {
        let a = "白原国总统今日抵达石门，白原国代表团将参观水库。欢迎宴会上白原国总统向农户赠送了苹果树苗，典礼之后苹果树苗由学生栽下。";
        let b = "东林国国王今日抵达石门，东林国代表团将参观水库。欢迎宴会上东林国国王向农户赠送了核桃幼树，典礼之后核桃幼树由学生栽下。";
        assert!(whole(a, b));
        let c = "白原国总统今曰抵达石门，白愿国代表团将参观水库。欢迎宴会上白原国总流向农户赠送了平果树苗，典礼之後苹果树亩由学生栽下。";
        assert!(!whole(a, c));
    }
}

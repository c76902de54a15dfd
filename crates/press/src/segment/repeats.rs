//! Runs of characters that stand twice on a page: few do, so one cheap walk finds which ones may, and only these are
//! looked at closely.

/// Length of a run of characters that, where two texts print it, is wording and no subject.
pub(super) const WORDING: usize = 7;

/// What the rolling sum of a run is multiplied by for each character: any odd number with many bits.
const BASE: u64 = 0x9e37_79b9_7f4a_7c15;

/// [`BASE`] to the power of [`WORDING`].
const POWER: u64 = {
    let (mut power, mut times) = (1_u64, 0);
    while times < WORDING {
        power = power.wrapping_mul(BASE);
        times += 1;
    }
    power
};

/// Places of the table of bits for each character.
const PLACES: usize = 16;
/// No more places than this: 64 MiB in two tables.
const MOST_PLACES: usize = 1 << 28;

/// For each of the texts where runs of [`WORDING`] characters begin that stand twice on the page, in order. A few are
/// named that do not.
pub(super) struct Repeats {
    found: Vec<Run>,
    /// For each text where its runs begin, and where the last one's end.
    begins: Vec<usize>,
}

/// A run that may stand twice.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    /// The place of its first character in its text.
    pub at: usize,
    /// What equal runs have in common.
    pub key: u64,
}

impl Repeats {
    /// Of the texts of a page.
    pub(super) fn of(texts: &[&[char]]) -> Repeats {
        let all: usize = texts.iter().map(|text| text.len()).sum();
        let places = (all * PLACES).clamp(64, MOST_PLACES).next_power_of_two();
        let shift = 64 - places.ilog2();
        let (mut once, mut twice) = (vec![0_u64; places / 64], vec![0_u64; places / 64]);
        for text in texts {
            each_run(text, |_, key| {
                let (cell, bit) = cell_of(key, shift);
                twice[cell] |= once[cell] & bit;
                once[cell] |= bit;
            });
        }
        let mut repeats = Repeats { found: Vec::new(), begins: Vec::with_capacity(texts.len() + 1) };
        for text in texts {
            repeats.begins.push(repeats.found.len());
            each_run(text, |at, key| {
                let (cell, bit) = cell_of(key, shift);
                if twice[cell] & bit != 0 {
                    repeats.found.push(Run { at, key });
                }
            });
        }
        repeats.begins.push(repeats.found.len());
        repeats
    }

    /// The runs of one text that may stand twice.
    pub(super) fn of_text(&self, text: usize) -> &[Run] {
        &self.found[self.begins[text]..self.begins[text + 1]]
    }

    /// Where longer runs begin, all of whose parts may stand twice.
    pub(super) fn longer(&self, text: usize, length: usize) -> impl Iterator<Item = usize> + '_ {
        let parts = (length + 1).saturating_sub(WORDING).max(1);
        let whole = move |runs: &&[Run]| runs[parts - 1].at == runs[0].at + parts - 1;
        self.of_text(text).windows(parts).filter(whole).map(|runs| runs[0].at)
    }
}

fn cell_of(key: u64, shift: u32) -> (usize, u64) {
    let place = key >> shift;
    ((place / 64) as usize, 1 << (place % 64))
}

/// Each run of a text with its key.
fn each_run(text: &[char], mut take: impl FnMut(usize, u64)) {
    let mut sum = 0_u64;
    for (at, character) in text.iter().enumerate() {
        sum = sum.wrapping_mul(BASE).wrapping_add(u64::from(*character) + 1);
        if at >= WORDING {
            sum = sum.wrapping_sub(POWER.wrapping_mul(u64::from(text[at - WORDING]) + 1));
        }
        if at + 1 >= WORDING {
            // The high bits of the sum do not depend on all characters alike.
            take(at + 1 - WORDING, (sum ^ sum >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_twice_is_named() {
        let texts = ["明河两岸居民同意修建新桥", "据悉明河两岸居民同意开工", "图书馆昨天开馆图书馆昨天开馆"];
        let texts: Vec<Vec<char>> = texts.iter().map(|text| text.chars().collect()).collect();
        let slices: Vec<&[char]> = texts.iter().map(Vec::as_slice).collect();
        let repeats = Repeats::of(&slices);
        let places = |text: usize| repeats.of_text(text).iter().map(|run| run.at).collect::<Vec<_>>();
        assert_eq!(places(0), [0, 1]);
        assert_eq!(places(1), [2, 3]);
        assert_eq!(places(2), [0, 7]);
        assert_eq!(repeats.of_text(0)[1].key, repeats.of_text(1)[1].key);
        assert_eq!(repeats.longer(0, 8).collect::<Vec<_>>(), [0]);
        assert_eq!(repeats.longer(0, 9).count(), 0);
        assert_eq!(repeats.longer(1, 7).collect::<Vec<_>>(), [2, 3]);
    }

    #[test]
    fn short_texts_have_no_runs() {
        assert!(Repeats::of(&[]).begins.len() == 1);
        assert!(Repeats::of(&[&['a'; 6], &['a'; 6]]).of_text(1).is_empty());
    }
}

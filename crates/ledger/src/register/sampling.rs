//! Spot checks: a sample drawn by seed, so that anybody can draw it again, and the error rate that it tells with
//! its interval. Whole numbers only.

use shiliu_text::digest_of;

/// A sample that was drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draw {
    /// The seed.
    pub seed: u64,
    /// What was drawn from: `entries` or `records`.
    pub of: String,
    /// How many there were.
    pub population: u64,
    /// Keys of those drawn, in the order of the draw.
    pub keys: Vec<String>,
}

/// Draws `size` of the keys by seed: those whose sha256 of seed and key are smallest. The order in which the keys
/// are given changes nothing, and a key that is added later moves no other out but by its own place.
#[must_use]
pub fn draw(seed: u64, of: &str, keys: &[String], size: usize) -> Draw {
    let mut drawn: Vec<([u8; 32], &String)> =
        keys.iter().map(|key| (digest_of(format!("{seed}\n{of}\n{key}").as_bytes()).0, key)).collect();
    drawn.sort();
    drawn.dedup();
    let population = drawn.len() as u64;
    drawn.truncate(size);
    Draw {
        seed,
        of: of.to_owned(),
        population,
        keys: drawn.into_iter().map(|(_, key)| key.clone()).collect(),
    }
}

/// A rate with its interval, in millionths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Wrong ones.
    pub wrong: u64,
    /// Those that could be told.
    pub told: u64,
    /// `wrong / told`.
    pub rate: u32,
    /// Lower end of the 95 % interval (Wilson's score interval, E. B. Wilson 1927).
    pub low: u32,
    /// Upper end.
    pub high: u32,
}

/// The error rate of a sample. Nothing told gives the whole interval.
#[must_use]
pub fn rate(wrong: u64, told: u64) -> Rate {
    const ONE: u128 = 1_000_000;
    /// 1.959964 squared, in millionths.
    const Z2: u128 = 3_841_459;
    if told == 0 {
        return Rate { wrong, told, rate: 0, low: 0, high: 1_000_000 };
    }
    let (k, n) = (u128::from(wrong.min(told)), u128::from(told.min(1 << 40)));
    // centre = (k + z²/2) / (n + z²); half = z·√(k(n−k)/n + z²/4) / (n + z²), all in millionths.
    let below = n * ONE + Z2;
    let centre = (k * ONE + Z2 / 2) * ONE / below;
    let under_root = Z2 * (k * (n - k) * ONE / n + Z2 / 4);
    let half = under_root.isqrt() * ONE / below;
    let narrow = |value: u128| u32::try_from(value.min(ONE)).unwrap_or(1_000_000);
    Rate {
        wrong,
        told,
        rate: narrow(k * ONE / n),
        low: if k == 0 { 0 } else { narrow(centre.saturating_sub(half)) },
        high: if k == n { 1_000_000 } else { narrow(centre + half) },
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_interval_is_wilsons() {
        // Values of the formula by hand: 3 of 50 gives 2.061 %–16.217 %; 0 of 20 gives 0–16.113 %.
        let found = rate(3, 50);
        assert_eq!((found.rate, found.low / 100, found.high / 100), (60_000, 206, 1_621));
        let none = rate(0, 20);
        assert_eq!((none.low, none.high / 100), (0, 1_611));
        assert_eq!((rate(20, 20).high, rate(0, 0).high), (1_000_000, 1_000_000));
    }

    #[test]
    fn the_same_seed_draws_the_same() {
        let keys: Vec<String> = (0..100).map(|number| format!("C-{number:04}")).collect();
        let mut turned = keys.clone();
        turned.reverse();
        assert_eq!(draw(7, "entries", &keys, 10), draw(7, "entries", &turned, 10));
        assert_ne!(draw(7, "entries", &keys, 10).keys, draw(8, "entries", &keys, 10).keys);
        assert_eq!(draw(7, "entries", &keys, 1000).keys.len(), 100);
    }

    proptest! {
        #[test]
        fn the_rate_lies_in_its_interval(wrong in 0u64..5000, more in 0u64..5000) {
            let found = rate(wrong, wrong + more);
            prop_assert!(found.low <= found.rate.max(1) && found.rate <= found.high);
        }
    }
}

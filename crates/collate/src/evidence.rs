//! Logarithms and probabilities in integers: the same on every platform.

/// e^(−2^k / 1000) in units of 2⁻³².
const POWERS: [u64; 15] = [
    4290674475, 4286385946, 4277821741, 4260744631, 4226794655, 4159704096, 4028700796, 3778941489,
    3324914438, 2573955809, 1542560875, 554019132, 71464385, 1189103, 329,
];

/// Natural logarithm of `value` in milli-nats; of 0 as of 1.
pub(crate) fn ln(value: u64) -> i32 {
    let value = value.max(1);
    let whole = 63 - value.leading_zeros();
    // Binary digits of log2 by repeated squaring of the mantissa, kept in 31 fractional bits.
    let mut mantissa = if whole <= 31 { value << (31 - whole) } else { value >> (whole - 31) };
    let mut fraction = 0u64;
    for _ in 0..16 {
        mantissa = (mantissa * mantissa) >> 31;
        fraction <<= 1;
        if mantissa >= 1 << 32 {
            mantissa >>= 1;
            fraction |= 1;
        }
    }
    let log2 = (u64::from(whole) << 16) | fraction;
    i32::try_from((log2 * 693_147) / (1000 << 16)).unwrap_or(i32::MAX)
}

/// ln(a / b) in milli-nats.
pub(crate) fn ln_ratio(a: u64, b: u64) -> i32 {
    ln(a) - ln(b)
}

/// e^(−loss/1000) in units of 2⁻³²; a negative loss counts as none.
fn exp_of_loss(loss: i64) -> u64 {
    if loss <= 0 {
        return 1 << 32;
    }
    if loss >= 22_000 {
        return 0;
    }
    let mut result = 1u64 << 32;
    for (bit, power) in POWERS.iter().enumerate() {
        if loss >> bit & 1 == 1 {
            result = (result * power) >> 32;
        }
    }
    result
}

/// Probabilities in thousandths from log-scores in milli-nats. They sum to 1000; none is below 1 while there
/// are fewer than a hundred, because the model is never certain.
pub(crate) fn probabilities(scores: &[i64]) -> Vec<u32> {
    let Some(best) = scores.iter().copied().max() else { return Vec::new() };
    let weights: Vec<u64> = scores.iter().map(|score| exp_of_loss(best - score)).collect();
    let total: u64 = weights.iter().sum();
    let floor = u32::from(scores.len() < 100);
    let mut shares: Vec<u32> = weights
        .iter()
        .map(|weight| u32::try_from(weight * 1000 / total.max(1)).unwrap_or(1000).max(floor))
        .collect();
    let top = scores.iter().position(|score| *score == best).unwrap_or(0);
    let others: u32 =
        shares.iter().enumerate().filter(|(index, _)| *index != top).map(|(_, share)| share).sum();
    shares[top] = 1000u32.saturating_sub(others);
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithms_are_within_two_thousandths() {
        for value in [1u64, 2, 3, 7, 10, 1000, 65_537, 1_000_000_007] {
            let exact = (value as f64).ln() * 1000.0;
            assert!((f64::from(ln(value)) - exact).abs() < 2.0, "{value}: {} {exact}", ln(value));
        }
        assert_eq!(ln_ratio(5, 5), 0);
    }

    #[test]
    fn probabilities_follow_the_odds_and_sum_to_a_thousand() {
        let shares = probabilities(&[0, -1000]);
        assert_eq!(shares.iter().sum::<u32>(), 1000);
        assert!((730..=733).contains(&shares[0]), "{shares:?}");
        assert_eq!(probabilities(&[-50_000, 0, -50_000]), [1, 998, 1]);
        assert_eq!(probabilities(&[5]), [1000]);
    }
}

use std::fmt;

/// An exact decimal number: `mantissa × 10^-scale`. No floats anywhere, so a printed amount stays what was printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Decimal {
    mantissa: i128,
    scale: u32,
}

/// Digits after the point that a quotient is carried to, as significant digits.
const SIGNIFICANT: u32 = 15;

impl Decimal {
    /// Zero.
    pub const ZERO: Decimal = Decimal { mantissa: 0, scale: 0 };

    /// A whole number.
    #[must_use]
    pub const fn whole(value: i64) -> Decimal {
        Decimal { mantissa: value as i128, scale: 0 }
    }

    /// `mantissa × 10^-scale`, trailing zeros dropped.
    #[must_use]
    pub fn new(mantissa: i128, scale: u32) -> Decimal {
        let mut value = Decimal { mantissa, scale };
        while value.scale > 0 && value.mantissa % 10 == 0 {
            value.mantissa /= 10;
            value.scale -= 1;
        }
        value
    }

    /// Reads ASCII digits with at most one point; `None` where it is no number or too long to hold exactly.
    #[must_use]
    pub fn parse(text: &str) -> Option<Decimal> {
        let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (mut mantissa, mut scale, mut point, mut any) = (0i128, 0u32, false, false);
        for byte in text.bytes() {
            match byte {
                b'0'..=b'9' => {
                    mantissa = mantissa.checked_mul(10)?.checked_add(i128::from(byte - b'0'))?;
                    scale += u32::from(point);
                    any = true;
                }
                b'.' if !point => point = true,
                _ => return None,
            }
        }
        any.then(|| Decimal::new(if negative { -mantissa } else { mantissa }, scale))
    }

    /// The sum, `None` where it does not fit.
    #[must_use]
    pub fn plus(self, other: Decimal) -> Option<Decimal> {
        if self.scale == 0 && other.scale == 0 {
            return Some(Decimal { mantissa: self.mantissa.checked_add(other.mantissa)?, scale: 0 });
        }
        let scale = self.scale.max(other.scale);
        let left = self.mantissa.checked_mul(power(scale - self.scale)?)?;
        let right = other.mantissa.checked_mul(power(scale - other.scale)?)?;
        Some(Decimal::new(left.checked_add(right)?, scale))
    }

    /// The product, `None` where it does not fit.
    #[must_use]
    pub fn times(self, other: Decimal) -> Option<Decimal> {
        Some(Decimal::new(self.mantissa.checked_mul(other.mantissa)?, self.scale.checked_add(other.scale)?))
    }

    /// The quotient to 15 significant digits, half up; `None` for a zero divisor or where it does not fit.
    #[must_use]
    pub fn over(self, divisor: Decimal) -> Option<Decimal> {
        if divisor.mantissa == 0 {
            return None;
        }
        let common = self.scale.max(divisor.scale);
        let above = self.mantissa.checked_mul(power(common - self.scale)?)?;
        let below = divisor.mantissa.checked_mul(power(common - divisor.scale)?)?;
        let negative = (above < 0) != (below < 0);
        let (above, below) = (above.unsigned_abs(), below.unsigned_abs());
        let mut quotient = above / below;
        let mut rest = above % below;
        let mut scale = 0;
        while rest != 0 && scale < 30 && (quotient == 0 || quotient.ilog10() < SIGNIFICANT) {
            rest = rest.checked_mul(10)?;
            quotient = quotient.checked_mul(10)?.checked_add(rest / below)?;
            rest %= below;
            scale += 1;
        }
        if rest != 0 && scale > 0 && quotient > 0 && quotient.ilog10() >= SIGNIFICANT {
            quotient = (quotient + 5) / 10;
            scale -= 1;
        }
        let quotient = i128::try_from(quotient).ok()?;
        Some(Decimal::new(if negative { -quotient } else { quotient }, scale))
    }

    /// The value to a whole power, `None` where it does not fit.
    #[must_use]
    pub fn raised(self, power: i32) -> Option<Decimal> {
        let mut product = Decimal::whole(1);
        for _ in 0..power.unsigned_abs() {
            product = product.times(self)?;
        }
        if power < 0 { Decimal::whole(1).over(product) } else { Some(product) }
    }

    /// With the other sign.
    #[must_use]
    pub fn negated(self) -> Decimal {
        Decimal { mantissa: -self.mantissa, scale: self.scale }
    }

    /// The value where it is a whole number that fits.
    #[must_use]
    pub fn as_whole(self) -> Option<i64> {
        (self.scale == 0).then(|| i64::try_from(self.mantissa).ok()).flatten()
    }

    /// Whether it is below zero.
    #[must_use]
    pub fn is_negative(self) -> bool {
        self.mantissa < 0
    }

    /// Whether it is less than `other`; false where the two cannot be brought to one scale.
    #[must_use]
    pub fn less_than(self, other: Decimal) -> bool {
        other.plus(self.negated()).is_some_and(|difference| difference.mantissa > 0)
    }
}

impl Decimal {
    /// As [`fmt::Display`] writes it; most numbers are whole, and those are written at once.
    #[must_use]
    pub fn text(self) -> String {
        let Ok(whole) = u64::try_from(self.mantissa) else { return self.to_string() };
        if self.scale > 0 {
            return self.to_string();
        }
        let mut text = String::with_capacity(whole.checked_ilog10().map_or(1, |digits| digits as usize + 1));
        let mut unit = 10_u64.pow(whole.checked_ilog10().unwrap_or(0));
        while unit > 0 {
            text.push(char::from(b'0' + (whole / unit % 10) as u8));
            unit /= 10;
        }
        text
    }
}

fn power(exponent: u32) -> Option<i128> {
    10i128.checked_pow(exponent)
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mantissa = self.mantissa.unsigned_abs();
        if let (0, Ok(whole), false) = (self.scale, u64::try_from(mantissa), self.mantissa < 0) {
            return whole.fmt(f);
        }
        let digits = mantissa.to_string();
        let scale = self.scale as usize;
        if self.mantissa < 0 {
            f.write_str("-")?;
        }
        if scale == 0 {
            return f.write_str(&digits);
        }
        if digits.len() > scale {
            let (whole, part) = digits.split_at(digits.len() - scale);
            write!(f, "{whole}.{part}")
        } else {
            write!(f, "0.{}{digits}", "0".repeat(scale - digits.len()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arithmetic_is_exact_and_overflow_is_none() {
        let read = |text: &str| Decimal::parse(text).unwrap();
        assert_eq!(
            read("4.78").times(Decimal::whole(1_000_000_000_000)).unwrap().to_string(),
            "4780000000000"
        );
        assert_eq!(read("0.050").to_string(), "0.05");
        assert_eq!(read("83852326").plus(read("0.33")).unwrap().to_string(), "83852326.33");
        assert_eq!(Decimal::whole(157).over(Decimal::whole(3)).unwrap().to_string(), "52.3333333333333");
        assert_eq!(Decimal::whole(-3).over(Decimal::whole(2)).unwrap().to_string(), "-1.5");
        for number in [0, 7, 10, 4_780_000_000_000, i64::MAX, -5] {
            assert_eq!(Decimal::whole(number).text(), Decimal::whole(number).to_string());
        }
        assert_eq!(read("0.050").text(), "0.05");
        assert_eq!(Decimal::parse(&"9".repeat(1000)), None);
        assert_eq!(Decimal::whole(1).over(Decimal::ZERO), None);
    }
}

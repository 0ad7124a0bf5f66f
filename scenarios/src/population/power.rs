//! Powers that come out alike on every machine: the system's own differ in the last bit, and a group size that is rounded
//! from one would too. Only operations that IEEE 754 fixes to the last bit are used.

/// `base` to the power of minus `exponent`, for a base of at least 1 and an exponent of at least 0.
pub(crate) fn inverse_power(base: u64, exponent: f64) -> f64 {
    exp(-exponent * ln(base))
}

/// The natural logarithm of a whole number from 1 on.
fn ln(value: u64) -> f64 {
    let doublings = 63 - value.max(1).leading_zeros();
    let ratio = value.max(1) as f64 / (1_u64 << doublings) as f64;
    // ln m = 2 artanh((m - 1) / (m + 1)), whose argument is below a third.
    let z = (ratio - 1.0) / (ratio + 1.0);
    let mut term = z;
    let mut sum = 0.0;
    for odd in (1_u32..40).step_by(2) {
        sum += term / f64::from(odd);
        term *= z * z;
    }
    f64::from(doublings) * std::f64::consts::LN_2 + 2.0 * sum
}

/// The exponential of a number that is not positive.
fn exp(value: f64) -> f64 {
    // Below this it is nothing beside any group.
    let value = value.max(-700.0);
    let halvings = (-value / std::f64::consts::LN_2).floor();
    let rest = value + halvings * std::f64::consts::LN_2;
    let mut term = 1.0;
    let mut sum = 1.0;
    for n in 1_u32..24 {
        term *= rest / f64::from(n);
        sum += term;
    }
    let mut halved = sum;
    let mut left = halvings;
    while left >= 1.0 {
        halved *= 0.5;
        left -= 1.0;
    }
    halved
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_a_power() {
        for base in [1, 2, 3, 10, 199, 1_000_000] {
            for exponent in [0.0, 0.5, 1.0, 1.05, 3.0] {
                let expected = (base as f64).powf(-exponent);
                let close = (inverse_power(base, exponent) / expected - 1.0).abs();
                assert!(close < 1e-12, "{base}^-{exponent} is off by {close}");
            }
        }
    }
}

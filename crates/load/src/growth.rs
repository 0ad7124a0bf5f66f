//! With which power of the size latency grows.

use record::GrowthPoint;

/// Quantiles of Student's distribution that 5 % lie above, for 1 degree of freedom and more (from tables). Between its two
/// ends lies the true exponent then with a confidence of 90 %.
const STUDENT: &[f64] = &[6.314, 2.920, 2.353, 2.132, 2.015, 1.943, 1.895, 1.860, 1.833, 1.812];
/// For more degrees of freedom than are listed; it is on the wide side.
const STUDENT_MORE: f64 = 1.812;

/// The exponent and how sure it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Fit {
    pub(crate) exponent: f64,
    /// None where fewer than three sizes leave nothing to tell scatter from.
    pub(crate) interval: Option<[f64; 2]>,
}

/// A straight line through the logarithms, by least squares. How far the points lie from it says how sure its slope is.
pub(crate) fn fit(points: &[GrowthPoint]) -> Option<Fit> {
    let logs: Vec<(f64, f64)> = points
        .iter()
        .map(|point| ((point.size.max(1) as f64).ln(), (point.p50_us.max(1) as f64).ln()))
        .collect();
    let count = logs.len() as f64;
    let (sum_x, sum_y) = logs.iter().fold((0.0, 0.0), |(x, y), log| (x + log.0, y + log.1));
    let (mean_x, mean_y) = (sum_x / count, sum_y / count);
    let spread: f64 = logs.iter().map(|(x, _)| (x - mean_x).powi(2)).sum();
    let together: f64 = logs.iter().map(|(x, y)| (x - mean_x) * (y - mean_y)).sum();
    if logs.len() < 2 || spread <= 0.0 {
        return None;
    }
    let exponent = together / spread;
    let off: f64 = logs.iter().map(|(x, y)| (y - mean_y - exponent * (x - mean_x)).powi(2)).sum();
    let interval = logs.len().checked_sub(2).filter(|free| *free > 0).map(|free| {
        let error = (off / free as f64 / spread).sqrt();
        let reach = STUDENT.get(free - 1).copied().unwrap_or(STUDENT_MORE) * error;
        [exponent - reach, exponent + reach]
    });
    Some(Fit { exponent, interval })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(costs: &[(u64, u64)]) -> Vec<GrowthPoint> {
        costs.iter().map(|(size, p50_us)| GrowthPoint { size: *size, p50_us: *p50_us, count: 10 }).collect()
    }

    fn of(cost: impl Fn(u64) -> u64) -> Fit {
        let costs = [10, 30, 100, 300, 1_000].map(|size| (size, cost(size)));
        fit(&points(&costs)).unwrap()
    }

    #[test]
    fn the_exponent_is_the_slope() {
        let slope = |fit: Fit| (fit.exponent * 100.0).round();
        assert_eq!(slope(of(|_| 250)), 0.0);
        assert_eq!(slope(of(|size| 7 * size)), 100.0);
        assert_eq!(slope(of(|size| size * size)), 200.0);
        assert_eq!(fit(&points(&[(1, 1)])), None);
        // Two points are always on one line.
        assert_eq!(fit(&points(&[(1, 1), (10, 10)])).unwrap().interval, None);
    }

    #[test]
    fn the_less_the_points_agree_the_wider_the_interval() {
        let [low, high] = of(|size| 7 * size).interval.unwrap();
        assert!(low > 0.99 && high < 1.01, "{low} to {high}");
        // A server of constant cost on a machine where others come and go.
        let noisy = fit(&points(&[(6, 240), (20, 310), (62, 260), (200, 520), (650, 440)])).unwrap();
        let [low, high] = noisy.interval.unwrap();
        assert!(noisy.exponent > 0.14 && low < 0.1 && high > 0.2, "{noisy:?}");
        // A fixed cost and one that is linear in the size.
        let [low, _] = fit(&points(&[(6, 230), (20, 300), (62, 500), (200, 1_200), (650, 3_450)]))
            .unwrap()
            .interval
            .unwrap();
        assert!(low > 0.2, "{low}");
    }

    /// The textbook's formula for the standard error, by hand: x = 0, 1, 2 and y = 0, 1, 1 give a slope of 1/2 and an error
    /// of the square root of 1/12.
    #[test]
    fn the_interval_is_that_of_the_textbook() {
        let e = |power: f64| (power.exp() * 1e9) as u64;
        let fit = fit(&points(&[(e(0.0), e(0.0)), (e(1.0), e(1.0)), (e(2.0), e(1.0))])).unwrap();
        let [low, high] = fit.interval.unwrap();
        let reach = 6.314 * (1.0_f64 / 12.0).sqrt();
        assert!((low - (0.5 - reach)).abs() < 1e-6 && (high - (0.5 + reach)).abs() < 1e-6, "{low} to {high}");
    }
}

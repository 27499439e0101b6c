//! Latencies in nanoseconds, three significant digits, from one microsecond's noise to minutes.
//! One histogram per worker, merged at the end. Times count from when a request was due, not
//! from when the client came round to send it, so a stalled broker cannot hide behind the client.

use std::time::Duration;

use hdrhistogram::Histogram;

use crate::limits::LATENCY_NS_MAX;

#[derive(Clone, Debug)]
pub struct Latency(Histogram<u64>);

impl Default for Latency {
    fn default() -> Self {
        let histogram = Histogram::new_with_bounds(1, LATENCY_NS_MAX, 3);
        Latency(histogram.expect("the bounds are valid constants"))
    }
}

impl Latency {
    pub fn record(&mut self, took: Duration) {
        let ns = u64::try_from(took.as_nanos()).unwrap_or(LATENCY_NS_MAX);
        self.0.saturating_record(ns);
    }

    pub fn merge(&mut self, other: &Latency) {
        self.0.add(&other.0).expect("same bounds");
    }

    pub fn count(&self) -> u64 {
        self.0.len()
    }

    /// Milliseconds below which `quantile` of all fall.
    pub fn at_ms(&self, quantile: f64) -> f64 {
        self.0.value_at_quantile(quantile) as f64 / 1e6
    }

    pub fn max_ms(&self) -> f64 {
        self.0.max() as f64 / 1e6
    }

    pub fn mean_ms(&self) -> f64 {
        self.0.mean() / 1e6
    }

    /// The usual points, each with its name.
    pub fn points(&self) -> [(&'static str, f64); 6] {
        [
            ("mean", self.mean_ms()),
            ("p50", self.at_ms(0.5)),
            ("p90", self.at_ms(0.9)),
            ("p99", self.at_ms(0.99)),
            ("p99_9", self.at_ms(0.999)),
            ("max", self.max_ms()),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_of_a_known_ramp_are_within_a_thousandth() {
        let mut latency = Latency::default();
        for us in 1..=10_000 {
            latency.record(Duration::from_micros(us));
        }
        for (quantile, ms) in [(0.5, 5.0), (0.9, 9.0), (0.99, 9.9), (0.999, 9.99)] {
            let got = latency.at_ms(quantile);
            assert!((got / ms - 1.0).abs() < 0.0015, "{quantile}: {got} for {ms}");
        }
        assert!((latency.max_ms() / 10.0 - 1.0).abs() < 0.0015);
        assert!((latency.mean_ms() / 5.0 - 1.0).abs() < 0.0015);
    }

    #[test]
    fn merged_histograms_hold_the_samples_of_both() {
        let (mut one, mut two) = (Latency::default(), Latency::default());
        one.record(Duration::from_micros(10));
        two.record(Duration::from_millis(10));
        one.merge(&two);
        assert_eq!(one.count(), 2);
        assert!(one.max_ms() > 9.9 && one.at_ms(0.5) < 0.011);
    }

    #[test]
    fn a_latency_past_the_bounds_is_kept_as_the_largest() {
        let mut latency = Latency::default();
        latency.record(Duration::from_secs(100_000));
        assert_eq!(latency.count(), 1);
        assert!(latency.max_ms() >= LATENCY_NS_MAX as f64 / 1e6);
    }
}

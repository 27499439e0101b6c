//! The arithmetic of a comparison: values and ratios of rounds as min, median, max, and whether a
//! figure is reached. Pure. Ratios are taken round by round, between neighbours in time, so that
//! a machine that slows down over the hour does not show up as a difference.

use super::Run;
use super::scenario::{Bound, Figure};

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    pub min: f64,
    pub median: f64,
    pub max: f64,
}

impl Spread {
    pub fn of(values: &[f64]) -> Option<Spread> {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let (first, last) = (*sorted.first()?, *sorted.last()?);
        let upper = sorted.len() / 2;
        let median = match sorted.len() % 2 {
            1 => sorted[upper],
            _ => (sorted[upper - 1] + sorted[upper]) / 2.0,
        };
        Some(Spread { min: first, median, max: last })
    }
}

/// One metric of both brokers.
#[derive(Clone, Debug)]
pub struct Compared {
    pub metric: String,
    pub first: Option<Spread>,
    pub second: Option<Spread>,
    /// First over second.
    pub ratio: Option<Spread>,
}

pub fn compare(metric: &str, pair: &[String], runs: &[Run]) -> Compared {
    let values = |broker: &str| -> Vec<(usize, f64)> {
        runs.iter()
            .filter(|run| run.broker == broker)
            .filter_map(|run| Some((run.round, run.outcome.as_ref().ok()?.get(metric)?)))
            .collect()
    };
    let (first, second) = (values(&pair[0]), values(&pair[1]));
    let ratios: Vec<f64> = first
        .iter()
        .filter_map(|(round, a)| {
            let (_, b) = second.iter().find(|(other, _)| other == round)?;
            (*b != 0.0).then(|| a / b)
        })
        .collect();
    let spread = |values: &[(usize, f64)]| {
        Spread::of(&values.iter().map(|&(_, value)| value).collect::<Vec<_>>())
    };
    Compared {
        metric: metric.to_owned(),
        first: spread(&first),
        second: spread(&second),
        ratio: Spread::of(&ratios),
    }
}

/// What became of a figure, by the median.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Reached,
    Missed,
    Unknown,
}

impl Figure {
    pub fn judge(&self, compared: &Compared) -> Verdict {
        let measured = match self.bound {
            Bound::RatioAtLeast | Bound::RatioAtMost => compared.ratio,
            Bound::AtLeast | Bound::AtMost => compared.first,
        };
        let Some(Spread { median, .. }) = measured else { return Verdict::Unknown };
        let reached = match self.bound {
            Bound::RatioAtLeast | Bound::AtLeast => median >= self.value,
            Bound::RatioAtMost | Bound::AtMost => median <= self.value,
        };
        if reached { Verdict::Reached } else { Verdict::Missed }
    }

    /// The bound in a few signs.
    pub fn wanted(&self) -> String {
        match self.bound {
            Bound::RatioAtLeast => format!("≥ {} ×", self.value),
            Bound::RatioAtMost => format!("≤ {} ×", self.value),
            Bound::AtLeast => format!("≥ {}", self.value),
            Bound::AtMost => format!("≤ {}", self.value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Report;

    fn run(broker: &str, round: usize, value: f64) -> Run {
        let mut report = Report::new("raw-produce", &());
        report.metric("m", value);
        Run { broker: broker.to_owned(), round, outcome: Ok(report) }
    }

    fn pair() -> Vec<String> {
        vec!["a".to_owned(), "b".to_owned()]
    }

    #[test]
    fn a_spread_is_min_median_and_max() {
        let spread = |min, median, max| Some(Spread { min, median, max });
        assert_eq!(Spread::of(&[]), None);
        assert_eq!(Spread::of(&[3.0]), spread(3.0, 3.0, 3.0));
        assert_eq!(Spread::of(&[5.0, 1.0, 3.0]), spread(1.0, 3.0, 5.0));
        assert_eq!(Spread::of(&[4.0, 1.0, 2.0, 8.0]), spread(1.0, 3.0, 8.0));
    }

    #[test]
    fn ratios_are_taken_within_a_round() {
        let runs = [run("a", 0, 10.0), run("b", 0, 5.0), run("a", 1, 30.0), run("b", 1, 10.0)];
        let compared = compare("m", &pair(), &runs);
        assert_eq!(compared.ratio, Some(Spread { min: 2.0, median: 2.5, max: 3.0 }));
        assert_eq!(compared.first.expect("runs").median, 20.0);
    }

    #[test]
    fn a_round_that_failed_on_one_side_gives_no_ratio() {
        let failed = Run { broker: "b".to_owned(), round: 0, outcome: Err("refused".to_owned()) };
        let compared = compare("m", &pair(), &[run("a", 0, 1.0), failed]);
        assert_eq!(compared.ratio, None);
        assert!(compared.first.is_some() && compared.second.is_none());
    }

    #[test]
    fn figures_are_judged_by_the_median_on_the_right_side_of_their_bound() {
        let runs = [run("a", 0, 10.0), run("b", 0, 5.0)];
        let compared = compare("m", &pair(), &runs);
        let cases = [
            (Bound::RatioAtLeast, 2.0, Verdict::Reached),
            (Bound::RatioAtLeast, 2.1, Verdict::Missed),
            (Bound::RatioAtMost, 2.0, Verdict::Reached),
            (Bound::RatioAtMost, 1.9, Verdict::Missed),
            (Bound::AtMost, 10.0, Verdict::Reached),
            (Bound::AtMost, 9.0, Verdict::Missed),
            (Bound::AtLeast, 11.0, Verdict::Missed),
        ];
        for (bound, value, verdict) in cases {
            let figure = Figure { metric: "m".to_owned(), bound, value };
            assert_eq!(figure.judge(&compared), verdict, "{}", figure.wanted());
        }
        let none = compare("other", &pair(), &runs);
        let figure = Figure { metric: "other".to_owned(), bound: Bound::AtMost, value: 1.0 };
        assert_eq!(figure.judge(&none), Verdict::Unknown);
    }
}

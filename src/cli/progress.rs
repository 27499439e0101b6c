//! Progress of long work, on standard error, and only where somebody watches.
//!
//! Without a terminal nothing is drawn, so that logs and pipes stay clean. A bar never
//! shares a terminal with the command's data: `consume` draws only when its output goes
//! elsewhere.

use std::io::{self, IsTerminal as _};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar, or nothing.
#[derive(Debug)]
pub struct Progress {
    bar: Option<ProgressBar>,
}

/// What is counted.
#[derive(Clone, Copy, Debug)]
pub enum Unit {
    Bytes,
    Records,
}

impl Progress {
    /// A bar up to `total`, when `wanted` and somebody watches.
    pub fn new(total: u64, unit: Unit, wanted: bool) -> Progress {
        if !wanted || !io::stderr().is_terminal() {
            return Progress { bar: None };
        }
        let template = match unit {
            Unit::Bytes => "{bar:30} {bytes}/{total_bytes}  {bytes_per_sec}  {eta} left  {msg}",
            Unit::Records => "{bar:30} {human_pos}/{human_len} records  {per_sec}  {eta} left",
        };
        let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
        let style = ProgressStyle::with_template(template);
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.enable_steady_tick(Duration::from_millis(200));
        Progress { bar: Some(bar) }
    }

    /// Moves on by `count`; from any thread.
    pub fn advance(&self, count: u64) {
        if let Some(bar) = &self.bar {
            bar.inc(count);
        }
    }

    pub fn to(&self, position: u64) {
        if let Some(bar) = &self.bar {
            bar.set_position(position);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

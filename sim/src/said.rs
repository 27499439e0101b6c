//! What the broker's log said: warnings and errors of the seed that this thread runs, as lines.
//!
//! One subscriber for the process; lines are kept by thread, as panics are, since other seeds run
//! on other threads. With `--trace` everything is printed too.

use std::cell::RefCell;
use std::io::{self, Write};
use std::sync::Once;

use tracing_subscriber::filter::LevelFilter;

thread_local! {
    static LINES: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Begins to listen, once for the process; `echo` prints all lines, debugging ones too.
pub fn listen(echo: bool) {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let level = if echo { LevelFilter::DEBUG } else { LevelFilter::WARN };
        let lines = tracing_subscriber::fmt().without_time().with_ansi(false);
        // Who has another subscriber already hears nothing here.
        let _ = lines.with_max_level(level).with_writer(move || Ear { echo }).try_init();
    });
}

/// Forgets what other seeds said on this thread.
pub fn forget() {
    LINES.with(|lines| lines.borrow_mut().clear());
}

/// Whether a line names it.
#[must_use]
pub fn names(what: &str) -> bool {
    LINES.with(|lines| lines.borrow().iter().any(|line| line.contains(what)))
}

struct Ear {
    echo: bool,
}

impl Write for Ear {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.echo {
            io::stdout().write_all(bytes)?;
        }
        let text = String::from_utf8_lossy(bytes);
        if text.starts_with("ERROR") || text.trim_start().starts_with("WARN") {
            LINES.with(|lines| lines.borrow_mut().push(text.trim().to_owned()));
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stdout().flush()
    }
}

//! Sets up logging: lines on standard error, never on standard output, which is data.
//!
//! The level is `--log-level`, else `MILLSTREAM_LOG`, else `RUST_LOG`, else what the command
//! asks for. A level is a word (`debug`) or tracing's filter syntax (`millstream::net=debug`).
//! Called once per process, before anything else happens.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

/// Starts logging.
///
/// # Errors
/// A sentence about a level that cannot be read.
pub fn start(level: Option<&str>, default: &str) -> Result<(), String> {
    let named = |name: &str| std::env::var(name).ok().filter(|text| !text.is_empty());
    let filter = level
        .map(str::to_owned)
        .or_else(|| named("MILLSTREAM_LOG"))
        .or_else(|| named("RUST_LOG"))
        .unwrap_or_else(|| default.to_owned());
    let filter = EnvFilter::try_new(&filter).map_err(|cause| {
        format!("log level '{filter}': {cause}; use error, warn, info, debug or trace")
    })?;
    let colours = std::io::stderr().is_terminal();
    let started = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(colours)
        .with_target(false)
        .try_init();
    started.map_err(|cause| format!("logging cannot start: {cause}"))
}

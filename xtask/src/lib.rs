//! Development tasks, as a library so that `cargo test` runs them too.
//!
//! Not part of the product. [`codegen`] writes the generated code of `wire`, [`tidy`] enforces
//! the parts of the style that a machine can see. Both read the checkout they were built in.

pub mod codegen;
pub mod tidy;

use std::path::PathBuf;

/// The workspace's root directory.
pub fn root() -> PathBuf {
    let mut path = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    path.pop();
    path
}

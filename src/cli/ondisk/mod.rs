//! A data directory's files as `dump` and `verify` read them: plainly, without a broker.
//!
//! Only `std::fs`, only reading, so it works beside a running broker and on a copy. The
//! formats are the broker's own decoders; what is here knows file names, walks on behind
//! damage, and says of each fault what the broker does about it. No bytes make it panic, and
//! memory follows bytes that are really there.

mod cause;
pub mod journal;
pub mod metalog;
mod naming;
#[cfg(test)]
mod rulers;
pub mod segment;
pub mod small;
#[cfg(test)]
pub mod tests;
mod window;

use std::fs::File;
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};
use serde_json::{Value, json};

pub use cause::{Cause, Severity};
pub use naming::{Kind, kind_of, sniff};
pub use window::Window;

/// The file that a running broker holds locked.
pub const LOCK_FILE: &str = ".lock";
/// How many directories above a file its data directory is looked for.
const ROOT_DEPTH_MAX: usize = 3;

/// Something wrong, or worth knowing, at one place of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    pub cause: Cause,
    pub path: PathBuf,
    /// Byte position in the file.
    pub position: Option<u64>,
    /// The first offset of the log that is concerned.
    pub offset: Option<i64>,
    /// What exactly is there, and what was expected.
    pub detail: String,
}

impl Damage {
    pub fn new(cause: Cause, path: &Path, detail: impl Into<String>) -> Damage {
        Damage { cause, path: path.into(), position: None, offset: None, detail: detail.into() }
    }

    #[must_use]
    pub fn at(mut self, position: u64) -> Damage {
        self.position = Some(position);
        self
    }

    #[must_use]
    pub fn offset(mut self, offset: i64) -> Damage {
        self.offset = Some(offset);
        self
    }

    /// One line without the path: `position 4096, offset 17: bad-crc: …`.
    pub fn line(&self) -> String {
        let position = self.position.map(|at| format!("position {at}, "));
        let offset = self.offset.map(|at| format!("offset {at}, "));
        let place = position.unwrap_or_default() + &offset.unwrap_or_default();
        let place = place.trim_end_matches(", ");
        match place.is_empty() {
            true => format!("{}: {}", self.cause.code(), self.detail),
            false => format!("{place}: {}: {}", self.cause.code(), self.detail),
        }
    }

    pub fn json(&self) -> Value {
        json!({
            "cause": self.cause.code(),
            "severity": self.cause.severity().name(),
            "path": self.path.display().to_string(),
            "position": self.position,
            "offset": self.offset,
            "detail": self.detail,
            "broker": self.cause.broker(),
            "person": self.cause.person(),
        })
    }
}

/// Who else is at a data directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lock {
    /// No broker has ever been here, or this is a copy without the file.
    None,
    Free,
    /// A broker runs on it.
    Held,
}

/// Asks for the lock of `data_dir`; the file keeps a broker from starting while it is open.
pub fn lock(data_dir: &Path) -> (Lock, Option<File>) {
    let Ok(file) = File::open(data_dir.join(LOCK_FILE)) else { return (Lock::None, None) };
    match flock(&file, FlockOperation::NonBlockingLockShared) {
        Ok(()) => (Lock::Free, Some(file)),
        Err(_) => (Lock::Held, None),
    }
}

/// The data directory that `path` is in or is, by the broker's lock file or identity.
pub fn data_dir_of(path: &Path) -> Option<PathBuf> {
    let path = path.canonicalize().ok()?;
    let is_root = |dir: &&Path| {
        dir.join(LOCK_FILE).exists() || dir.join(crate::controller::identity::FILE).exists()
    };
    path.ancestors().take(ROOT_DEPTH_MAX).find(is_root).map(Path::to_owned)
}

/// Names in a directory, sorted, each with whether it is a directory.
///
/// # Errors
/// The directory cannot be listed.
pub fn list(dir: &Path) -> std::io::Result<Vec<(String, bool)>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(dir)? {
        let entry = entry?;
        let is_dir = entry.file_type().is_ok_and(|kind| kind.is_dir());
        names.push((entry.file_name().to_string_lossy().into_owned(), is_dir));
    }
    names.sort();
    Ok(names)
}

/// How many ranges a partition's `quarantine` names; `None`: the file is damaged.
pub fn quarantined(path: &Path) -> Option<usize> {
    let bytes = small::read(path).ok()?;
    let text = std::str::from_utf8(&bytes).ok()?;
    millstream_engine::log::Damage::parse(text).map(|damage| damage.ranges().len())
}

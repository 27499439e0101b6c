//! Reads a file front to back through one buffer that is only as large as what is looked at.
//!
//! The length is taken once, at opening: beside a running broker the file may grow, and what
//! is appended later is not looked at.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

/// One read; what is asked for at once may be larger.
pub const WINDOW_BYTES: usize = 1 << 20;

/// A file and the part of it that is in memory.
#[derive(Debug)]
pub struct Window {
    file: File,
    len: u64,
    start: u64,
    buf: Vec<u8>,
}

impl Window {
    /// # Errors
    /// The file cannot be opened.
    pub fn open(path: &Path) -> io::Result<Window> {
        let file = File::open(path)?;
        let len = file.metadata()?.len();
        Ok(Window { file, len, start: 0, buf: Vec::new() })
    }

    /// The file's length when it was opened.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// The bytes `[position, position + bytes)`, fewer where the file ends. The caller bounds
    /// `bytes`.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn get(&mut self, position: u64, bytes: usize) -> io::Result<&[u8]> {
        let left = usize::try_from(self.len.saturating_sub(position)).unwrap_or(usize::MAX);
        let bytes = bytes.min(left);
        let held =
            position >= self.start && position + bytes as u64 <= self.start + self.buf.len() as u64;
        if !held {
            self.fill(position, bytes.max(WINDOW_BYTES).min(left))?;
        }
        let from = position.saturating_sub(self.start) as usize;
        let upto = (from + bytes).min(self.buf.len());
        Ok(self.buf.get(from..upto).unwrap_or_default())
    }

    fn fill(&mut self, position: u64, bytes: usize) -> io::Result<()> {
        if bytes <= WINDOW_BYTES && self.buf.capacity() > 2 * WINDOW_BYTES {
            self.buf = Vec::new();
        }
        self.buf.resize(bytes, 0);
        self.start = position;
        let mut got = 0;
        while got < bytes {
            match self.file.read_at(&mut self.buf[got..], position + got as u64) {
                // It was cut while we read.
                Ok(0) => break,
                Ok(n) => got += n,
                Err(cause) if cause.kind() == io::ErrorKind::Interrupted => {}
                Err(cause) => {
                    self.buf.clear();
                    return Err(cause);
                }
            }
        }
        self.buf.truncate(got);
        Ok(())
    }
}

//! A writer into memory of a fixed size, which remembers whether it was enough.

use std::io;

/// Encoders write here; what does not fit is an error.
pub(super) struct Bounded<'a> {
    out: &'a mut [u8],
    filled: usize,
    over: bool,
}

impl<'a> Bounded<'a> {
    pub(super) fn new(out: &'a mut [u8]) -> Self {
        Bounded { out, filled: 0, over: false }
    }

    /// Bytes written so far.
    pub(super) fn filled(&self) -> usize {
        self.filled
    }

    /// More was written than fits.
    pub(super) fn is_over(&self) -> bool {
        self.over
    }

    /// All of the memory, for an encoder that does not write through a writer.
    pub(super) fn whole(self) -> &'a mut [u8] {
        self.out
    }
}

impl io::Write for Bounded<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let end = self.filled.saturating_add(bytes.len());
        let Some(room) = self.out.get_mut(self.filled..end) else {
            self.over = true;
            return Err(io::ErrorKind::WriteZero.into());
        };
        room.copy_from_slice(bytes);
        self.filled = end;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

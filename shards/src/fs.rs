//! Files and directories of a shard, as ring operations.
//!
//! All calls take and return owned buffers: what an operation uses belongs to it until it
//! completes, whatever happens to the future. Reads end short only at the end of the file;
//! writes are continued until all is written.

use std::ffi::CString;
use std::fmt;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::rc::Rc;

use bytes::{Buf, Bytes};

use crate::Parts;
use crate::core::{Core, OpFuture};
use crate::driver::{Completion, DirEntry, Handle, Op, Open, Outcome, Sync};
use crate::limits::BLOCK_ALIGN;
use crate::pool::AlignedBuf;
use crate::shard::Shard;

/// A direct read or write whose offset, length or address is not a multiple of 4096.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Misaligned {
    Offset(u64),
    Len(usize),
    Address(usize),
}

impl fmt::Display for Misaligned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Misaligned::Offset(at) => write!(f, "direct I/O at offset {at}, not a block's start"),
            Misaligned::Len(len) => write!(f, "direct I/O of {len} bytes, not whole blocks"),
            Misaligned::Address(at) => write!(f, "direct I/O from address {at:#x}, not aligned"),
        }
    }
}

impl std::error::Error for Misaligned {}

impl From<Misaligned> for io::Error {
    fn from(fault: Misaligned) -> io::Error {
        io::Error::new(io::ErrorKind::InvalidInput, fault)
    }
}

/// An open file. Clones are the same file; the last one dropped closes it.
#[derive(Clone)]
pub struct File(Rc<Inner>);

struct Inner {
    core: Rc<Core>,
    handle: Handle,
    direct: bool,
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.core.close(self.handle);
    }
}

impl Shard {
    pub async fn open(&self, path: &Path, how: Open) -> io::Result<File> {
        let path = c_path(path)?;
        let handle = handle_of(self.0.start(Op::Open { path, how }).await)?;
        Ok(File(Rc::new(Inner { core: self.0.clone(), handle, direct: how.direct })))
    }

    /// Replaces `to` if it exists.
    pub async fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let (from, to) = (c_path(from)?, c_path(to)?);
        done(self.0.start(Op::Rename { from, to }).await)
    }

    pub async fn unlink(&self, path: &Path) -> io::Result<()> {
        let path = c_path(path)?;
        done(self.0.start(Op::Unlink { path }).await)
    }

    pub async fn make_dir(&self, path: &Path) -> io::Result<()> {
        let path = c_path(path)?;
        done(self.0.start(Op::MakeDir { path }).await)
    }

    /// Removes an empty directory.
    pub async fn remove_dir(&self, path: &Path) -> io::Result<()> {
        let path = c_path(path)?;
        done(self.0.start(Op::RemoveDir { path }).await)
    }

    /// The entries of a directory, sorted by name.
    pub async fn read_dir(&self, path: &Path) -> io::Result<Vec<DirEntry>> {
        let path = c_path(path)?;
        match self.0.start(Op::ReadDir { path }).await.result? {
            Outcome::Entries(mut entries) => {
                entries.sort_unstable();
                Ok(entries)
            }
            other => Err(unexpected(&other)),
        }
    }

    /// Makes the directory's entries durable.
    pub async fn sync_dir(&self, path: &Path) -> io::Result<()> {
        let how = Open { read: true, directory: true, ..Open::default() };
        self.open(path, how).await?.sync_all().await
    }

    pub async fn file_len(&self, path: &Path) -> io::Result<u64> {
        let path = c_path(path)?;
        len_of(self.0.start(Op::PathLen { path }).await)
    }
}

impl File {
    pub fn is_direct(&self) -> bool {
        self.0.direct
    }

    #[cfg(test)]
    pub(crate) fn handle(&self) -> Handle {
        self.0.handle
    }

    /// Reads `len` bytes at `offset` to the start of `buf`; fewer only at the end of the file.
    ///
    /// # Panics
    /// If `buf` is smaller.
    pub async fn read_at(
        &self,
        buf: AlignedBuf,
        len: usize,
        offset: u64,
    ) -> (io::Result<usize>, AlignedBuf) {
        if let Err(fault) = self.check_aligned(offset, len, 0) {
            return (Err(fault.into()), buf);
        }
        // A direct read that ends inside a block has met the end of the file.
        let unit = if self.0.direct { BLOCK_ALIGN } else { 1 };
        read_filled(self.0.handle, buf, len, offset, unit, |read| self.start(read)).await
    }

    pub async fn write_at(&self, bytes: Bytes, offset: u64, sync: Sync) -> io::Result<()> {
        let mut parts = Parts::new();
        parts.push(bytes);
        self.write_all_at(parts, offset, sync).await
    }

    /// Writes all parts one behind the other. With `Sync::Data` they are on the device after.
    pub async fn write_all_at(
        &self,
        parts: impl Into<Parts>,
        mut offset: u64,
        sync: Sync,
    ) -> io::Result<()> {
        let mut parts: Parts = parts.into();
        parts.retain(|part| !part.is_empty());
        for part in &parts {
            self.check_aligned(offset, part.len(), part.as_ptr() as usize)?;
        }
        while !parts.is_empty() {
            let file = self.0.handle;
            let completion = self.start(Op::Write { file, parts, offset, sync }).await;
            let Some(Op::Write { parts: back, .. }) = completion.op else {
                unreachable!("an operation comes back with its last completion")
            };
            parts = back;
            match completion.result {
                Ok(Outcome::Count(0)) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(Outcome::Count(n)) => {
                    advance(&mut parts, n as usize);
                    offset += u64::from(n);
                }
                Ok(other) => return Err(unexpected(&other)),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Makes completed writes durable (`fdatasync`).
    pub async fn sync_data(&self) -> io::Result<()> {
        done(self.start(Op::SyncData { file: self.0.handle }).await)
    }

    /// Makes completed writes and all metadata durable (`fsync`).
    pub async fn sync_all(&self) -> io::Result<()> {
        done(self.start(Op::SyncAll { file: self.0.handle }).await)
    }

    /// Reserves space; the file becomes at least `offset + len` long.
    pub async fn allocate(&self, offset: u64, len: u64) -> io::Result<()> {
        done(self.start(Op::Allocate { file: self.0.handle, offset, len }).await)
    }

    pub async fn set_len(&self, len: u64) -> io::Result<()> {
        done(self.start(Op::SetLen { file: self.0.handle, len }).await)
    }

    pub async fn len(&self) -> io::Result<u64> {
        len_of(self.start(Op::FileLen { file: self.0.handle }).await)
    }

    /// Closes the file, if this is its last clone; the same happens when it is dropped.
    pub async fn close(self) {
        drop(self);
    }

    /// Every operation keeps the file open until it is over, even if its future is dropped.
    fn start(&self, op: Op) -> OpFuture {
        self.0.core.start_on(self.0.clone(), op)
    }

    fn check_aligned(&self, offset: u64, len: usize, address: usize) -> Result<(), Misaligned> {
        if !self.0.direct {
            return Ok(());
        }
        if !offset.is_multiple_of(BLOCK_ALIGN as u64) {
            return Err(Misaligned::Offset(offset));
        }
        if !len.is_multiple_of(BLOCK_ALIGN) {
            return Err(Misaligned::Len(len));
        }
        if !address.is_multiple_of(BLOCK_ALIGN) {
            return Err(Misaligned::Address(address));
        }
        Ok(())
    }
}

/// Reads until `len` bytes are there, or a read ends within a `unit`: at the end of the file.
///
/// # Panics
/// If `buf` is smaller.
pub(crate) async fn read_filled(
    file: Handle,
    mut buf: AlignedBuf,
    len: usize,
    offset: u64,
    unit: usize,
    start: impl Fn(Op) -> OpFuture,
) -> (io::Result<usize>, AlignedBuf) {
    assert!(len <= buf.capacity(), "read of {len} into {}", buf.capacity());
    let mut filled = 0;
    while filled < len {
        let (from, upto, offset) = (filled as u32, len as u32, offset + filled as u64);
        let completion = start(Op::Read { file, buf, from, upto, offset }).await;
        let Some(Op::Read { buf: back, .. }) = completion.op else {
            unreachable!("an operation comes back with its last completion")
        };
        buf = back;
        match completion.result {
            Ok(Outcome::Count(0)) => break,
            Ok(Outcome::Count(n)) => filled += n as usize,
            Ok(other) => return (Err(unexpected(&other)), buf),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return (Err(error), buf),
        }
        if !filled.is_multiple_of(unit) {
            break;
        }
    }
    (Ok(filled), buf)
}

/// Drops the first `n` bytes of the parts.
pub(crate) fn advance(parts: &mut Parts, mut n: usize) {
    let mut whole = 0;
    for part in parts.iter_mut() {
        if n < part.len() {
            part.advance(n);
            break;
        }
        n -= part.len();
        whole += 1;
    }
    parts.drain(..whole);
}

pub(crate) fn c_path(path: &Path) -> io::Result<CString> {
    CString::new(path.as_os_str().as_bytes())
        .map_err(|_| io::Error::new(io::ErrorKind::InvalidInput, "a path with a zero byte"))
}

fn done(completion: Completion) -> io::Result<()> {
    completion.result.map(drop)
}

pub(crate) fn handle_of(completion: Completion) -> io::Result<Handle> {
    match completion.result? {
        Outcome::Handle(handle) => Ok(handle),
        other => Err(unexpected(&other)),
    }
}

fn len_of(completion: Completion) -> io::Result<u64> {
    match completion.result? {
        Outcome::Len(len) => Ok(len),
        other => Err(unexpected(&other)),
    }
}

pub(crate) fn unexpected(outcome: &Outcome) -> io::Error {
    io::Error::other(format!("the driver answered {outcome:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advance_drops_whole_parts_and_cuts_one() {
        let parts = || -> Parts {
            vec![Bytes::from_static(b"abc"), Bytes::from_static(b"de"), Bytes::from_static(b"f")]
                .into()
        };
        for (n, left) in [(0, "abcdef"), (2, "cdef"), (3, "def"), (4, "ef"), (5, "f"), (6, "")] {
            let mut parts = parts();
            advance(&mut parts, n);
            assert_eq!(parts.concat(), left.as_bytes(), "after {n}");
            assert!(parts.iter().all(|part| !part.is_empty()));
        }
    }
}

//! The simulated disk: files, directories, and what of them a crash leaves.
//!
//! Pure: no clock; randomness is an argument. Every change is in `content` and `names` at once,
//! and in `durable` and `durable_names` once synced.
//! Invariant: applying `dirty` to `durable` gives `content`.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::os::unix::ffi::OsStringExt;

use super::os_error;
use crate::driver::{DirEntry, Open, Sync};
use crate::limits::BLOCK_ALIGN;
use crate::random::Random;

type Path = Vec<u8>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Node {
    Dir,
    File(u64),
}

enum Change {
    /// One that is `synced` survives; it stands here because it covers those before it.
    Write {
        offset: usize,
        bytes: Vec<u8>,
        synced: bool,
    },
    Len(usize),
}

#[derive(Default)]
struct Inode {
    content: Vec<u8>,
    durable: Vec<u8>,
    dirty: Vec<Change>,
}

/// What an open descriptor stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum OpenFile {
    File(u64),
    Dir(Path),
}

#[derive(Default)]
pub(super) struct Disk {
    names: BTreeMap<Path, Node>,
    durable_names: BTreeMap<Path, Node>,
    inodes: BTreeMap<u64, Inode>,
    next_inode: u64,
}

impl Disk {
    pub(super) fn open(&mut self, path: &[u8], how: Open) -> io::Result<OpenFile> {
        let path = normal(path);
        if path.is_empty() {
            return Ok(OpenFile::Dir(path));
        }
        match self.names.get(&path).copied() {
            Some(_) if how.create && how.exclusive => Err(os_error(libc::EEXIST)),
            Some(Node::Dir) if how.write => Err(os_error(libc::EISDIR)),
            Some(Node::Dir) => Ok(OpenFile::Dir(path)),
            Some(Node::File(_)) if how.directory => Err(os_error(libc::ENOTDIR)),
            Some(Node::File(id)) => {
                if how.truncate {
                    self.inode(id).change(Change::Len(0));
                }
                Ok(OpenFile::File(id))
            }
            None if how.create => {
                self.require_parent(&path)?;
                let id = self.next_inode;
                self.next_inode += 1;
                self.inodes.insert(id, Inode::default());
                self.names.insert(path, Node::File(id));
                Ok(OpenFile::File(id))
            }
            None => Err(os_error(libc::ENOENT)),
        }
    }

    pub(super) fn read(&mut self, id: u64, buf: &mut [u8], offset: u64) -> usize {
        let content = &self.inode(id).content;
        let from = usize::try_from(offset).unwrap_or(usize::MAX).min(content.len());
        let len = buf.len().min(content.len() - from);
        buf[..len].copy_from_slice(&content[from..from + len]);
        len
    }

    pub(super) fn write(&mut self, id: u64, bytes: Vec<u8>, offset: u64, sync: Sync) {
        let synced = sync == Sync::Data;
        let change = Change::Write { offset: offset as usize, bytes, synced };
        let inode = self.inode(id);
        if synced {
            // Only this write: what was written before and not synced stays unsynced.
            change.apply(&mut inode.durable);
        }
        inode.change(change);
    }

    pub(super) fn set_len(&mut self, id: u64, len: u64) {
        self.inode(id).change(Change::Len(len as usize));
    }

    pub(super) fn len(&mut self, id: u64) -> u64 {
        self.inode(id).content.len() as u64
    }

    pub(super) fn path_len(&mut self, path: &[u8]) -> io::Result<u64> {
        match self.names.get(&normal(path)).copied() {
            Some(Node::File(id)) => Ok(self.len(id)),
            Some(Node::Dir) => Ok(0),
            None => Err(os_error(libc::ENOENT)),
        }
    }

    pub(super) fn sync(&mut self, file: &OpenFile) {
        match file {
            OpenFile::File(id) => self.inode(*id).sync(),
            OpenFile::Dir(dir) => {
                let inside = |path: &Path| parent(path) == dir.as_slice();
                self.durable_names.retain(|path, _| !inside(path));
                let now = self.names.iter().filter(|(path, _)| inside(path));
                self.durable_names.extend(now.map(|(path, node)| (path.clone(), *node)));
            }
        }
    }

    pub(super) fn rename(&mut self, from: &[u8], to: &[u8]) -> io::Result<()> {
        let (from, to) = (normal(from), normal(to));
        self.require_parent(&to)?;
        let node = self.names.remove(&from).ok_or_else(|| os_error(libc::ENOENT))?;
        if node == Node::Dir {
            self.move_children(&from, &to);
        }
        self.names.insert(to, node);
        Ok(())
    }

    /// Names below a renamed directory follow it, durable ones too: a crash may undo the rename,
    /// and this model then loses them, which is worse than any disk and safe to test against.
    fn move_children(&mut self, from: &[u8], to: &[u8]) {
        let prefix = [from, b"/"].concat();
        let below: Vec<Path> =
            self.names.keys().filter(|path| path.starts_with(&prefix)).cloned().collect();
        for old in below {
            let new = [to, &old[from.len()..]].concat();
            if let Some(node) = self.names.remove(&old) {
                self.names.insert(new.clone(), node);
            }
            if let Some(node) = self.durable_names.remove(&old) {
                self.durable_names.insert(new, node);
            }
        }
    }

    pub(super) fn unlink(&mut self, path: &[u8]) -> io::Result<()> {
        let path = normal(path);
        match self.names.get(&path) {
            Some(Node::File(_)) => {
                self.names.remove(&path);
                Ok(())
            }
            Some(Node::Dir) => Err(os_error(libc::EISDIR)),
            None => Err(os_error(libc::ENOENT)),
        }
    }

    pub(super) fn make_dir(&mut self, path: &[u8]) -> io::Result<()> {
        let path = normal(path);
        self.require_parent(&path)?;
        if path.is_empty() || self.names.contains_key(&path) {
            return Err(os_error(libc::EEXIST));
        }
        self.names.insert(path, Node::Dir);
        Ok(())
    }

    pub(super) fn remove_dir(&mut self, path: &[u8]) -> io::Result<()> {
        let path = normal(path);
        match self.names.get(&path) {
            Some(Node::Dir) if self.names.keys().any(|name| parent(name) == path) => {
                Err(os_error(libc::ENOTEMPTY))
            }
            Some(Node::Dir) => {
                self.names.remove(&path);
                Ok(())
            }
            Some(Node::File(_)) => Err(os_error(libc::ENOTDIR)),
            None => Err(os_error(libc::ENOENT)),
        }
    }

    pub(super) fn read_dir(&self, path: &[u8]) -> io::Result<Vec<DirEntry>> {
        let path = normal(path);
        if !path.is_empty() && self.names.get(&path) != Some(&Node::Dir) {
            return Err(os_error(libc::ENOENT));
        }
        let inside = self.names.iter().filter(|(name, _)| parent(name) == path);
        let entry = |(name, node): (&Path, &Node)| DirEntry {
            name: OsString::from_vec(last(name).to_vec()),
            is_dir: *node == Node::Dir,
        };
        Ok(inside.map(entry).collect())
    }

    /// The power fails: what was not synced survives in part or not at all.
    pub(super) fn crash(&mut self, random: &mut Random) {
        self.inodes.values_mut().for_each(|inode| inode.crash(random));
        // What lies in a directory that is not durable cannot be reached. Parents come first.
        self.names.clear();
        for (path, node) in std::mem::take(&mut self.durable_names) {
            if self.require_parent(&path).is_ok() {
                self.names.insert(path, node);
            }
        }
        self.durable_names = self.names.clone();
    }

    fn inode(&mut self, id: u64) -> &mut Inode {
        self.inodes.get_mut(&id).expect("an inode lives as long as the disk")
    }

    fn require_parent(&self, path: &[u8]) -> io::Result<()> {
        let parent = parent(path);
        let there = parent.is_empty() || self.names.get(parent) == Some(&Node::Dir);
        if there { Ok(()) } else { Err(os_error(libc::ENOENT)) }
    }
}

impl Inode {
    fn change(&mut self, change: Change) {
        change.apply(&mut self.content);
        self.dirty.push(change);
    }

    fn sync(&mut self) {
        self.dirty.clear();
        self.durable.clone_from(&self.content);
    }

    fn crash(&mut self, random: &mut Random) {
        for change in std::mem::take(&mut self.dirty) {
            match change {
                Change::Write { offset, bytes, synced } => {
                    for (i, block) in bytes.chunks(BLOCK_ALIGN).enumerate() {
                        if synced || random.below(2) == 0 {
                            let offset = offset + i * BLOCK_ALIGN;
                            let bytes = block.to_vec();
                            Change::Write { offset, bytes, synced }.apply(&mut self.durable);
                        }
                    }
                }
                Change::Len(len) => {
                    if random.below(2) == 0 {
                        Change::Len(len).apply(&mut self.durable);
                    }
                }
            }
        }
        self.content.clone_from(&self.durable);
    }
}

impl Change {
    fn apply(&self, content: &mut Vec<u8>) {
        match self {
            Change::Write { offset, bytes, .. } => {
                let end = offset + bytes.len();
                if content.len() < end {
                    content.resize(end, 0);
                }
                content[*offset..end].copy_from_slice(bytes);
            }
            Change::Len(len) => content.resize(*len, 0),
        }
    }
}

/// Without leading and trailing separators and `.` components.
fn normal(path: &[u8]) -> Path {
    let real = |part: &&[u8]| !part.is_empty() && part != b".";
    path.split(|&byte| byte == b'/').filter(real).collect::<Vec<_>>().join(&b'/')
}

fn parent(path: &[u8]) -> &[u8] {
    path.iter().rposition(|&byte| byte == b'/').map_or(&[], |at| &path[..at])
}

fn last(path: &[u8]) -> &[u8] {
    path.iter().rposition(|&byte| byte == b'/').map_or(path, |at| &path[at + 1..])
}

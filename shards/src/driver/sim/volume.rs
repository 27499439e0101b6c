//! A file system as a value: directories, files, and the changes that lead from one to the next.
//!
//! Pure. The disk keeps two (what a process sees, what is durable) and a list of the changes
//! between them; a crash applies some of those to the durable one. Clones share everything that
//! does not change.
//! Invariants: no number is used for two nodes, ever; a file has at most one name.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::content::{Content, Piece};

/// Names a file or directory for good; names in directories come and go.
pub(super) type NodeId = u64;
pub(super) type Name = Vec<u8>;

pub(super) const ROOT: NodeId = 0;

#[derive(Debug, Clone)]
pub(super) enum Node {
    File(Content),
    Dir(BTreeMap<Name, NodeId>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    File,
    Dir,
}

/// One step from a file system to the next.
#[derive(Debug, Clone)]
pub(super) enum Change {
    Write {
        file: NodeId,
        pieces: Vec<Piece>,
    },
    Reserve {
        file: NodeId,
        bytes: Range<u64>,
    },
    Len {
        file: NodeId,
        len: u64,
    },
    /// A new file or directory.
    Link {
        dir: NodeId,
        name: Name,
        node: NodeId,
        kind: Kind,
    },
    Unlink {
        dir: NodeId,
        name: Name,
        node: NodeId,
    },
    /// Replaces what has the new name.
    Rename {
        from: (NodeId, Name),
        to: (NodeId, Name),
        node: NodeId,
    },
}

impl Change {
    /// The file or directory whose flush makes it durable.
    pub(super) fn flushed_by(&self) -> NodeId {
        match self {
            Change::Write { file, .. }
            | Change::Reserve { file, .. }
            | Change::Len { file, .. } => *file,
            Change::Link { dir, .. } | Change::Unlink { dir, .. } => *dir,
            Change::Rename { to: (dir, _), .. } => *dir,
        }
    }

    /// The node that it gives a name, if it does.
    pub(super) fn names(&self) -> Option<NodeId> {
        match self {
            Change::Link { node, .. } | Change::Rename { node, .. } => Some(*node),
            _ => None,
        }
    }

    /// Takes from an older change what `self`, which became durable before it, has settled.
    /// Returns whether anything of the older one is left.
    pub(super) fn settles(&self, older: &mut Change) -> bool {
        let (file, pieces) = match older {
            Change::Write { file, pieces } => (*file, pieces),
            // A flush of the directory the file came to settles that it had its old name.
            Change::Link { node, .. } => {
                return !matches!(self, Change::Rename { node: moved, .. } if moved == node);
            }
            _ => return true,
        };
        match self {
            Change::Write { file: same, pieces: newer } if *same == file => {
                for range in newer.iter().map(Piece::range) {
                    *pieces = pieces.iter().flat_map(|piece| piece.without(&range)).collect();
                }
            }
            Change::Len { file: same, len } if *same == file => {
                let cut = *len..u64::MAX;
                *pieces = pieces.iter().flat_map(|piece| piece.without(&cut)).collect();
            }
            _ => {}
        }
        !pieces.is_empty()
    }
}

/// Whether a change must find the file system as it was when it was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Footing {
    /// It must: a renamed file that a crash has lost is not renamed.
    Firm,
    /// It happens whatever was lost before it: it is being flushed.
    Any,
}

#[derive(Debug, Clone)]
pub(super) struct Volume {
    nodes: BTreeMap<NodeId, Arc<Node>>,
    /// Chunks of space that all files have.
    space: u64,
}

impl Default for Volume {
    fn default() -> Volume {
        let root = Arc::new(Node::Dir(BTreeMap::new()));
        Volume { nodes: BTreeMap::from([(ROOT, root)]), space: 0 }
    }
}

impl Volume {
    /// Returns false if the change did not find what it needs, and so did not happen.
    pub(super) fn apply(&mut self, change: &Change, footing: Footing) -> bool {
        match change {
            Change::Write { file, pieces } => {
                self.change_file(*file, |content| pieces.iter().for_each(|p| content.write(p)));
            }
            Change::Reserve { file, bytes } => {
                self.change_file(*file, |content| content.reserve(bytes));
            }
            Change::Len { file, len } => self.change_file(*file, |content| content.set_len(*len)),
            Change::Link { dir, name, node, kind } => {
                let empty = || match kind {
                    Kind::File => Arc::new(Node::File(Content::default())),
                    Kind::Dir => Arc::new(Node::Dir(BTreeMap::new())),
                };
                self.nodes.entry(*node).or_insert_with(empty);
                self.dir_mut(*dir).insert(name.clone(), *node);
            }
            Change::Unlink { dir, name, node } => self.take_name(*dir, name, *node),
            Change::Rename { from, to, node } => {
                let there = self.child(from.0, &from.1) == Some(*node);
                if !there && footing == Footing::Firm {
                    return false;
                }
                self.take_name(from.0, &from.1, *node);
                self.dir_mut(to.0).insert(to.1.clone(), *node);
            }
        }
        true
    }

    pub(super) fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(&id).map(|node| &**node)
    }

    pub(super) fn file(&self, id: NodeId) -> Option<&Content> {
        match self.node(id) {
            Some(Node::File(content)) => Some(content),
            Some(Node::Dir(_)) | None => None,
        }
    }

    pub(super) fn child(&self, dir: NodeId, name: &[u8]) -> Option<NodeId> {
        match self.node(dir) {
            Some(Node::Dir(names)) => names.get(name).copied(),
            Some(Node::File(_)) | None => None,
        }
    }

    pub(super) fn space(&self) -> u64 {
        self.space
    }

    /// The largest number of a node.
    pub(super) fn last_id(&self) -> NodeId {
        self.nodes.keys().next_back().copied().unwrap_or(ROOT)
    }

    /// Every file that has a name, with its path, sorted by path.
    pub(super) fn files(&self) -> Vec<(Name, NodeId)> {
        let mut found = Vec::new();
        self.walk(ROOT, &mut Vec::new(), &mut |path, id, node| {
            if let Node::File(_) = node {
                found.push((path.to_vec(), id));
            }
        });
        found.sort_unstable();
        found
    }

    /// Whether some directory has it.
    pub(super) fn is_named(&self, id: NodeId) -> bool {
        let has = |node: &Arc<Node>| match &**node {
            Node::Dir(names) => names.values().any(|named| *named == id),
            Node::File(_) => false,
        };
        self.nodes.values().any(has)
    }

    /// Forgets a node and what it holds.
    pub(super) fn forget(&mut self, id: NodeId) {
        if let Some(content) = self.file(id) {
            self.space -= content.space();
        }
        self.nodes.remove(&id);
    }

    /// Forgets every node that no name leads to.
    pub(super) fn forget_nameless(&mut self) {
        let mut named = vec![ROOT];
        self.walk(ROOT, &mut Vec::new(), &mut |_, id, _| named.push(id));
        named.sort_unstable();
        let nameless = self.nodes.keys().filter(|id| named.binary_search(id).is_err());
        let nameless: Vec<NodeId> = nameless.copied().collect();
        nameless.into_iter().for_each(|id| self.forget(id));
    }

    /// Flips one bit of a file; false if there is none.
    pub(super) fn flip(&mut self, file: NodeId, bit: u64) -> bool {
        let mut flipped = false;
        if self.file(file).is_some() {
            self.change_file(file, |content| flipped = content.flip(bit));
        }
        flipped
    }

    fn walk(&self, dir: NodeId, path: &mut Name, see: &mut impl FnMut(&[u8], NodeId, &Node)) {
        let Some(Node::Dir(names)) = self.node(dir) else { return };
        for (name, id) in names {
            let Some(node) = self.node(*id) else { continue };
            let before = path.len();
            if before > 0 {
                path.push(b'/');
            }
            path.extend_from_slice(name);
            see(path, *id, node);
            self.walk(*id, path, see);
            path.truncate(before);
        }
    }

    /// A file or directory may be changed durably before it has a durable name.
    fn change_file(&mut self, id: NodeId, change: impl FnOnce(&mut Content)) {
        let empty = || Arc::new(Node::File(Content::default()));
        let node = self.nodes.entry(id).or_insert_with(empty);
        let Node::File(content) = Arc::make_mut(node) else { return };
        let before = content.space();
        change(content);
        self.space = self.space + content.space() - before;
    }

    fn dir_mut(&mut self, id: NodeId) -> &mut BTreeMap<Name, NodeId> {
        let empty = || Arc::new(Node::Dir(BTreeMap::new()));
        match Arc::make_mut(self.nodes.entry(id).or_insert_with(empty)) {
            Node::Dir(names) => names,
            Node::File(_) => unreachable!("a node's number says what it is"),
        }
    }

    fn take_name(&mut self, dir: NodeId, name: &[u8], node: NodeId) {
        if self.child(dir, name) == Some(node) {
            self.dir_mut(dir).remove(name);
        }
    }
}

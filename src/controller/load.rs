//! The controller's start: whose directory is this, and what does its metadata say.
//!
//! Runs on the controller's shard before anything else of the broker exists. A new data
//! directory gets its identity and an empty log here, durable in that order: first the log,
//! then `meta.properties`, which says that the directory is complete.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use millstream_engine::config::BrokerConfig;
use millstream_engine::meta::Image;
use millstream_shards::{Open, Shard, Sync};

use super::Controller;
use super::identity::{self, Identity, IdentityFault, random_uuid};
use super::log::{LocalLog, LogFault, MetaLog};
use crate::memory;

/// A sound `meta.properties` is a few hundred bytes.
const IDENTITY_BYTES_MAX: usize = 4096;

/// Why there is no metadata to start with.
#[derive(Debug)]
pub enum LoadFault {
    Io {
        path: PathBuf,
        doing: &'static str,
        cause: io::Error,
    },
    Identity {
        directory: PathBuf,
        fault: IdentityFault,
    },
    Log(LogFault),
    /// `meta.properties` and the log are not of one cluster, or one of them is missing.
    Mixed {
        directory: PathBuf,
        why: &'static str,
    },
}

impl fmt::Display for LoadFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LoadFault::Io { path, doing, cause } => {
                write!(f, "cannot {doing} {}: {cause}", path.display())
            }
            LoadFault::Identity { directory, fault } => {
                write!(f, "the data directory {} is refused: {fault}", directory.display())
            }
            LoadFault::Log(fault) => fault.fmt(f),
            LoadFault::Mixed { directory, why } => write!(
                f,
                "the data directory {} is incomplete: {why}; restore it from a backup, or choose \
                 another with --set log.dirs=PATH",
                directory.display()
            ),
        }
    }
}

impl std::error::Error for LoadFault {}

/// Loads the metadata of `data_dir`, which exists and is this process's alone, and makes a
/// new cluster of an empty one.
///
/// # Errors
/// The directory is another's, newer, damaged, or cannot be read or written.
pub async fn load(
    shard: &Shard,
    data_dir: &Path,
    config: &BrokerConfig,
) -> Result<(Controller, Arc<Image>), LoadFault> {
    let refused = |fault| LoadFault::Identity { directory: data_dir.to_owned(), fault };
    let mixed = |why| LoadFault::Mixed { directory: data_dir.to_owned(), why };
    let path = data_dir.join(identity::FILE);
    let identity = match read(shard, &path).await? {
        Some(text) => Some(Identity::parse(&text).map_err(refused)?),
        None => None,
    };
    if let Some(identity) = &identity {
        identity.check_node(config.node_id).map_err(refused)?;
        // A process that was killed may have left its name to the page cache: what follows in the
        // log would outlive it.
        let flushed = shard.sync_dir(data_dir).await;
        let fault = |cause| LoadFault::Io { path: data_dir.to_owned(), doing: "flush", cause };
        flushed.map_err(fault)?;
    }
    let log = LocalLog::new(shard.clone(), data_dir);
    let found = log.load().await.map_err(LoadFault::Log)?;
    let image = match (identity, found) {
        (Some(identity), Some(image)) if identity.cluster_id == image.cluster_id => image,
        (Some(_), Some(_)) => {
            return Err(mixed(
                "its meta.properties and __cluster_metadata/metadata.log are not of one cluster",
            ));
        }
        (Some(_), None) => {
            return Err(mixed("its metadata log is missing: __cluster_metadata/metadata.log"));
        }
        (None, Some(image)) if image.version > 0 => {
            return Err(mixed("its meta.properties is missing"));
        }
        // A first start that ended between its two files left an empty log.
        (None, _) => create(shard, &path, config, &log).await?,
    };
    let image = Arc::new(image);
    Ok((Controller::leading(log, image.clone()), image))
}

/// The metadata as the log has it now; on any shard, and nothing is changed. `None` when there is
/// no log.
///
/// # Errors
/// It cannot be read, or is damaged.
pub async fn peek(shard: &Shard, data_dir: &Path) -> Result<Option<Image>, LogFault> {
    LocalLog::new(shard.clone(), data_dir).peek().await
}

async fn create(
    shard: &Shard,
    path: &Path,
    config: &BrokerConfig,
    log: &LocalLog,
) -> Result<Image, LoadFault> {
    let identity = Identity {
        cluster_id: random_uuid(|| shard.random_u64()).to_string(),
        node_id: config.node_id,
        directory_id: random_uuid(|| shard.random_u64()),
    };
    let image = Image::new(identity.cluster_id.clone());
    log.snapshot(&image).await.map_err(LoadFault::Log)?;
    let written = write_once(shard, path, identity.text()).await;
    written.map_err(|cause| LoadFault::Io { path: path.to_owned(), doing: "write", cause })?;
    Ok(image)
}

async fn write_once(shard: &Shard, path: &Path, text: String) -> io::Result<()> {
    let temporary = path.with_extension("new");
    let how = Open { write: true, create: true, truncate: true, ..Open::default() };
    let file = shard.open(&temporary, how).await?;
    file.write_at(Bytes::from(text), 0, Sync::None).await?;
    file.sync_all().await?;
    shard.rename(&temporary, path).await?;
    shard.sync_dir(path.parent().unwrap_or(Path::new("."))).await
}

async fn read(shard: &Shard, path: &Path) -> Result<Option<String>, LoadFault> {
    let fault = |cause| LoadFault::Io { path: path.to_owned(), doing: "read", cause };
    let file = match shard.open(path, Open { read: true, ..Open::default() }).await {
        Ok(file) => file,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(cause) => return Err(fault(cause)),
    };
    let buf = memory::block(shard, IDENTITY_BYTES_MAX).await.map_err(fault)?;
    let (count, buf) = file.read_at(buf, IDENTITY_BYTES_MAX, 0).await;
    let bytes = &buf[..count.map_err(fault)?];
    Ok(Some(String::from_utf8_lossy(bytes).into_owned()))
}

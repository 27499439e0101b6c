//! The metadata log: its entries, and the records in them.

use std::io::{self, Write};
use std::path::Path;

use millstream_engine::meta::MetaRecord;
use serde_json::{Map, Value, json};

use super::Dump;
use super::out::summary;
use crate::cli::ondisk::metalog::{Step, Walk, kind_name, preamble_fault};
use crate::cli::ondisk::{Cause, Damage};
use crate::cli::output::joined;
use crate::controller::format::{self, Entry};

impl<W: Write> Dump<'_, W> {
    pub(super) fn metadata_log(&mut self, path: &Path) -> io::Result<()> {
        let read = std::fs::read(path);
        self.out.file(path, "metadata-log", read.as_ref().map_or(0, |b| b.len() as u64))?;
        let file = match read {
            Ok(file) => file,
            Err(cause) => {
                self.out.damage(&Damage::new(Cause::Unreadable, path, cause.to_string()))?;
                return self.out.end(Map::new());
            }
        };
        if let Some(fault) = preamble_fault(&file) {
            self.out.damage(&Damage::new(Cause::MetaLog, path, fault).at(0))?;
        }
        let (mut entries, mut version) = (0u64, 0);
        for step in Walk::new(&file) {
            match step {
                Step::Entry { at, end, entry } => {
                    entries += 1;
                    version = entry.version;
                    self.entry(path, (at, end), &entry)?;
                }
                Step::Damaged { at, end, last } => {
                    let bytes = end - at;
                    let (cause, detail) = match last {
                        true => (Cause::MetaLogTail, format!("{bytes} bytes are no whole entry")),
                        false => (Cause::MetaLog, format!("{bytes} bytes passed over")),
                    };
                    self.out.damage(&Damage::new(cause, path, detail).at(at as u64))?;
                }
            }
        }
        self.out.end(summary([("entries", entries.into()), ("last_version", version.into())]))
    }

    fn entry(
        &mut self,
        path: &Path,
        (at, end): (usize, usize),
        entry: &Entry<'_>,
    ) -> io::Result<()> {
        let holds = matches!(entry.kind, format::SNAPSHOT | format::BATCH);
        let records = if holds { format::records_of(entry, at) } else { Ok(Vec::new()) };
        let (kind, version, bytes) = (kind_name(entry.kind), entry.version, end - at);
        let cluster = (entry.kind == format::HEADER)
            .then(|| String::from_utf8_lossy(entry.content).into_owned());
        let (list, fault) = match records {
            Ok(list) => (list, None),
            Err(fault) => (Vec::new(), Some(fault)),
        };
        self.out.item(
            || {
                let mut text = format!("  {at:<10} {bytes:>8}  version {version:<8} {kind}");
                if let Some(cluster) = &cluster {
                    text += &format!("  cluster {cluster}");
                }
                for record in &list {
                    text += "\n      ";
                    text += &record_line(record);
                }
                text
            },
            || {
                json!({
                    "position": at, "bytes": bytes, "version": version, "entry": kind,
                    "cluster_id": cluster,
                    "records": list.iter().map(record_json).collect::<Vec<_>>(),
                })
            },
        )?;
        match fault {
            Some(fault) => {
                self.out.damage(&Damage::new(Cause::MetaLog, path, fault.to_string()).at(at as u64))
            }
            None => Ok(()),
        }
    }
}

fn record_line(record: &MetaRecord) -> String {
    match record {
        MetaRecord::Topic { name, id } => format!("topic {name}  id {id}"),
        MetaRecord::Partition(one) => {
            let replicas: Vec<_> = one.replicas.iter().map(|id| id.0).collect();
            let isr: Vec<_> = one.isr.iter().map(|id| id.0).collect();
            format!(
                "partition {} of {}  leader {} epoch {}  replicas {}  isr {}",
                one.index,
                one.topic_id,
                one.leader,
                one.leader_epoch,
                joined(&replicas),
                joined(&isr)
            )
        }
        MetaRecord::RemoveTopic { id } => format!("remove topic {id}"),
        MetaRecord::Config(config) => {
            let resource = format!("{:?}", config.resource).to_lowercase();
            let value = config.value.as_deref().unwrap_or("(taken back)");
            format!("config {resource} {}  {} = {value}", config.name, config.key)
        }
        MetaRecord::ProducerIds { broker, next } => {
            format!("producer ids  next {next}  broker {broker}")
        }
        MetaRecord::UncleanStart { broker, incarnation, broker_epoch } => format!(
            "unclean start  broker {broker} epoch {broker_epoch}  incarnation {incarnation}"
        ),
    }
}

fn record_json(record: &MetaRecord) -> Value {
    match record {
        MetaRecord::Topic { name, id } => {
            json!({ "type": "topic", "name": name, "id": id.to_string() })
        }
        MetaRecord::Partition(partition) => json!({
            "type": "partition",
            "topic_id": partition.topic_id.to_string(),
            "partition": partition.index.0,
            "leader": partition.leader.0,
            "leader_epoch": partition.leader_epoch.0,
            "replicas": partition.replicas.iter().map(|id| id.0).collect::<Vec<_>>(),
            "isr": partition.isr.iter().map(|id| id.0).collect::<Vec<_>>(),
        }),
        MetaRecord::RemoveTopic { id } => json!({ "type": "remove-topic", "id": id.to_string() }),
        MetaRecord::Config(config) => json!({
            "type": "config",
            "resource": format!("{:?}", config.resource).to_lowercase(),
            "name": config.name,
            "key": config.key,
            "value": config.value,
        }),
        MetaRecord::ProducerIds { broker, next } => {
            json!({ "type": "producer-ids", "broker": broker.0, "next": next.0 })
        }
        MetaRecord::UncleanStart { broker, incarnation, broker_epoch } => json!({
            "type": "unclean-start",
            "broker": broker.0,
            "broker_epoch": broker_epoch,
            "incarnation": incarnation.to_string(),
        }),
    }
}

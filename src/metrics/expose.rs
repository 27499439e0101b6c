//! Renders the counters as Prometheus text (exposition format 0.0.4).
//!
//! Where Kafka has a metric of the same meaning, it has the name that the usual JMX
//! exporter rules give it, so existing dashboards find it; the rest is `millstream_*`, per
//! shard where the shards differ. Runs on the control thread, once per scrape.

use std::fmt::{Display, Write as _};

use millstream_wire::ApiKey;

use super::{LATENCY_BOUNDS_US, Metrics, RequestClass, ShardMetrics};
use crate::memory::Account;

/// The page of `/metrics`.
pub fn page(metrics: &Metrics) -> String {
    let mut page = Page(String::with_capacity(16 * 1024));
    page.kafka_totals(metrics);
    page.requests(metrics);
    page.latency(metrics);
    page.per_shard(metrics);
    page.memory(metrics);
    page.clients(metrics);
    page.process();
    page.0
}

#[derive(Clone, Copy)]
enum Kind {
    Counter,
    Gauge,
    Histogram,
}

struct Page(String);

/// A number of each shard: name, kind, help, and where it is.
type Row = (&'static str, Kind, &'static str, fn(&ShardMetrics) -> u64);

/// What the journal does, and how its files stand.
const JOURNAL_ROWS: [Row; 10] = [
    ("journal_commits_total", Kind::Counter, "Journal commits.", |s| s.journal_commits.get()),
    ("journal_entries_total", Kind::Counter, "Partitions' parts in journal commits.", |s| {
        s.journal_entries.get()
    }),
    ("journal_bytes_total", Kind::Counter, "Bytes written to journals.", |s| s.journal_bytes.get()),
    ("journal_files_settled_total", Kind::Counter, "Journal files settled and used again.", |s| {
        s.journal_files_settled.get()
    }),
    ("journal_usable", Kind::Gauge, "1 while small appends go to the journal.", |s| {
        s.journal_usable.get()
    }),
    ("journal_files_free", Kind::Gauge, "Journal files that take commits at once.", |s| {
        s.journal_files_free.get()
    }),
    ("journal_files_active", Kind::Gauge, "Journal files that take commits now.", |s| {
        s.journal_files_active.get()
    }),
    ("journal_files_settling", Kind::Gauge, "Full journal files that are being settled.", |s| {
        s.journal_files_settling.get()
    }),
    ("journal_files_held", Kind::Gauge, "Journal files that a fault keeps from use.", |s| {
        s.journal_files_held.get()
    }),
    ("journal_oldest_seconds", Kind::Gauge, "Age of the oldest commit not settled.", |s| {
        s.journal_oldest_s.get()
    }),
];

/// What compaction does.
const CLEANER_ROWS: [Row; 6] = [
    ("cleaner_runs_total", Kind::Counter, "Compaction runs.", |s| s.cleaner_runs.get()),
    ("cleaner_bytes_read_total", Kind::Counter, "Bytes that compaction read.", |s| {
        s.cleaner_bytes_read.get()
    }),
    ("cleaner_bytes_written_total", Kind::Counter, "Bytes that compaction wrote.", |s| {
        s.cleaner_bytes_written.get()
    }),
    ("cleaner_last_run_seconds", Kind::Gauge, "Unix time of the last run's end.", |s| {
        s.cleaner_last_run_s.get()
    }),
    ("cleaner_dirty_ppm_max", Kind::Gauge, "Dirty share of the dirtiest log.", |s| {
        s.cleaner_dirty_ppm_max.get()
    }),
    ("uncleanable_partitions", Kind::Gauge, "Left alone after a fault.", |s| {
        s.uncleanable_partitions.get()
    }),
];

impl Page {
    fn head(&mut self, name: &str, kind: Kind, help: &str) {
        let kind = match kind {
            Kind::Counter => "counter",
            Kind::Gauge => "gauge",
            Kind::Histogram => "histogram",
        };
        // Writing to a string cannot fail, here and below.
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    fn sample(&mut self, name: &str, labels: &str, value: impl Display) {
        let _ = match labels.is_empty() {
            true => writeln!(self.0, "{name} {value}"),
            false => writeln!(self.0, "{name}{{{labels}}} {value}"),
        };
    }

    fn single(&mut self, name: &str, kind: Kind, help: &str, value: impl Display) {
        self.head(name, kind, help);
        self.sample(name, "", value);
    }

    fn kafka_totals(&mut self, metrics: &Metrics) {
        let produced = |shard: &ShardMetrics| shard.requests_of(ApiKey::Produce);
        let fetched = |shard: &ShardMetrics| shard.requests_of(ApiKey::Fetch);
        type Read<'a> = &'a dyn Fn(&ShardMetrics) -> u64;
        let rows: [(&str, &str, Read<'_>); 7] = [
            ("messagesin", "Records appended by producers.", &|s| s.messages_in.get()),
            ("bytesin", "Record bytes appended by producers.", &|s| s.bytes_in.get()),
            ("bytesout", "Record bytes sent to consumers.", &|s| s.bytes_out.get()),
            ("totalproducerequests", "Produce requests answered.", &produced),
            ("totalfetchrequests", "Fetch requests answered.", &fetched),
            ("failedproducerequests", "Produced partitions refused or failed.", &|s| {
                s.produce_failures.get()
            }),
            ("failedfetchrequests", "Fetched partitions refused or failed.", &|s| {
                s.fetch_failures.get()
            }),
        ];
        for (name, help, read) in rows {
            let name = format!("kafka_server_brokertopicmetrics_{name}_total");
            self.single(&name, Kind::Counter, help, metrics.total(read));
        }
        let partitions = metrics.total(|shard| shard.partitions.get());
        for name in ["partitioncount", "leadercount"] {
            let name = format!("kafka_server_replicamanager_{name}");
            self.single(&name, Kind::Gauge, "Partitions of this broker.", partitions);
        }
        let connections = metrics.total(|shard| shard.connections.get());
        let name = "kafka_server_socket_server_metrics_connection_count";
        self.single(name, Kind::Gauge, "Connections open now.", connections);
    }

    fn requests(&mut self, metrics: &Metrics) {
        let name = "kafka_network_requestmetrics_requests_total";
        self.head(name, Kind::Counter, "Requests answered, by API.");
        for api in ApiKey::all() {
            let count = metrics.total(|shard| shard.requests_of(api));
            if count > 0 {
                self.sample(name, &format!("request=\"{}\"", api.name()), count);
            }
        }
    }

    fn latency(&mut self, metrics: &Metrics) {
        let name = "millstream_request_duration_seconds";
        self.head(name, Kind::Histogram, "From a request's arrival to its answer, by class.");
        let bucket = format!("{name}_bucket");
        for class in RequestClass::ALL {
            let label = format!("class=\"{}\"", class.name());
            let at = class as usize;
            let mut below = 0;
            for (slot, bound) in LATENCY_BOUNDS_US.iter().enumerate() {
                below += metrics.total(|shard| shard.latency[at].buckets[slot].get());
                self.sample(&bucket, &format!("{label},le=\"{}\"", seconds(*bound)), below);
            }
            let last = LATENCY_BOUNDS_US.len();
            let count = below + metrics.total(|shard| shard.latency[at].buckets[last].get());
            let sum = metrics.total(|shard| shard.latency[at].sum_us.get());
            self.sample(&bucket, &format!("{label},le=\"+Inf\""), count);
            self.sample(&format!("{name}_sum"), &label, seconds(sum));
            self.sample(&format!("{name}_count"), &label, count);
        }
    }

    fn per_shard(&mut self, metrics: &Metrics) {
        let rows: [Row; 19] = [
            ("connections", Kind::Gauge, "Connections open now.", |s| s.connections.get()),
            ("connections_accepted_total", Kind::Counter, "Connections accepted.", |s| {
                s.connections_accepted.get()
            }),
            ("connections_refused_total", Kind::Counter, "Connections without room.", |s| {
                s.connections_refused.get()
            }),
            ("connections_faulted_total", Kind::Counter, "Connections closed for a fault.", |s| {
                s.connections_faulted.get()
            }),
            ("partitions", Kind::Gauge, "Partitions owned.", |s| s.partitions.get()),
            ("partitions_offline", Kind::Gauge, "Partitions that could not be opened.", |s| {
                s.partitions_offline.get()
            }),
            ("partitions_failed", Kind::Gauge, "Open, but without writes since one failed.", |s| {
                s.partitions_failed.get()
            }),
            ("partitions_reopened_total", Kind::Counter, "Opened again after that.", |s| {
                s.partitions_reopened.get()
            }),
            ("quarantined_ranges", Kind::Gauge, "Damaged ranges that readers skip.", |s| {
                s.quarantined_ranges.get()
            }),
            ("socket_bytes_in_total", Kind::Counter, "Bytes received.", |s| {
                s.socket_bytes_in.get()
            }),
            ("socket_bytes_out_total", Kind::Counter, "Bytes sent.", |s| s.socket_bytes_out.get()),
            ("memory_held_bytes", Kind::Gauge, "Bytes in use.", |s| s.memory_held_bytes.get()),
            ("memory_idle_bytes", Kind::Gauge, "Pool bytes kept for the next use.", |s| {
                s.memory_idle_bytes.get()
            }),
            ("mailbox_sent_total", Kind::Counter, "Messages to other shards.", |s| {
                s.mailbox_sent.get()
            }),
            ("operations_total", Kind::Counter, "Operations completed.", |s| s.operations.get()),
            ("stalls_total", Kind::Counter, "Tasks that held the core.", |s| s.stalls.get()),
            ("messages_in_total", Kind::Counter, "Records appended.", |s| s.messages_in.get()),
            ("tasks", Kind::Gauge, "Tasks that have not ended.", |s| s.tasks.get()),
            ("calls", Kind::Gauge, "Calls to other shards not answered.", |s| s.calls.get()),
        ];
        for (name, kind, help, read) in rows.into_iter().chain(JOURNAL_ROWS).chain(CLEANER_ROWS) {
            let name = format!("millstream_shard_{name}");
            self.head(&name, kind, help);
            for (index, shard) in metrics.shards.iter().enumerate() {
                self.sample(&name, &format!("shard=\"{index}\""), read(shard));
            }
        }
    }

    fn memory(&mut self, metrics: &Metrics) {
        let name = "millstream_memory_account_bytes";
        self.head(name, Kind::Gauge, "What the classes of millstream.memory hold.");
        for (index, account) in Account::ALL.into_iter().enumerate() {
            let held = metrics.total(|shard| shard.memory_accounts[index].get());
            self.sample(name, &format!("account=\"{}\"", account.name()), held);
        }
    }

    fn clients(&mut self, metrics: &Metrics) {
        let Ok(clients) = metrics.clients.lock() else { return };
        let name = "millstream_client_connections_total";
        self.head(name, Kind::Counter, "Connections by client program (KIP-511).");
        for ((client, version), count) in clients.iter() {
            let labels = format!("name=\"{}\",version=\"{}\"", escaped(client), escaped(version));
            self.sample(name, &labels, count);
        }
    }

    fn process(&mut self) {
        let version = format!("version=\"{}\"", env!("CARGO_PKG_VERSION"));
        self.head("millstream_build_info", Kind::Gauge, "The version that is running.");
        self.sample("millstream_build_info", &version, 1);
        if let Some(bytes) = resident_bytes() {
            let name = "process_resident_memory_bytes";
            self.single(name, Kind::Gauge, "Resident memory.", bytes);
        }
        if let Some(seconds) = cpu_seconds() {
            let name = "process_cpu_seconds_total";
            self.single(name, Kind::Counter, "Processor time, user and system.", seconds);
        }
    }
}

fn seconds(us: u64) -> f64 {
    us as f64 / 1e6
}

fn escaped(label: &str) -> String {
    label.replace('\\', "\\\\").replace('"', "\\\"")
}

fn resident_bytes() -> Option<u64> {
    let statm = std::fs::read_to_string("/proc/self/statm").ok()?;
    let pages: u64 = statm.split_whitespace().nth(1)?.parse().ok()?;
    Some(pages * rustix::param::page_size() as u64)
}

fn cpu_seconds() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The program's name, in parentheses, may hold blanks: count fields after it.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let user: u64 = fields.next()?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    Some((user + system) as f64 / rustix::param::clock_ticks_per_second() as f64)
}

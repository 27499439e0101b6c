//! What a running broker says of itself, over its admin port.
//!
//! A plain HTTP request by hand: the command is no HTTP client, and must answer at once when
//! nobody is there.

use std::io::{Read as _, Write as _};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::time::Duration;

use super::{Finding, Level};

const WAIT: Duration = Duration::from_millis(500);
/// A page of metrics is some dozens of KiB.
const PAGE_BYTES_MAX: u64 = 4 << 20;

pub fn look(admin: &str) -> Vec<Finding> {
    match page(admin) {
        Some(page) => judge(&page),
        None => vec![Finding::ok("metrics", format!("no broker answers at {admin}"))],
    }
}

fn page(admin: &str) -> Option<String> {
    let address = admin.to_socket_addrs().ok()?.next()?;
    let mut stream = TcpStream::connect_timeout(&address, WAIT).ok()?;
    stream.set_read_timeout(Some(WAIT)).ok()?;
    let request = format!("GET /metrics HTTP/1.1\r\nHost: {admin}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).ok()?;
    let mut bytes = Vec::new();
    stream.take(PAGE_BYTES_MAX).read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// The sum over all labels; `None` when there is no such metric.
pub fn sum(page: &str, name: &str) -> Option<f64> {
    let samples = page.lines().filter_map(|line| {
        let rest = line.strip_prefix(name)?;
        let value = match rest.strip_prefix('{') {
            Some(labelled) => labelled.rsplit_once("} ")?.1,
            None => rest.strip_prefix(' ')?,
        };
        value.trim().parse::<f64>().ok()
    });
    samples.fold(None, |sum: Option<f64>, value| Some(sum.unwrap_or(0.0) + value))
}

/// What is looked at: metric, word, what it says when it is not zero, why, what to do.
pub(super) const ROWS: [(&str, &str, Level, &str, &str, &str); 5] = [
    (
        "millstream_shard_quarantined_ranges",
        "quarantined",
        Level::Warn,
        "damaged ranges that readers step over",
        "sealed bytes have changed on the device; their records are lost",
        "millstream dump the partitions that the log names; restore the segments from a copy",
    ),
    (
        "millstream_shard_partitions_offline",
        "offline",
        Level::Bad,
        "partitions are offline",
        "a write failed or a directory could not be opened; nothing of them is served",
        "see the broker's log for the reason; dmesg | tail; they come back by themselves",
    ),
    (
        "millstream_shard_partitions_failed",
        "failed-writes",
        Level::Bad,
        "partitions take no records since a write failed",
        "the device does not take writes in their directories yet",
        "dmesg | tail; mend the device, they come back by themselves",
    ),
    (
        "kafka_server_brokertopicmetrics_failedproducerequests_total",
        "failed-produces",
        Level::Note,
        "produced partitions were refused or failed since the start",
        "a client got an error: too large, out of order, no space, or a failed write",
        "see the broker's log for error lines",
    ),
    (
        "millstream_shard_stalls_total",
        "stalls",
        Level::Note,
        "times a task held its core for over 5 ms since the start",
        "everything else of that shard waited as long",
        "pin the broker to cores of its own; run it with --log-level debug to see which task",
    ),
];

pub fn judge(page: &str) -> Vec<Finding> {
    if sum(page, "millstream_build_info").is_none() {
        return vec![Finding::ok("metrics", "what answers there is no Millstream")];
    }
    let mut findings = vec![Finding::ok("metrics", "a broker answers")];
    for (metric, name, level, what, why, fix) in ROWS {
        match sum(page, metric) {
            Some(value) if value > 0.0 => {
                findings.push(Finding::not_well(
                    (name, level),
                    format!("{value} {what}"),
                    why,
                    fix,
                ));
            }
            Some(_) => findings.push(Finding::ok(name, "0")),
            None => {}
        }
    }
    findings
}

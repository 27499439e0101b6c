//! What `millstream serve` says when it is ready: where it listens and what to type next.
//!
//! Plain text of a few lines, so that it reads well in a log file too. The lines to type are
//! exact: they name the broker when it is not where the commands look by default.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::time::Duration;

use millstream_engine::config::BrokerConfig;

use crate::shard::boot::Started;

/// The banner, ending with a newline. `admin` is the admin port as it was bound.
#[must_use]
pub fn text(
    config: &BrokerConfig,
    up: &Started,
    admin: Option<SocketAddr>,
    shards: usize,
    took: Duration,
) -> String {
    let facts = Facts {
        addresses: up.addresses.iter().map(SocketAddr::to_string).collect(),
        admin: admin.map(|at| at.to_string()),
        data: config.log_dir.display().to_string(),
        topics: up.topics,
        shards,
        ready_ms: took.as_millis(),
    };
    facts.text()
}

/// What the banner shows.
struct Facts {
    addresses: Vec<String>,
    admin: Option<String>,
    data: String,
    topics: usize,
    shards: usize,
    ready_ms: u128,
}

impl Facts {
    fn text(&self) -> String {
        let mut out = String::new();
        let plural = |n: usize| if n == 1 { "" } else { "s" };
        // Writing to a string cannot fail, here and below.
        let _ = writeln!(
            out,
            "Millstream {} is ready in {} ms: {} shard{}, {} topic{}",
            env!("CARGO_PKG_VERSION"),
            self.ready_ms,
            self.shards,
            plural(self.shards),
            self.topics,
            plural(self.topics)
        );
        let _ = writeln!(out, "  clients  {}", self.addresses.join(", "));
        if let Some(admin) = &self.admin {
            let _ = writeln!(out, "  metrics  http://{admin}/metrics");
        }
        let _ = writeln!(out, "  data     {}", self.data);
        let target = self.target();
        let _ = writeln!(out, "\nIn another terminal:");
        let _ = writeln!(out, "  echo hello | millstream produce greetings{target}");
        let _ = writeln!(out, "  millstream consume greetings{target}");
        let _ = writeln!(out, "Ctrl-C stops it; what was acknowledged stays.");
        out
    }

    /// How commands find this broker; empty where they look by default.
    fn target(&self) -> String {
        let first = self.addresses.first().map_or("", String::as_str);
        let here = first.replace("0.0.0.0:", "127.0.0.1:").replace("[::]:", "[::1]:");
        match here == super::BOOTSTRAP_DEFAULT {
            true => String::new(),
            false => format!(" --bootstrap {here}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(address: &str) -> Facts {
        Facts {
            addresses: vec![address.into()],
            admin: Some("127.0.0.1:9642".into()),
            data: "./data".into(),
            topics: 1,
            shards: 2,
            ready_ms: 12,
        }
    }

    #[test]
    fn the_banner_says_where_it_is_and_what_to_type() {
        let said = facts("127.0.0.1:9092").text();
        assert!(said.contains("is ready in 12 ms: 2 shards, 1 topic\n"), "{said}");
        assert!(said.contains("metrics  http://127.0.0.1:9642/metrics"), "{said}");
        assert!(said.contains("millstream produce greetings\n"), "{said}");
    }

    #[test]
    fn commands_name_the_broker_when_it_is_elsewhere() {
        let said = facts("0.0.0.0:1234").text();
        assert!(said.contains("produce greetings --bootstrap 127.0.0.1:1234\n"), "{said}");
        let said = facts("0.0.0.0:9092").text();
        assert!(said.contains("produce greetings\n"), "{said}");
    }
}

//! Listener addresses: `NAME://host:port`, Kafka's notation.
//!
//! Parsed once, into values that the network layer binds and Metadata advertises. Resolving
//! host names is the shell's job. A listener whose protocol we cannot speak yet is refused
//! here, so that nobody believes that their port is encrypted.

use std::collections::BTreeMap;
use std::fmt;

use super::fault::ConfigFault;
use super::row::items;

pub(super) const LISTENERS_FORM: &str =
    "NAME://host:port, comma-separated, each name and port once (empty host: all interfaces)";
pub(super) const ADVERTISED_FORM: &str = "NAME://host:port, comma-separated, with a host";

/// A host and a port, not yet resolved. An empty host means all interfaces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostPort {
    pub host: String,
    pub port: u16,
}

impl fmt::Display for HostPort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

impl HostPort {
    /// Reads `host:port`; IPv6 addresses stand in brackets.
    #[must_use]
    pub fn parse(text: &str) -> Option<HostPort> {
        let (host, port) = text.rsplit_once(':')?;
        let port = port.parse().ok()?;
        let inner = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        let host = inner.unwrap_or(host);
        if (inner.is_none() && host.contains(':')) || host.contains(['/', ' ', '[', ']']) {
            return None;
        }
        Some(HostPort { host: host.to_owned(), port })
    }
}

/// One address of `listeners` or `advertised.listeners`, under its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listener {
    /// Upper case, as Kafka compares names.
    pub name: String,
    pub at: HostPort,
}

impl Listener {
    fn parse(text: &str) -> Option<Listener> {
        let (name, address) = text.split_once("://")?;
        let fine = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        if name.is_empty() || !name.chars().all(fine) {
            return None;
        }
        Some(Listener { name: name.to_ascii_uppercase(), at: HostPort::parse(address)? })
    }
}

fn parse_all(text: &str) -> Option<Vec<Listener>> {
    items(text).map(Listener::parse).collect()
}

pub(super) fn is_listeners(text: &str) -> bool {
    let Some(all) = parse_all(text) else { return false };
    let distinct = all.iter().enumerate().all(|(i, one)| {
        all[..i].iter().all(|other| {
            other.name != one.name && (other.at.port == 0 || other.at.port != one.at.port)
        })
    });
    !all.is_empty() && distinct
}

pub(super) fn is_advertised(text: &str) -> bool {
    parse_all(text).is_some_and(|all| all.iter().all(|one| !one.at.host.is_empty()))
}

pub(super) fn is_protocol_map(text: &str) -> bool {
    let protocols = ["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"];
    items(text).all(|pair| {
        pair.split_once(':').is_some_and(|(_, protocol)| {
            protocols.contains(&protocol.trim().to_ascii_uppercase().as_str())
        })
    })
}

pub(super) fn is_admin(text: &str) -> bool {
    text == "none" || HostPort::parse(text).is_some_and(|at| !at.host.is_empty())
}

/// The texts of the keys that together say what to listen on; each already has its form.
#[derive(Clone, Copy, Debug)]
pub(super) struct ListenerKeys<'a> {
    pub listeners: &'a str,
    pub advertised: &'a str,
    pub protocols: &'a str,
    pub controller: &'a str,
}

/// The listeners to open and those to advertise (empty: what the client dialled).
pub(super) fn resolve(
    keys: ListenerKeys<'_>,
) -> Result<(Vec<Listener>, Vec<Listener>), ConfigFault> {
    let protocols: BTreeMap<String, String> = items(keys.protocols)
        .filter_map(|pair| pair.split_once(':'))
        .map(|(name, protocol)| (name.trim().to_uppercase(), protocol.trim().to_uppercase()))
        .collect();
    let for_controller =
        |name: &str| items(keys.controller).any(|controller| controller.eq_ignore_ascii_case(name));
    let mut open = parse_all(keys.listeners).unwrap_or_default();
    open.retain(|listener| !for_controller(&listener.name));
    for listener in &open {
        let protocol = protocols.get(&listener.name).map(String::as_str);
        if protocol != Some("PLAINTEXT") {
            return Err(cannot_open(&listener.name, protocol));
        }
    }
    if open.is_empty() {
        return Err(ConfigFault::Conflict {
            message: "'listeners' has no listener for clients: add PLAINTEXT://host:port".into(),
        });
    }
    let mut advertised = parse_all(keys.advertised).unwrap_or_default();
    advertised.retain(|listener| !for_controller(&listener.name));
    for listener in &advertised {
        if !open.iter().any(|one| one.name == listener.name) {
            return Err(ConfigFault::Conflict {
                message: format!(
                    "'advertised.listeners' names {}, which 'listeners' does not open",
                    listener.name
                ),
            });
        }
    }
    Ok((open, advertised))
}

fn cannot_open(name: &str, protocol: Option<&str>) -> ConfigFault {
    let message = match protocol {
        Some(protocol) => format!(
            "listener {name} asks for {protocol}, which Millstream does not speak yet: \
             only PLAINTEXT listeners can be opened"
        ),
        None => format!(
            "listener {name} has no protocol: add {name}:PLAINTEXT to \
             'listener.security.protocol.map'"
        ),
    };
    ConfigFault::Conflict { message }
}

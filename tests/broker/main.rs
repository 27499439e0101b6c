//! The broker over loopback: the real binary, driven by librdkafka, by raw sockets and by its own
//! commands.
//!
//! Every test starts a broker of its own on a free port with a data directory under
//! `target/tmp`, and ends it with itself; nothing is shared, so tests run side by side. The wide
//! matrix with the other real clients is `scripts/test-clients`.

mod admin;
mod bad_input;
mod codecs;
mod commands;
mod compaction;
mod damaged_answers;
mod data_directory;
mod data_tools;
mod deleted_topics;
mod dynamic_configs;
mod groups;
mod harness;
mod leader_epochs;
mod listeners;
mod long_polls;
mod memory;
mod metadata_apis;
mod produce;
mod rdkafka_client;
mod recreate;
mod restart;
mod stalled_readers;
mod startup;
mod wire_client;

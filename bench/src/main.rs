//! The load harness: any Kafka-speaking broker over TCP, and two of them in comparison.
//! `load` says what can be asked for; `produce`, `fetch`, `e2e`, `startup` run it; `compare`
//! alternates brokers over a scenario file; `disk` probes the device without a broker.
//! Start reading at `cli`, then `produce/worker.rs`. Linux only (epoll, /proc).

mod admin;
mod batch;
mod broker;
mod cli;
mod client;
mod compare;
mod connection;
mod disk;
mod e2e;
#[cfg(test)]
mod fake_broker;
mod fault;
mod fetch;
mod frame;
mod latency;
mod limits;
mod load;
mod poller;
mod produce;
mod report;
mod run;
mod stalled;
mod stamped;
mod startup;
mod usage;

fn main() -> std::process::ExitCode {
    cli::main()
}

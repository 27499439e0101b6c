//! What a run found, as named numbers with their unit in the name: a table for people, JSON for
//! the comparison and for records. MB and GB are 10^6 and 10^9 bytes of record batches on the
//! wire (compressed, if they are), not of values.

use comfy_table::{CellAlignment, Table, presets};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::latency::Latency;
use crate::run::Window;
use crate::usage::Usage;

#[derive(Clone, Debug)]
pub struct Report {
    pub kind: &'static str,
    pub load: Value,
    pub metrics: Vec<(String, f64)>,
}

impl Report {
    pub fn new(kind: &'static str, load: &impl Serialize) -> Report {
        let load = serde_json::to_value(load).expect("loads are plain data");
        Report { kind, load, metrics: Vec::new() }
    }

    pub fn metric(&mut self, name: &str, value: f64) {
        self.metrics.push((name.to_owned(), value));
    }

    pub fn rates(&mut self, window: Window, records: f64, bytes: f64) {
        self.metric("records_per_s", records / window.seconds());
        self.metric("mb_per_s", bytes / 1e6 / window.seconds());
    }

    /// The points of `latency`, as `<name>_<point>_ms`.
    pub fn latency(&mut self, name: &str, latency: &Latency) {
        if latency.count() > 0 {
            for (point, ms) in latency.points() {
                self.metric(&format!("{name}_{point}_ms"), ms);
            }
        }
    }

    /// CPU and memory; `bytes_per_s` is what the broker moved meanwhile.
    pub fn usage(&mut self, usage: &Usage, bytes_per_s: f64) {
        if let Some(broker) = usage.broker {
            let cores = broker.cpu_s() / usage.elapsed_s;
            self.metric("broker_cpu_s_per_gb", cores / (bytes_per_s / 1e9));
            self.metric("broker_cpu_cores", cores);
            self.metric("broker_user_cores", broker.user_s / usage.elapsed_s);
            self.metric("broker_system_cores", broker.system_s / usage.elapsed_s);
            self.metric("broker_rss_mib", broker.rss_mib);
            self.metric("broker_rss_peak_mib", broker.rss_peak_mib);
            self.metric("broker_threads", broker.threads);
        }
        self.metric("client_cpu_cores", usage.client_cpu_s / usage.elapsed_s);
        self.metric("machine_cpu_cores", usage.machine_cpu_s / usage.elapsed_s);
    }

    pub fn get(&self, name: &str) -> Option<f64> {
        self.metrics.iter().find(|(known, _)| known == name).map(|&(_, value)| value)
    }

    pub fn to_json(&self) -> Value {
        let metrics: Map<String, Value> =
            self.metrics.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
        json!({ "kind": self.kind, "load": self.load, "metrics": metrics })
    }

    pub fn to_table(&self) -> String {
        let mut table = Table::new();
        table.load_preset(presets::ASCII_MARKDOWN).set_header([self.kind, "value"]);
        for (name, value) in &self.metrics {
            table.add_row([name.clone(), number(*value)]);
        }
        if let Some(column) = table.column_mut(1) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        table.to_string()
    }
}

/// A number as people read it: four significant digits, thousands apart.
pub fn number(value: f64) -> String {
    let size = value.abs();
    if size >= 1000.0 {
        let digits = format!("{:.0}", size);
        let mut out = String::new();
        for (i, digit) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i) % 3 == 0 {
                out.push(',');
            }
            out.push(digit);
        }
        return if value < 0.0 { format!("-{out}") } else { out };
    }
    match size {
        s if s >= 100.0 => format!("{value:.1}"),
        s if s >= 10.0 => format!("{value:.2}"),
        s if s >= 0.1 => format!("{value:.3}"),
        _ => format!("{value:.4}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_with_four_digits_and_thousands_apart() {
        let cases = [
            (5_512_345.6, "5,512,346"),
            (1000.0, "1,000"),
            (312.34, "312.3"),
            (12.3456, "12.35"),
            (0.23456, "0.235"),
            (0.01234, "0.0123"),
            (-1234.0, "-1,234"),
        ];
        for (value, text) in cases {
            assert_eq!(number(value), text);
        }
    }

    #[test]
    fn a_report_holds_its_metrics_by_name_in_table_and_json() {
        let mut report = Report::new("raw-produce", &json!({ "depth": 5 }));
        report.metric("records_per_s", 1234.5);
        assert_eq!(report.get("records_per_s"), Some(1234.5));
        assert_eq!(report.to_json()["metrics"]["records_per_s"], json!(1234.5));
        assert!(report.to_table().contains("1,234"));
    }
}

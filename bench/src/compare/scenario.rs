//! The scenario file: which brokers, which loads, and the figures that a load is there to reach.
//! JSON; a load's keys are the options of the matching subcommand, so every scenario can be
//! repeated by hand. Unknown keys are refused, so a misspelt option cannot go unnoticed.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::broker::BrokerSpec;
use crate::fault::Fault;
use crate::load::{ClientLoad, EndToEndLoad, FetchLoad, ProduceLoad, StartupLoad};

use super::CompareOptions;

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    pub name: String,
    pub about: String,
    pub rounds: usize,
    /// Seconds of rest between two runs.
    pub settle_s: f64,
    /// The two brokers that are compared; ratios are first over second.
    pub pair: Vec<String>,
    pub brokers: BTreeMap<String, BrokerSpec>,
    pub scenarios: Vec<Scenario>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    pub name: String,
    pub about: String,
    pub kind: Kind,
    #[serde(default)]
    pub load: Map<String, Value>,
    /// Options that differ for one broker.
    #[serde(default)]
    pub only_for: BTreeMap<String, Map<String, Value>>,
    #[serde(default)]
    pub figures: Vec<Figure>,
    /// Metrics to show beside those of the figures.
    #[serde(default)]
    pub show: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    RawProduce,
    RawFetch,
    E2e,
    Startup,
    /// Another program as the load.
    Client,
}

/// What the first broker is to reach, of itself or against the second.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    pub metric: String,
    pub bound: Bound,
    pub value: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Bound {
    RatioAtLeast,
    RatioAtMost,
    AtMost,
    AtLeast,
}

#[derive(Clone, Debug)]
pub enum Load {
    RawProduce(ProduceLoad),
    RawFetch(FetchLoad),
    E2e(EndToEndLoad),
    Startup(StartupLoad),
    Client(ClientLoad),
}

impl Plan {
    pub fn read(path: &Path) -> Result<Plan, Fault> {
        let text = fs::read_to_string(path).map_err(Fault::io(format!("{}", path.display())))?;
        Plan::parse(&text).map_err(|e| Fault::Usage(format!("{}: {e}", path.display())))
    }

    pub fn parse(text: &str) -> Result<Plan, Fault> {
        let plan: Plan = serde_json::from_str(text).map_err(|e| Fault::Usage(e.to_string()))?;
        plan.check()?;
        Ok(plan)
    }

    /// Everything that can be known to be wrong before the first broker starts.
    fn check(&self) -> Result<(), Fault> {
        if self.pair.len() != 2 || self.rounds == 0 {
            return Err(Fault::Usage("two brokers and at least one round".to_owned()));
        }
        if let Some(name) = self.pair.iter().find(|name| !self.brokers.contains_key(*name)) {
            return Err(Fault::Usage(format!("no broker is named {name:?}")));
        }
        for scenario in &self.scenarios {
            for broker in &self.pair {
                scenario.load_for(broker)?;
            }
        }
        Ok(())
    }

    pub fn override_with(&mut self, options: &CompareOptions) -> Result<(), Fault> {
        self.rounds = options.rounds.unwrap_or(self.rounds);
        if let Some(pair) = &options.pair {
            self.pair.clone_from(pair);
        }
        if !options.only.is_empty() {
            self.scenarios.retain(|s| options.only.iter().any(|text| s.name.contains(text)));
        }
        if self.scenarios.is_empty() {
            return Err(Fault::Usage("no scenario has such a name".to_owned()));
        }
        let is_timed = |s: &&mut Scenario| !matches!(s.kind, Kind::Startup | Kind::Client);
        let timed = self.scenarios.iter_mut().filter(is_timed);
        for scenario in timed {
            for (key, value) in [("warmup-s", options.warmup_s), ("duration-s", options.duration_s)]
            {
                if let Some(value) = value {
                    scenario.load.insert(key.to_owned(), value.into());
                }
            }
        }
        self.check()
    }
}

impl Scenario {
    /// The options that hold for `broker`, as written in the file.
    pub fn options_for(&self, broker: &str) -> Map<String, Value> {
        let mut options = self.load.clone();
        if let Some(own) = self.only_for.get(broker) {
            options.extend(own.clone());
        }
        options
    }

    pub fn load_for(&self, broker: &str) -> Result<Load, Fault> {
        let options = Value::Object(self.options_for(broker));
        let bad = |e: serde_json::Error| Fault::Usage(format!("scenario {}: {e}", self.name));
        Ok(match self.kind {
            Kind::RawProduce => {
                let load: ProduceLoad = serde_json::from_value(options).map_err(bad)?;
                load.check()?;
                Load::RawProduce(load)
            }
            Kind::RawFetch => {
                let load: FetchLoad = serde_json::from_value(options).map_err(bad)?;
                load.check()?;
                Load::RawFetch(load)
            }
            Kind::E2e => {
                let load: EndToEndLoad = serde_json::from_value(options).map_err(bad)?;
                load.check()?;
                Load::E2e(load)
            }
            Kind::Client => {
                let load: ClientLoad = serde_json::from_value(options).map_err(bad)?;
                load.check()?;
                Load::Client(load)
            }
            Kind::Startup => Load::Startup(serde_json::from_value(options).map_err(bad)?),
        })
    }

    /// The same load as a command line, of this program or of the client's.
    pub fn command_for(&self, broker: &str) -> String {
        if let Ok(Load::Client(load)) = self.load_for(broker) {
            return load.command.join(" ");
        }
        let kind = serde_json::to_value(self.kind).expect("a kind is a word");
        let mut words = vec!["millstream-bench".to_owned(), text(&kind)];
        for (key, value) in self.options_for(broker) {
            match value {
                Value::Array(items) => {
                    let flag = key.trim_end_matches('s');
                    words.extend(items.iter().map(|item| format!("--{flag} {}", text(item))));
                }
                Value::Bool(false) | Value::Null => {}
                Value::Bool(true) => words.push(format!("--{key}")),
                other => words.push(format!("--{key} {}", text(&other))),
            }
        }
        words.join(" ")
    }

    /// Metrics of the printed tables, each once, figures first.
    pub fn shown(&self) -> Vec<&str> {
        let figures = self.figures.iter().map(|figure| figure.metric.as_str());
        let mut shown: Vec<&str> = Vec::new();
        for name in figures.chain(self.show.iter().map(String::as_str)) {
            if !shown.contains(&name) {
                shown.push(name);
            }
        }
        shown
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(word) => word.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORDED: [(&str, [&str; 2]); 5] = [
        (include_str!("../../../perf/scenarios/spine.json"), BESIDE_KAFKA),
        (include_str!("../../../perf/scenarios/clients.json"), BESIDE_KAFKA),
        (include_str!("../../../perf/scenarios/durability.json"), BESIDE_KAFKA),
        (include_str!("../../../perf/scenarios/fetch.json"), BESIDE_KAFKA),
        (include_str!("../../../perf/scenarios/stalled.json"), ["beside-stalled", "alone"]),
    ];
    const BESIDE_KAFKA: [&str; 2] = ["millstream", "kafka"];

    fn plan(scenario: &str) -> Result<Plan, Fault> {
        Plan::parse(&format!(
            r#"{{"name":"n","about":"a","rounds":2,"settle_s":1.0,"pair":["x","y"],
            "brokers":{{"x":{{"command":["x"]}},"y":{{"command":["y"]}}}},
            "scenarios":[{scenario}]}}"#
        ))
    }

    #[test]
    fn the_recorded_scenarios_can_be_read() {
        for (text, pair) in RECORDED {
            let plan = Plan::parse(text).expect("perf/scenarios holds valid plans");
            assert_eq!(plan.pair, pair);
            for scenario in &plan.scenarios {
                assert!(!scenario.shown().is_empty(), "{} shows nothing", scenario.name);
            }
        }
    }

    #[test]
    fn a_misspelt_option_is_refused() {
        let good = r#"{"name":"p","about":"","kind":"raw-produce","load":{"depth":7}}"#;
        assert!(plan(good).is_ok());
        let misspelt = good.replace("depth", "depht");
        assert!(plan(&misspelt).is_err());
        assert!(plan(&good.replace("raw-produce", "raw-prduce")).is_err());
    }

    #[test]
    fn a_load_that_cannot_run_is_refused_before_any_broker_starts() {
        let none = r#"{"name":"p","about":"","kind":"raw-produce","load":{"connections":0}}"#;
        assert!(plan(none).is_err());
    }

    #[test]
    fn options_of_one_broker_lie_over_the_common_ones() {
        let text = r#"{"name":"p","about":"","kind":"raw-produce","load":{"depth":7},
            "only_for":{"y":{"topic-configs":["flush.messages=1"]}}}"#;
        let plan = plan(text).expect("valid");
        let scenario = &plan.scenarios[0];
        let command = "millstream-bench raw-produce --depth 7";
        assert_eq!(scenario.command_for("x"), command);
        let flushed = format!("{command} --topic-config flush.messages=1");
        assert_eq!(scenario.command_for("y"), flushed);
    }
}

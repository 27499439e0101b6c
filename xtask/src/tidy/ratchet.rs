//! The ratchet: what was too long when its limit came may stay, but not grow.
//!
//! `xtask/tidy-ratchet.tsv` has `check`, `subject`, `measured`. A row that measures less by now, or
//! nothing, must be lowered or removed, so that the file only shrinks.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::Finding;

const FILE: &str = "xtask/tidy-ratchet.tsv";

type Rows = BTreeMap<(String, String), usize>;

pub fn apply(root: &Path, measured: Vec<Finding>) -> Result<Vec<Finding>, String> {
    let text = fs::read_to_string(root.join(FILE)).map_err(|e| format!("{FILE}: {e}"))?;
    Ok(excuse(parse(&text)?, measured))
}

fn parse(text: &str) -> Result<Rows, String> {
    let mut rows = Rows::new();
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        let [check, subject, measured] = cells[..] else {
            return Err(format!("{FILE}: three cells expected: {line}"));
        };
        let measured = measured.parse().map_err(|e| format!("{FILE}: {line}: {e}"))?;
        rows.insert((check.to_owned(), subject.to_owned()), measured);
    }
    Ok(rows)
}

fn excuse(mut rows: Rows, measured: Vec<Finding>) -> Vec<Finding> {
    let mut left = Vec::new();
    for finding in measured {
        let row = rows.remove(&(finding.check.to_owned(), finding.subject.clone()));
        match (row, finding.measured) {
            (Some(allowed), Some(now)) if now == allowed => {}
            (Some(allowed), Some(now)) if now < allowed => {
                let message = format!("is {now} by now, lower its row from {allowed}");
                left.push(Finding::new("ratchet", finding.subject, message));
            }
            _ => left.push(finding),
        }
    }
    for ((_, subject), _) in rows {
        left.push(Finding::new("ratchet", subject, "is within its limit, remove its row"));
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_offender_may_stay_but_neither_grow_nor_keep_slack() {
        let table = "check\tsubject\tmeasured\nfile-lines\ta.rs\t900\n";
        let checks = |now: Option<usize>| -> Vec<&'static str> {
            let finding = now.map(|now| Finding {
                check: "file-lines",
                subject: "a.rs".to_owned(),
                measured: Some(now),
                message: String::new(),
            });
            let rows = parse(table).expect("the table is well formed");
            excuse(rows, finding.into_iter().collect()).iter().map(|f| f.check).collect()
        };
        assert_eq!(checks(Some(900)), [""; 0]);
        assert_eq!(checks(Some(901)), ["file-lines"]);
        assert_eq!(checks(Some(899)), ["ratchet"]);
        assert_eq!(checks(None), ["ratchet"]);
    }
}

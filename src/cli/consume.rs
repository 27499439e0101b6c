//! `millstream consume`: prints the records of a topic, alone or as a member of a group.
//!
//! Alone it reads the partitions that are asked for, from where it is told. As a member it
//! reads what the group gives it, from what the group has committed, and commits what it has
//! printed: when it ends, when the group changes, and every few seconds between. Ctrl-C ends
//! it in order; a second one at once.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use clap::Args;
use signal_hook::consts::{SIGINT, SIGTERM};

use super::client::{
    self, After, Client, Consumer, Fault, Member, Missing, Place, Standing, Topic,
};
use super::print::{Format, Printer};
use super::progress::{Progress, Unit};
use super::{At, time};

const COMMIT_EVERY: Duration = Duration::from_secs(5);
/// What a process ends with that a second Ctrl-C has stopped.
const INTERRUPTED: i32 = 130;

#[derive(Debug, Args)]
pub struct ConsumeArgs {
    #[arg(value_name = "TOPIC")]
    topic: String,
    /// Where to start: beginning, end, an offset, -N for the last N of each partition, or a
    /// time (2026-11-21T09:30Z, -15m, @MILLISECONDS). With --group: where nothing is committed
    #[arg(
        short,
        long,
        value_name = "PLACE",
        default_value = "beginning",
        allow_hyphen_values = true
    )]
    from: String,
    /// Only these partitions; repeatable
    #[arg(short, long = "partition", value_name = "N", conflicts_with = "group")]
    partitions: Vec<i32>,
    /// Read as a member of this group, and commit what was printed
    #[arg(short, long, value_name = "GROUP")]
    group: Option<String>,
    /// Stop after so many records
    #[arg(short = 'n', long, value_name = "N")]
    max_messages: Option<u64>,
    /// Stop at what is the end now, instead of waiting for more
    #[arg(short, long)]
    exit_at_end: bool,
    /// How to write records
    #[arg(short, long, value_enum, default_value_t)]
    output: Format,
    /// Write keys too, with this between key and value
    #[arg(short, long, value_name = "TEXT")]
    key_separator: Option<String>,
    #[command(flatten)]
    at: At,
}

/// Where to start, as it was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum From {
    Place(Place),
    Offset(i64),
    /// So many before the end.
    Last(i64),
}

fn parse_from(text: &str) -> Result<From, Fault> {
    match text {
        "beginning" | "earliest" | "start" => return Ok(From::Place(Place::Beginning)),
        "end" | "latest" => return Ok(From::Place(Place::End)),
        _ => {}
    }
    if let Ok(number) = text.parse::<i64>() {
        let last = From::Last(number.saturating_neg());
        return Ok(if text.starts_with('-') { last } else { From::Offset(number) });
    }
    match time::parse(text, time::now_ms()) {
        Some(ms) => Ok(From::Place(Place::Time(ms))),
        None => Err(Fault::Impossible(format!(
            "--from {text}: write beginning, end, an offset, -N for the last N, or a time like \
             2026-11-21T09:30:00Z, -15m or @MILLISECONDS"
        ))),
    }
}

/// Prints records until it is told to stop.
///
/// # Errors
/// No broker, no such topic or partition, a refusal, or output that cannot be written.
pub fn run(args: &ConsumeArgs) -> Result<(), Fault> {
    let from = parse_from(&args.from)?;
    let mut client = args.at.client()?;
    let topic = client.topic(&args.topic, Missing::Refuse)?;
    let printer = Printer::new(&args.topic, args.output, args.key_separator.clone());
    let mut session = Session {
        client,
        topic,
        from,
        printer,
        left: args.max_messages,
        exit_at_end: args.exit_at_end,
        ends: BTreeMap::new(),
        printed: 0,
        progress: Progress::new(0, Unit::Records, false),
        stop: Arc::new(AtomicBool::new(false)),
    };
    match &args.group {
        None => session.alone(&args.partitions),
        Some(group) => session.member(group),
    }
}

struct Session {
    client: Client,
    topic: Topic,
    from: From,
    printer: Printer,
    /// Records that may still be printed.
    left: Option<u64>,
    exit_at_end: bool,
    /// Where to stop, by partition; empty when there is no such place.
    ends: BTreeMap<i32, i64>,
    printed: u64,
    progress: Progress,
    stop: Arc<AtomicBool>,
}

impl Session {
    fn alone(&mut self, wanted: &[i32]) -> Result<(), Fault> {
        let all: Vec<i32> = self.topic.partitions.iter().map(|one| one.index).collect();
        if let Some(index) = wanted.iter().find(|index| !all.contains(index)) {
            let (name, last) = (&self.topic.name, all.len().saturating_sub(1));
            let reason = format!("topic '{name}' has no partition {index}, only 0 to {last}");
            return Err(Fault::Impossible(reason));
        }
        let partitions = if wanted.is_empty() { all } else { wanted.to_vec() };
        let positions = self.start(&partitions, &BTreeMap::new())?;
        let mut consumer = Consumer::new(self.topic.clone(), positions);
        self.begin(&consumer, &partitions)?;
        while !self.is_done(&consumer) && self.round(&mut consumer)? == After::Continue {}
        Ok(())
    }

    /// The first offset of each partition: the committed one, or what `--from` says.
    fn start(
        &mut self,
        partitions: &[i32],
        committed: &BTreeMap<i32, i64>,
    ) -> Result<BTreeMap<i32, i64>, Fault> {
        let open: Vec<i32> =
            partitions.iter().copied().filter(|index| !committed.contains_key(index)).collect();
        let mut positions = committed.clone();
        positions.retain(|index, _| partitions.contains(index));
        if open.is_empty() {
            return Ok(positions);
        }
        let topic = &self.topic;
        let mut find = |place| client::find(&mut self.client, topic, &open, place);
        positions.extend(match self.from {
            From::Place(place) => find(place)?,
            From::Offset(offset) => open.iter().map(|index| (*index, offset)).collect(),
            From::Last(count) => {
                let (starts, ends) = (find(Place::Beginning)?, find(Place::End)?);
                let back = |(index, end): (i32, i64)| {
                    let start = starts.get(&index).copied().unwrap_or(0);
                    (index, end.saturating_sub(count).max(start))
                };
                ends.into_iter().map(back).collect()
            }
        });
        Ok(positions)
    }

    /// Finds out where to stop, and draws a bar when there is such a place.
    fn begin(&mut self, consumer: &Consumer, partitions: &[i32]) -> Result<(), Fault> {
        if !self.exit_at_end {
            return Ok(());
        }
        self.ends = client::find(&mut self.client, &self.topic, partitions, Place::End)?;
        let distance = |(index, start): (&i32, &i64)| {
            let end = self.ends.get(index).copied().unwrap_or(*start);
            u64::try_from(end - start).unwrap_or(0)
        };
        let total: u64 = consumer.positions().iter().map(distance).sum();
        let total = self.left.map_or(total, |left| left.min(total));
        let elsewhere = !io::stdout().is_terminal();
        self.progress = Progress::new(self.printed + total, Unit::Records, elsewhere);
        Ok(())
    }

    fn is_done(&self, consumer: &Consumer) -> bool {
        let stopped = self.stop.load(Ordering::Relaxed) || self.left == Some(0);
        let at_end = |(index, position): (&i32, &i64)| {
            self.ends.get(index).is_none_or(|end| position >= end)
        };
        stopped || (self.exit_at_end && consumer.positions().iter().all(at_end))
    }

    fn round(&mut self, consumer: &mut Consumer) -> Result<After, Fault> {
        let Session { client, printer, left, ends, printed, exit_at_end, .. } = self;
        let after = consumer.round(client, |partition, record| {
            let past = ends.get(&partition).is_some_and(|end| record.offset >= *end);
            if *exit_at_end && past {
                return Ok(After::Continue);
            }
            printer.print(partition, record)?;
            *printed += 1;
            if let Some(left) = left {
                *left = left.saturating_sub(1);
            }
            Ok(if *left == Some(0) { After::Stop } else { After::Continue })
        });
        // What was printed before a fault shall be seen.
        self.printer.flush()?;
        self.progress.to(self.printed);
        after
    }

    fn member(&mut self, group: &str) -> Result<(), Fault> {
        self.listen_to_signals()?;
        let mut member = Member::new(&mut self.client, group, &self.topic.name)?;
        loop {
            let partitions = member.join(&mut self.client)?;
            self.topic = self.client.topic(&self.topic.name, Missing::Refuse)?;
            let committed = self.committed(group)?;
            let positions = self.start(&partitions, &committed)?;
            let mut consumer = Consumer::new(self.topic.clone(), positions);
            self.begin(&consumer, &partitions)?;
            let standing = self.generation(&mut member, &mut consumer);
            let saved = self.commit(&member, &consumer);
            match standing? {
                Standing::Current => {
                    saved?;
                    return member.leave(&mut self.client);
                }
                // Another member goes on from the last commit that counted: records after it
                // are printed twice, none is missed.
                Standing::Rejoin => {}
            }
        }
    }

    /// Reads until the work is done or the group changes.
    fn generation(
        &mut self,
        member: &mut Member,
        consumer: &mut Consumer,
    ) -> Result<Standing, Fault> {
        let mut last_commit = Instant::now();
        while !self.is_done(consumer) {
            if self.round(consumer)? == After::Stop {
                break;
            }
            if member.beat(&mut self.client)? == Standing::Rejoin {
                return Ok(Standing::Rejoin);
            }
            if last_commit.elapsed() >= COMMIT_EVERY {
                match self.commit(member, consumer) {
                    Err(fault) if client::lost_its_place(&fault) => return Ok(Standing::Rejoin),
                    other => other?,
                }
                last_commit = Instant::now();
            }
        }
        Ok(Standing::Current)
    }

    fn committed(&mut self, group: &str) -> Result<BTreeMap<i32, i64>, Fault> {
        let all = client::committed(&mut self.client, group)?;
        let mine = all.into_iter().filter(|((topic, _), _)| *topic == self.topic.name);
        Ok(mine.map(|((_, index), offset)| (index, offset)).collect())
    }

    fn commit(&mut self, member: &Member, consumer: &Consumer) -> Result<(), Fault> {
        let name = &self.topic.name;
        let offsets: BTreeMap<_, _> = (consumer.positions().iter())
            .map(|(index, offset)| ((name.clone(), *index), *offset))
            .collect();
        match offsets.is_empty() {
            true => Ok(()),
            false => client::commit(&mut self.client, member.committer(), &offsets),
        }
    }

    /// The first signal ends the work in order, the second at once.
    fn listen_to_signals(&self) -> Result<(), Fault> {
        let failed = |cause| Fault::Io { what: "cannot listen to signals".to_owned(), cause };
        for signal in [SIGINT, SIGTERM] {
            let (second, first) = (self.stop.clone(), self.stop.clone());
            signal_hook::flag::register_conditional_shutdown(signal, INTERRUPTED, second)
                .and_then(|_| signal_hook::flag::register(signal, first))
                .map_err(failed)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_words_offsets_counts_and_times() {
        let cases = [
            ("beginning", From::Place(Place::Beginning)),
            ("latest", From::Place(Place::End)),
            ("0", From::Offset(0)),
            ("42", From::Offset(42)),
            ("-10", From::Last(10)),
            ("-0", From::Last(0)),
            ("@5", From::Place(Place::Time(5))),
            ("1970-01-02", From::Place(Place::Time(86_400_000))),
        ];
        for (text, expected) in cases {
            assert_eq!(parse_from(text).unwrap(), expected, "{text}");
        }
        assert!(matches!(parse_from("-15m"), Ok(From::Place(Place::Time(_)))));
    }

    #[test]
    fn what_is_no_place_says_what_one_is() {
        for text in ["", "middle", "1.5", "tomorrow"] {
            let said = parse_from(text).unwrap_err().to_string();
            assert!(said.contains("beginning, end, an offset"), "{said}");
        }
    }
}

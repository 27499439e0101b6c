"""Every client writes the file with every codec; every other client reads it as a group of three
that loses a member half-way. Counts, order within a key and content must be the file's.

The default is a covering design: each consumer reads one topic of every other producer, so shifted
that every consumer meets every codec and every topic is read by some other client. `--full` reads
every topic by every other client. Half of the groups lose their member by SIGKILL (its session must
time out), half by a clean leave.
"""

import contextlib
import os
import signal
import subprocess
import time

import wire
from drivers import CODECS
from tally import Tally

PARTITIONS = 6
GROUP_SECONDS_MAX = 180
PRODUCE_SECONDS_MAX = 120


class Matrix:
    def __init__(self, broker, clients, book, installed, results, work):
        self.broker, self.clients, self.book = broker, clients, book
        self.installed, self.results, self.work = installed, results, work
        self.run = f"{os.getpid()}-{int(time.time())}"
        self.written = set()

    def topic(self, producer, codec):
        return f"flights-{producer.name}-{codec}-{self.run}"

    def produce_all(self):
        for producer in self.clients:
            for codec in producer.codecs:
                self.produce(producer, codec)

    def produce(self, producer, codec):
        topic = self.topic(producer, codec)
        faults = []
        error = wire.create_topic(self.broker, topic, PARTITIONS)
        if error:
            faults.append(f"CreateTopics answers error {error}")
        began = time.monotonic()
        command = producer.command("produce", {
            "bootstrap": self.broker.bootstrap, "topic": topic, "codec": codec, "acks": "all",
            "file": self.installed.rows, "keyed_file": self.installed.keyed_rows})
        log = self.work / f"produce-{producer.name}-{codec}.log"
        code = run_to_end(command, log, PRODUCE_SECONDS_MAX)
        took = time.monotonic() - began
        if code != 0:
            faults.append(f"{producer.name} ended with {code}: {tail(log)}")
        ends = wire.end_offsets(self.broker, topic, PARTITIONS)
        held = sum(offset for _, offset in ends.values())
        if held != len(self.book.rows) or any(error for error, _ in ends.values()):
            faults.append(f"the topic ends at {held} of {len(self.book.rows)} rows: {ends}")
        codecs = wire.codecs_of(self.broker, topic, PARTITIONS)
        if codecs != {CODECS.index(codec)}:
            faults.append(f"the batches have codecs {codecs}, not {CODECS.index(codec)} ({codec})")
        name = f"{producer.name} produces {len(self.book.rows)} rows, {codec}"
        if self.results.check(name, faults, f"{took:.1f} s"):
            self.written.add(topic)

    def consume_all(self, full):
        for consumer in self.clients:
            chosen = self.chosen(consumer, full)
            half = (len(chosen) + 1) // 2
            for how, topics in (("SIGKILL", chosen[:half]), ("a leave", chosen[half:])):
                if topics:
                    GroupRun(self, consumer, topics, how).go()

    def chosen(self, consumer, full):
        """The (topic, producer, codec) that this consumer reads; topics that failed stay out."""
        mine = self.clients.index(consumer)
        others = [c for c in self.clients if c is not consumer] or [consumer]
        found = []
        for rank, producer in enumerate(others):
            codecs = producer.codecs if full else [CODECS[(2 * mine + rank) % len(CODECS)]]
            for codec in codecs:
                topic = self.topic(producer, codec)
                if topic in self.written:
                    found.append((topic, producer.name, codec))
                else:
                    self.results.check(f"{consumer.name} reads {producer.name}'s {codec}",
                                       ["the topic was not written"])
        return found

    def coverage(self, full):
        """What this run has covered, from what it really chose."""
        wanted = sum(len(client.codecs) for client in self.clients)
        pairs = [(consumer.name, topic, codec) for consumer in self.clients
                 for topic, _, codec in self.chosen(consumer, full)]
        met = min(len({codec for name, _, codec in pairs if name == c.name}) for c in self.clients)
        return (f"covered: {len(self.clients)} clients; {len(self.written)} of {wanted} producer x "
                f"codec topics written; {len({topic for _, topic, _ in pairs})} of them read; "
                f"{len(pairs)} of {wanted * max(len(self.clients) - 1, 1)} topic x consumer pairs; "
                f"every consumer met {met} codecs or more" + ("" if full else "; --full reads all"))


class GroupRun:
    """One group of three members over some topics, one of which is lost half-way."""

    def __init__(self, matrix, consumer, topics, how):
        self.matrix, self.consumer, self.topics, self.how = matrix, consumer, topics, how
        self.group = f"group-{consumer.name}-{how[-5:].strip()}-{matrix.run}"
        self.wanted = len(topics) * len(matrix.book.rows)
        self.tally = Tally()
        self.members = []
        self.lost_at = None
        ends = {topic: wire.end_offsets(matrix.broker, topic, PARTITIONS) for topic, _, _ in topics}
        self.ends = {(topic.encode(), str(partition).encode()): offset
                     for topic, found in ends.items() for partition, (_, offset) in found.items()
                     if offset > 0}

    def go(self):
        began = time.monotonic()
        faults = []
        try:
            self.members = [Member(self, number) for number in range(3)]
            self.read_until_whole(faults)
            self.close(faults)
        finally:
            for member in self.members:
                member.end()
        took = time.monotonic() - began
        if self.lost_at is None:
            faults.append("no member was lost: the group was through before half-way was seen")
        idle = [m.number for m in self.members if m.lines == 0]
        if idle:
            faults.append(f"members {idle} of the three read nothing")
        if not faults:
            faults += self.uncommitted()
        for topic, producer, codec in self.topics:
            wrong = self.tally.faults_of(topic, self.matrix.book)
            name = f"{self.consumer.name} reads {producer}'s {codec}"
            detail = f"group of {len(self.topics)} topics, lost a member by {self.how}"
            self.matrix.results.check(name, wrong, detail)
        self.matrix.results.check(
            f"{self.consumer.name} group loses a member by {self.how}", faults,
            f"at {self.lost_at or 0:.0%}, {self.tally.again()} rows again, "
            f"{3 - len(idle)} members read, {took:.1f} s")
        for member in self.members:
            member.out.unlink(missing_ok=True)

    def read_until_whole(self, faults):
        """Until all rows are there and every partition has one who commits its end."""
        until = time.monotonic() + GROUP_SECONDS_MAX
        missing = None
        while missing != []:
            if time.monotonic() > until:
                faults.append(f"{self.tally.rows()} of {self.wanted} rows after "
                              f"{GROUP_SECONDS_MAX} s, without a reader: {missing}: "
                              + self.last_words())
                return
            fresh = sum(member.read() for member in self.members)
            for member in self.members:
                if not member.lost and member.process.poll() is not None:
                    faults.append(f"member {member.number} ended: " + tail(member.log))
                    return
            if self.lost_at is None:
                # What has been read is only counted: the tally takes longer than the readers.
                if not self.lose_one_half_way():
                    return
            else:
                fresh += sum(member.feed() for member in self.members)
                if self.tally.rows() >= self.wanted:
                    missing = self.without_reader()
            if fresh == 0:
                time.sleep(0.02)

    def lose_one_half_way(self):
        """Loses the member with the most rows that has some before it; False if there is none."""
        if sum(member.lines for member in self.members) * 2 < self.wanted:
            return True
        for member in sorted(self.members, key=lambda member: -member.lines):
            with member.stopped():
                if any(offset + 1 < self.ends[place] for place, offset in member.seen.items()):
                    self.lost_at = sum(m.lines for m in self.members) / self.wanted
                    member.lose(self.how)
                    return True
        return False

    def without_reader(self):
        """Partitions that no survivor has read to the end, and whose end is not committed: those
        of a lost member, until its session is over and another has read them again."""
        survivors = [member for member in self.members if not member.lost]
        left = [place for place, end in self.ends.items()
                if all(member.seen.get(place, -1) + 1 < end for member in survivors)]
        found = self.committed() if left else {}
        return [f"{topic.decode()}-{partition.decode()}" for topic, partition in left
                if found.get((topic.decode(), int(partition))) != self.ends[topic, partition]]

    def committed(self):
        names = [topic for topic, _, _ in self.topics]
        return wire.committed(self.matrix.broker, self.group, names, PARTITIONS)

    def close(self, faults):
        """The survivors commit and leave; whatever they still had is counted too."""
        for member in self.members:
            member.process.send_signal(signal.SIGTERM)
        for member in self.members:
            code = member.wait(20)
            if code != 0 and not (member.lost and self.how == "SIGKILL"):
                faults.append(f"member {member.number} ended with {code}: {tail(member.log)}")
            while member.read():
                pass
            member.feed()

    def uncommitted(self):
        """Partitions whose committed offset is not their end once all have left."""
        found, faults = self.committed(), []
        for topic, _, _ in self.topics:
            for partition in range(PARTITIONS):
                end = len(self.tally.of(topic).get(partition, []))
                offset = found.get((topic, partition))
                if offset != end and not (end == 0 and offset == -1):
                    faults.append(f"{topic}-{partition} is committed at {offset}, ends at {end}")
        return faults

    def last_words(self):
        return " | ".join(tail(member.log) for member in self.members)


class Member:
    """One consumer process and how far its output has been read."""

    def __init__(self, run, number):
        work, name = run.matrix.work, f"{run.group}-{number}"
        self.run, self.number = run, number
        self.out, self.log = work / f"{name}.rows", work / f"{name}.log"
        self.lines, self.lost, self.rest = 0, False, b""
        self.unfed, self.seen = [], {}
        command = run.consumer.command("consume", {
            "bootstrap": run.matrix.broker.bootstrap, "group": run.group, "out": self.out,
            "topics": ",".join(topic for topic, _, _ in run.topics)})
        self.out.touch()
        with open(self.log, "wb") as log, open(self.out, "wb") as out:
            self.process = subprocess.Popen(
                [str(word) for word in command], stdin=subprocess.DEVNULL, stderr=log,
                stdout=out if run.consumer.to_stdout else log)
        self.source = open(self.out, "rb")

    def read(self):
        """Takes what the member has written since, some of it; how many lines that were."""
        data = self.source.read(8 << 20)
        self.unfed.append(data)
        count = data.count(b"\n")
        self.lines += count
        return count

    def feed(self):
        """Gives the tally what was read; a torn last line waits. How many lines that were."""
        data, self.unfed = b"".join(self.unfed), []
        lines = (self.rest + data).split(b"\n")
        self.rest = lines.pop()
        self.run.tally.feed(lines, self.seen)
        return len(lines)

    @contextlib.contextmanager
    def stopped(self):
        """It stands still meanwhile, and all that it has written is in the tally."""
        self.process.send_signal(signal.SIGSTOP)
        with contextlib.suppress(ChildProcessError):  # it has ended
            os.waitid(os.P_PID, self.process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
        try:
            while self.read():
                pass
            self.feed()
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)

    def lose(self, how):
        self.lost = True
        self.process.send_signal(signal.SIGKILL if how == "SIGKILL" else signal.SIGTERM)

    def wait(self, seconds):
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def run_to_end(command, log, seconds):
    """Runs a driver; returns its exit code, or None if it had to be stopped."""
    with open(log, "wb") as out:
        process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL,
                                   stdout=out, stderr=subprocess.STDOUT)
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return None


def tail(log):
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return " / ".join(lines[-3:])[-600:]

"""The broker dies by SIGKILL while clients produce, twice in each run, and starts again by itself.

Whatever a client was told is acknowledged must then be there, at the offset it was told, with the
content of its row; with acks=1 as with acks=all. An idempotent producer (acks=all) must in the end
have written the file exactly: every row once, in order. The restart gets no help but the command.
"""

import os
import random
import subprocess
import time

import drivers
import wire
from matrix import PARTITIONS, run_to_end, tail
from tally import Tally

KILLS = 2
RUN_SECONDS_MAX = 90


def run(broker, clients, book, installed, results, work):
    dice = random.Random(7)
    for client in (c for c in clients if c.reports):
        for acks in ("1", "all"):
            KillRun(broker, client, acks, book, installed, results, work).go(dice)


class KillRun:
    def __init__(self, broker, client, acks, book, installed, results, work):
        self.broker, self.client, self.acks = broker, client, acks
        self.book, self.installed, self.results = book, installed, results
        self.topic = f"killed-{client.name}-{acks}-{os.getpid()}-{int(time.time())}"
        self.report = work / f"{self.topic}.report"
        self.log = work / f"{self.topic}.log"
        self.rows_read = work / f"{self.topic}.rows"
        self.restarts = []

    def go(self, dice):
        faults = []
        error = wire.create_topic(self.broker, self.topic, PARTITIONS)
        if error:
            faults.append(f"CreateTopics answers error {error}")
        self.report.touch()
        command = self.client.command("produce", {
            "bootstrap": self.broker.bootstrap, "topic": self.topic, "codec": "lz4",
            "acks": self.acks, "file": self.installed.rows, "report": self.report})
        with open(self.log, "wb") as log:
            process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL,
                                       stdout=log, stderr=subprocess.STDOUT)
        try:
            self.kill_while(process, dice, faults)
            code = process.wait(RUN_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            code = None
            faults.append(f"still producing after {RUN_SECONDS_MAX} s: {tail(self.log)}")
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
        acknowledged = self.acknowledged()
        tally = self.read_back(faults)
        faults += self.lost(acknowledged, tally)
        if self.acks == "all":
            if code != 0:
                faults.append(f"the idempotent producer ended with {code}: {tail(self.log)}")
            faults += tally.faults_of(self.topic, self.book)
        self.conclude(faults, acknowledged, tally)

    def kill_while(self, process, dice, faults):
        """Kills at two random points of the first half of the file, as the acknowledgements come."""
        points = sorted(dice.uniform(0.02, 0.5) for _ in range(KILLS))
        for point in points:
            wanted = int(point * len(self.book.rows))
            until = time.monotonic() + RUN_SECONDS_MAX
            while self.report_rows() < wanted:
                if process.poll() is not None:
                    faults.append(f"the producer ended with {process.returncode} before the kill at "
                                  f"{point:.0%}: {tail(self.log)}")
                    return
                if time.monotonic() > until:
                    faults.append(f"no progress to {point:.0%}: {tail(self.log)}")
                    return
                time.sleep(0.001)
            self.broker.kill()
            self.restarts.append(self.broker.start())

    def report_rows(self):
        """About how many rows are acknowledged: a line of the report has at least 12 bytes."""
        return self.report.stat().st_size // 16

    def acknowledged(self):
        """{(partition, offset): row index} of all that the client was told is written."""
        found = {}
        for line in self.report.read_text().splitlines():
            index, partition, offset = map(int, line.split())
            found[partition, offset] = index
        return found

    def read_back(self, faults):
        """The whole topic as librdkafka finds it afterwards, in no group."""
        reader = next(client for client in drivers.clients(self.installed)
                      if client.name == "confluent-kafka")
        command = reader.command("dump", {"bootstrap": self.broker.bootstrap,
                                          "topic": self.topic, "out": self.rows_read})
        self.rows_read.touch()
        log = self.log.with_suffix(".read.log")
        code = run_to_end(command, log, RUN_SECONDS_MAX)
        if code != 0:
            faults.append(f"the topic could not be read back: {code} {tail(log)}")
        tally = Tally()
        tally.feed(self.rows_read.read_bytes().split(b"\n")[:-1], {})
        return tally

    def lost(self, acknowledged, tally):
        """Acknowledged rows that are not where the client was told, as they were sent."""
        logs, faults, lost = tally.of(self.topic), [], 0
        for (partition, offset), index in acknowledged.items():
            if offset < 0:
                continue  # librdkafka: acknowledged as a duplicate, the offset is not told
            rows = logs.get(partition, [])
            if offset >= len(rows) or rows[offset] != self.book.rows[index]:
                lost += 1
                if lost <= 3:
                    found = rows[offset] if offset < len(rows) else "nothing"
                    faults.append(f"row {index} was acknowledged at {partition}:{offset}, "
                                  f"there is {found!r}")
        if lost:
            faults.append(f"{lost} of {len(acknowledged)} acknowledged rows are lost")
        if not acknowledged:
            faults.append("nothing was acknowledged")
        return faults

    def conclude(self, faults, acknowledged, tally):
        took = ", ".join(f"{seconds * 1000:.0f} ms" for seconds in self.restarts)
        detail = (f"{len(acknowledged)} rows acknowledged, {tally.rows()} there; "
                  f"restarts took {took}")
        if len(self.restarts) != KILLS:
            faults.append(f"{len(self.restarts)} kills instead of {KILLS}")
        name = f"{self.client.name} acks={self.acks}: nothing acknowledged is lost by kill -9"
        if self.results.check(name, faults, detail):
            self.rows_read.unlink()
            self.report.unlink()

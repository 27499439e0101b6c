"""Bad input over raw sockets: each probe gets Kafka's error code or a closed connection, other
connections are untouched, memory stays bounded, and a close leaves one log line with the peer.

The tables below are the expectation: (name, request, error codes that are right). `CLOSED` means the
connection is closed without an answer. Where Kafka is lax and the stricter answer is better, both
are right.
"""

import random
import socket
import struct
import time

import batches
import wire
from wire import Closed, array, blob, i8, i16, i32, i64, string

CLOSED = "closed"
SILENT_SECONDS = 5
# What promises, and in the end everything, may have added to the resident memory: the tails
# and the blocks that stay for what comes next, receive buffers that were used (docs/memory.md).
RSS_GROWTH_MIB_MAX = 64
# While and just after bombs are unpacked: the default of millstream.memory.
RSS_MIB_MAX = 512
FRAME_BYTES_MAX = 104_857_600

CORRUPT_MESSAGE, UNKNOWN_TOPIC_OR_PARTITION, MESSAGE_TOO_LARGE = 2, 3, 10
OFFSET_OUT_OF_RANGE, INVALID_TOPIC, INVALID_REQUIRED_ACKS = 1, 17, 21
ILLEGAL_GENERATION, INVALID_GROUP_ID, UNKNOWN_MEMBER_ID = 22, 24, 25
INVALID_SESSION_TIMEOUT, UNSUPPORTED_VERSION, INVALID_PARTITIONS = 26, 35, 37
INVALID_REPLICATION_FACTOR, INVALID_CONFIG, INVALID_REQUEST = 38, 40, 42
UNSUPPORTED_COMPRESSION_TYPE, INVALID_RECORD, UNKNOWN_SERVER_ERROR = 76, 87, -1
POLICY_VIOLATION, OUT_OF_ORDER_SEQUENCE, INCONSISTENT_PROTOCOL = 44, 45, 23


def run(broker, results):
    suite = Suite(broker, results)
    suite.prepare()
    suite.frames()
    suite.announced_frames()
    suite.versions()
    suite.produce()
    suite.reads()
    suite.topics()
    suite.groups()
    suite.pipelining()
    suite.mutations()
    suite.afterwards()


class Suite:
    def __init__(self, broker, results):
        self.broker, self.results = broker, results
        self.topic = f"bad-input-{time.time_ns()}"
        self.written = 0

    def prepare(self):
        """A topic and two connections that must not notice anything."""
        faults = []
        error = wire.create_topic(self.broker, self.topic, 2)
        if error:
            faults.append(f"CreateTopics answers error {error}")
        self.bystanders = []
        self.connect_bystanders()
        self.rss_before = self.broker.rss_mib()
        until = time.monotonic() + 10  # a broker may need a moment to lead a new topic
        while (fresh := self.disturbed()) and time.monotonic() < until:
            time.sleep(0.1)
        faults += fresh
        self.results.check("two bystanders produce and fetch", faults)

    def connect_bystanders(self):
        for connection in self.bystanders:
            connection.close()
        self.bystanders = [wire.Connection(self.broker), wire.Connection(self.broker)]

    def disturbed(self):
        """What the bystanders notice: they write a record and read it back."""
        if faults := self.bystanders_fault():
            self.broker.check_alive()
            self.connect_bystanders()
            self.written = wire.end_offsets(self.broker, self.topic, 1)[0][1]
        return faults

    def bystanders_fault(self):
        try:
            for connection in self.bystanders:
                value = f"bystander {self.written}".encode()
                error, offset = self.produced(connection, batches.batch([value]), 0)
                if error or offset != self.written:
                    return [f"a bystander's produce got error {error}, offset {offset} instead of "
                            f"{self.written}"]
                self.written += 1
                error, data = fetched(connection.call(
                    wire.FETCH, 4, fetch(self.topic, 0, offset)))
                if error or value not in data:
                    return [f"a bystander's fetch got error {error} and {len(data)} bytes"]
        except (Closed, OSError, EOFError) as fault:
            return [f"a bystander's connection broke: {fault!r}"]
        return []

    def produced(self, connection, records, partition, acks=-1, topic=None):
        body = string(None) + i16(acks) + i32(10_000)
        body += array([string(topic or self.topic) + array([i32(partition) + blob(records)])])
        answer = connection.call(wire.PRODUCE, 7, body)
        answer.i32(), answer.string(), answer.i32(), answer.i32()
        return answer.i16(), answer.i64()

    def probe(self, name, ask, right):
        """One probe on a connection of its own; `ask` returns an error code or raises Closed."""
        right = right if isinstance(right, tuple) else (right,)
        mark = self.log_size()
        try:
            with wire.Connection(self.broker, timeout=SILENT_SECONDS) as connection:
                port = connection.local_port
                try:
                    got = ask(connection)
                except Closed:
                    got = CLOSED
        except (OSError, EOFError, struct.error) as fault:
            got = f"{type(fault).__name__}: {fault}"
        faults = [] if got in right else [f"got {got}, right would be {' or '.join(map(str, right))}"]
        if got == CLOSED and self.broker.logs_peers:
            faults += self.unexplained(mark, port)
        self.results.check(f"bad input: {name}", faults + self.disturbed(), str(got))

    def log_size(self):
        return self.broker.log.stat().st_size if self.broker.log.exists() else 0

    def unexplained(self, mark, port):
        """A close must leave exactly one line that names the peer."""
        until = time.monotonic() + 2
        while True:
            with open(self.broker.log, "rb") as log:
                log.seek(mark)
                lines = [line for line in log if f":{port}".encode() in line]
            if lines or time.monotonic() > until:
                break
            time.sleep(0.02)
        if len(lines) == 1:
            return []
        return [f"{len(lines)} log lines name the closed peer 127.0.0.1:{port}, not one"]

    def frames(self):
        """Bytes that are no request at all."""
        noise = random.Random(1).randbytes(65_536)
        hello = bytes.fromhex("16030100a5010000a10303") + noise[:160]
        cases = [
            ("65,536 random bytes", b"\xff" + noise),
            ("an HTTP request", b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"),
            ("a TLS hello", hello),
            ("a frame of -1 bytes", i32(-1)),
            ("a frame of 2^31-1 bytes", i32(0x7FFFFFFF)),
            ("a frame one byte over the limit", i32(FRAME_BYTES_MAX + 1)),
            ("an empty frame", i32(0)),
            ("a frame too short for a header", i32(4) + i16(3) + i16(4)),
            ("a client id longer than its frame", i32(10) + i16(3) + i16(4) + i32(1) + i16(500)),
            ("a client id of length -7", i32(10) + i16(3) + i16(4) + i32(1) + i16(-7)),
        ]
        for name, data in cases:
            self.probe(name, raw(data), CLOSED)
        self.probe("a request one byte at a time", drip, 0)

        def torn(connection):
            connection.send(i32(1000) + b"\0\3\0\4" + bytes(500))
            return 0
        self.probe("a frame whose sender goes away", torn, 0)

    def announced_frames(self):
        """100 connections announce 100 MiB each and send none of it: no memory for promises."""
        if not self.broker.logs_peers:
            self.results.say("NOT RUN: announced frames, they are the death of other brokers")
            return
        held = []
        try:
            for _ in range(100):
                connection = wire.Connection(self.broker)
                connection.send(i32(FRAME_BYTES_MAX) + i16(0) + i16(7) + i32(1) + i16(-1))
                held.append(connection)
            time.sleep(0.5)
            self.results.check("bad input: 100 frames of 100 MiB announced, not sent",
                               self.grown() + self.disturbed(), self.memory())
        finally:
            for connection in held:
                connection.close()

    def grown(self, seconds=0, most=None):
        """Whether memory is over its bound, and still is after some seconds."""
        if self.rss_before is None or not self.broker.logs_peers:
            return []
        most = most or self.rss_before + RSS_GROWTH_MIB_MAX
        until = time.monotonic() + seconds
        while (now := self.broker.rss_mib()) > most:
            if time.monotonic() > until:
                return [f"resident memory went from {self.rss_before:.0f} to {now:.0f} MiB, "
                        f"{most:.0f} are right"]
            time.sleep(0.1)
        return []

    def memory(self):
        now = self.broker.rss_mib()
        return "memory not measured" if now is None else f"{self.rss_before:.0f} -> {now:.0f} MiB"

    def versions(self):
        self.probe("API 9999", raw(wire.request(9999, 0, b"")), CLOSED)
        self.probe("API -3", raw(wire.request(-3, 0, b"")), CLOSED)
        self.probe("Metadata version 99", raw(wire.request(wire.METADATA, 99, b"")), CLOSED)
        self.probe("Metadata version -1", raw(wire.request(wire.METADATA, -1, b"")), CLOSED)
        self.probe("Produce version 2", raw(wire.request(wire.PRODUCE, 2, b"")), CLOSED)

        def too_new(connection):
            connection.send(wire.request(wire.API_VERSIONS, 99, b"\0"))
            answer = wire.Cursor(connection.receive()[1])
            error = answer.i16()
            ranges = answer.array(lambda: (answer.i16(), answer.i16(), answer.i16()))
            known = [r for r in ranges if r[0] == wire.API_VERSIONS and r[1] == 0 and r[2] >= 3]
            return error if known and answer.at == len(answer.data) else f"{error} with {ranges}"
        self.probe("ApiVersions version 99 (answered in version 0)", too_new, UNSUPPORTED_VERSION)
        for count in (-2, 0x7FFFFFFF, -0x80000000):
            self.probe(f"Produce with {count} topics", raw(wire.request(
                wire.PRODUCE, 7, string(None) + i16(-1) + i32(1000) + i32(count))), CLOSED)
        self.probe("Metadata with 2^31-1 topics", raw(wire.request(
            wire.METADATA, 4, i32(0x7FFFFFFF))), CLOSED)
        self.probe("Metadata with a cut body", raw(wire.request(
            wire.METADATA, 4, i32(2) + string("a"))), CLOSED)
        self.probe("Fetch with a cut body", raw(wire.request(wire.FETCH, 4, i32(-1))), CLOSED)

    def produce(self):
        good = batches.batch([b"one", b"two"])
        refused = (CORRUPT_MESSAGE, INVALID_RECORD)
        cases = [
            ("a corrupt CRC", batches.batch([b"v"], crc_change=1), CORRUPT_MESSAGE),
            ("magic 9", batches.batch([b"v"], magic=9), refused),
            ("magic 0", batches.old_message(0), refused),
            ("magic 1", batches.old_message(1), refused),
            ("a batch length below the header", i64(0) + i32(10) + good[12:], refused),
            ("a batch length past the end", batches.batch([b"v"], length_change=9), refused),
            ("a negative batch length", i64(0) + i32(-5) + good[12:], refused),
            ("a cut batch", good[:-3], refused),
            ("two batches for one partition", good + good, refused),
            ("more records announced than there are", batches.batch([b"v"], count=10), refused),
            ("fewer records announced than there are", batches.batch([b"v"] * 3, count=1), refused),
            ("a record count of 2^31-1", batches.batch([b"v"], count=0x7FFFFFFF), refused),
            ("a negative record count", batches.batch([b"v"], count=-4), refused),
            ("a control batch", batches.batch([b"v"], attributes=0x20), INVALID_RECORD),
            ("codec 7", batches.batch([b"v"], attributes=7),
             (UNSUPPORTED_COMPRESSION_TYPE, UNKNOWN_SERVER_ERROR, *refused)),
            ("gzip that is none", batches.batch([b"v"], attributes=1),
             (UNKNOWN_SERVER_ERROR, *refused)),
            ("a batch over max.message.bytes", batches.batch([bytes(1_100_000)]),
             MESSAGE_TOO_LARGE),
            ("records without bytes", b"", (INVALID_RECORD, CORRUPT_MESSAGE)),
            ("200 MiB in 200 KB of gzip", batches.bomb(200), (0, MESSAGE_TOO_LARGE, *refused)),
        ]
        for name, data, right in cases:
            self.probe(f"Produce of {name}",
                       lambda connection, data=data: self.produced(connection, data, 1)[0], right)
        unknown = UNKNOWN_TOPIC_OR_PARTITION
        for name, partition, acks, topic, right in [
                ("partition 99", 99, -1, None, unknown), ("partition -1", -1, -1, None, unknown),
                ("an unknown topic", 0, -1, "nobody-made-this", unknown),
                ("an impossible topic", 0, -1, "a/b", (unknown, INVALID_TOPIC)),
                ("acks=5", 0, 5, None, INVALID_REQUIRED_ACKS)]:
            self.probe(f"Produce to {name}" if acks < 0 else f"Produce with {name}",
                       lambda connection, p=partition, a=acks, t=topic:
                       self.produced(connection, good, p, a, t)[0], right)
        self.results.check("bad input: memory after bad batches", self.grown(most=RSS_MIB_MAX),
                           self.memory())

    def reads(self):
        for name, topic, partition, offset, right in [
                ("past the end", self.topic, 0, 1 << 40, OFFSET_OUT_OF_RANGE),
                ("at -5", self.topic, 0, -5, OFFSET_OUT_OF_RANGE),
                ("at -2^63", self.topic, 0, -(1 << 63), OFFSET_OUT_OF_RANGE),
                ("of partition 99", self.topic, 99, 0, UNKNOWN_TOPIC_OR_PARTITION),
                ("of partition -7", self.topic, -7, 0, UNKNOWN_TOPIC_OR_PARTITION),
                ("of an unknown topic", "nobody-made-this", 0, 0, UNKNOWN_TOPIC_OR_PARTITION)]:
            self.probe(f"Fetch {name}", lambda connection, a=(topic, partition, offset): fetched(
                connection.call(wire.FETCH, 4, fetch(*a)))[0], right)
        self.probe("Fetch of an unknown topic id", fetch_by_id, (100,))
        for name, topic, partition in [("an unknown topic", "nobody-made-this", 0),
                                       ("partition 99", self.topic, 99)]:
            self.probe(f"ListOffsets of {name}", lambda connection, t=topic, p=partition:
                       listed(connection, t, p), UNKNOWN_TOPIC_OR_PARTITION)
        self.probe("DeleteRecords past the end", lambda connection: delete_records(
            connection, self.topic, 0, 1 << 40), OFFSET_OUT_OF_RANGE)

    def topics(self):
        for name in ["", ".", "..", "a/b", "a b", "a\0b", "schön", "x" * 250, "a\n"]:
            self.probe(f"CreateTopics {name[:12]!r}", lambda connection, name=name: created(
                connection, name), INVALID_TOPIC)
        fresh = f"{self.topic}-never"
        over = (INVALID_PARTITIONS, POLICY_VIOLATION, INVALID_REQUEST)
        for name, keywords, right in [
                ("with 0 partitions", {"partitions": 0}, INVALID_PARTITIONS),
                ("with -5 partitions", {"partitions": -5}, INVALID_PARTITIONS),
                ("with 2^31-1 partitions", {"partitions": 0x7FFFFFFF}, over),
                ("with 3 replicas", {"replicas": 3}, INVALID_REPLICATION_FACTOR),
                ("with 0 replicas", {"replicas": 0}, INVALID_REPLICATION_FACTOR),
                ("with an unknown config", {"config": ("no.such.key", "1")}, INVALID_CONFIG),
                ("with an impossible config", {"config": ("retention.ms", "soon")}, INVALID_CONFIG),
                ("that is there", {"again": True}, 36)]:
            keywords = dict(keywords)
            topic = self.topic if keywords.pop("again", False) else fresh
            self.probe(f"CreateTopics {name}", lambda connection, topic=topic, keywords=keywords:
                       created(connection, topic, **keywords), right)
        for name in ["..", "a b", "x" * 250]:
            self.probe(f"Metadata of {name[:12]!r}", lambda connection, name=name: described(
                connection, name), INVALID_TOPIC)

    def groups(self):
        group = f"{self.topic}-group"
        wire.await_coordinator(self.broker, group)
        member = i32(3) + string("ghost")
        topic = array([string(self.topic) + array([i32(0) + i64(1) + string("")])])
        commit = string(group) + member + i64(-1) + topic

        def committed(connection):
            answer = connection.call(wire.OFFSET_COMMIT, 2, commit)
            answer.i32(), answer.string(), answer.i32(), answer.i32()
            return answer.i16()

        def join(name, session_ms):
            body = string(name) + i32(session_ms) + i32(10_000) + string("") + string("consumer")
            return body + array([string("range") + blob(b"")])
        unknown = (UNKNOWN_MEMBER_ID, ILLEGAL_GENERATION)
        self.probe("OffsetCommit by an unknown member", committed, unknown)
        for name, api, version, body, right in [
                ("Heartbeat by an unknown member", 12, 1, string(group) + member, unknown),
                ("SyncGroup by an unknown member", 14, 1, string(group) + member + array([]),
                 unknown),
                ("LeaveGroup by an unknown member", 13, 1, string(group) + string("ghost"),
                 UNKNOWN_MEMBER_ID),
                ("JoinGroup without a group id", 11, 2, join("", 10_000), INVALID_GROUP_ID),
                ("JoinGroup with a session of 1 ms", 11, 2, join(group, 1),
                 INVALID_SESSION_TIMEOUT),
                ("JoinGroup with a session of 24 days", 11, 2, join(group, 0x7FFFFFFF),
                 INVALID_SESSION_TIMEOUT)]:
            self.probe(name, second_is_error(api, version, body), right)
        no_protocols = string(group) + i32(10_000) + i32(10_000) + string("") + string("consumer")
        self.probe("JoinGroup without protocols", second_is_error(11, 2, no_protocols + array([])),
                   INCONSISTENT_PROTOCOL)

    def pipelining(self):
        """200 requests of different cost in one write come back in the order they were sent."""
        faults = []
        with wire.Connection(self.broker) as connection:
            data = b""
            for number in range(200):
                slow = number % 3 == 0
                data += wire.request(wire.FETCH, 4, fetch(self.topic, 0, 0), number) if slow else \
                    wire.request(wire.API_VERSIONS, 0, b"", number)
            connection.send(data)
            order = [connection.receive()[0] for _ in range(200)]
        if order != list(range(200)):
            faults.append(f"answers came as {order[:20]}…")
        self.results.check("200 pipelined requests are answered in order", faults)

    def mutations(self):
        """Sound requests with a few bytes changed: any answer or a close, but never silence."""
        dice = random.Random(11)
        produce = string(None) + i16(-1) + i32(1000) + array(
            [string(self.topic) + array([i32(1) + blob(batches.batch([b"one", b"two"]))])])
        seeds = [wire.request(wire.PRODUCE, 7, produce),
                 wire.request(wire.FETCH, 4, fetch(self.topic, 0, 0)),
                 wire.request(wire.METADATA, 4, array([string(self.topic)]) + i8(0)),
                 wire.request(wire.JOIN_GROUP, 2, string("g") + i32(9000) + i32(9000) + string("")
                              + string("consumer") + array([string("range") + blob(b"x")])),
                 bytes.fromhex("00000019001200040000000100016100056b636174076b312e302e3000")]
        faults, answered, closed = [], 0, 0
        for number in range(600):
            data = bytearray(dice.choice(seeds))
            for _ in range(dice.choice([1, 1, 2, 4, 16])):
                data[dice.randrange(4, len(data))] = dice.randrange(256)
            data[:4] = i32(len(data) - 4)
            try:
                with wire.Connection(self.broker, timeout=0.5) as connection:
                    connection.send(bytes(data))
                    connection.receive()
                    answered += 1
            except (Closed, ConnectionError):
                closed += 1
            except socket.timeout:
                pass  # a long poll or acks=0 made by the change: no answer is due yet
            if number % 50 == 49:
                faults += self.disturbed()
        quiet = 600 - answered - closed
        self.results.check("bad input: 600 mutated requests", faults[:3],
                           f"{answered} answered, {closed} closed, {quiet} still waiting")

    def afterwards(self):
        faults = self.disturbed() + self.grown(seconds=10)
        self.results.check("the broker is as before", faults, self.memory())
        for connection in self.bystanders:
            connection.close()


def raw(data):
    """Sends bytes; what comes back is an answer's length, or a close."""
    def ask(connection):
        connection.send(data)
        return f"an answer of {len(connection.receive()[1])} bytes"
    return ask


def drip(connection):
    for byte in wire.request(wire.API_VERSIONS, 0, b""):
        connection.send(bytes([byte]))
        time.sleep(0.001)
    return wire.Cursor(connection.receive()[1]).i16()


def second_is_error(api, version, body):
    """For answers that begin with the throttle time and then the error code."""
    def ask(connection):
        answer = connection.call(api, version, body)
        answer.i32()
        return answer.i16()
    return ask


def fetch(topic, partition, offset):
    return (i32(-1) + i32(100) + i32(1) + i32(1 << 20) + i8(0)
            + array([string(topic) + array([i32(partition) + i64(offset) + i32(1 << 20)])]))


def fetched(answer):
    answer.i32(), answer.i32(), answer.string(), answer.i32(), answer.i32()
    error, _high, _stable = answer.i16(), answer.i64(), answer.i64()
    answer.array(lambda: (answer.i64(), answer.i64()))
    return error, answer.blob() or b""


def fetch_by_id(connection):
    """Fetch v13: compact fields and topic ids, written out by hand."""
    topic = bytes(range(16)) + b"\2" + i32(0) + i32(-1) + i64(0) + i32(-1) + i64(-1) + i32(1 << 20)
    body = (i32(-1) + i32(100) + i32(1) + i32(1 << 20) + i8(0) + i32(0) + i32(-1)
            + b"\2" + topic + b"\0\0" + b"\1" + b"\1" + b"\0")
    connection.send(i32(len(body) + 11) + i16(1) + i16(13) + i32(1) + i16(0) + b"\0" + body)
    answer = wire.Cursor(connection.receive()[1])
    answer.take(1), answer.i32()
    if error := answer.i16():
        return error
    answer.i32(), answer.take(1 + 16 + 1), answer.i32()
    return answer.i16()


def listed(connection, topic, partition):
    body = i32(-1) + i8(0) + array([string(topic) + array([i32(partition) + i64(-1)])])
    answer = connection.call(wire.LIST_OFFSETS, 2, body)
    answer.i32(), answer.i32(), answer.string(), answer.i32(), answer.i32()
    return answer.i16()


def delete_records(connection, topic, partition, offset):
    body = array([string(topic) + array([i32(partition) + i64(offset)])]) + i32(5000)
    answer = connection.call(21, 1, body)
    answer.i32(), answer.i32(), answer.string(), answer.i32(), answer.i32(), answer.i64()
    return answer.i16()


def created(connection, name, partitions=1, replicas=1, config=None):
    overrides = [string(config[0]) + string(config[1])] if config else []
    topic = string(name) + i32(partitions) + i16(replicas) + array([]) + array(overrides)
    answer = connection.call(wire.CREATE_TOPICS, 4, array([topic]) + i32(10_000) + i8(0))
    answer.i32(), answer.i32(), answer.string()
    return answer.i16()


def described(connection, name):
    answer = connection.call(wire.METADATA, 4, array([string(name)]) + i8(0))
    answer.i32()
    answer.array(lambda: (answer.i32(), answer.string(), answer.i32(), answer.string()))
    answer.string(), answer.i32(), answer.i32()
    return answer.i16()

"""As much of Kafka's protocol as the tests need to look past the clients: a blocking connection,
the header, and a few requests in versions without compact fields. Not a client: it retries nothing.
"""

import socket
import struct
import time

PRODUCE, FETCH, LIST_OFFSETS, METADATA = 0, 1, 2, 3
OFFSET_COMMIT, OFFSET_FETCH, FIND_COORDINATOR = 8, 9, 10
JOIN_GROUP, HEARTBEAT, API_VERSIONS, CREATE_TOPICS = 11, 12, 18, 19

NONE = 0
NOT_YET = (14, 15, 16)  # coordinator loading, not available, not this one


def i8(value):
    return struct.pack(">b", value)


def i16(value):
    return struct.pack(">h", value)


def i32(value):
    return struct.pack(">i", value)


def i64(value):
    return struct.pack(">q", value)


def string(value):
    return i16(-1) if value is None else i16(len(value.encode())) + value.encode()


def blob(value):
    return i32(-1) if value is None else i32(len(value)) + value


def array(items):
    return i32(-1) if items is None else i32(len(items)) + b"".join(items)


def request(api, version, body, correlation=1, client_id="probe"):
    """A whole frame, length included, with a version 1 header."""
    payload = i16(api) + i16(version) + i32(correlation) + string(client_id) + body
    return i32(len(payload)) + payload


class Cursor:
    """Reads the answer's fields in order."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, count):
        if self.at + count > len(self.data):
            raise EOFError(f"answer ends at {len(self.data)}, field needs {self.at + count}")
        self.at += count
        return self.data[self.at - count:self.at]

    def number(self, shape):
        return struct.unpack(">" + shape, self.take(struct.calcsize(shape)))[0]

    def i8(self):
        return self.number("b")

    def i16(self):
        return self.number("h")

    def i32(self):
        return self.number("i")

    def i64(self):
        return self.number("q")

    def string(self):
        length = self.i16()
        return None if length < 0 else self.take(length).decode()

    def blob(self):
        length = self.i32()
        return None if length < 0 else self.take(length)

    def array(self, read):
        return [read() for _ in range(max(self.i32(), 0))]


class Closed(Exception):
    """The peer closed the connection."""


class Connection:
    def __init__(self, broker, timeout=10):
        self.socket = socket.create_connection((broker.host, broker.port), timeout=timeout)
        self.local_port = self.socket.getsockname()[1]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def send(self, data):
        try:
            self.socket.sendall(data)
        except (ConnectionResetError, BrokenPipeError) as fault:
            raise Closed() from fault

    def receive(self):
        """One frame without its length: the correlation id, then the rest."""
        length = struct.unpack(">i", self._exactly(4))[0]
        data = self._exactly(length)
        return struct.unpack(">i", data[:4])[0], data[4:]

    def _exactly(self, count):
        data = b""
        while len(data) < count:
            try:
                more = self.socket.recv(min(count - len(data), 1 << 20))
            except ConnectionResetError as fault:
                raise Closed() from fault
            if not more:
                raise Closed()
            data += more
        return data

    def call(self, api, version, body):
        self.send(request(api, version, body))
        return Cursor(self.receive()[1])


def create_topic(broker, name, partitions, configs=None):
    """CreateTopics v4. Returns the error code."""
    overrides = [string(key) + string(value) for key, value in (configs or {}).items()]
    topic = string(name) + i32(partitions) + i16(1) + array([]) + array(overrides)
    with Connection(broker, timeout=30) as connection:
        answer = connection.call(CREATE_TOPICS, 4, array([topic]) + i32(30_000) + i8(0))
    answer.i32()
    return answer.array(lambda: (answer.string(), answer.i16(), answer.string()))[0][1]


def codecs_of(broker, topic, partitions):
    """The codec ids of the batches at the front of each partition, by Fetch v4."""
    found = set()
    for partition in range(partitions):
        place = array([i32(partition) + i64(0) + i32(1 << 20)])
        body = i32(-1) + i32(0) + i32(0) + i32(1 << 20) + i8(0) + array([string(topic) + place])
        with Connection(broker) as connection:
            answer = connection.call(FETCH, 4, body)
        answer.i32(), answer.i32(), answer.string(), answer.i32(), answer.i32()
        answer.i16(), answer.i64(), answer.i64()
        answer.array(lambda: (answer.i64(), answer.i64()))
        data = answer.blob() or b""
        if len(data) > 23:
            found.add(struct.unpack(">h", data[21:23])[0] & 7)
    return found


def end_offsets(broker, topic, partitions):
    """ListOffsets v2, latest: {partition: (error, next offset)}."""
    asked = [i32(p) + i64(-1) for p in range(partitions)]
    body = i32(-1) + i8(0) + array([string(topic) + array(asked)])
    with Connection(broker) as connection:
        answer = connection.call(LIST_OFFSETS, 2, body)
    answer.i32()
    found = {}
    for _ in range(answer.i32()):
        answer.string()
        for _ in range(answer.i32()):
            partition, error, _time, offset = answer.i32(), answer.i16(), answer.i64(), answer.i64()
            found[partition] = (error, offset)
    return found


def await_coordinator(broker, group, seconds=20):
    """FindCoordinator v1 until it names one: the first call may have to create the offsets topic."""
    until = time.monotonic() + seconds
    while True:
        with Connection(broker) as connection:
            answer = connection.call(FIND_COORDINATOR, 1, string(group) + i8(0))
            answer.i32()
            ready = answer.i16() == NONE and heartbeat(connection, group) not in NOT_YET
        if ready or time.monotonic() > until:
            return
        time.sleep(0.1)


def heartbeat(connection, group):
    """Heartbeat v1 by a member that nobody knows. Returns the error code."""
    answer = connection.call(HEARTBEAT, 1, string(group) + i32(1) + string("nobody"))
    answer.i32()
    return answer.i16()


def committed(broker, group, topics, partitions):
    """OffsetFetch v5: {(topic, partition): offset}, -1 where nothing is committed."""
    asked = [string(t) + array([i32(p) for p in range(partitions)]) for t in topics]
    with Connection(broker) as connection:
        answer = connection.call(OFFSET_FETCH, 5, string(group) + array(asked))
    answer.i32()
    found = {}
    for _ in range(answer.i32()):
        topic = answer.string()
        for _ in range(answer.i32()):
            partition, offset, _epoch, _note = (answer.i32(), answer.i64(), answer.i32(),
                                                answer.string())
            error = answer.i16()
            found[topic, partition] = offset if error == NONE else f"error {error}"
    return found

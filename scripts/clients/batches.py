"""Record batches of format 2, sound and damaged, for raw Produce requests."""

import gzip
import struct
import time
import zlib

from wire import i8, i16, i32, i64

_TABLE = []
for _byte in range(256):
    for _ in range(8):
        _byte = (_byte >> 1) ^ (0x82F63B78 if _byte & 1 else 0)
    _TABLE.append(_byte)


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = _TABLE[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    return crc ^ 0xFFFFFFFF


def varint(value):
    value = (value << 1) ^ (value >> 63)
    out = b""
    while value > 0x7F:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def record(offset, key, value):
    body = b"\0" + varint(0) + varint(offset) + varint(len(key)) + key + varint(len(value)) + value
    body += varint(0)
    return varint(len(body)) + body


def batch(values, attributes=0, magic=2, count=None, payload=None, crc_change=0, length_change=0):
    """One batch of these values; every other argument breaks a rule."""
    records = b"".join(record(i, b"k", value) for i, value in enumerate(values))
    if payload is not None:
        records = payload
    now = int(time.time() * 1000)
    count = len(values) if count is None else count
    body = (i16(attributes) + i32(max(count, 1) - 1) + i64(now) + i64(now) + i64(-1) + i16(-1)
            + i32(-1) + i32(count) + records)
    crc = struct.pack(">I", crc32c(body) ^ crc_change)
    rest = i32(0) + i8(magic) + crc + body
    return i64(0) + i32(len(rest) + length_change) + rest


def old_message(magic):
    """A message of format 0 or 1, as clients before 2017 sent them."""
    body = i8(magic) + i8(0) + (i64(0) if magic else b"") + i32(-1) + i32(1) + b"v"
    message = struct.pack(">I", zlib.crc32(body)) + body
    return i64(0) + i32(len(message)) + message


def bomb(mib):
    """A sound gzip batch header whose payload unpacks to `mib` MiB of nothing."""
    return batch([b""], attributes=1, payload=gzip.compress(bytes(mib << 20)))

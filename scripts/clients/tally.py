"""What a file holds and what consumers have seen of it, compared row by row and by SHA-256.

Pure: it is fed lines and answers questions; who runs the clients is in `matrix` and `kill`.
"""

import hashlib


def digest(rows):
    return hashlib.sha256(b"\n".join(rows)).hexdigest()


class Book:
    """The input: for every key its rows, in order, as `key TAB row`."""

    def __init__(self, keyed_rows):
        self.rows = keyed_rows.read_bytes().split(b"\n")[:-1]
        self.by_key = {}
        for row in self.rows:
            self.by_key.setdefault(row.split(b"\t", 1)[0], []).append(row)
        self.digests = {key: digest(rows) for key, rows in self.by_key.items()}

    def faults_of(self, logs):
        """Why these partitions ({partition: rows in offset order}) are not this file; [] if they are."""
        found, homes, faults = {}, {}, []
        for partition, rows in sorted(logs.items()):
            for row in rows:
                key = row.split(b"\t", 1)[0]
                found.setdefault(key, []).append(row)
                homes.setdefault(key, set()).add(partition)
        count = sum(map(len, logs.values()))
        if count != len(self.rows):
            faults.append(f"{count} rows instead of {len(self.rows)}")
        for key in sorted(set(found) | set(self.by_key)):
            name = key.decode(errors="replace")
            if len(homes.get(key, ())) > 1:
                faults.append(f"key {name} is in partitions {sorted(homes[key])}")
            rows, wanted = found.get(key, []), self.by_key.get(key, [])
            if digest(rows) != self.digests.get(key):
                faults.append(f"key {name}: {difference(rows, wanted)}")
        return faults


def difference(rows, wanted):
    if sorted(rows) == sorted(wanted):
        return "all rows, but not in their order"
    for index, (row, want) in enumerate(zip(rows, wanted)):
        if row != want:
            return f"row {index} of {len(rows)} is {row!r}, the file has {want!r}"
    return f"{len(rows)} rows instead of {len(wanted)}"


class Log:
    """One partition as its readers saw it: every offset once, whoever read it and how often."""

    def __init__(self):
        self.rows = []
        self.early = {}
        self.again = 0
        self.conflicts = []

    def add(self, offset, row):
        end = len(self.rows)
        if offset == end:
            self.rows.append(row)
            while self.early and (row := self.early.pop(len(self.rows), None)) is not None:
                self.rows.append(row)
            return
        known = self.rows[offset] if offset < end else self.early.setdefault(offset, row)
        if offset < end or known is not row:
            self.again += 1
        if known != row:
            self.conflicts.append(f"offset {offset} was {known!r}, then {row!r}")


class Tally:
    """All partitions of some topics, fed from the lines that group members write."""

    def __init__(self):
        self.logs = {}
        self.lines = 0

    def feed(self, lines, seen):
        """Lines `topic TAB partition TAB offset TAB key TAB row`, as bytes; `seen` gets the last
        offset of each partition among them, by `(topic, partition)` as bytes."""
        logs = self.logs
        for line in lines:
            topic, partition, offset, row = line.split(b"\t", 3)
            place, offset = (topic, partition), int(offset)
            log = logs.get(place)
            if log is None:
                log = logs[place] = Log()
            log.add(offset, row)
            seen[place] = offset
        self.lines += len(lines)

    def rows(self):
        """Distinct rows seen so far, in unbroken order from offset 0 of their partition."""
        return sum(len(log.rows) for log in self.logs.values())

    def again(self):
        """How many lines repeated an offset: redelivery after a member was lost."""
        return sum(log.again for log in self.logs.values())

    def of(self, topic):
        return {int(partition): log.rows for (name, partition), log in self.logs.items()
                if name == topic.encode()}

    def faults_of(self, topic, book):
        faults = book.faults_of(self.of(topic))
        for (name, partition), log in self.logs.items():
            if name == topic.encode():
                where = f"partition {partition.decode()}"
                faults += [f"{where}: {text}" for text in log.conflicts[:3]]
                if log.early:
                    faults.append(f"{where}: {len(log.early)} rows behind a gap at offset "
                                  f"{len(log.rows)}")
        return faults

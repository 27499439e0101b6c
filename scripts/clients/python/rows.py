"""What the three Python drivers share: the arguments, the rows and the two kinds of output.

The protocol is told in ../drivers.py. A value is one line of the file, its key the tenth column.
"""

import signal
import sys

KEY_COLUMN = 9


def arguments():
    """The command and its name=value options."""
    return sys.argv[1], dict(a.split("=", 1) for a in sys.argv[2:])


def rows(path):
    """(index, key, value) of every line of the file, as bytes."""
    with open(path, "rb") as lines:
        for index, line in enumerate(lines):
            value = line.rstrip(b"\n")
            yield index, value.split(b",", KEY_COLUMN + 1)[KEY_COLUMN], value


def record_line(topic, partition, offset, key, value):
    return b"%s\t%d\t%d\t%s\t%s\n" % (topic.encode(), partition, offset, key, value)


class Report:
    """Which row went where: one line `row partition offset` for every acknowledged row."""

    def __init__(self, path):
        self.out = open(path, "w") if path else None
        self.failed = 0

    def acknowledged(self, index, partition, offset):
        if self.out:
            self.out.write(f"{index} {partition} {offset}\n")
            if index % 500 == 0:
                self.out.flush()

    def refused(self, index, fault):
        if self.failed == 0:
            print(f"row {index}: {fault}", file=sys.stderr)
        self.failed += 1

    def finish(self):
        if self.out:
            self.out.close()
        print(f"failed rows: {self.failed}", file=sys.stderr)
        sys.exit(3 if self.failed else 0)


class Stop:
    """Becomes true at SIGTERM: the consumer commits, leaves its group and exits with 0."""

    def __init__(self):
        self.asked = False
        signal.signal(signal.SIGTERM, self._ask)

    def _ask(self, *_):
        self.asked = True

    def __bool__(self):
        return self.asked

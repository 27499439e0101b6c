"""The clients under test, all behind one small protocol, so that the tests know none of them.

    produce bootstrap= topic= codec= acks= file= [report=]
        sends every line of the file, keyed by its tenth column; exits with 0 when all are
        acknowledged, with 3 when some were refused. `report` gets `row partition offset` for
        every acknowledged row.
    consume bootstrap= topics=a,b group= out=
        joins the group, writes `topic TAB partition TAB offset TAB key TAB value` and commits what
        it has written; at SIGTERM it commits, leaves the group and exits with 0.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable

CODECS = ["none", "gzip", "snappy", "lz4", "zstd"]
PYTHON = Path(__file__).resolve().parent / "python"


@dataclass
class Client:
    """One client: its name, how it is started, and what it can do."""

    name: str
    command: Callable[[str, dict], list]
    codecs: list = field(default_factory=lambda: list(CODECS))
    reports: bool = False
    to_stdout: bool = False


def options_of(options):
    return [f"{name}={value}" for name, value in options.items()]


def kcat(verb, options):
    """kcat has its own flags; its consumer writes lines to standard output as it gets them."""
    base = ["kcat", "-b", options["bootstrap"], "-X", "session.timeout.ms=6000"]
    if verb == "produce":
        # Without idempotence librdkafka may reorder what it retries, and order is what we compare.
        return [*base, "-P", "-t", options["topic"], "-z", options["codec"], "-K", "\t",
                "-X", "enable.idempotence=true", "-l", f"{options['keyed_file']}"]
    return ["stdbuf", "-oL", *base, "-X", "auto.offset.reset=earliest",
            "-X", "heartbeat.interval.ms=500", "-X", "fetch.wait.max.ms=200",
            "-f", "%t\t%p\t%o\t%k\t%s\n", "-G", options["group"], *options["topics"].split(",")]


def clients(at):
    """All clients, driven from what `install.install` has put in place."""
    java = ["java", "-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp", at.java_classpath, "Driver"]

    def script(*prefix):
        return lambda verb, options: [*map(str, prefix), verb, *options_of(options)]

    return [
        Client("kcat", kcat, to_stdout=True),
        Client("java", script(*java), reports=True),
        Client("confluent-kafka", script(at.python, PYTHON / "confluent.py"), reports=True),
        Client("kafka-python", script(at.python, PYTHON / "kafkapython.py")),
        Client("aiokafka", script(at.python, PYTHON / "aio.py")),
        Client("franz-go", script(at.franz_go), reports=True),
        Client("kafkajs", script("node", at.node_driver)),
    ]

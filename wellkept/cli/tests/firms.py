"""Firms in folders of their own, run by the real command in a process of its own."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

SERVER = os.environ.get("WELLKEPT_TEST_DATABASE_URL", "")
SETUP = (
    *("setup", "--name", "Lantern Books", "--mail", "desk@lantern.example", "--admin-name", "Tomas Lindqvist"),
    *(
        "--admin-email",
        "tomas@lantern.example",
        "--admin-password",
        "a lantern in every window 42",
        "--time-zone",
        "UTC",
    ),
)


@dataclass
class FirmInAFolder:
    """One data folder and one database. Commands see this environment and nothing else of ours."""

    data: Path
    database_url: str
    port: int
    mail_port: int

    def environment(self, **more: str) -> dict[str, str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("WELLKEPT_")}
        return clean | {
            "WELLKEPT_DATA": str(self.data),
            "WELLKEPT_DATABASE_URL": self.database_url,
            "WELLKEPT_PORT": str(self.port),
            "WELLKEPT_MAIL_IN_PORT": str(self.mail_port),
            "WELLKEPT_EMBEDDED": "1",
            "WELLKEPT_SQLITE_SYNCHRONOUS": "OFF",
            **more,
        }

    def run(self, *words: str, stdin: bytes = b"", **more: str) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", "wellkept.cli.main", *words]
        return subprocess.run(
            command, env=self.environment(**more), input=stdin, capture_output=True, timeout=600, check=False
        )

    def must(self, *words: str, stdin: bytes = b"", **more: str) -> str:
        done = self.run(*words, stdin=stdin, **more)
        assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
        return done.stdout.decode()

    def refused(self, *words: str, **more: str) -> str:
        """The sentence of a command that ends in a refusal: exit code 1 and no traceback."""
        done = self.run(*words, **more)
        told = done.stderr.decode()
        assert (done.returncode, "Traceback" in told) == (1, False), done.stdout.decode() + told
        return " ".join(told.split())

    @contextmanager
    def serving(self, *words: str, **more: str) -> Iterator[subprocess.Popen[bytes]]:
        log = (self.data / "serve.log").open("wb")
        command = [sys.executable, "-m", "wellkept.cli.main", *(words or ("serve",))]
        process = subprocess.Popen(command, env=self.environment(**more), stdout=log, stderr=subprocess.STDOUT)
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(40)
            log.close()

    def log(self) -> str:
        return (self.data / "serve.log").read_text()

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def wait_until_ready(self) -> None:
        for _ in range(240):
            try:
                if self.get("/readyz")[0] == 200:
                    return
            except OSError:
                pass
            time.sleep(0.25)
        raise AssertionError(f"not ready:\n{self.log()}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def copied(data: Path, like: FirmInAFolder) -> FirmInAFolder:
    """Another firm on SQLite with the same rows, keys and files; nobody is at work in the first."""
    shutil.copytree(like.data, data)
    return FirmInAFolder(data, "", free_port(), free_port())


@contextmanager
def empty_firm(
    data: Path, name: str, *, like: FirmInAFolder | None = None, database_like: str = "template1"
) -> Iterator[FirmInAFolder]:
    """An empty folder and, where the tests run on PostgreSQL, an empty database; or copies of another firm's."""
    if like is None:
        data.mkdir(parents=True, mode=0o700)
    else:
        shutil.copytree(like.data, data)
    if not SERVER:
        yield FirmInAFolder(data, "", free_port(), free_port())
        return
    database = f"wellkept_cli_{name}_{os.getpid()}"
    address = SERVER.rpartition("/")[0]
    with psycopg.connect(f"{address}/postgres", autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
        template = database_like if like is None else like.database_url.rpartition("/")[2]
        server.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')
        try:
            yield FirmInAFolder(data, f"{address}/{database}", free_port(), free_port())
        finally:
            server.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

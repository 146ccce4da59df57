"""Real servers for mail tests: a remote mail server that takes, refuses or falls silent, and our own intake."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings as configured


@dataclass
class Remote:
    """A mail server somewhere else. `answers` maps a recipient to what it says of them; `after_data` is its last word."""

    port: int = 0
    taken: list[tuple[str, list[str], bytes]] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    after_data: str = "250 2.0.0 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        said = self.answers.get(address, "250 OK")
        if said.startswith("250"):
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.after_data.startswith("250"):
            self.taken.append((envelope.mail_from, list(envelope.rcpt_tos), envelope.content))
        return self.after_data


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.fixture
def remote(settings: Any) -> Iterator[Remote]:
    """A remote server that our SMTP settings point at."""
    server = Remote(port=free_port())
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    settings.ENV = replace(configured.ENV, smtp_url=f"smtp://127.0.0.1:{server.port}")
    yield server
    controller.stop()


@pytest.fixture
def silent_remote(settings: Any) -> Iterator[list[bytes]]:
    """A server that takes the whole letter and then hangs up without a word."""
    got: list[bytes] = []
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        peer, _ = listening.accept()
        with peer, peer.makefile("rb") as lines:
            peer.sendall(b"220 hello\r\n")
            for line in lines:
                verb = line[:4].upper()
                if verb == b"DATA":
                    peer.sendall(b"354 go on\r\n")
                    for piece in lines:
                        got.append(piece)
                        if piece == b".\r\n":
                            return
                peer.sendall(b"250 OK\r\n")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    settings.ENV = replace(configured.ENV, smtp_url=f"smtp://127.0.0.1:{listening.getsockname()[1]}")
    yield got
    listening.close()
    thread.join(5)

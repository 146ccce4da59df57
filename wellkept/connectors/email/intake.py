"""The local SMTP door. A mail is stored, then answered with 250; what cannot be stored is refused with a sentence.

It relays nothing: whatever it takes ends in this installation. It listens on loopback unless told otherwise.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import structlog
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import connection

from wellkept.connectors.email import actions
from wellkept.connectors.email.actions.storing import LONGEST, MOST_RECIPIENTS
from wellkept.connectors.email.models import RawMail
from wellkept.core import room
from wellkept.core.clock import now
from wellkept.core.refusals import Refusal

log = structlog.get_logger("wellkept.email")
_TOO_LARGE = f"552 5.3.4 This mail is larger than {LONGEST >> 20} MB. Send smaller files, or a link to them."
_NOT_NOW = "451 4.3.0 The mail could not be stored just now. Please send it again in a few minutes."


class Intake:
    """Takes mail on one port and reads it right away. `port` is the one it really listens on."""

    def __init__(self, *, host: str, port: int) -> None:
        self._host = host
        self._wanted = port
        self._keeper = ThreadPoolExecutor(max_workers=1, thread_name_prefix="wellkept-mail-in")
        self._controller: _Controller | None = None
        self._reader = Reader()
        self.port = port

    def start(self) -> None:
        """Listen. Raises OSError with a plain sentence when the port is taken."""
        logging.getLogger("mail.log").setLevel(logging.ERROR)
        listening = _listening(self._host, self._wanted)
        self.port = listening.getsockname()[1]
        self._controller = _Controller(_Handler(self._keeper, self._reader), self._host, self.port, listening)
        self._controller.start()
        self._reader.start()

    def stop(self) -> None:
        """Stop listening, store what is in hand, finish the mail being read."""
        if self._controller is not None:
            self._controller.stop()
        self._keeper.submit(_leave_the_database)
        self._keeper.shutdown(wait=True)
        self._reader.stop()


class Reader:
    """A thread that reads what the intake has stored, at once. The timed door does the same for what is left over."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._stored: queue.SimpleQueue[RawMail | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="wellkept-mail-reader", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Finish the mail in hand; what is still in line is read by whoever comes next."""
        self._stop.set()
        self._stored.put(None)
        if self._thread.is_alive():
            self._thread.join(timeout=30)

    def take(self, mail: RawMail) -> None:
        """Read this mail next. It is claimed for us."""
        self._stored.put(mail)

    def _run(self) -> None:
        while (mail := self._stored.get()) is not None and not self._stop.is_set():
            try:
                actions.read_one(raw=mail, at=now())
            except Exception as error:  # noqa: BLE001 - a locked or lost database must not end the reading for good
                log.warning(
                    "mail.reading_trouble", error=type(error).__name__
                )  # the claim runs out and it is read then
                connection.close()
        connection.close()


class _Handler:
    """What the SMTP server asks. Each answer is one line of the protocol."""

    def __init__(self, keeper: ThreadPoolExecutor, reader: Reader) -> None:
        self._keeper = keeper
        self._reader = reader

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients in one mail. Send the rest in another one."
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        return await asyncio.get_running_loop().run_in_executor(
            self._keeper, _kept, envelope, _number(session), self._reader
        )


class _Server(SMTP):  # type: ignore[misc]
    async def push(self, status: str | bytes) -> None:
        said = status.decode("ascii", "replace") if isinstance(status, bytes) else status
        await super().push(_TOO_LARGE if said.startswith("552") else status)


class _Controller(Controller):  # type: ignore[misc]
    """Serves on a socket that is bound already, so that the real port is known and a taken one is told at once."""

    def __init__(self, handler: Any, host: str, port: int, listening: socket.socket) -> None:
        super().__init__(handler, hostname=host, port=port, ready_timeout=10)
        self._listening = listening

    def factory(self) -> SMTP:
        return _Server(
            self.handler,
            data_size_limit=LONGEST,
            enable_SMTPUTF8=True,
            hostname=socket.gethostname()[:60],
            ident="Wellkept",
            timeout=120,
        )

    def _create_server(self) -> Any:
        return self.loop.create_server(self._factory_invoker, sock=self._listening)


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
    except OSError as taken:
        made.close()
        raise OSError(
            taken.errno,
            f"Mail cannot be taken in on {host}:{port}: {taken.strerror}. Set WELLKEPT_MAIL_IN_PORT to a free port.",
        ) from taken
    made.listen(100)
    return made


def _number(session: Session) -> str:
    """The number of the machine that hands the mail in."""
    return str(session.peer[0])[:45] if session.peer else ""


def _kept(envelope: Envelope, peer: str, reader: Reader) -> str:
    """Store the mail; only then it is ours."""
    content = envelope.content
    raw = content.encode("utf-8", "surrogateescape") if isinstance(content, str) else bytes(content or b"")
    try:
        mail, ours = actions.store_and_claim(
            raw=raw,
            via="smtp",
            envelope_from=envelope.mail_from or "",
            envelope_to=envelope.rcpt_tos,
            peer=peer,
            at=now(),
        )
    except actions.MailTooLarge:
        return _TOO_LARGE
    except Refusal as refusal:
        log.warning("mail.not_stored", error=type(refusal).__name__)
        return f"452 4.3.1 {_one_line(str(refusal))}"
    except Exception as error:
        log.error("mail.not_stored", error=type(error).__name__, exc_info=True)
        connection.close()
        return f"452 4.3.1 {_one_line(room.sentence())}" if room.is_full(error) else _NOT_NOW
    if ours:
        reader.take(mail)
    return f"250 2.0.0 Kept as {mail.pk}"


def _one_line(sentence: str) -> str:
    return " ".join(sentence.encode("ascii", "replace").decode().split())[:400]


def _leave_the_database() -> None:
    """Runs in the thread whose connection it is."""
    connection.close()

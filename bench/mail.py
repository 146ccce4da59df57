"""Mail from its bytes to a conversation with its clock: what one costs, and how many a minute the SMTP door takes."""

from __future__ import annotations

import email
import email.policy
import resource
import smtplib
import threading
import time
from datetime import timedelta
from itertools import count

from bench import pace
from bench.figures import Context, Figure, cpu_ms_each
from bench.firm import CLIENTS, NOW
from wellkept.connectors.email import actions
from wellkept.connectors.email.intake import Intake
from wellkept.connectors.email.models import RawMail
from wellkept.connectors.email.parse import sandbox

TIMES, BURST, SENDERS = 200, 300, 4
BAR_MS, BAR_PER_MINUTE = 12, 600
_numbers = count(1)


def run(context: Context) -> list[Figure]:
    return [_one(context), _sustained(context)]


def _one(context: Context) -> Figure:
    """Stored, read in its own process (whose time counts), placed, promised, findable."""
    sandbox.shared().close()
    rounds = [[_letter() for _ in range(TIMES)] for _ in range(2)]
    value = min(_read(letters) for letters in rounds)
    floor = cpu_ms_each(_standard_library, rounds[0])
    note = "from bytes, both processes; floor: the standard library reads the bytes, nothing is kept"
    return context.figure("mail in, from bytes", value, floor=floor, bar=BAR_MS, note=note)


def _read(letters: list[bytes]) -> float:
    """CPU milliseconds for one of them, in a quiet moment; the reading process is started and ended within."""
    pace.quiet()
    before = _all_cpu()
    for number, raw in enumerate(letters):
        at = NOW + timedelta(seconds=number)
        mail, _ = actions.store_and_claim(raw=raw, via="smtp", at=at)
        actions.read_one(raw=mail, at=at)
    sandbox.shared().close()
    return (_all_cpu() - before) * 1000 / len(letters)


def _sustained(context: Context) -> Figure:
    """Several senders at once over real sockets, until the last one is a conversation."""
    door = Intake(host="127.0.0.1", port=0)
    door.start()
    letters = [_letter() for _ in range(BURST)]
    begun, taken = time.perf_counter(), RawMail.objects.filter(taken_in_at__isnull=False).count()
    senders = [threading.Thread(target=_send, args=(door.port, letters[n::SENDERS])) for n in range(SENDERS)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    while RawMail.objects.filter(taken_in_at__isnull=False).count() < taken + BURST:
        time.sleep(0.02)
    value = BURST * 60 / (time.perf_counter() - begun)
    door.stop()
    note = f"{SENDERS} senders over SMTP until the last is a conversation"
    return context.figure("mails a minute", value, "a minute", bar=BAR_PER_MINUTE, at_least=True, note=note)


def _send(port: int, letters: list[bytes]) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=60) as smtp:
        for raw in letters:
            smtp.sendmail("contact@bench.example", ["books@bench.example"], raw)


def _letter() -> bytes:
    number = next(_numbers)
    sender = f"contact{number % CLIENTS}@client{number % CLIENTS}.example"
    plain = (
        f"Hello,\r\n\r\ncan I claim number {number}? " + "The oven was bought privately. " * 12 + "\r\n\r\nThanks\r\n"
    )
    quoted = "\r\nOn Mon, 9 Mar 2026 at 08:00, Books <books@bench.example> wrote:\r\n> Please send the receipts.\r\n"
    html = f"<div>{plain}</div><blockquote type=cite>Please send the receipts.</blockquote>"
    return (
        f"From: Contact <{sender}>\r\nTo: books@bench.example\r\nSubject: Question {number}\r\n"
        f"Date: Wed, 11 Mar 2026 22:00:00 +0000\r\nMessage-ID: <bench-{number}-{time.time_ns()}@client.example>\r\n"
        "MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=cut\r\n\r\n"
        f"--cut\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{plain}{quoted}\r\n"
        f"--cut\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{html}\r\n--cut--\r\n"
    ).encode()


def _standard_library(raw: bytes) -> None:
    parsed = email.message_from_bytes(raw, policy=email.policy.default)
    body = parsed.get_body(("plain",))
    if body is not None:
        body.get_content()


def _all_cpu() -> float:
    """Seconds of processor time of this process and of the reading processes that have ended."""
    own, ended = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + ended.ru_utime + ended.ru_stime

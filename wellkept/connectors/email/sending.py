"""One letter over SMTP. How it ends is told apart to the byte: before the last dot nothing was sent, after it we may not know."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

from wellkept.core.refusals import Refusal

SECONDS = 30.0
_SECONDS_AFTER_DATA = 120.0
STARTTLS = ("if-offered", "required", "never")


class BadAddress(Refusal):
    """WELLKEPT_SMTP_URL cannot be understood."""


class NotNow(Exception):
    """The letter was not taken; it may be later. `said` is what the server or the network said."""

    def __init__(self, said: str, *, left: Sequence[str] = ()) -> None:
        super().__init__(said)
        self.left = tuple(left)


class Refused(Exception):
    """The letter was refused for good."""


class MayHaveArrived(Exception):
    """The connection ended after the whole letter was handed over and before the server's answer."""


@dataclass(frozen=True)
class Server:
    """Where letters leave: smtp://user:password@host:587?starttls=required or smtps://user:password@host:465."""

    host: str
    port: int
    user: str
    password: str
    tls: bool
    starttls: str


@dataclass
class Sent:
    """Who was refused while others were taken: address and the server's words; `later` those refused for now."""

    refused: dict[str, str] = field(default_factory=dict)
    later: dict[str, str] = field(default_factory=dict)


def server(url: str) -> Server:
    """The server an address like smtp://user:password@host:port?starttls=required names."""
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = -1
    starttls = parse_qs(parts.query).get("starttls", ["if-offered"])[0]
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or port == -1 or starttls not in STARTTLS:
        raise BadAddress(
            "WELLKEPT_SMTP_URL is not understood. Write smtp://user:password@host:587 or smtps://user:password@host:465; "
            f"?starttls= may be {', '.join(STARTTLS)}."
        )
    tls = parts.scheme == "smtps"
    return Server(
        host=parts.hostname,
        port=port or (465 if tls else 587 if parts.username else 25),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls=tls,
        starttls=starttls,
    )


def send(target: Server, *, sender: str, recipients: Sequence[str], content: bytes, seconds: float = SECONDS) -> Sent:
    """Hand the letter over. Returning means the server took it for at least one recipient; otherwise one of the outcomes."""
    try:
        with _connected(target, seconds) as smtp:
            return _hand_over(smtp, sender, list(recipients), content)
    except (smtplib.SMTPException, OSError) as trouble:
        raise _outcome(trouble) from trouble


def _connected(target: Server, seconds: float) -> smtplib.SMTP:
    name = socket.getfqdn() if target.host not in ("127.0.0.1", "localhost", "::1") else "localhost"
    context = ssl.create_default_context()
    smtp: smtplib.SMTP = (
        smtplib.SMTP_SSL(target.host, target.port, local_hostname=name, timeout=seconds, context=context)
        if target.tls
        else smtplib.SMTP(target.host, target.port, local_hostname=name, timeout=seconds)
    )
    try:
        smtp.ehlo()
        if (
            not target.tls
            and target.starttls != "never"
            and (target.starttls == "required" or smtp.has_extn("starttls"))
        ):
            smtp.starttls(context=context)
            smtp.ehlo()
        if target.user:
            smtp.login(target.user, target.password)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _hand_over(smtp: smtplib.SMTP, sender: str, recipients: list[str], content: bytes) -> Sent:
    options = [f"size={len(content)}"] if smtp.has_extn("size") else []
    if not all(address.isascii() for address in (sender, *recipients)) and smtp.has_extn("smtputf8"):
        options.append("SMTPUTF8")
        smtp.command_encoding = "utf-8"
    _accepted(smtp.mail(sender, options), sender)
    sent = Sent()
    for address in recipients:
        code, words = smtp.rcpt(address)
        if code >= 500:
            sent.refused[address] = _said(code, words)
        elif code not in (250, 251):
            sent.later[address] = _said(code, words)
    if len(sent.refused) == len(recipients):
        raise Refused(next(iter(sent.refused.values())))
    if len(sent.refused) + len(sent.later) == len(recipients):
        raise NotNow(next(iter(sent.later.values())))
    _data(smtp, content)
    return sent


def _data(smtp: smtplib.SMTP, content: bytes) -> None:
    code, words = smtp.docmd("DATA")
    if code != 354:
        _accepted((code, words), "DATA")
        raise NotNow(_said(code, words))
    smtp.send(_dotted(content))
    try:
        if smtp.sock is not None:
            smtp.sock.settimeout(_SECONDS_AFTER_DATA if smtp.timeout >= SECONDS else smtp.timeout)
        answer = smtp.getreply()
    except (OSError, smtplib.SMTPServerDisconnected) as silence:
        raise MayHaveArrived(str(silence)) from silence
    _accepted(answer, "the letter")


def _dotted(content: bytes) -> bytes:
    """The letter as DATA wants it: CRLF, a dot before a dot that begins a line, and the closing dot."""
    lines = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    if lines and not lines[-1]:
        lines.pop()
    return b"\r\n".join(b"." + line if line.startswith(b".") else line for line in lines) + b"\r\n.\r\n"


def _accepted(answer: tuple[int, bytes], what: str) -> None:
    code, words = answer
    if 200 <= code < 300:
        return
    outcome: Callable[[str], Exception] = Refused if code >= 500 else NotNow
    raise outcome(_said(code, words) or what)


def _outcome(trouble: Exception) -> Exception:
    """What an error before or during the hand-over means. A server that hangs up before the last dot has taken nothing."""
    if isinstance(trouble, smtplib.SMTPAuthenticationError):
        return NotNow(_said(trouble.smtp_code, trouble.smtp_error))
    if isinstance(trouble, smtplib.SMTPNotSupportedError):
        return NotNow(str(trouble))
    if isinstance(trouble, smtplib.SMTPResponseException):
        outcome: type[Exception] = Refused if trouble.smtp_code >= 500 else NotNow
        return outcome(_said(trouble.smtp_code, trouble.smtp_error))
    return NotNow(str(trouble) or type(trouble).__name__)


def _said(code: int, words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {' '.join(text.split())}".strip()

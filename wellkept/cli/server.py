"""The web server: one process of uvicorn on a socket of ours, so that a taken port is a sentence and port 0 has a name."""

from __future__ import annotations

import signal
import socket
from pathlib import Path
from types import FrameType

import uvicorn
from django.conf import settings
from django.utils.translation import gettext as _

from wellkept.cli.words import out, say
from wellkept.core.refusals import Refusal
from wellkept.people import queries as people


class PortTaken(Refusal):
    """We cannot listen there."""


def listen(host: str, port: int) -> socket.socket:
    """A bound socket. Refuses with the name of the variable to change."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise PortTaken(
            _("Cannot listen on %(host)s:%(port)s (%(why)s). Set WELLKEPT_PORT to another port.")
            % {"host": host, "port": port, "why": error.strerror}
        ) from error
    return listening


def run(listening: socket.socket) -> None:
    """Serve until SIGINT or SIGTERM; open requests get five seconds to end."""
    Path(settings.STATIC_ROOT).mkdir(exist_ok=True)
    from wellkept.config.asgi import application

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _already_stopping)  # uvicorn sends the signal on after its own clean stop

    config = uvicorn.Config(
        application,
        log_config=None,
        access_log=False,
        lifespan="off",
        ws="none",
        proxy_headers=True,
        forwarded_allow_ips=settings.ENV.proxies,
        timeout_graceful_shutdown=5,
        server_header=False,
    )
    uvicorn.Server(config).run(sockets=[listening])


def say_where_to_click(listening: socket.socket, *, mail_port: int | None) -> None:
    env = settings.ENV
    address = env.public_url
    if env.port == 0:
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    say()
    say(_("  Wellkept is at   %(address)s") % {"address": address}, style="bold")
    if mail_port:
        say(_("  Mail comes in at %(host)s:%(port)s (SMTP)") % {"host": env.mail_in_host, "port": mail_port})
    say(_("  Data is kept in  %(folder)s") % {"folder": env.data})
    if people.firm() is None:
        say(_("  Open the address to set up your firm; from another machine with this code:"))
        say(f"                   {address}/setup?code={people.setup_code()}")
    elif settings.DEMO:
        say(_("  This is the demo firm: sign in with one click as anybody."))
    say(_("  Stop with Ctrl-C."))
    say()
    out.file.flush()


def _already_stopping(number: int, frame: FrameType | None) -> None:
    """The helpers beside the server are stopped when it returns."""

"""Dovecot, started as an ordinary program in a folder of its own, for tests against a real IMAP server."""

from __future__ import annotations

import grp
import http.server
import json
import os
import pwd
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import imap_tools

from .conftest import free_port

PASSWORD = "lantern-oil"
CONFIG = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = {first_uid}
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2
mail_location = maildir:{folder}/mail/%n
mailbox_list_index = no
passdb {{
  driver = static
  mechanisms = plain login
  args = password={password}
}}
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {folder}/oauth2.conf
}}
userdb {{
  driver = static
  args = uid={mail_user} gid={mail_group} home={folder}/mail/%n
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""
OAUTH2 = """
tokeninfo_url = http://127.0.0.1:{port}/tokeninfo?access_token=
username_attribute = username
active_attribute = active
active_value = true
"""


@dataclass
class Dovecot:
    port: int
    token_url: str
    provider: Provider

    @contextmanager
    def client(self, user: str) -> Iterator[Any]:
        """A mail program of the mailbox's owner."""
        box = imap_tools.MailBoxUnencrypted("127.0.0.1", self.port, timeout=20)
        box.login(user, PASSWORD, initial_folder="INBOX")
        try:
            yield box
        finally:
            box.logout()

    def put(self, user: str, raw: bytes, folder: str = "INBOX") -> None:
        with self.client(user) as box:
            box.append(raw, folder)


class Provider:
    """The identity provider: gives access tokens for refresh tokens and tells Dovecot whose they are."""

    def __init__(self) -> None:
        self.refresh_token = "first refresh"
        self.asked: list[dict[str, list[str]]] = []
        provider = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                provider.asked.append(form)
                if form["refresh_token"] == [provider.refresh_token]:
                    provider.refresh_token = f"refresh {len(provider.asked)}"
                    self.say(200, {"access_token": "good", "refresh_token": provider.refresh_token})
                else:
                    self.say(400, {"error": "invalid_grant", "error_description": "The refresh token has ended."})

            def do_GET(self) -> None:
                known = parse_qs(urlsplit(self.path).query).get("access_token") == ["good"]
                self.say(
                    200 if known else 401, {"username": "oauth@lantern.example", "active": "true"} if known else {}
                )

            def say(self, status: int, words: dict[str, str]) -> None:
                body = json.dumps(words).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                return

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.server.server_address[1])


@contextmanager
def running(folder: Path) -> Iterator[Dovecot]:
    """Dovecot with static passwords and an identity provider, until the block ends."""
    program = shutil.which("dovecot") or "/usr/sbin/dovecot"
    provider = Provider()
    port = free_port()
    # Dovecot's own processes refuse to be root; a test run as root lends them the account that owns nothing.
    user = pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
    (folder / "mail").mkdir()
    (folder / "oauth2.conf").write_text(OAUTH2.format(port=provider.port))
    config = folder / "dovecot.conf"
    group = grp.getgrgid(user.pw_gid).gr_name
    config.write_text(
        CONFIG.format(
            folder=folder,
            user=user.pw_name,
            group=group,
            mail_user=user.pw_uid,
            mail_group=user.pw_gid,
            first_uid=min(user.pw_uid, 500),
            password=PASSWORD,
            port=port,
        )
    )
    lent: dict[str, Any] = {}
    if os.getuid() == 0:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, user.pw_uid, user.pw_gid)
        lent = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    process = subprocess.Popen([program, "-F", "-c", str(config)], stderr=subprocess.DEVNULL, cwd=folder, **lent)
    try:
        _wait(process, port, folder)
        yield Dovecot(port, f"http://127.0.0.1:{provider.port}/token", provider)
    finally:
        process.terminate()
        process.wait(10)
        provider.server.shutdown()


def _wait(process: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    import socket

    for _ in range(50):
        if process.poll() is not None:
            break
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as peer:
                if peer.recv(4) == b"* OK":
                    return
        except OSError:
            time.sleep(0.2)
    log = folder / "dovecot.log"
    raise RuntimeError(f"Dovecot does not answer: {log.read_text()[-1000:] if log.exists() else 'no log'}")

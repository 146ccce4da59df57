"""A small real OAuth server on loopback: it asks for consent, checks PKCE and the client's secret, gives and takes back tokens."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

CLIENT, SECRET = "wellkept-desk", "not for anybody else"


@dataclass
class Provider:
    """`refuses` makes its person say no; `lasting` off gives no refresh token; `withdrawn` tokens are dead."""

    address: str = ""
    refuses: bool = False
    lasting: bool = True
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)

    def consent(self, asked: dict[str, str]) -> str:
        """Where the person's browser is sent after they answered."""
        back = {"state": asked["state"]}
        if self.refuses:
            return f"{asked['redirect_uri']}?{urlencode({**back, 'error': 'access_denied'})}"
        code = secrets.token_urlsafe(8)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({**back, 'code': code})}"

    def token(self, given: dict[str, str]) -> tuple[int, dict[str, Any]]:
        if (given.get("client_id"), given.get("client_secret")) != (CLIENT, SECRET):
            return 401, {"error": "invalid_client"}
        if given["grant_type"] == "refresh_token":
            known = given["refresh_token"] in self.tokens
            return (200, {"access_token": "fresh"}) if known else (400, {"error": "invalid_grant"})
        asked = self.codes.pop(given["code"], None)
        digest = hashlib.sha256(given["code_verifier"].encode()).digest()
        proof = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if asked is None or asked["code_challenge"] != proof or asked["redirect_uri"] != given["redirect_uri"]:
            return 400, {"error": "invalid_grant", "error_description": "code not known"}
        lasting = {"refresh_token": secrets.token_urlsafe(8)} if self.lasting else {}
        self.tokens |= set(lasting.values())
        return 200, {"access_token": "fresh", **lasting}


@contextmanager
def provider() -> Iterator[Provider]:
    known = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = {key: values[0] for key, values in parse_qs(urlsplit(self.path).query).items()}
            whole = asked.get("client_id") == CLIENT and asked.get("code_challenge_method") == "S256"
            self.send_response(302 if whole and asked.get("response_type") == "code" else 400)
            self.send_header("Location", known.consent(asked) if whole else "/")
            self.end_headers()

        def do_POST(self) -> None:
            given = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            status, answer = known.token({key: values[0] for key, values in given.items()})
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        def log_message(self, format: str, *args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    known.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield known
    server.shutdown()
    server.server_close()
    thread.join(5)

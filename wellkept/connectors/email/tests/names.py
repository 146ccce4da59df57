"""A real name server on loopback, over UDP, for tests: it knows the names it is told, and falls silent when asked to."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.rcode
import dns.rrset


class Names:
    """`records` maps (name, kind) to values; `broken` names fail, `silent` ones get no answer; `asked` is every question."""

    def __init__(self) -> None:
        self.records: dict[tuple[str, str], list[str]] = {}
        self.silent: set[str] = set()
        self.broken: set[str] = set()
        self.asked: list[str] = []
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._socket.getsockname()[1]}"

    def text(self, name: str, *values: str) -> None:
        """A TXT record for each value, cut into pieces of 255 signs as they travel."""
        self.records[name, "TXT"] = [
            " ".join(f'"{value[start : start + 255]}"' for start in range(0, len(value), 255)) for value in values
        ]

    def serve(self) -> None:
        while True:
            try:
                wire, peer = self._socket.recvfrom(4096)
            except OSError:
                return
            if not wire:
                return
            question = dns.message.from_wire(wire)
            asked = question.question[0]
            name, kind = asked.name.to_text(omit_final_dot=True).lower(), dns.rdatatype.to_text(asked.rdtype)
            self.asked.append(f"{name} {kind}")
            if name in self.silent:
                continue
            answer = dns.message.make_response(question)
            answer.flags |= dns.flags.RA
            values = self.records.get((name, kind))
            if name in self.broken:
                answer.set_rcode(dns.rcode.SERVFAIL)
            elif values:
                answer.answer.append(dns.rrset.from_text(asked.name, 60, "IN", kind, *values))
            elif not any(known == name for known, _ in self.records):
                answer.set_rcode(dns.rcode.NXDOMAIN)
            self._socket.sendto(answer.to_wire(), peer)

    def close(self) -> None:
        port = self._socket.getsockname()
        self._socket.sendto(b"", port)


@contextmanager
def name_server() -> Iterator[Names]:
    names = Names()
    thread = threading.Thread(target=names.serve, daemon=True)
    thread.start()
    yield names
    names.close()
    thread.join(5)
    names._socket.close()

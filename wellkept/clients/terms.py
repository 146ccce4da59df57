"""What the agreements promise today. A version never changes, so its targets are read once for as long as we run."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Q

from wellkept.clients.models import AgreementVersion, Target

VERSIONS_KEPT = 4096

Version = tuple[int, datetime]  # its id and when it was made: a database restored from a copy may give an id again

remembered: dict[Version, tuple[Target, ...]] = {}


def in_force(client: int | None, kind: str) -> tuple[list[Target], list[Target]]:
    """The targets of a kind that count for a client: of its own agreement, and of the firm's default."""
    versions = _newest(client)
    own = versions.get(client) if client is not None else None
    default = versions.get(None)
    found = _targets(version for version in (own, default) if version is not None)
    return _of_kind(found, own, kind), _of_kind(found, default, kind)


def _newest(client: int | None) -> dict[int | None, Version]:
    """The newest version of the firm's default and of the client's own agreement, by client."""
    wanted = Q(agreement__client=None) if client is None else Q(agreement__client=None) | Q(agreement__client=client)
    rows = (
        AgreementVersion.objects.filter(wanted).order_by("number").values_list("agreement__client_id", "pk", "made_at")
    )
    return {owner: (pk, made_at) for owner, pk, made_at in rows}


def _targets(versions: Iterable[Version]) -> dict[Version, tuple[Target, ...]]:
    wanted = set(versions)
    found = {version: known for version in wanted if (known := remembered.get(version)) is not None}
    if missing := wanted - found.keys():
        rows = list(Target.objects.filter(version__in=[pk for pk, _made_at in missing]).select_related("version"))
        for version in missing:
            found[version] = tuple(target for target in rows if target.version_id == version[0])
            # An uncommitted version may be rolled back and its id given to another one, so it is not remembered yet.
            transaction.on_commit(partial(_remember, version, found[version]))
    return found


def _of_kind(found: dict[Version, tuple[Target, ...]], version: Version | None, kind: str) -> list[Target]:
    return [] if version is None else [target for target in found[version] if target.kind == kind]


def _remember(version: Version, targets: tuple[Target, ...]) -> None:
    while len(remembered) >= VERSIONS_KEPT:
        remembered.pop(next(iter(remembered)), None)
    remembered[version] = targets

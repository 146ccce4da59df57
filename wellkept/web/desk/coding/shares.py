"""What a person types for the parts of a split: amounts, or shares of the whole as `60%`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.utils.translation import gettext as _

from wellkept.banking.rules.parts import WHOLE, PartsDoNotAddUp, by_shares
from wellkept.core import money
from wellkept.core.refusals import Refusal

SHARE = re.compile(r"([0-9]{1,3})(?:[.,]([0-9]{1,2}))?\s?%")


class ShareUnclear(Refusal):
    """Shares stand between nothing and the whole."""


def amounts_typed(typed: Sequence[str], whole_minor: int, currency: str) -> list[int]:
    """The parts with the sign of the whole; shares are cut so that no cent is lost, as `by_shares` does."""
    sign = -1 if whole_minor < 0 else 1
    shares = [_share(each.strip()) for each in typed]
    cut = iter(_cut(whole_minor, [share for share in shares if share is not None]))
    return [
        sign * money.parse(text, currency).minor if share is None else next(cut)
        for text, share in zip(typed, shares, strict=True)
    ]


def _cut(whole_minor: int, shares: list[int]) -> list[int]:
    """What is not named by a share is one more part, so that each share is of the whole."""
    if not shares:
        return []
    rest = WHOLE - sum(shares)
    try:
        return by_shares(whole_minor, [*shares, rest] if rest else shares)[: len(shares)]
    except PartsDoNotAddUp:
        raise ShareUnclear(_("Shares are above 0% and make 100% at most.")) from None


def _share(text: str) -> int | None:
    """In basis points; None for what is no share."""
    found = SHARE.fullmatch(text)
    return None if found is None else int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))

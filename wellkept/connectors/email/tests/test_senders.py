"""Whether the sender's own domain stands behind a mail: real signatures, a real name server, nobody pretending."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as configured

from tests.world import START, World
from wellkept.connectors.email import actions, queries
from wellkept.connectors.email.actions.senders import WAITS
from wellkept.connectors.email.models import RawMail, SenderCheck
from wellkept.connectors.email.senders import finding, path, results
from wellkept.connectors.email.senders.finding import Arrival
from wellkept.connectors.email.senders.lookups import Lookups, NoAnswer
from wellkept.connectors.email.senders.policy import policy_of
from wellkept.connectors.email.tests.letters import letter
from wellkept.connectors.email.tests.names import Names, name_server
from wellkept.connectors.email.tests.signing import key, signed
from wellkept.core.models import Fact

MINA = "mina@harbourlane.example"
DOMAIN = "harbourlane.example"
OUTSIDE = "9.9.9.10"


@pytest.fixture
def names() -> Iterator[Names]:
    with name_server() as names:
        names.text(f"s1._domainkey.{DOMAIN}", key()[1])
        yield names


def look(names: Names, raw: bytes, **more: Any) -> finding.Finding:
    return finding.examine(Arrival(raw, more.pop("shown", MINA), **more), lookups=Lookups(names.address))


def asks(names: Names, policy: str, domain: str = DOMAIN) -> None:
    names.text(f"_dmarc.{domain}", f"v=DMARC1; {policy}")


def test_a_signature_of_the_shown_domain_confirms_the_sender(names: Names) -> None:
    found = look(names, signed(letter(), domain=DOMAIN))

    assert (found.verdict, found.basis, found.domain) == ("confirmed", "signature", DOMAIN)


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda raw: raw.replace(b"an oven", b"two ovens"), id="changed text"),
        pytest.param(lambda raw: raw.replace(b"Mina Okafor <mina@", b"Mina Okafor <pele@"), id="changed sender"),
        pytest.param(lambda raw: raw.replace(b"d=harbourlane", b"d=elsewhere"), id="another domain's name"),
        pytest.param(lambda raw: raw.replace(b"a=rsa-sha256", b"a=rsa-sha1"), id="a weak kind"),
        pytest.param(lambda raw: raw.replace(b" h=", b" h=subject : "), id="other lines than were signed"),
    ],
)
def test_a_signature_that_does_not_fit_confirms_nothing(names: Names, spoil: Any) -> None:
    assert look(names, spoil(signed(letter(), domain=DOMAIN))).verdict == "unconfirmed"


def test_a_signature_over_part_of_the_text_confirms_nothing(names: Names) -> None:
    whole = signed(letter(), domain=DOMAIN, length=True)

    assert look(names, whole + b"\r\nPay to another account.\r\n").verdict == "unconfirmed"


def test_somebody_elses_signature_does_not_speak_for_the_shown_domain(names: Names) -> None:
    names.text("s1._domainkey.bulk.example", key()[1])
    asks(names, "p=reject")

    found = look(names, signed(letter(), domain="bulk.example"))

    assert (found.verdict, found.details["signed_by"]) == ("unconfirmed", ["bulk.example"])


def test_a_part_of_the_organisation_may_sign_unless_the_domain_is_strict(names: Names) -> None:
    names.text(f"s1._domainkey.mail.{DOMAIN}", key()[1])
    raw = signed(letter(), domain=f"mail.{DOMAIN}")
    asks(names, "p=none")
    relaxed = look(names, raw)
    asks(names, "p=none; adkim=s")

    assert (relaxed.verdict, look(names, raw).verdict) == ("confirmed", "unconfirmed")


@pytest.mark.parametrize(
    ("policy", "spf", "verdict"),
    [
        ("p=reject", "v=spf1 ip4:9.9.9.10 -all", "confirmed"),
        ("p=reject", "v=spf1 ip4:9.9.9.99 -all", "denied"),
        ("p=quarantine", "v=spf1 a:mx.harbourlane.example ~all", "denied"),
        ("p=none", "v=spf1 -all", "unconfirmed"),
        ("p=reject; t=y", "v=spf1 -all", "unconfirmed"),
        ("p=none", "v=spf1 include:_spf.harbourlane.example -all", "confirmed"),
        ("p=reject", "", "denied"),
    ],
)
def test_the_machine_that_brought_it_speaks_for_the_domain(names: Names, policy: str, spf: str, verdict: str) -> None:
    asks(names, policy)
    names.text(f"_spf.{DOMAIN}", "v=spf1 ip4:9.9.9.0/28 -all")
    names.records[f"mx.{DOMAIN}", "A"] = ["9.9.9.77"]
    if spf:
        names.text(DOMAIN, spf, "some other text")

    assert look(names, letter(), peer=OUTSIDE, envelope_from=MINA).verdict == verdict


def test_our_own_mail_server_says_who_brought_it(names: Names) -> None:
    asks(names, "p=reject")
    names.text(DOMAIN, "v=spf1 ip4:9.9.9.10 -all")
    received = "Received: from mx.harbourlane.example (mx.harbourlane.example [9.9.9.10]) by mail.lantern.example"

    found = look(names, f"{received}\r\n".encode() + letter(), peer="127.0.0.1", envelope_from=MINA)

    assert (found.verdict, found.basis) == ("confirmed", "path")


def test_fetched_mail_has_a_path_nobody_here_saw(names: Names) -> None:
    """What servers on the way have written is the sender's word until a server is named that we believe."""
    asks(names, "p=reject")
    received = b"Received: from mx (mx [9.9.9.10]) by anything\r\n"

    assert look(names, received + letter(), envelope_from=MINA).verdict == "unconfirmed"


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        ("mx.lantern.example; dmarc=pass header.from=harbourlane.example", "confirmed"),
        ("mx.lantern.example; dkim=pass header.d=harbourlane.example", "confirmed"),
        ("mx.lantern.example; spf=pass (good) smtp.mailfrom=bounce@harbourlane.example", "confirmed"),
        ("mx.lantern.example 1; dmarc=fail (p=REJECT; sp=NONE) header.from=harbourlane.example", "denied"),
        ("mx.lantern.example; dmarc=fail (p=none) header.from=harbourlane.example", "unconfirmed"),
        ("mx.lantern.example; dkim=pass header.d=bulk.example; dmarc=none", "unconfirmed"),
        ('mx.lantern.example; spf=fail smtp.mailfrom="x; dmarc=pass"@bad.example', "unconfirmed"),
        ("mx.lantern.example; spf=fail (x) ; dmarc=pass (", "unconfirmed"),
        ("mx.lantern.example; dmarc=fail (p=reject); dmarc=pass", "unconfirmed"),
        ("mx.elsewhere.example; dmarc=pass", "unconfirmed"),
    ],
)
def test_the_word_of_our_own_server_counts(names: Names, line: str, verdict: str) -> None:
    raw = f"Authentication-Results: {line}\r\n".encode() + letter()

    assert look(names, raw, server="mx.lantern.example").verdict == verdict


def test_only_the_topmost_line_of_our_server_counts(names: Names) -> None:
    ours = b"Authentication-Results: mx.lantern.example; dmarc=fail (p=reject)\r\n"
    brought_along = b"Authentication-Results: mx.lantern.example; dmarc=pass\r\n"

    assert look(names, ours + brought_along + letter(), server="mx.lantern.example").verdict == "denied"


def test_a_server_without_a_name() -> None:
    [first, second] = results.told_by("-", ["dkim=pass header.d=a.example; dmarc=fail action=oreject"]) or ()

    assert (first.domain, second.outcome) == ("a.example", "fail")


def test_a_domain_that_does_not_answer_is_not_judged(names: Names) -> None:
    names.broken.add(f"_dmarc.{DOMAIN}")
    names.silent.add("silent.example")

    with pytest.raises(NoAnswer):
        look(names, letter())
    with pytest.raises(NoAnswer):
        Lookups(names.address, seconds=0.2).texts("silent.example")


@pytest.mark.parametrize(
    ("records", "domain", "owner", "asked"),
    [
        ({}, "a.b.example", "a.b.example", ""),
        ({"b.example": "p=reject; sp=none"}, "a.b.example", "b.example", "none"),
        ({"b.example": "p=reject"}, "a.b.example", "b.example", "reject"),
        ({"co.example": "psd=y; p=none", "b.co.example": "p=reject"}, "a.b.co.example", "b.co.example", "reject"),
        ({"b.example": "p=none", "a.b.example": "psd=n; p=reject"}, "a.b.example", "a.b.example", "reject"),
        ({"b.example": "p=whatever"}, "b.example", "b.example", "none"),
    ],
)
def test_whose_domain_it_is(names: Names, records: dict[str, str], domain: str, owner: str, asked: str) -> None:
    for name, record in records.items():
        asks(names, record, name)

    policy = policy_of(domain, Lookups(names.address))

    assert (policy.owner, policy.asks) == (owner, asked)


def test_names_are_asked_a_few_times_and_no_more(names: Names) -> None:
    lookups = Lookups(names.address)
    for number in range(40):
        lookups.texts(f"n{number}.example")

    with pytest.raises(NoAnswer):
        lookups.texts("one-more.example")
    assert lookups.texts("n1.example") == []
    assert len(names.asked) == 40


@pytest.mark.parametrize("number", ["10.1.2.3", "127.0.0.1", "::1", "nonsense", ""])
def test_only_machines_out_in_the_world_have_a_path(number: str) -> None:
    assert path.public(number) == ""


@pytest.fixture
def asked_here(names: Names, settings: Any) -> Names:
    settings.ENV = replace(configured.ENV, dns=names.address)
    return names


def take(raw: bytes) -> RawMail:
    mail, _new = actions.store_and_claim(raw=raw, via="file", at=START)
    return actions.read_one(raw=mail, at=START)


@pytest.mark.django_db
def test_a_mail_is_taken_in_first_and_its_sender_looked_up_after(world: World, asked_here: Names) -> None:
    mail = take(signed(letter(), domain=DOMAIN))
    assert mail.message is not None and not asked_here.asked

    check = actions.check_next_sender(at=START)

    assert check is not None and (check.verdict, check.message_id) == ("confirmed", mail.message_id)
    assert queries.sender_checks([check.message_id]) == {check.message_id: check}
    assert Fact.objects.filter(name="sender.checked", client=world.bakery.pk).count() == 1
    assert actions.check_next_sender(at=START + timedelta(days=9)) is None


@pytest.mark.django_db
def test_a_silent_domain_is_asked_again_and_then_left_alone(world: World, asked_here: Names) -> None:
    asked_here.broken.add(f"_dmarc.{DOMAIN}")
    take(letter())
    moment = START
    for wait in WAITS:
        assert actions.check_next_sender(at=moment) is None
        moment += wait

    check = actions.check_next_sender(at=moment)

    assert check is not None and check.verdict == "silent"
    assert queries.next_sender_due_at(moment) is None


@pytest.mark.django_db
def test_the_same_mail_again_is_not_asked_about_twice(world: World, asked_here: Names) -> None:
    take(letter())
    take(letter("The same, by another way.", "X-Way: other"))
    while actions.check_next_sender(at=START) is not None:
        pass

    assert SenderCheck.objects.count() == 1

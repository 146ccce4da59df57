"""What lies on the desk at the moment the demo begins: one of everything a person should see, timed from now."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from wellkept.connectors.email import actions as mail
from wellkept.conversations import actions as conversations
from wellkept.conversations.models import Message
from wellkept.demo.cast import CLIENTS
from wellkept.demo.letters import letter
from wellkept.demo.life import Life
from wellkept.demo.month import Inquiry, sentence
from wellkept.demo.scripts import ENGLISH, Script

BY_KEY = {takes.key: takes for takes in CLIENTS}


class Scene(Inquiry):
    """A conversation whose steps are set, in working minutes before now."""

    def __init__(self, life: Life, client: str, script: Script, *, contact: int = 0) -> None:
        super().__init__(life, BY_KEY[client], script, contact=life.cast.contacts[client][contact])

    def ago(self, minutes: int) -> datetime:
        return self.hours.sub(self.life.until, minutes)

    def ahead(self, minutes: int) -> datetime:
        return self.round(self.hours.add(self.life.until, minutes))

    def plan_acknowledgement(self, at: datetime) -> None:
        """Whatever follows is set by the scene."""


def plan(life: Life) -> None:
    for scene in (_oven, _kiln, _fuel_card, _excise, _bas, _double_payment, _mats, _camera, _folhas, _retention):
        scene(life)
    _kept_today(life)
    _stranger(life)
    _two_senders(life)
    _away(life)


def _oven(life: Life) -> None:
    """The acknowledgement that falls due within the hour."""
    scene = Scene(
        life, "harbour",
        Script(
            "GST on the second-hand oven",
            "Receipt for the oven is attached. The seller is not registered. Paid on the 30th from the business account. Can it still go into the month?\n\nAlso, invoice 1187 to the café looks wrong: we charged GST on the staff meals recharge.",
            "Confirm the GST on the oven", "", file="oven-receipt.pdf",
        ),
    )  # fmt: skip
    life.later(scene.ago(148), scene.asked)

    def remark(at: datetime) -> None:
        text = "Second-hand goods from an unregistered person: the credit is 3/23 of the price, if it is paid in the same period. Needs a record of the seller’s name and address."
        ruth = life.cast.staff["ruth"]
        conversations.note(conversation=scene.conversation, text=text, mentions=[scene.owner], by=ruth, at=at)

    life.later(scene.ago(80), remark)

    def begin(at: datetime) -> None:
        text = "Hi Mina,\n\nyes: because it was paid on the 30th, the oven goes into the month and you can claim 3/23 of the price. "
        conversations.save_draft(conversation=scene.conversation, text=text, by=scene.owner, at=at)

    life.later(scene.ago(6), begin)


def _kiln(life: Life) -> None:
    """A commitment that was missed yesterday and still waits."""
    scene = Scene(
        life, "oldmill",
        Script("Kiln lease: is it a fixed asset?", "The kiln is leased for five years and ours afterwards. Is it an asset now or when the lease ends?", "Say how the kiln lease is booked", ""),
    )  # fmt: skip
    _answered_until(scene, asked=1500, due=200, missed=True)


def _fuel_card(life: Life) -> None:
    """It is the client's turn, day after day."""
    script = Script(
        "Fuel card statement",
        "Which papers are you still missing for the close?",
        "Tell what the close still needs",
        "",
        ask="the fuel card statement of last month",
    )
    scene = Scene(life, "kestrel", script)
    life.later(scene.ago(2200), scene.asked)

    def ask(at: datetime) -> None:
        what = scene.script.ask
        scene.reply(
            f"Hi Dana,\n\nonly {what} is missing. Everything else is in.",
            conversations.WaitingForClient(sentence(what), scene.ahead(900)),
            at,
        )

    life.later(scene.ago(2140), ask)


def _excise(life: Life) -> None:
    """A long request with its rhythm of updates."""
    scene = Scene(
        life,
        "quarry",
        Script(
            "Excise return, two months late",
            "The excise returns of two months are missing. Can you put them together from the cellar book?",
            "File both excise returns",
            "",
        ),
    )
    life.later(scene.ago(1950), scene.asked)

    def promise_rhythm(at: datetime) -> None:
        scene.reply(
            "Hi Piet,\n\nI can. It takes a week, and I tell you every two days how far it is. First I list what is missing.",
            conversations.DueAt(scene.round(scene.ago(800)), "List what is missing in the cellar book"),
            at,
        )
        conversations.set_rhythm(conversation=scene.conversation, every_days=2, by=scene.owner, at=at)

    def update(at: datetime) -> None:
        conversations.reply(
            conversation=scene.conversation,
            text="Hi Piet,\n\nthree pages were missing and are found. The first month is complete.\n\nAna",
            follow_up=conversations.DueAt(scene.ahead(1900), scene.script.promise),
            gives=scene.owed("commitment"),
            by=scene.owner,
            at=at,
        )

    life.later(scene.ago(1900), promise_rhythm)
    life.later(scene.ago(850), update)


def _bas(life: Life) -> None:
    """A question to a colleague is open, and an answer is due this afternoon."""
    scene = Scene(
        life,
        "bluegum",
        Script(
            "BAS looks lower than last quarter",
            "The figure for the quarter is 2,100 lower than last time, and we had more patients. Can that be right?",
            "Explain the BAS figure",
            "",
        ),
    )
    life.later(scene.ago(330), scene.asked)
    life.later(scene.ago(290), lambda at: _promise(scene, at, ahead=300))

    def ask(at: datetime) -> None:
        conversations.ask_colleague(
            conversation=scene.conversation, colleague=life.cast.staff["leo"],
            text="Compare the card takings with the bookings for the quarter, please, Leo.", by=scene.owner, at=at,
        )  # fmt: skip

    life.later(scene.ago(200), ask)


def _double_payment(life: Life) -> None:
    """Handed on, but not yet taken: the giver still owns it."""
    script = Script(
        "Duplicate supplier payment",
        "Second time the same supplier was paid twice. I am asking for other quotes.",
        "Call Rafi and put it right",
        "",
    )
    scene = Scene(life, "ember", script)
    life.later(scene.ago(170), scene.asked)
    life.later(scene.ago(150), lambda at: _promise(scene, at, ahead=90))

    def offer(at: datetime) -> None:
        note = "Rafi asked for you last time, and you know the supplier."
        conversations.offer(
            conversation=scene.conversation, taker=life.cast.staff["ana"], note=note, by=scene.owner, at=at
        )

    def call(at: datetime) -> None:
        conversations.promise_call(conversation=scene.conversation, what="the double payment", by=scene.owner, at=at)

    life.later(scene.ago(60), offer)
    life.later(scene.ago(100), call)


def _mats(life: Life) -> None:
    """Snoozed until tomorrow, without losing what is promised."""
    scene = Scene(
        life,
        "solace",
        Script(
            "Mat order: stock or gift?",
            "We give a mat to everybody who books a year. Is that stock or advertising?",
            "Say how the mats are booked",
            "",
        ),
    )
    life.later(scene.ago(700), scene.asked)
    life.later(scene.ago(660), lambda at: _promise(scene, at, ahead=800))

    def snooze(at: datetime) -> None:
        conversations.snooze(
            conversation=scene.conversation, until=scene.hours.add(life.until, 400), by=scene.owner, at=at
        )

    life.later(scene.ago(300), snooze)


def _camera(life: Life) -> None:
    """London's afternoon: answered, and due tomorrow there."""
    scene = Scene(
        life,
        "meridian",
        Script(
            "Deposit coded twice",
            "The deposit for the crane camera shows up twice in last month. One of them must be wrong.",
            "Put the deposit right",
            "",
        ),
        contact=1,
    )
    _answered_until(scene, asked=260, due=None)


def _folhas(life: Life) -> None:
    """The same day in São Paulo, in its own language."""
    scene = Scene(
        life, "padaria",
        Script("Folha de pagamento", "Bom dia, a folha deste mês já inclui as horas extras do sábado?", "Confirmar as horas extras na folha", ""),
    )  # fmt: skip
    life.later(scene.ago(70), scene.asked)


def _retention(life: Life) -> None:
    """Kept this morning, and something else promised for later today."""
    scene = Scene(
        life,
        "fielding",
        Script(
            "Retention money on the school job",
            "The school keeps 5% back for a year. When is that income?",
            "Explain the retention money",
            "",
        ),
    )
    life.later(scene.ago(230), scene.asked)
    life.later(scene.ago(215), lambda at: _promise(scene, at, ahead=75))


def _kept_today(life: Life) -> None:
    """Asked and answered since this morning."""
    for number, (client, script) in enumerate(zip(("kestrel", "harbour", "bluegum", "tide"), ENGLISH, strict=False)):
        scene = Scene(life, client, script)
        life.later(scene.ago(300 - 20 * number), scene.asked)
        life.later(scene.ago(270 - 20 * number), partial(_promise, scene, ahead=240))
        life.later(scene.ago(160 - 30 * number), scene.answer)


def _answered_until(scene: Scene, *, asked: int, due: int | None, missed: bool = False) -> None:
    """Asked so many minutes ago and acknowledged; due `due` minutes ago, or tomorrow."""
    scene.life.later(scene.ago(asked), scene.asked)

    def acknowledge(at: datetime) -> None:
        due_at = scene.round(scene.ago(due)) if missed and due else scene.ahead(600)
        scene.reply(
            f"Hi {scene.first},\n\nlet me read the contract first.",
            conversations.DueAt(due_at, scene.script.promise),
            at,
        )

    scene.life.later(scene.ago(asked - 50), acknowledge)


def _promise(scene: Scene, at: datetime, *, ahead: int) -> None:
    text = f"Hi {scene.first},\n\nI see what you mean and look into it now."
    scene.reply(text, conversations.DueAt(scene.ahead(ahead), scene.script.promise), at)


def _stranger(life: Life) -> None:
    """Somebody nobody knows yet, for triage."""
    hours = life.hours(life.cast.offices["wellington"].pk)
    raw = letter(
        sender=("Kahu Brewster", "kahu@brewsterpaint.example"), to=life.cast.firm.mail_address, subject="Looking for a bookkeeper",
        text="Hello,\n\nMina from Harbour Lane gave me your address. I paint houses, four of us, and my books are in a shoe box. Do you take new clients?\n\nKahu Brewster",
        number=life.number(), at=hours.sub(life.until, 95),
    )  # fmt: skip
    life.later(hours.sub(life.until, 95), lambda at: _arrives(raw, at))


def _two_senders(life: Life) -> None:
    """A mail nobody can be held to: it waits in quarantine with its reason."""
    at = life.until - timedelta(hours=3)
    raw = letter(
        sender=("Accounts", "accounts@tidemark-mills.example"), to=life.cast.firm.mail_address, subject="Changed bank details",
        text="Please use our new bank account from now on.", number=life.number(), at=at,
    )  # fmt: skip
    forged = raw.replace(b"From: ", b"From: Dana Whitlock <dana@kestrelfreight.example>\nFrom: ", 1)
    life.later(at, lambda then: _arrives(forged, then))


def _away(life: Life) -> None:
    """An out-of-office reply to one of ours: seen, and answered by nobody."""

    def answer(at: datetime) -> None:
        sent = Message.objects.filter(kind=Message.Kind.OUTBOUND, conversation__client=life.cast.clients["larkspur"])
        last = sent.order_by("-id").first()
        if last is not None:
            raw = letter(
                sender=("Noor Haddad", "noor@larkspur.example"), to=life.cast.firm.mail_address, subject="Automatic reply",
                text="I am away until Monday.", number=life.number(), at=at, answers=last, wrote="You wrote:",
                headers=(("Auto-Submitted", "auto-replied"),),
            )  # fmt: skip
            _arrives(raw, at)

    life.later(life.until - timedelta(hours=20), answer)


def _arrives(raw: bytes, at: datetime) -> None:
    mail.read_one(raw=mail.store(raw=raw, via="file", at=at), at=at)

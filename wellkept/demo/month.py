"""A month of ordinary inquiries: asked, acknowledged, answered; now and then late, put off, passed on or asked again."""

from __future__ import annotations

from datetime import datetime, timedelta

from wellkept.clients import queries as clients
from wellkept.clients.models import Client, Contact
from wellkept.connectors.email import actions as mail
from wellkept.conversations import actions as conversations
from wellkept.conversations import queries as threads
from wellkept.conversations.models import Conversation, Message
from wellkept.demo.cast import CLIENTS, Takes
from wellkept.demo.letters import letter
from wellkept.demo.life import Life
from wellkept.demo.scripts import (
    ACKNOWLEDGED,
    BY_THEN,
    COLLEAGUE,
    COLLEAGUE_DONE,
    COME_BACK,
    ENGLISH,
    EXTENDED,
    GOODBYE,
    GREETING,
    HELLO,
    NOTES,
    PORTUGUESE,
    THANKS,
    WROTE,
    Script,
)
from wellkept.people import actions as people
from wellkept.people.models import Staff
from wellkept.promises import actions as promises
from wellkept.promises.models import OPEN, Promise

HALF_HOUR = 30
EACH_BUSY_A_MONTH = 3
MISS_ACKNOWLEDGE, MISS_COMMITMENT = 0.06, 0.05


class Inquiry:
    """One conversation from the first letter to the last; each step plans the next."""

    def __init__(self, life: Life, takes: Takes, script: Script, *, contact: Contact | None = None) -> None:
        self.life, self.script = life, script
        self.client: Client = life.cast.clients[takes.key]
        self.contact = contact or life.draw.choice(life.cast.contacts[takes.key])
        self.owner: Staff = life.cast.staff[takes.bookkeeper]
        self.hours = life.hours(self.client.calendar_id)
        self.language = self.client.language
        self.address = clients.email_of(clients.contacts_of(self.client).get(pk=self.contact.pk))
        self._id = 0

    @property
    def conversation(self) -> Conversation:
        return Conversation.objects.select_related("client", "contact", "owner").get(pk=self._id)

    @property
    def first(self) -> str:
        return self.contact.name.split()[0]

    # What the client does

    def asked(self, at: datetime) -> None:
        hello = self.life.draw.choice(HELLO[self.language]).format(first=self.owner.name.split()[0])
        self._id = self.write(f"{hello}\n\n{self.script.question}", at, file=self.script.file)
        self.plan_acknowledgement(at)

    def write(self, text: str, at: datetime, *, file: str = "", answers: Message | None = None) -> int:
        """The client's letter comes in the way every mail does."""
        day = at.astimezone(self.hours.tz).strftime("%d.%m.%Y, %H:%M")
        raw = letter(
            sender=(self.contact.name, self.address),
            to=self.life.cast.firm.mail_address,
            subject=self.script.subject,
            text=f"{text}\n\n{GOODBYE[self.language]}\n{self.contact.name}",
            number=self.life.number(),
            at=at - timedelta(seconds=40),
            answers=answers,
            wrote=WROTE[self.language].format(day=day, name=self.owner.name),
            file=file,
        )
        taken = mail.read_one(raw=mail.store(raw=raw, via="file", at=at), at=at)
        if taken.message is None:
            raise LookupError(f"A letter of the demo was not taken in: {taken.reason}.")
        return taken.message.conversation_id

    def sent_last(self) -> Message | None:
        found = Message.objects.filter(conversation=self._id, kind=Message.Kind.OUTBOUND, withdrawn_at=None)
        return found.order_by("-id").first()

    # What the bookkeeper does

    def plan_acknowledgement(self, at: datetime) -> None:
        draw = self.life.draw
        slow = draw.random() < MISS_ACKNOWLEDGE
        minutes = draw.randrange(190, 420) if slow else int(draw.triangular(6, 115, 35))
        self.life.later(self.hours.add(at, minutes), self.acknowledge)
        if self.script.note and draw.random() < 0.6:
            self.life.later(self.hours.add(at, max(3, minutes - 4)), self.note)

    def note(self, at: datetime) -> None:
        conversations.note(conversation=self.conversation, text=self.script.note, by=self.owner, at=at)

    def acknowledge(self, at: datetime) -> None:
        due_at = self.round(self.hours.add(at, self.life.draw.choice((180, 300, 480, 540, 900, 1080))))
        draw, first = self.life.draw, self.first
        text = draw.choice(ACKNOWLEDGED[self.language]).format(first=first)
        when = due_at.astimezone(self.hours.tz).strftime("%d.%m. %H:%M")
        if self.script.ask and draw.random() < 0.7:
            back = COME_BACK[self.language].format(what=self.script.ask, when=when)
            follow_up: conversations.FollowUp = conversations.WaitingForClient(sentence(self.script.ask), due_at)
            self.reply(f"{text} {back}", follow_up, at)
            self.life.later(self.hours.add(at, draw.randrange(60, 600)), self.paper_comes)
        else:
            promised = BY_THEN[self.language].format(when=when)
            self.reply(f"{text} {promised}", conversations.DueAt(due_at, self.script.promise), at)
        self.plan_answer(at, due_at)

    def plan_answer(self, at: datetime, due_at: datetime) -> None:
        """In time mostly; a few late, a few with a new time."""
        draw, span = self.life.draw, max(40, int(self.hours.between(at, due_at)))
        chance = draw.random()
        if chance < MISS_COMMITMENT:
            self.life.later(self.hours.add(due_at, draw.randrange(20, 500)), self.answer)
        elif chance < 2 * MISS_COMMITMENT:
            self.life.later(self.hours.sub(due_at, min(30, span // 2)), self.put_off)
        else:
            self.life.later(self.hours.add(at, int(span * draw.uniform(0.35, 0.92))), self.answer)
            if chance > 0.82:
                self.life.later(self.hours.add(at, int(span * 0.2)), self.ask_colleague)

    def paper_comes(self, at: datetime) -> None:
        if self.conversation.resolved_at is None:
            self.write(self.script.given, at, file="scan.pdf", answers=self.sent_last())

    def put_off(self, at: datetime) -> None:
        for promise in self.owed("commitment"):
            due_at = self.round(self.hours.add(promise.due_at, 540))
            reason = self.life.draw.choice(EXTENDED)
            promises.extend(promise=promise, due_at=due_at, reason=reason, by=self.owner, at=at)
            self.life.later(self.hours.sub(due_at, 60), self.answer)

    def ask_colleague(self, at: datetime) -> None:
        draw, team = self.life.draw, self.owner.team_id
        mates = [
            person for person in self.life.cast.staff.values() if person.team_id == team and person.has_role("support")
        ]
        if not mates or self.conversation.resolved_at is not None:
            return
        mate, which = draw.choice(mates), draw.randrange(len(COLLEAGUE))
        text = COLLEAGUE[which].format(name=mate.name.split()[0])
        promise = conversations.ask_colleague(
            conversation=self.conversation, colleague=mate, text=text, by=self.owner, at=at
        )
        minutes = draw.randrange(20, 300) if draw.random() < 0.92 else draw.randrange(500, 700)

        def done(then: datetime) -> None:
            asked = Promise.objects.filter(OPEN, pk=promise.pk).first()
            if asked is not None:
                conversations.answer_colleague(
                    conversation=self.conversation, promise=asked, text=COLLEAGUE_DONE[which], by=mate, at=then
                )

        self.life.later(self.hours.add(at, minutes), done)

    def answer(self, at: datetime) -> None:
        if self.conversation.resolved_at is not None:
            return
        hello = GREETING[self.language].format(first=self.first)
        self.reply(f"{hello}\n\n{self.script.answer}", conversations.NothingMoreOwed(), at)
        chance = self.life.draw.random()
        if self.script.then and chance < 0.5:
            self.life.later(self.hours.add(at, self.life.draw.randrange(30, 400)), self.asked_again)
        elif chance > 0.93:
            self.life.later(self.hours.add(at, self.life.draw.randrange(5, 120)), self.thanked)

    def asked_again(self, at: datetime) -> None:
        self.write(self.script.then, at, answers=self.sent_last())
        minutes = int(self.life.draw.triangular(10, 170, 40))
        self.life.later(self.hours.add(at, minutes), self.answer_again)

    def answer_again(self, at: datetime) -> None:
        if self.conversation.resolved_at is None:
            self.reply(self.script.then_answer, conversations.NothingMoreOwed(), at)

    def thanked(self, at: datetime) -> None:
        self.write(self.life.draw.choice(THANKS[self.language]), at, answers=self.sent_last())
        self.life.later(self.hours.add(at, self.life.draw.randrange(5, 60)), self.let_rest)

    def let_rest(self, at: datetime) -> None:
        conversation = self.conversation
        if conversation.resolved_at is None and not self.owed("commitment"):
            why = "Only thanks, no answer needed" if self.language == "en" else "Só um agradecimento"
            conversations.resolve(conversation=conversation, answer=why, by=self.owner, at=at)

    def reply(self, text: str, follow_up: conversations.FollowUp, at: datetime) -> Message:
        """A reply gives whatever was promised here and falls to this answer."""
        given = self.owed("commitment") if isinstance(follow_up, conversations.NothingMoreOwed) else []
        signed = f"{text}\n\n{self.owner.name.split()[0]}"
        return conversations.reply(
            conversation=self.conversation, text=signed, follow_up=follow_up, gives=given, by=self.owner, at=at
        )

    def owed(self, kind: str) -> list[Promise]:
        return [promise for promise in threads.open_promises(self.conversation) if promise.kind == kind]

    def round(self, at: datetime) -> datetime:
        """A time a person would name: the next half hour that is still open."""
        half = at + timedelta(minutes=-at.minute % HALF_HOUR, seconds=-at.second, microseconds=-at.microsecond)
        open_then = self.hours.is_open(half) or self.hours.is_open(half - timedelta(seconds=1))
        return half if open_then else self.hours.next_open(half) + timedelta(minutes=HALF_HOUR)


def sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def plan(life: Life, *, since: datetime) -> None:
    """Inquiries of every client over the month, as often as they write, some of them out of hours."""
    days = (life.until - since).total_seconds() / 86_400
    for takes in CLIENTS:
        scripts = list(PORTUGUESE if takes.office == "saopaulo" else ENGLISH)
        life.draw.shuffle(scripts)
        hours = life.hours(life.cast.clients[takes.key].calendar_id)
        letters = max(1, round(takes.busy * EACH_BUSY_A_MONTH * days / 31))
        for number in range(letters):
            day = since + timedelta(days=(number + life.draw.random()) * days / letters)
            at = hours.add(hours.next_open(day), life.draw.randrange(5, 420))
            if life.draw.random() < 0.2:
                at = hours.next_close(at) + timedelta(minutes=life.draw.randrange(20, 200))
            life.later(at, Inquiry(life, takes, scripts[number % len(scripts)]).asked)
    _notes(life, since)
    _read_notices(life)


def _notes(life: Life, since: datetime) -> None:
    """A remark of the lead here and there, on what is open just then."""

    def remark(at: datetime) -> None:
        lead = life.cast.staff["grace"]
        conversation = (
            threads.for_staff(lead).filter(resolved_at=None, client__isnull=False).order_by("-opened_at").first()
        )
        if conversation is not None and conversation.owner is not None and conversation.owner.pk != lead.pk:
            text = life.draw.choice(NOTES)
            conversations.note(conversation=conversation, text=text, mentions=[conversation.owner], by=lead, at=at)

    hours = life.hours(life.cast.offices["wellington"].pk)
    for week in range(4):
        life.later(hours.add(since + timedelta(days=7 * week + 2), 300), remark)


def _read_notices(life: Life) -> None:
    """Everybody has read what is older than this morning."""
    for person in life.cast.staff.values():

        def read(at: datetime, person: Staff = person) -> None:
            people.read_all_notices(by=person, at=at)

        hours = life.hours(life.cast.offices["wellington"].pk)
        life.later(hours.sub(life.until, 200), read)

"""What goes out and comes in. Times are ISO 8601 with their offset; a cursor is opaque."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Generic, Literal, TypeVar

from ninja import Schema
from pydantic import Field

from wellkept.api.fields import Address, Id, Moment, Text, Words

T = TypeVar("T")


class FieldError(Schema):
    field: str
    detail: str


class Problem(Schema):
    """RFC 9457."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[FieldError] = []


class Page(Schema, Generic[T]):
    """`next` is the cursor of the following page; null on the last."""

    items: list[T]
    next: str | None = None


class Person(Schema):
    id: int
    name: str


class Me(Person):
    email: str
    roles: list[str]
    language: str
    time_zone: str


class Client(Schema):
    id: int
    name: str
    bookkeeper: Person
    team: int | None
    country: str
    language: str
    time_zone: str
    since_on: date
    archived_at: datetime | None


class ContactAddress(Schema):
    kind: str
    value: str
    label: str


class Contact(Schema):
    id: int
    client: int
    name: str
    department: str
    role: str
    language: str
    preferred_channel: str
    verified_at: datetime | None
    left_at: datetime | None
    addresses: list[ContactAddress]


class Promise(Schema):
    """`state` is open, risk, wait, broken, kept, late, withdrawn or extended, as it stands now."""

    id: int
    kind: str
    title: str
    state: str
    client: int | None
    owner: Person | None
    to_contact: int | None
    to_staff: int | None
    subject_kind: str
    subject_id: int
    channel: str
    made_at: datetime
    due_at: datetime
    seconds_left: int
    over_seconds: int
    waiting_for: str
    missed_at: datetime | None
    kept_at: datetime | None
    withdrawn_at: datetime | None
    replaced_by: int | None


class TrailLine(Schema):
    at: datetime
    kind: str
    sentence: str
    ahead: bool


class Explanation(Schema):
    """Why it is due then: the rule, the dated trail, what keeps it and how many misses the month still affords."""

    promise: Promise
    rule: str
    keeps: str
    lines: list[TrailLine]
    affordable: int | None


class Extension(Schema):
    due_at: Moment
    reason: Annotated[Words, Field(min_length=1)]


class Conversation(Schema):
    id: int
    subject: str
    channel: str
    priority: str
    client: int | None
    contact: int | None
    owner: Person | None
    opened_at: datetime
    last_message_at: datetime
    snippet: str
    unanswered_since: datetime | None
    waiting_since: datetime | None
    waiting_for: str
    snoozed_until: datetime | None
    next_due_at: datetime | None
    resolved_at: datetime | None
    merged_into: int | None


class Attachment(Schema):
    name: str
    media_type: str
    size: int


class Message(Schema):
    """`kind` is in, out, note or event. `text` is as it was written, quotations included."""

    id: int
    kind: str
    at: datetime
    author: str
    staff: int | None
    contact: int | None
    address: str
    to: list[str]
    cc: list[str]
    text: str
    promise: int | None
    withdrawn_at: datetime | None
    attachments: list[Attachment]


class Thread(Schema):
    """A conversation with its newest hundred messages, oldest first; `before` asks for the ones above."""

    conversation: Conversation
    messages: list[Message]
    promises: list[Promise]
    before: int | None = None


class DueAt(Schema):
    """The client hears from us by then."""

    kind: Literal["due"]
    at: Moment
    what: Words = ""


class NothingMore(Schema):
    """The client has what they need: the conversation is resolved."""

    kind: Literal["nothing"]


class Waiting(Schema):
    """It is the client's turn. The first answer to an inquiry also says when we come back to it."""

    kind: Literal["waiting"]
    what: Annotated[Words, Field(min_length=1)]
    back_at: Moment | None = None


class Reply(Schema):
    """A reply says what comes next: `follow_up` is not optional.

    `seen` is the id of the newest message you have read; a reply to what you have not read is refused.
    """

    text: Annotated[Text, Field(min_length=1)]
    follow_up: Annotated[DueAt | NothingMore | Waiting, Field(discriminator="kind")]
    to: Annotated[list[Address], Field(max_length=20)] | None = None
    cc: Annotated[list[Address], Field(max_length=20)] = []
    seen: Id | None = None


class Note(Schema):
    text: Annotated[Text, Field(min_length=1)]
    mentions: Annotated[list[Id], Field(max_length=50)] = []


class Resolution(Schema):
    answer: Words = ""


class Call(Schema):
    """A call promised. Without a contact the conversation's own is called; without a time the agreement's counts."""

    contact: Id | None = None
    number: Words = ""
    what: Words = ""
    due_at: Moment | None = None


class Reached(Schema):
    """They were reached: what was said and agreed."""

    kind: Literal["reached"]
    outcome: Annotated[Text, Field(min_length=1)]


class NotReached(Schema):
    """They were not, and are called again by then."""

    kind: Literal["not_reached"]
    outcome: Text = ""
    again_at: Moment


class CallOutcome(Schema):
    went: Annotated[Reached | NotReached, Field(discriminator="kind")]


class Newcomer(Schema):
    """The sender of a conversation without a client; without a name, the one beside their address counts."""

    name: Words = ""
    phone: Words = ""
    role: Words = ""
    department: Words = ""


class Introduction(Schema):
    """`conversations` are others of the same sender that go along."""

    client: Id
    newcomer: Newcomer = Newcomer()
    conversations: Annotated[list[Id], Field(max_length=50)] = []


class TakingOn(Schema):
    """`country` is two letters; without a time zone the firm's counts."""

    name: Annotated[Words, Field(min_length=1)]
    bookkeeper: Id
    time_zone: Words = ""
    country: Words = ""
    newcomer: Newcomer = Newcomer()
    conversations: Annotated[list[Id], Field(max_length=50)] = []


class Introduced(Schema):
    """The new contact, and the conversations that are their client's from now on."""

    contact: Contact
    conversations: list[Conversation]


class Priority(Schema):
    """The empty word is what every conversation begins with."""

    priority: Literal["urgent", "high", "", "low"]


class Fact(Schema):
    """One line of the service book. `data` holds ids and plain values, never personal text."""

    seq: int
    name: str
    at: datetime
    by: int | None
    on_behalf_of: int | None
    client: int | None
    data: dict[str, Any]


class Figure(Schema):
    """`value` is a share from 0 to 1, a number or seconds, as `measure` says; null while nothing was due."""

    name: str
    words: str
    measure: str
    definition: str
    value: float | None
    goal: float | None
    standing: str
    affordable: int
    counted: int
    kept: int
    late: int
    missed: int
    sentence: str


class Figures(Schema):
    since: date
    until: date
    sentence: str
    figures: list[Figure]


class Event(Schema):
    """One promise a figure was counted from."""

    promise: int
    title: str
    day: date
    outcome: str
    kind: str
    client: int | None
    owner: int | None
    made_at: datetime
    due_at: datetime
    kept_at: datetime | None
    subject_kind: str
    subject_id: int

"""Every address of the desk and who may come there. A route without a row here breaks the build.

`of` names the object in the address: it is then seen by those whose client it is, and does not exist (404) for others.
`for_roles` closes a page to everybody else (403 or 404). `signed_out` lets visitors in.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    of: str | None = None
    for_roles: frozenset[str] | None = None
    picky: bool = False  # 404 without more than the address: a chosen promise, bytes that are not made yet
    signed_out: bool = False


def about(kind: str, *names: str) -> dict[str, Row]:
    return {name: Row(of=kind) for name in names}


def everyone(*names: str) -> dict[str, Row]:
    return {name: Row() for name in names}


def picky(kind: str, *names: str) -> dict[str, Row]:
    return {name: Row(of=kind, picky=True) for name in names}


def only(roles: set[str], *names: str) -> dict[str, Row]:
    return {name: Row(for_roles=frozenset(roles)) for name in names}


def only_about(kind: str, roles: set[str], *names: str, picky: bool = False) -> dict[str, Row]:
    return {name: Row(of=kind, for_roles=frozenset(roles), picky=picky) for name in names}


def visitors(*names: str) -> dict[str, Row]:
    return {name: Row(signed_out=True) for name in names}


ADMINISTRATOR = {"administrator"}
MANAGES_CLIENTS = {"administrator", "leader"}
WRITES_TEMPLATES = {"administrator", "leader", "quality"}
SEES_HEALTH = {"administrator", "leader"}
OF_THE_FIRM = {"calendar", "person", "team", "template", "mailbox", "agreement", "invitation", "mail", "delivery"}

ROUTES: dict[str, Row] = {
    **everyone("settings", "score", "score_figure", "counts"),
    **only(
        ADMINISTRATOR,
        "settings_firm",
        "settings_people",
        "settings_invite",
        "team_new",
        "settings_agreements",
        "agreement_new",
        "agreement_default",
        "settings_calendars",
        "calendar_new",
        "settings_mailboxes",
        "mailbox_new",
    ),
    **only_about(
        "person",
        ADMINISTRATOR,
        "settings_person",
        "person_roles",
        "person_team",
        "person_supervisor",
        "person_name",
        "person_sign_out",
        "person_second_step",
        "person_deactivate",
        "person_welcome_back",
    ),
    **only_about("team", ADMINISTRATOR, "team_change"),
    **only_about("invitation", ADMINISTRATOR, "invitation_withdraw"),
    **only_about("client", ADMINISTRATOR, "agreement_client"),
    **only_about("agreement", ADMINISTRATOR, "agreement_version"),
    **only_about(
        "calendar",
        ADMINISTRATOR,
        "calendar",
        "calendar_week",
        "calendar_exception",
        "calendar_holiday",
        "calendar_remove",
        "calendar_propose",
        "calendar_file",
        "calendar_confirm",
        "calendar_retire",
    ),
    **only_about("mailbox", ADMINISTRATOR, "mailbox", "mailbox_pause", "mailbox_resume", "mailbox_remove", picky=True),
    **only(
        MANAGES_CLIENTS, "settings_clients", "client_new", "clients_import", "clients_import_confirm", "clients_export"
    ),
    **only_about("client", MANAGES_CLIENTS, "settings_client", "client_hand_over", "client_archive"),
    **only(WRITES_TEMPLATES, "settings_templates", "template_new"),
    **only_about("template", WRITES_TEMPLATES, "template", "template_retire"),
    **only(SEES_HEALTH, "health", "dead_letters", "quarantine"),
    **only_about("delivery", SEES_HEALTH, "delivery_retry", picky=True),
    **only_about(
        "mail",
        SEES_HEALTH,
        "quarantine_mail",
        "quarantine_bytes",
        "quarantine_retry",
        "quarantine_take_in",
        "quarantine_discard",
        picky=True,
    ),
    **visitors("healthz", "readyz", "metrics", "demo_sign_in", "join", "setup"),
    **everyone("account", "account_name", "sessions_end_others", "token_new"),
    **about("mine", "session_end", "token_revoke"),
    **everyone(
        "today",
        "today_parts",
        "promises",
        "promise_new",
        "search",
        "palette",
        "notices",
        "notices_read",
        "bell",
        "counts",
        "preferences",
        "preference",
        "keys",
        "when",
        "live",
        "inbox",
        "inbox_rows",
        "inbox_list",
        "inbox_top",
        "colleagues",
        "conversation_new",
        "outbox",
        "clients",
    ),
    **about(
        "promise",
        "promise",
        "promise_row",
        "promise_why",
        "promise_keep",
        "promise_unkeep",
        "promise_extend",
        "promise_withdraw",
        "promise_hand_over",
        "promise_escalate",
    ),
    **about(
        "conversation",
        "inbox_row",
        "conversation",
        "conversation_head",
        "conversation_owed",
        "conversation_thread",
        "conversation_side",
        "conversation_lookers",
        "conversation_answer",
        "conversation_look",
        "conversation_take",
        "conversation_reply",
        "conversation_note",
        "conversation_draft",
        "conversation_templates",
        "conversation_template",
        "conversation_resolve",
        "conversation_reopen",
        "conversation_wake",
        "conversation_rhythm_end",
        "conversation_accept",
        "conversation_decline",
        "conversation_withdraw_offer",
        "conversation_stop_waiting",
        "conversation_snooze",
        "conversation_wait",
        "conversation_offer",
        "conversation_ask",
        "conversation_rhythm",
        "conversation_split",
        "conversation_merge",
        "conversation_assign",
    ),
    **about("message", "message_undo", "message_move", "message_original"),
    **about("attachment", "attachment"),
    **about(
        "outgoing",
        "outgoing",
        "outgoing_retry",
        "outgoing_arrived",
        "outgoing_withdraw",
    ),
    **about(
        "client",
        "client",
        "client_know",
        "client_owed",
        "client_talk",
        "client_people",
        "client_agreed",
        "client_past",
        "client_nuance",
        "contact_add",
    ),
    **picky("conversation", "conversation_give"),
    **picky("message", "message_raw"),
    **picky("outgoing", "outgoing_bytes"),
    **about("nuance", "nuance_retire"),
    **about("contact", "contact_change", "address_add", "contact_verify", "contact_left"),
    **about("address", "address_remove"),
    **about("notice", "notice"),
}

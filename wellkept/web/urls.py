"""The pages' addresses: each module of `pages` brings its own list."""

from importlib import import_module

from django.urls import URLPattern, URLResolver

PAGES = [
    "door",
    "signin",
    "setup",
    "account",
    "settings",
    "settings_people",
    "settings_clients",
    "settings_agreements",
    "settings_calendars",
    "settings_consent",
    "settings_mailboxes",
    "settings_templates",
    "today",
    "promises",
    "search",
    "notices",
    "me",
    "keys",
    "live",
    "inbox",
    "inbox_many",
    "conversation",
    "conversation_answers",
    "conversation_acts",
    "conversation_calls",
    "conversation_places",
    "conversation_ranking",
    "conversation_sender",
    "messages",
    "outgoing",
    "score",
    "disputes",
    "clients",
    "client_acts",
    "coding",
    "coding_acts",
    "coding_pairs",
    "coding_rules",
    "bank_files",
    "documents",
    "reconcile",
    "review",
    "answers",
    "books",
    "books_accounts",
    "books_currencies",
    "books_entries",
    "books_exchange",
    "books_reports",
    "books_setup",
    "health",
    "quarantine",
]

urlpatterns: list[URLPattern | URLResolver] = [
    pattern for page in PAGES for pattern in import_module(f"wellkept.web.pages.{page}").urlpatterns
]

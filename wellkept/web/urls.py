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
    "settings_mailboxes",
    "settings_templates",
    "today",
    "promises",
    "search",
    "notices",
    "me",
    "live",
    "inbox",
    "conversation",
    "conversation_answers",
    "conversation_acts",
    "conversation_places",
    "messages",
    "outgoing",
    "score",
    "clients",
    "client_acts",
    "health",
    "quarantine",
]

urlpatterns: list[URLPattern | URLResolver] = [
    pattern for page in PAGES for pattern in import_module(f"wellkept.web.pages.{page}").urlpatterns
]

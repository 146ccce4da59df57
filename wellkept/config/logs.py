"""Structured logs without personal data: ids, names of events and classes of errors, never what a person wrote."""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any, cast

import structlog

ADDRESS = re.compile(r"[^\s<>\"'@,;:/?=&]+@[^\s<>\"'@,;:]+")
NUMBER = re.compile(r"\+?\d(?:[ ().-]?\d){7,}")
QUERY = re.compile(r"\?[^\s'\"]*")
LONGEST = 300
Event = MutableMapping[str, Any]
ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


class Stderr(logging.Handler):
    """Writes to whatever standard error is at the moment, so that a replaced one is never written to."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            sys.stderr.write(self.format(record) + "\n")
        except Exception:  # noqa: BLE001 - as every handler of the standard library: a broken log breaks nothing else
            self.handleError(record)


def configure(log_format: str) -> dict[str, Any]:
    """Django's LOGGING: everything through one line format to standard error, JSON where a machine reads it."""
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    last = structlog.processors.JSONRenderer() if log_format == "JSON" else structlog.dev.ConsoleRenderer(colors=False)
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": shared,
                "processors": [
                    where_it_broke,
                    without_people,
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    last,
                ],
            }
        },
        "handlers": {"stderr": {"()": Stderr, "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "loggers": {
            "django": {"level": "INFO", "propagate": True, "handlers": []},
            "django.request": {"level": "ERROR"},
            "django.server": {"handlers": [], "propagate": True},
            "psycopg.pool": {"level": "ERROR"},
            "uvicorn": {"level": "WARNING"},
            "mail.log": {"level": "WARNING"},
        },
    }


def where_it_broke(logger: logging.Logger, method: str, event: Event) -> Event:
    """An exception becomes its class and places in the code. Its message may quote what a person wrote."""
    raised = event.pop("exc_info", None)
    record = event.get("_record")
    if not raised and isinstance(record, logging.LogRecord):
        raised, record.exc_info, record.exc_text = record.exc_info, None, None
    if raised:
        error = _error(raised)
        if error is not None:
            event["error"] = type(error).__name__
            frames = traceback.extract_tb(error.__traceback__)[-8:]
            event["at"] = " < ".join(
                f"{frame.filename.rpartition('site-packages/')[2]}:{frame.lineno}" for frame in reversed(frames)
            )
    event.pop("stack_info", None)
    return event


def without_people(logger: logging.Logger, method: str, event: Event) -> Event:
    """Mail addresses, telephone numbers and what was asked for in an address line do not reach a log."""
    for key, value in event.items():
        if not key.startswith("_") and not isinstance(value, int | float | bool | type(None)) and key != "timestamp":
            event[key] = masked(str(value))
    return event


def masked(text: str) -> str:
    return NUMBER.sub("[number]", QUERY.sub("?…", ADDRESS.sub("[address]", text)))[:LONGEST]


def _error(raised: Any) -> BaseException | None:
    if isinstance(raised, BaseException):
        return raised
    if isinstance(raised, tuple):
        return cast(ExcInfo, raised)[1]
    return sys.exc_info()[1]

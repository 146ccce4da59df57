"""What banking does by the clock: measures suggestions, reminds clients of questions, reads documents, reviews months."""

from datetime import datetime

from wellkept.banking.actions import documents, measuring, questions, reviewing
from wellkept.banking.queries import documents as papers
from wellkept.banking.queries import questions as asked
from wellkept.core import schedules


@schedules.every(name="banking.measure", seconds=600)
def measure(at: datetime) -> None:
    measuring.measure_due(at=at)


@schedules.every(name="banking.remind", seconds=60, next_at=lambda at: asked.next_reminder_at())
def remind(at: datetime) -> None:
    questions.remind_due(at=at)


@schedules.every(name="banking.review", cron="40 2 * * *")
def review(at: datetime) -> None:
    """Every night, the months in which something moved."""
    reviewing.review_due(at=at)


@schedules.every(name="banking.read", seconds=2, next_at=papers.next_unread_at)
def read_documents(at: datetime) -> None:
    documents.read_waiting(at=at)

import pytest

from wellkept.clients.tests.books import Books, open_books


@pytest.fixture
def books(db: None) -> Books:
    return open_books()

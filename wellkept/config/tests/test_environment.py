from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from wellkept.config import environment, keys


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("WELLKEPT_PORT", "eighty"),
        ("WELLKEPT_PORT", "70000"),
        ("WELLKEPT_PORT", "८०"),
        ("WELLKEPT_MAIL_IN_PORT", "-1"),
        ("WELLKEPT_DEMO", "perhaps"),
        ("WELLKEPT_REDIS_URL", "http://x"),
        ("WELLKEPT_SMTP_URL", "mail.example"),
        ("WELLKEPT_PUBLIC_URL", "desk.example"),
        ("WELLKEPT_SQLITE_SYNCHRONOUS", "SOMETIMES"),
        ("WELLKEPT_LOG_FORMAT", "XML"),
    ],
)
def test_a_wrong_value_stops_the_start_and_names_the_variable(variable: str, value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=variable):
        environment.read({variable: value})


def test_nothing_set_works_on_a_laptop() -> None:
    env = environment.read({"HOME": "/home/mina"})
    assert (env.host, env.port, env.mail_in_port, env.public_url) == ("127.0.0.1", 8000, 2525, "http://127.0.0.1:8000")
    assert env.data == Path("/home/mina/.local/share/wellkept")
    assert env.embedded, "one process does everything unless told otherwise"


def test_pages_leave_the_work_to_others_when_told() -> None:
    assert not environment.read({"WELLKEPT_EMBEDDED": "0"}).embedded


def test_postgresql_is_named_by_its_address() -> None:
    env = environment.read({"WELLKEPT_DATABASE_URL": "postgres://desk:p%40ss@db:5433/firm?sslmode=require"})
    entry = environment.database(env.database_url, data=env.data)
    assert (entry["USER"], entry["PASSWORD"], entry["HOST"], entry["PORT"]) == ("desk", "p@ss", "db", 5433)
    assert entry["OPTIONS"] == {
        "sslmode": "require", "pool": {"min_size": 1, "max_size": 16}, "server_side_binding": True, "prepare_threshold": 5
    }  # fmt: skip


def test_a_pooler_between_gets_no_prepared_statements() -> None:
    entry = environment.database("postgres://desk@db/firm?pool=0&prepare=0", data=Path("/tmp"))
    assert entry["OPTIONS"] == {"server_side_binding": True, "prepare_threshold": None}


def test_a_word_for_a_number_of_uses_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="prepare=never"):
        environment.database("postgres://desk@db/firm?prepare=never", data=Path("/tmp"))


def test_an_unknown_database_is_named() -> None:
    with pytest.raises(ImproperlyConfigured, match="WELLKEPT_DATABASE_URL"):
        environment.database("mysql://x/y", data=Path("/tmp"))


def test_keys_are_made_once_and_for_their_owner_only(tmp_path: Path) -> None:
    first = keys.load(tmp_path / "data")

    assert keys.load(tmp_path / "data") == first
    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "data").rglob("*")}
    assert modes == {"keys": 0o700, "signing": 0o600, "sealing": 0o600}


def test_an_older_sealing_key_still_opens(tmp_path: Path) -> None:
    keys.load(tmp_path)
    path = tmp_path / "keys" / "sealing"
    old = path.read_text()
    path.write_text("dGhlIG5ldyBrZXkgb2YgdGhlIGZpcm0gaXMgaGVyZSE=\n" + old)

    assert keys.load(tmp_path).sealing == ("dGhlIG5ldyBrZXkgb2YgdGhlIGZpcm0gaXMgaGVyZSE=", old)

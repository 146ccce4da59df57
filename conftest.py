"""Tests start from an empty data folder and SQLite, or PostgreSQL when WELLKEPT_TEST_DATABASE_URL names one."""

import os
import tempfile

_folder = tempfile.mkdtemp(prefix="wellkept-tests-")
_url = os.environ.get("WELLKEPT_TEST_DATABASE_URL", "")
os.environ["WELLKEPT_DATA"] = _folder
os.environ["WELLKEPT_DATABASE_URL"] = f"{_url}{'&' if '?' in _url else '?'}pool=0" if _url else ""
os.environ["WELLKEPT_SQLITE_SYNCHRONOUS"] = "OFF"
for _name in ("WELLKEPT_DEMO", "WELLKEPT_REDIS_URL", "WELLKEPT_SMTP_URL", "WELLKEPT_PUBLIC_URL", "WELLKEPT_DEBUG"):
    os.environ.pop(_name, None)

pytest_plugins = ["tests.world"]

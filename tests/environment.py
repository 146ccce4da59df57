"""The environment tests run in, set before Django's settings are read: pyproject's `-p tests.environment` loads it first.

An empty data folder, and SQLite in a file of it, or PostgreSQL when WELLKEPT_TEST_DATABASE_URL names one.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

FOLDER = tempfile.mkdtemp(prefix="wellkept-tests-")
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)
KEPT = ("WELLKEPT_TEST_", "WELLKEPT_CORPORA")
_url = os.environ.get("WELLKEPT_TEST_DATABASE_URL", "")

for _name in [name for name in os.environ if name.startswith("WELLKEPT_") and not name.startswith(KEPT)]:
    del os.environ[_name]
os.environ["WELLKEPT_DATA"] = FOLDER
os.environ["WELLKEPT_DATABASE_URL"] = f"{_url}{'&' if '?' in _url else '?'}pool=0" if _url else ""
os.environ["WELLKEPT_SQLITE_SYNCHRONOUS"] = "OFF"

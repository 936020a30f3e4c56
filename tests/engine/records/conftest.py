"""What the tests of the records share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.records.database import Database, open_database
from tests.engine.records.keeping import append_to, attempt


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A file with one event."""
    opened = open_database(tmp_path)
    append_to(opened, attempt(1))
    yield opened
    opened.close()

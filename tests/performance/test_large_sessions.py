"""What a large session takes to open and to save, against reading and packing all of it."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from core.session.files import open_document, save_document
from tests.performance.big_sessions import MEGABYTE, big_session

SIZE = 200 * MEGABYTE
pytestmark = pytest.mark.bench


def seconds(act: Callable[[], object]) -> float:
    """Of the processor; other programs do not count."""
    began = time.process_time()
    act()
    return time.process_time() - began


def test_a_large_session_is_opened_and_saved_in_a_fraction_of_the_time_of_all_of_it(tmp_path: Path) -> None:
    path = tmp_path / "large.corrie.h5"
    document = big_session(SIZE)
    first = seconds(lambda: save_document(document, path))
    again = seconds(lambda: save_document(document, path))
    whole = seconds(lambda: open_document(path, apart=False))
    opened = seconds(lambda: open_document(path))
    unread = open_document(path).with_view({"changed": True})
    third = seconds(lambda: save_document(unread, path))
    sys.stdout.write(
        f"{path.stat().st_size / MEGABYTE:.0f} MB, seconds of the processor: first save {first:.2f}, "
        f"again {again:.2f}, of what was not read {third:.2f}; opened whole {whole:.2f}, "
        f"as the window does {opened:.2f}\n"
    )
    assert again < first / 2
    assert third < first / 2
    assert opened < whole / 4

"""A session of hundreds of megabytes is opened and saved in a bounded memory: measured in processes of their own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.performance.big_sessions import MEGABYTE

ROOT = Path(__file__).parents[3]
SIZE = 200 * MEGABYTE

MEASURED = """
import json, re, sys
from pathlib import Path
from core.session.files import open_document, save_document
from core.session.write import session_image
from core.session.document import Document

def most():
    # Not that of `resource`: a process inherits it from the one that started it.
    return 1024 * int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])

path = Path(sys.argv[1])
session_image(Document())  # whatever is imported late
before = most()
document = open_document(path)
opened = most()
save_document(document.with_view({"changed": True}), path)
print(json.dumps({"opened": opened - before, "saved": most() - before}))
"""
WRITTEN = """
import sys
from pathlib import Path
from core.session.files import save_document
from tests.performance.big_sessions import big_session
save_document(big_session(int(sys.argv[2])), Path(sys.argv[1]))
"""


def run(program: str, *arguments: str) -> str:
    asked = [sys.executable, "-c", program, *arguments]
    ended = subprocess.run(asked, cwd=ROOT, check=True, capture_output=True, text=True, env=dict(os.environ))
    return ended.stdout


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at /proc")
def test_a_large_session_is_opened_and_saved_without_having_it_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "large.corrie.h5"
    run(WRITTEN, str(path), str(SIZE))
    found = json.loads(run(MEASURED, str(path)))
    assert found["opened"] < 0.4 * SIZE
    assert found["saved"] < 0.6 * SIZE  # blocks that are kept for a while, as many for a session of any size

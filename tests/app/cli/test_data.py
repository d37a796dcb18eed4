import hashlib
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.app.cli.children import CORRIE, environment
from tests.core.data.public.origin import serving

DRAWINGS = b'{"word": "cat", "drawing": [[[0, 10], [0, 10]]], "recognized": true}\n' * 2000  # 138,000 bytes


@pytest.fixture
def origin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    with serving(files={"/quickdraw/cat.ndjson": DRAWINGS}) as origin:
        monkeypatch.setenv("CORRIE_DATA", str(tmp_path / "data"))
        monkeypatch.setenv("CORRIE_DATA_MIRROR", origin.address)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        yield origin


def test_the_list_says_size_licence_and_state(corrie, origin) -> None:
    listed = corrie("data", "list")
    assert listed.status == 0
    lines = {line.split()[0]: line for line in listed.out.splitlines() if line}
    assert "11.6 MB" in lines["mnist"]
    assert "CC BY-SA 3.0" in lines["mnist"]
    assert "not yet" in lines["mnist"]
    assert "unknown" in lines["quickdraw-cat"]
    assert "german-credit" in listed.out
    assert origin.asked == []


def test_the_list_is_there_for_machines(corrie, origin, tmp_path: Path) -> None:
    values = corrie("data", "list", "--json").values
    assert values["folder"] == str(tmp_path / "data")
    assert {entry["name"]: entry["state"] for entry in values["sets"]}["fashion-mnist"] == "absent"


def test_a_set_is_fetched_and_its_first_checksum_told(corrie, origin, tmp_path: Path) -> None:
    got = corrie("data", "get", "quickdraw-cat")
    assert got.status == 0, got
    assert (tmp_path / "data" / "quickdraw" / "cat.ndjson").read_bytes() == DRAWINGS
    assert f"cat.ndjson: {hashlib.sha256(DRAWINGS).hexdigest()} (recorded now" in got.out
    assert "CC BY 4.0" in got.out
    entry = next(e for e in corrie("data", "list", "--json").values["sets"] if e["name"] == "quickdraw-cat")
    assert (entry["state"], entry["bytes_there"]) == ("there", len(DRAWINGS))


def test_what_is_there_needs_no_network(corrie, origin) -> None:
    corrie("data", "get", "quickdraw-cat")
    asked = len(origin.asked)
    assert corrie("data", "get", "quickdraw-cat", "--json").values["state"] == "there"
    assert len(origin.asked) == asked


def test_a_file_that_the_mirror_lacks_is_one_sentence(corrie, origin) -> None:
    assert "no longer has this file" in corrie("data", "get", "quickdraw-dog").sentence


def test_an_unknown_set_is_one_sentence(corrie, origin) -> None:
    assert 'no public data set "imagenet"' in corrie("data", "get", "imagenet").sentence


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one child")
def test_ctrl_c_keeps_what_came_and_the_same_command_goes_on(corrie, origin, tmp_path: Path) -> None:
    origin.stalls_after = 4 * 2**14
    command = [*CORRIE, "data", "get", "quickdraw-cat"]
    child = subprocess.Popen(
        command, env=environment(tmp_path / "home"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert origin.stalled.wait(60)
        part = tmp_path / "data" / "quickdraw" / "cat.ndjson.part"
        while child.poll() is None and not (part.exists() and part.stat().st_size):
            threading.Event().wait(0.01)  # until the first piece is on the disk
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=30)
    finally:
        child.kill()
        child.wait()
    assert child.returncode == 130, err
    assert out == ""
    assert "Stopped at 0." in err
    assert "`corrie data get quickdraw-cat` goes on from there" in err
    kept = part.stat().st_size
    origin.stalls_after = None
    assert corrie("data", "get", "quickdraw-cat").status == 0
    assert origin.asked[-1] == ("/quickdraw/cat.ndjson", f"bytes={kept}-")

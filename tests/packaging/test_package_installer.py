import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from complaint import Complaint
from lock_file import Pin, project
from package_installer import explain, install_pins, pip, write_pointer_wheel

PLENTY = 100 * 2**30


@pytest.fixture(scope="module")
def bare(tmp_path_factory) -> Path:
    """The Python of a fresh environment, made once."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    return folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


@pytest.fixture
def unreachable(monkeypatch) -> None:
    """An index at a port of this machine where nothing listens."""
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "")
    monkeypatch.setenv("PIP_RETRIES", "1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def test_an_index_that_does_not_answer_is_told_apart_as_the_network(bare, unreachable) -> None:
    with pytest.raises(Complaint, match="cannot be reached"):
        install_pins(bare, [Pin("click", "8.1.0")])


def test_a_version_that_does_not_exist_is_told_apart_from_the_network(bare, unreachable, monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", tmp_path.as_uri())
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(Complaint, match="no such package for this system"):
        install_pins(bare, [Pin("click", "8.1.0")])


def test_a_file_that_is_no_wheel_is_reported_in_the_words_of_pip(bare, tmp_path) -> None:
    broken = tmp_path / "broken-1.0-py3-none-any.whl"
    broken.write_bytes(b"not a wheel")
    with pytest.raises(Complaint, match="pip says: ERROR"):
        pip(bare, "--no-index", "--no-deps", str(broken))


@pytest.mark.parametrize(
    "words", ["OSError: [Errno 28] No space left on device", "There is not enough space on the disk"]
)
def test_a_full_disk_is_recognised_by_its_words(words: str) -> None:
    assert "disk is full" in explain(words, PLENTY)


def test_a_full_disk_is_recognised_by_the_room_left() -> None:
    assert "disk is full" in explain("ERROR: something else", 10 * 2**20)


def test_the_real_message_of_a_full_device_is_known() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("only Linux has a device that is always full")
    with pytest.raises(OSError, match="Errno 28") as caught, Path("/dev/full").open("wb", buffering=0) as full:
        full.write(b"x")
    assert "disk is full" in explain(str(caught.value), PLENTY)


def test_the_pointer_wheel_makes_a_checkout_importable_and_its_command_callable(bare, tmp_path) -> None:
    checkout = tmp_path / "a checkout"
    (checkout / "greeting").mkdir(parents=True)
    (checkout / "greeting" / "__init__.py").write_text("def main():\n    print('good morning')\n")
    described = {
        "name": "greeter",
        "version": "1.2",
        "description": "Greets",
        "dependencies": [],
        "scripts": {"greet": "greeting:main"},
    }
    wheel = write_pointer_wheel(tmp_path, checkout, described)
    pip(bare, "--no-index", "--no-deps", str(wheel))
    said = subprocess.run([str(bare.parent / "greet")], capture_output=True, text=True, check=True).stdout
    assert said == "good morning\n"
    version = "from importlib.metadata import version; print(version('greeter'))"
    assert subprocess.run([str(bare), "-c", version], capture_output=True, text=True, check=True).stdout == "1.2\n"
    assert {path.name for path in checkout.iterdir()} == {"greeting"}


def test_the_pointer_wheel_of_corrie_asks_for_what_pyproject_asks_for(tmp_path) -> None:
    table = project()
    wheel = write_pointer_wheel(tmp_path, tmp_path, table)
    with zipfile.ZipFile(wheel) as archive:
        metadata = archive.read(f"corrie-{table['version']}.dist-info/METADATA").decode()
    asked = [line.removeprefix("Requires-Dist: ") for line in metadata.splitlines() if line.startswith("Requires-Dist")]
    assert asked == table["dependencies"]

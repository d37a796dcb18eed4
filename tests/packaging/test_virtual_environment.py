import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
import virtual_environment
from complaint import Complaint
from lock_file import Pin
from virtual_environment import Environment, absent, damage, discard_half_installed, has_pip, make, read_stamp, set_up

from tests.architecture.source import ROOT

PYPROJECT = """
[project]
name = "corrie"
version = "0.0.1"
description = "A checkout with nothing in it"
dependencies = []
[project.scripts]
corrie = "app:main"
"""
LOCK = "# runtime: what the application needs\n\n# development: what its tests and checks need besides\n"


@pytest.fixture
def checkout(tmp_path) -> Path:
    """A checkout that needs no packages, so that setting it up needs no index."""
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "__init__.py").write_text("def main():\n    print('running')\n")
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    (tmp_path / "requirements.lock").write_text(LOCK)
    return tmp_path


def prepare(checkout: Path, *, development: bool = False) -> Environment:
    return set_up(development=development, checkout=checkout, lock_file=checkout / "requirements.lock")


def runs(environment: Environment) -> bool:
    answer = subprocess.run([str(environment.program("corrie"))], capture_output=True, text=True, check=False)
    return answer.returncode == 0 and answer.stdout == "running\n"


def test_a_set_up_checkout_runs_and_is_not_touched_again(checkout, capsys) -> None:
    environment = prepare(checkout)
    assert runs(environment)
    assert "Making .venv" in capsys.readouterr().out
    started = time.monotonic()
    prepare(checkout)
    assert time.monotonic() - started < 1.0
    assert capsys.readouterr().out == ""
    assert {path.name for path in checkout.iterdir()} == {".venv", "app", "pyproject.toml", "requirements.lock"}


def test_a_broken_environment_is_made_anew_with_a_sentence(checkout, capsys) -> None:
    (checkout / ".venv" / "bin").mkdir(parents=True)
    (checkout / ".venv" / "left over").touch()
    environment = prepare(checkout)
    assert "Making .venv anew, because it is not a whole Python environment." in capsys.readouterr().out
    assert runs(environment)
    assert not (checkout / ".venv" / "left over").exists()


def test_a_set_up_that_was_cut_off_goes_on_without_starting_over(checkout, capsys) -> None:
    environment = prepare(checkout)
    (environment.folder / virtual_environment.STAMP).unlink()
    environment.program("corrie").unlink()
    (environment.folder / "kept").touch()
    capsys.readouterr()
    assert runs(prepare(checkout))
    assert (environment.folder / "kept").exists()
    assert "anew" not in capsys.readouterr().out


def test_a_changed_pyproject_is_noticed_and_applied(checkout) -> None:
    environment = prepare(checkout)
    (checkout / "pyproject.toml").write_text(PYPROJECT.replace("0.0.1", "0.0.2"))
    prepare(checkout)
    assert virtual_environment.installed(environment)["corrie"] == "0.0.2"


def test_development_tools_stay_once_they_were_asked_for(checkout) -> None:
    environment = prepare(checkout, development=True)
    (checkout / "pyproject.toml").write_text(PYPROJECT.replace("0.0.1", "0.0.2"))
    prepare(checkout, development=False)
    assert read_stamp(environment)["development"] is True


def test_an_environment_without_pip_is_made_anew(checkout, capsys) -> None:
    command = [sys.executable, "-m", "venv", "--without-pip", str(checkout / ".venv")]
    subprocess.run(command, check=True)
    assert not has_pip(Environment(checkout / ".venv"))
    assert runs(prepare(checkout))
    assert "its pip does not run" in capsys.readouterr().out


def test_an_environment_whose_python_is_gone_is_recognised(checkout) -> None:
    environment = Environment(checkout / ".venv")
    environment.folder.mkdir()
    running = f"{sys.version_info.major}.{sys.version_info.minor}.0"
    (environment.folder / "pyvenv.cfg").write_text(f"home = nowhere\nversion = {running}\n")
    assert damage(environment) == "the Python that it was made with is gone"
    assert not has_pip(environment)


def test_an_environment_of_another_python_is_recognised(checkout) -> None:
    environment = Environment(checkout / ".venv")
    environment.folder.mkdir()
    (environment.folder / "pyvenv.cfg").write_text("version = 3.9.1\n")
    assert "made with Python 3.9.1" in damage(environment)


def test_the_environment_these_tests_run_in_is_not_called_broken() -> None:
    if Path(sys.prefix) != ROOT / ".venv":
        pytest.skip("the tests run in an environment that dev.py did not make")
    assert damage(Environment(ROOT / ".venv")) == ""


def test_an_environment_that_is_only_linked_is_not_deleted(checkout, tmp_path_factory) -> None:
    elsewhere = tmp_path_factory.mktemp("precious")
    (checkout / ".venv").symlink_to(elsewhere, target_is_directory=True)
    with pytest.raises(Complaint, match="not a folder of this checkout"):
        make(Environment(checkout / ".venv"))
    assert elsewhere.exists()


def test_a_package_whose_installation_was_cut_off_counts_as_absent(checkout) -> None:
    environment = Environment(checkout / ".venv")
    for name, files in {"whole_one-1.0": ["METADATA", "RECORD"], "half_one-1.0": ["METADATA"]}.items():
        folder = environment.packages / f"{name}.dist-info"
        folder.mkdir(parents=True)
        for file in files:
            (folder / file).touch()
    pins = (Pin("whole-one", "1.0"), Pin("half.one", "1.0"), Pin("elsewhere", "1.0", "sys_platform == 'plan9'"))
    assert absent(environment, pins) == ["half.one"]
    discard_half_installed(environment)
    assert [trace.name for trace in environment.packages.iterdir()] == ["whole_one-1.0.dist-info"]


@pytest.mark.parametrize("text", ["", "{", "[1]", json.dumps("done")])
def test_a_stamp_that_cannot_be_read_counts_as_none(checkout, text: str) -> None:
    environment = Environment(checkout / ".venv")
    environment.folder.mkdir()
    (environment.folder / virtual_environment.STAMP).write_text(text)
    assert read_stamp(environment) == {}

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import PySide6
import pytest
import system_libraries
from complaint import Complaint

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux leaves these libraries to the system")

# What a C program needs is there wherever Python runs.
OF_EVERY_SYSTEM = re.compile(r"lib(c|m|dl|pthread|rt|gcc_s|stdc\+\+|z)\.so\.\d+|ld-linux.*")
# Comes in the same package as the glib that stands in the table.
BESIDE_ANOTHER = {"libgthread-2.0.so.0"}


def linked_against(file: Path) -> set[str]:
    """The libraries that a shared object names (the NEEDED entries of its dynamic section)."""
    listed = subprocess.run(["objdump", "-p", str(file)], capture_output=True, text=True, check=True).stdout
    return set(re.findall(r"NEEDED\s+(\S+)", listed))


@linux
@pytest.mark.skipif(shutil.which("objdump") is None, reason="objdump, of binutils, is absent")
def test_the_table_names_exactly_what_qt_leaves_to_the_system() -> None:
    qt = Path(PySide6.__file__).parent / "Qt"
    plugins = [qt / "plugins" / "platforms" / name for name in ("libqxcb.so", "libqwayland.so")]
    plugins += (qt / "plugins" / "xcbglintegrations").glob("*.so")
    plugins += (qt / "plugins" / "wayland-graphics-integration-client").glob("*wayland-egl*.so")
    open_files, needed = {*plugins, qt / "lib" / "libQt6Widgets.so.6", qt / "lib" / "libQt6OpenGLWidgets.so.6"}, set()
    while open_files:  # follow Qt's own libraries, and note where they leave Qt's folder
        for name in linked_against(open_files.pop()):
            inside = qt / "lib" / name
            if inside.exists() and name not in needed:
                open_files.add(inside)
            needed.add(name)
    from_system = {name for name in needed if not (qt / "lib" / name).exists() and not OF_EVERY_SYSTEM.fullmatch(name)}
    assert from_system - BESIDE_ANOTHER == set(system_libraries.QT_LIBRARIES)


@linux
def test_a_library_that_is_not_there_is_noticed() -> None:
    assert not system_libraries.loads("libcorrie-never-existed.so.7")
    assert system_libraries.loads("libc.so.6")


@linux
def test_nothing_is_installed_where_nothing_is_missing(capsys) -> None:
    system_libraries.install([], "nothing")
    assert capsys.readouterr().out == ""


@linux
def test_a_system_without_apt_is_told_what_debian_calls_the_packages(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Complaint, match="libxcb-cursor0"):
        system_libraries.install(["libxcb-cursor0"], "the window")


@linux
def test_without_the_right_to_install_the_exact_line_is_given(monkeypatch, tmp_path) -> None:
    for name, status in {"apt-get": 0, "sudo": 1}.items():  # a sudo that would ask for a password
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\nexit {status}\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(Complaint, match=r"sudo apt-get install --yes xvfb libegl1$"):
        system_libraries.install(["xvfb", "libegl1"], "the tests")


@linux
def test_apt_is_called_once_for_all_and_its_failure_is_a_sentence(monkeypatch, tmp_path) -> None:
    record = tmp_path / "calls"
    apt = tmp_path / "apt-get"
    apt.write_text(f'#!/bin/sh\necho "$DEBIAN_FRONTEND $@" >> "{record}"\necho "E: no such package" >&2\nexit 100\n')
    apt.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with pytest.raises(Complaint, match="E: no such package"):
        system_libraries.install(["xvfb", "libegl1"], "the tests")
    update, install = record.read_text().splitlines()
    assert update.startswith("noninteractive")
    assert update.endswith(" update")
    assert install.endswith(" install --yes --no-install-recommends xvfb libegl1")

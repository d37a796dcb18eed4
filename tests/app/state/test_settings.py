"""The settings file: kept between starts, robust against what people and other versions write into it."""

import os
from pathlib import Path

import pytest

from app.state.settings import SCHEMA_VERSION, Settings
from core.places import settings_folder


def test_every_test_has_a_settings_folder_of_its_own() -> None:
    assert Settings().path.parent == Path(os.environ["CORRIE_SETTINGS_DIR"])
    assert not Settings().path.exists()


def test_without_the_variable_the_settings_lie_where_the_platform_wants_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CORRIE_SETTINGS_DIR")
    assert settings_folder().name == "corrie"
    assert settings_folder().is_absolute()


def test_what_was_set_is_there_at_the_next_start(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    settings.theme = "dark"
    settings.threads = 3
    settings.recents = (tmp_path / "größe, ünd [so].h5", tmp_path / 'a"b;c.h5')
    settings.window_geometry = bytes(range(256))
    settings.window_layout = b"docks"
    assert settings.save() == ""
    del settings
    again = Settings(tmp_path)
    assert (again.theme, again.threads) == ("dark", 3)
    assert again.recents == (tmp_path / "größe, ünd [so].h5", tmp_path / 'a"b;c.h5')
    assert (again.window_geometry, again.window_layout) == (bytes(range(256)), b"docks")
    assert again.schema_version == SCHEMA_VERSION


def test_what_was_never_set_has_a_default(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    assert (settings.theme, settings.threads, settings.recents) == ("system", 0, ())
    assert (settings.window_geometry, settings.window_layout) == (b"", b"")


@pytest.mark.parametrize(
    "text",
    [
        "[General]\ntheme=plaid\nthreads=many\nrecents=[1, 2\nwindow_geometry=hello\nschema_version=x\n",
        "[General]\ntheme=1\nthreads=-4\nrecents={}\nwindow_geometry=\nschema_version=0\n",
        '[General]\ntheme=\nthreads=99999999999999\nrecents=[7, null, \\"\\"]\nwindow_geometry=@Size(2 3)\n',
        "\0\0\0 not an ini file \xff",
    ],
)
def test_whatever_cannot_be_understood_counts_as_not_set(tmp_path: Path, text: str) -> None:
    (tmp_path / "corrie.ini").write_text(text, encoding="latin-1")
    settings = Settings(tmp_path)
    assert (settings.theme, settings.threads, settings.recents) == ("system", 0, ())
    assert (settings.window_geometry, settings.schema_version) == (b"", SCHEMA_VERSION)


def test_a_newer_settings_file_is_used_but_not_downgraded(tmp_path: Path) -> None:
    path = tmp_path / "corrie.ini"
    path.write_text("[General]\nschema_version=9\ntheme=dark\nfuture=keep me\n", encoding="utf-8")
    settings = Settings(tmp_path)
    settings.threads = 2
    settings.save()
    text = path.read_text(encoding="utf-8")
    assert settings.theme == "dark"
    assert settings.schema_version == 9
    assert "schema_version=9" in text
    assert "future=keep me" in text
    assert "threads=2" in text


def test_a_change_is_told_once_by_name(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    told: list[str] = []
    settings.changed.connect(told.append)
    settings.theme = "light"
    settings.theme = "light"
    settings.window_geometry = b"1"
    settings.window_geometry = b"1"
    assert told == ["theme", "window_geometry"]


def test_settings_that_cannot_be_kept_say_where_and_why(tmp_path: Path) -> None:
    blocked = tmp_path / "a file"
    blocked.write_text("no folder", encoding="utf-8")
    settings = Settings(blocked)
    settings.theme = "dark"
    assert str(blocked) in settings.save()
    assert settings.theme == "dark"  # for this session

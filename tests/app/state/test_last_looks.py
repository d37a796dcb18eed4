"""How a session was looked at last comes back with the very same file, and with no other."""

import json
import uuid
from pathlib import Path

from app.state.last_looks import MOST, LastLooks

STAMP = (1, 2, 3)


def test_a_look_belongs_to_one_state_of_one_file(tmp_path: Path) -> None:
    looks, session = LastLooks(tmp_path / "looks"), str(uuid.uuid4())
    looks.keep(session, STAMP, {"linked": False})
    assert looks.of(session, STAMP) == {"linked": False}
    assert looks.of(session, (1, 2, 4)) is None
    assert looks.of(str(uuid.uuid4()), STAMP) is None
    looks.forget(session)
    assert looks.of(session, STAMP) is None


def test_an_identifier_from_a_file_names_no_other_place_and_damage_is_no_look(tmp_path: Path) -> None:
    looks, session = LastLooks(tmp_path / "looks"), str(uuid.uuid4())
    looks.keep("../outside", STAMP, {})
    assert list(tmp_path.iterdir()) == []
    looks.keep(session, STAMP, {})
    for damage in ("", "[]", "{}", json.dumps({"stamp": list(STAMP)}), "[" * 100_000):
        (tmp_path / "looks" / f"{session}.json").write_text(damage, encoding="utf-8")
        assert looks.of(session, STAMP) is None


def test_the_oldest_looks_are_forgotten(tmp_path: Path) -> None:
    looks = LastLooks(tmp_path)
    for _ in range(MOST + 3):
        looks.keep(str(uuid.uuid4()), STAMP, {})
    assert len(list(tmp_path.iterdir())) == MOST

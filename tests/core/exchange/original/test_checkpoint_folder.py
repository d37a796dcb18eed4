"""Checkpoints of a folder come in the order of their epochs, whatever else lies there."""

from pathlib import Path

import pytest

from core.errors import UnreadableFile
from core.exchange.original.checkpoint_folder import checkpoint_files


def test_checkpoints_come_in_the_order_of_their_epochs(tmp_path: Path) -> None:
    for name in (
        "model_10.t7",
        "model_2.t7",
        "model_0.t7",
        "opt_state_2.t7",
        "model_x.t7",
        "notes.txt",
        "model_3.pt.bak",
    ):
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "model_7.t7").mkdir()
    found = checkpoint_files(tmp_path)
    assert [(file.epoch, file.path.name) for file in found] == [
        (0, "model_0.t7"),
        (2, "model_2.t7"),
        (10, "model_10.t7"),
    ]


@pytest.mark.parametrize(
    ("names", "words"),
    [([], "holds no checkpoint"), (["model_1.t7", "model_01.t7"], "of the same epoch")],
    ids=["nothing", "twice"],
)
def test_a_folder_that_is_no_training_is_refused(names: list[str], words: str, tmp_path: Path) -> None:
    for name in names:
        (tmp_path / name).write_bytes(b"")
    with pytest.raises(UnreadableFile, match=words):
        checkpoint_files(tmp_path)


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "model_1.t7").write_bytes(b"")
    with pytest.raises(UnreadableFile, match="not a folder"):
        checkpoint_files(tmp_path / "model_1.t7")

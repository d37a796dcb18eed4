"""Moving pictures: as many frames as asked for, of one size, at the speed asked for, and really moving."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.errors import InvalidRequest
from core.exchange.export import export_result
from core.exchange.export_options import ExportOptions
from core.exchange.figures.animation import journey, turntable, write_animation
from core.exchange.subject import Subject
from core.session.document import Document
from tests import documents

SUBJECT = Subject(title="模型 $x$")


def frames_of(content: bytes) -> list[np.ndarray]:
    with Image.open(io.BytesIO(content)) as image:
        assert image.format == "GIF"
        assert image.info["loop"] == 0
        found = []
        for index in range(image.n_frames):
            image.seek(index)
            found.append(np.asarray(image.convert("RGB")))
        return found


def test_frames_of_somebody_else_are_written_as_they_are() -> None:
    colours = [(255, 255, 255), (250, 10, 20), (0, 0, 0)]
    pictures = []
    for shift in range(3):
        picture = np.zeros((20, 30, 3), np.uint8)
        for band, colour in enumerate(colours):
            picture[:, 10 * ((band + shift) % 3) : 10 * ((band + shift) % 3) + 10] = colour
        pictures.append(picture)
    file = io.BytesIO()
    write_animation(iter(pictures), file, 25)
    read = frames_of(file.getvalue())
    assert len(read) == 3
    for picture, frame in zip(pictures, read, strict=True):
        assert np.abs(picture.astype(int) - frame).max() <= 3
    with Image.open(io.BytesIO(file.getvalue())) as image:
        assert image.info["duration"] == 40


def test_no_frame_and_frames_of_two_sizes_are_refused() -> None:
    with pytest.raises(InvalidRequest, match="at least one frame"):
        write_animation([], io.BytesIO(), 12)
    sizes = [np.zeros((4, 4, 3), np.uint8), np.zeros((5, 4, 3), np.uint8)]
    with pytest.raises(InvalidRequest, match="does not go with"):
        write_animation(sizes, io.BytesIO(), 12)


def test_a_turntable_turns_and_its_words_stand_still() -> None:
    frames = list(turntable(documents.surface(9, 7), SUBJECT, 3))
    assert len({frame.shape for frame in frames}) == 1
    middle = slice(150, 420)
    assert not np.array_equal(frames[0][middle], frames[1][middle])
    assert not np.array_equal(frames[1][middle], frames[2][middle])
    np.testing.assert_array_equal(frames[0][:60], frames[1][:60])
    np.testing.assert_array_equal(frames[0][-60:], frames[2][-60:])


def test_a_training_goes_its_way_and_rests_at_the_end() -> None:
    frames = list(journey(documents.trajectory(4), SUBJECT, frames=3))
    assert len(frames) == 6
    assert not np.array_equal(frames[0], frames[1])
    np.testing.assert_array_equal(frames[3], frames[5])


def test_a_gif_is_exported_with_the_frames_and_the_speed_asked_for(tmp_path: Path) -> None:
    item = documents.result_item(documents.surface(7, 7), "surface-9", "Turning")
    export_result(item, Document(), tmp_path / "turning.gif", ExportOptions(frames=4, frames_per_second=10))
    assert len(frames_of((tmp_path / "turning.gif").read_bytes())) == 4

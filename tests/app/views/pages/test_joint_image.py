"""The image in the middle of a box of three handles: what changes, and what is proved of it."""

from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.views.pages.joint_page import JointPage
from core.corrections.records.correction import FreeFeature
from core.corrections.records.freedom import Freedom, Move
from core.corrections.records.goal import Goal
from core.corrections.records.joint import FoundChange, JointBox, JointCorrection, JointRequest
from core.exchange.subject import Subject
from tests.joints import joint

PIXELS = (0.0, 8.0, 8.0, 16.0, *(8.0 for _ in range(32)))
POINT = np.array([0.5, 4.0, 0.0])


def correction() -> JointCorrection:
    """Of an image whose first row fades, and of which two pixels become brighter. Around `POINT` it is proved."""
    freedom = Freedom(
        numbers=(
            FreeFeature(name="fading", low=0.0, high=1.0, half_width=0.1),
            FreeFeature(name="first", low=0.0, high=16.0, half_width=1.0),
            FreeFeature(name="second", low=0.0, high=8.0),
        ),
        moves=(
            Move(columns=(0, 3), amounts=(8.0, -8.0)),
            Move(columns=(0,), amounts=(1.0,)),
            Move(columns=(1,), amounts=(1.0,)),
        ),
    )
    half = np.array([0.1, 1.0, 0.0])
    return replace(
        joint(),
        request=JointRequest(input=PIXELS, freedom=freedom, goal=Goal(classes=(1,)), row=7),
        nearest=FoundChange(point=POINT, levels=(), distance=0.8, lower_bound=0.8, proof="proved", closed=True),
        others=(),
        along=(),
        box=JointBox(low=POINT - half, high=POINT + half, levels=(), proof="proved"),
    )


@pytest.fixture
def page(qtbot: QtBot) -> JointPage:
    made = JointPage("joint-0", (1, 6, 6))
    qtbot.addWidget(made)
    made.set_surroundings(Subject(title=""), None, editable=True)
    made.resize(900, 700)
    return made


def greys(page: JointPage, place: int) -> list[int]:
    assert page.pictures is not None
    image = page.pictures.strip.samples[place].image
    return [image.pixelColor(x, 0).red() for x in range(4)]


def verdicts(page: JointPage) -> list[str]:
    assert page.pictures is not None
    return [sample.verdict for sample in page.pictures.strip.samples]


def test_the_middle_of_the_box_is_shown_beside_the_image_and_what_changes(page: JointPage) -> None:
    page.show_result(correction())
    assert verdicts(page) == ['judged "class 0"', "up to 8", '✓ judged "class 1"']
    assert page.pictures is not None
    assert page.pictures.strip.samples[0].caption == "image 7"
    before, after = greys(page, 0), greys(page, 2)
    assert before[0] < before[1] == before[2] < before[3]
    assert after == [before[1], before[1], before[1], after[3]]  # 8, 8, 8 and 12
    assert before[1] < after[3] < before[3]


def test_a_box_that_nobody_has_proved_is_not_said_to_be_accepted(page: JointPage) -> None:
    page.show_result(correction())
    away = JointBox(low=np.array([0.0, 0.0, 0.0]), high=np.array([0.1, 1.0, 0.0]), levels=())
    page.box.rows.changing.emit(away)
    assert verdicts(page)[2] == "? not proved"
    assert greys(page, 2)[0] < greys(page, 0)[1]


def test_without_a_correction_the_image_stands_alone_and_a_table_has_no_pictures(page: JointPage, qtbot: QtBot) -> None:
    nothing = FoundChange(point=None, levels=(), distance=None, lower_bound=np.inf, proof="none_exists", closed=True)
    page.show_result(replace(correction(), nearest=nothing, box=None))
    assert verdicts(page) == ['judged "class 0"']
    of_table = JointPage("joint-1")
    qtbot.addWidget(of_table)
    assert of_table.pictures is None

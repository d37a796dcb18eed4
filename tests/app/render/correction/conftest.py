"""A correction view on the screen, a hand on it, and what it told."""

import pytest
from pytestqt.qtbot import QtBot

from app.render.plot.slices.correction_view import CorrectionView
from tests import documents
from tests.app.render.correction.hand import INSIDE, Hand, Told


@pytest.fixture
def view(qtbot: QtBot) -> CorrectionView:
    widget = CorrectionView()
    qtbot.addWidget(widget)
    widget.set_units(("months", "DM"))
    widget.set_classes(("denied", "granted"))
    widget.set_correction(documents.correction())
    widget.resize(820, 640)
    with qtbot.waitExposed(widget):
        widget.show()
    widget.set_box(INSIDE)
    return widget


@pytest.fixture
def hand(view: CorrectionView) -> Hand:
    return Hand(view)


@pytest.fixture
def told(view: CorrectionView) -> Told:
    return Told(view)

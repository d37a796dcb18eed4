"""A row of buttons goes on in the next line where it does not fit, and none is cut off."""

import pytest
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.views.flow_row import FlowRow


@pytest.mark.parametrize(("width", "lines"), [(800, 1), (270, 2), (150, 4)])
def test_buttons_keep_their_width_and_never_overlap(qtbot: QtBot, width: int, lines: int) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    row, column = FlowRow(), QVBoxLayout(widget)
    column.setContentsMargins(0, 0, 0, 0)
    column.addLayout(row)
    column.addStretch(1)
    buttons = [QPushButton("Stop") for _ in range(4)]
    for button in buttons:
        button.setFixedWidth(120)
        row.addWidget(button)
    buttons[0].setObjectName("first")
    widget.resize(width, 300)
    with qtbot.waitExposed(widget):
        widget.show()
    places = [button.geometry() for button in buttons]
    assert len({place.y() for place in places}) == lines
    assert all(place.width() == 120 and place.right() < width for place in places)
    assert not any(a.intersects(b) for i, a in enumerate(places) for b in places[:i])

"""What the menus offer about layouts across networks."""

from typing import TYPE_CHECKING

from app.actions.spec import ActionSpec

if TYPE_CHECKING:
    from app.views.main_window import MainWindow

LAYOUTS = (
    ("figure3", "&Spectrum by batch size", "Eigenvalues of several networks over one another, and against batch size"),
    ("figure4", "&Loss along v₁ by batch size", "Losses of several networks along their first eigenvector"),
    ("figure5", "&Curvature through training", "Curvature against gradient and loss of several trainings"),
    ("twins", "&Robust against plain twins", "Spectrum, landscape and attacks of two networks, and their differences"),
)


def across_actions(window: "MainWindow") -> list[ActionSpec]:
    """One action for each layout."""
    room = window.across_room
    return [
        ActionSpec(
            id=f"across.{kind}",
            text=text,
            callback=lambda kind=kind: room.show_layout(kind),
            menu="&View/Figures of &Yao et al. 2018",
            group="figures",
            enabled_when=lambda: room.possible,
            tooltip=words,
        )
        for kind, text, words in LAYOUTS
    ]

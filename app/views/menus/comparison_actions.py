"""What the menus offer about comparing surfaces."""

from typing import TYPE_CHECKING

from app.actions.spec import ActionSpec

if TYPE_CHECKING:
    from app.views.main_window import MainWindow


def comparison_actions(window: "MainWindow") -> list[ActionSpec]:
    """The page, and the layouts of the paper's figures."""
    room = window.comparison_room
    figures = (("depth", "Shortcuts × &depth"), ("width", "Shortcuts × &width"))
    return [
        ActionSpec(
            id="comparison.page",
            text="&Compare surfaces",
            callback=room.show_page,
            shortcut="Ctrl+Shift+B",
            menu="&View",
            group="pages",
            icon="compare",
            enabled_when=lambda: room.possible,
            tooltip="Several surfaces side by side on one scale, under one camera, and the difference of two",
        ),
        *(
            ActionSpec(
                id=f"comparison.{way}",
                text=text,
                callback=lambda way=way: room.show_layout(way),
                menu="&View/&Figures of Li et al. 2018",
                group="figures",
                enabled_when=lambda: room.possible,
                tooltip="Lay out the surfaces of the session as the paper does",
            )
            for way, text in figures
        ),
    ]

"""All actions of the main window, in the order of its menus, and those on the tool bar."""

from typing import TYPE_CHECKING

from app.actions.spec import ActionSpec
from app.views.menus.across_actions import across_actions
from app.views.menus.comparison_actions import comparison_actions
from app.views.menus.correction_actions import correction_actions
from app.views.menus.edit_actions import edit_actions
from app.views.menus.help_actions import help_actions
from app.views.menus.landscape_actions import landscape_actions
from app.views.menus.network_actions import network_actions
from app.views.menus.open_actions import open_actions
from app.views.menus.review_actions import review_actions
from app.views.menus.robustness_actions import robustness_actions
from app.views.menus.run_actions import run_actions
from app.views.menus.save_actions import save_actions
from app.views.menus.spectrum_actions import spectrum_actions
from app.views.menus.training_actions import training_actions
from app.views.menus.view_actions import view_actions

if TYPE_CHECKING:
    from app.views.main_window import MainWindow

TOOL_BAR = (
    "open.example",
    "open.network",
    "open.data",
    "",
    "file.save",
    "edit.undo",
    "edit.redo",
    "",
    "run.stop",
    "view.linked",
    "networks.page",
    "training.page",
)


def window_actions(window: "MainWindow") -> list[ActionSpec]:
    """Every action there is."""
    makers = (
        open_actions,
        save_actions,
        edit_actions,
        view_actions,
        network_actions,
        training_actions,
        comparison_actions,
        across_actions,
        landscape_actions,
        spectrum_actions,
        robustness_actions,
        correction_actions,
        run_actions,
        review_actions,
        help_actions,
    )
    return [spec for make in makers for spec in make(window)]

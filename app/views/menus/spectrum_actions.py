"""The Spectrum menu: its form, and what follows from a spectrum with one click."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from app.actions.computing import Task
from app.actions.opening import explained
from app.actions.spec import ActionSpec
from app.actions.spectrum import curves_along, ranks_across, ranks_along, surface_across, with_everything
from app.jobs.background import run_in_background
from app.jobs.parameter_shapes import Shapes, shapes_at_hand, shapes_of
from app.views.data_to_test_on import data_to_test_on
from app.views.menus.landscape_actions import subject_in
from app.views.pages.spectrum_page import SpectrumPage
from core.errors import CorrieError
from core.session.document import DatasetItem, NetworkItem, ResultItem
from core.spectrum.spectrum import Spectrum

if TYPE_CHECKING:
    from app.views.main_window import MainWindow

MENU = "S&pectrum"
ITEM_ACTIONS = ("spectrum.along", "spectrum.plane", "spectrum.everything")  # that belong to a result


def spectrum_actions(window: "MainWindow") -> list[ActionSpec]:
    """The form first, then what is computed at once."""

    def has_vectors(least: int) -> bool:
        found = _selected(window)
        return found is not None and found[1].vectors >= least

    def lacks_something() -> bool:
        found = _selected(window)
        return found is not None and (found[1].density is None or not found[1].layer_table)

    return [
        ActionSpec(
            id="spectrum.form",
            text="&Spectrum…",
            callback=lambda: _prepare(window),
            shortcut="Ctrl+6",
            menu=MENU,
            group="forms",
            icon="spectrum",
            enabled_when=lambda: subject_in(window) is not None,
            tooltip="Eigenvalues of the Hessian or a matrix like it, each verified: opens the form in the inspector",
        ),
        ActionSpec(
            id="spectrum.along",
            text="&Loss along these eigenvectors",
            callback=lambda: along_selected(window),
            shortcut="Ctrl+Shift+V",
            menu=MENU,
            group="at once",
            icon="curve",
            enabled_when=lambda: has_vectors(1),
            tooltip="The loss along the eigenvectors of the chosen bars, or of the first three, on a test set as well",
        ),
        ActionSpec(
            id="spectrum.plane",
            text="Use as &axes of a surface",
            callback=lambda: plane_of_selected(window),
            shortcut="Ctrl+Shift+X",
            menu=MENU,
            group="at once",
            icon="surface",
            enabled_when=lambda: has_vectors(2),
            tooltip="A loss surface over the plane of two eigenvectors: of the chosen bars, or of the first two",
        ),
        ActionSpec(
            id="spectrum.everything",
            text="&Density, trace and layers",
            callback=lambda: _compute_everything(window),
            shortcut="Ctrl+Shift+Y",
            menu=MENU,
            group="at once",
            icon="spectrum",
            enabled_when=lacks_something,
            tooltip="Compute the selected spectrum again with density, trace and the curvature of every layer",
        ),
    ]


def compute_along(window: "MainWindow", item_id: str, chosen: Sequence[int]) -> None:
    """The loss along the eigenvectors of these bars of a spectrum, on a test set too where there is one."""

    def make(item: ResultItem, spectrum: Spectrum, shapes: Shapes) -> Sequence[Task]:
        return curves_along(item, spectrum, shapes, ranks_along(chosen, spectrum), _test_set(window, item))

    _with_shapes(window, item_id, make)


def compute_plane(window: "MainWindow", item_id: str, chosen: Sequence[int]) -> None:
    """A surface over the plane of the eigenvectors of two of these bars."""

    def make(item: ResultItem, spectrum: Spectrum, shapes: Shapes) -> Sequence[Task]:
        return (surface_across(item, spectrum, shapes, ranks_across(chosen, spectrum)),)

    _with_shapes(window, item_id, make)


def along_selected(window: "MainWindow") -> None:
    """The loss along the chosen bars of the selected spectrum."""
    item_id = window.desk.selection.current_id or ""
    compute_along(window, item_id, _chosen(window, item_id))


def plane_of_selected(window: "MainWindow") -> None:
    """A surface across two chosen bars of the selected spectrum."""
    item_id = window.desk.selection.current_id or ""
    compute_plane(window, item_id, _chosen(window, item_id))


def _with_shapes(
    window: "MainWindow", item_id: str, make: Callable[[ResultItem, Spectrum, Shapes], Sequence[Task]]
) -> None:
    """Compute what `make` says, once the shapes of the network's parameters are known."""
    item = window.desk.state.document.items.get(item_id)
    if not isinstance(item, ResultItem) or not isinstance(item.result, Spectrum):
        return
    network, spectrum = window.desk.state.document.items.get(item.network_id), item.result
    if not isinstance(network, NetworkItem):
        return

    def done(shapes: Shapes) -> None:
        try:
            tasks = make(item, spectrum, shapes)
        except CorrieError as error:
            window.desk.computations.failed.emit(explained(error))
            return
        for task in tasks:
            window.inspector.requested.emit(task)

    if (shapes := shapes_at_hand(network)) is not None:
        done(shapes)
        return
    failed = window.desk.computations.failed.emit
    run_in_background(lambda: shapes_of(network), done, failed, name=network.name, owner=window)


def _test_set(window: "MainWindow", item: ResultItem) -> DatasetItem | None:
    """What is chosen on the page of the spectrum; without a page, the first data that its network can be tested on."""
    page = window.area.open_page(item.id)
    if isinstance(page, SpectrumPage):
        return page.test_set
    return next(iter(data_to_test_on(window.desk.state.document, item.network_id, item.dataset_id)), None)


def _selected(window: "MainWindow") -> tuple[ResultItem, Spectrum] | None:
    item = window.desk.state.document.items.get(window.desk.selection.current_id or "")
    return (item, item.result) if isinstance(item, ResultItem) and isinstance(item.result, Spectrum) else None


def _chosen(window: "MainWindow", item_id: str) -> tuple[int, ...]:
    page = window.area.open_page(item_id)
    return page.chosen if isinstance(page, SpectrumPage) else ()


def _prepare(window: "MainWindow") -> None:
    if (about := subject_in(window)) is not None:
        window.inspector.prepare_spectrum(about.network.id)


def _compute_everything(window: "MainWindow") -> None:
    if (found := _selected(window)) is not None:
        item, spectrum = found
        window.inspector.requested.emit(Task(with_everything(spectrum.request), item.network_id, item.dataset_id))

"""Asks in which directions: a chooser, and under it what such directions need to be told."""

from collections.abc import Callable
from typing import get_args

from PySide6.QtCore import QObject, QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton

from app.actions.wording import short
from app.views.inspector.fields import whole_number
from app.views.inspector.landscape.choices import choice, explain, refill
from app.views.inspector.landscape.kinds import KINDS_OF, Kind, What, lacking, words
from app.views.inspector.landscape.rows import Rows
from app.views.inspector.landscape.surroundings import OpenedDirections, Surroundings
from app.views.made import chooser, named, with_icon
from core.errors import InvalidRequest
from core.exchange.plane_words import same_directions
from core.landscape.convexity import Convexity
from core.landscape.curve import Curve
from core.landscape.plane import (
    AnyDirections,
    BezierDirections,
    Directions,
    EigenDirections,
    FileDirections,
    NetworkDirections,
    Norm,
    PcaDirections,
    RandomDirections,
)
from core.landscape.surface import Surface
from core.landscape.trajectory import Trajectory
from core.session.document import ResultItem

NORMS = {
    "filter": "by filter (Li et al. 2018)",
    "layer": "by layer",
    "weight": "by weight",
    "dfilter": "unit filters",
    "dlayer": "unit layers",
    "none": "not normalised",
}
NORM_TIP = (
    "How a direction is scaled to the weights. By filter, two networks can be compared even if the weights of one are "
    "larger."
)


class DirectionsRows(QObject):
    """The part of the form that is about directions."""

    changed = Signal()  # another kind was chosen, so other rows apply
    file_wanted = Signal()  # a direction file is to be opened
    plane_chosen = Signal()  # another result, whose plane is wanted

    def __init__(self, rows: Rows, what: Callable[[], What], parent: QObject) -> None:
        super().__init__(parent)
        self._what = what
        self._around = Surroundings(samples=1, normalises=False)
        self._last: dict[What, Kind] = {}  # what was chosen for each analysis
        self.kind = chooser("landscape.directions")
        self.norm = _norms("surface.norm", "filter")
        self.draws = whole_number("curve.draws", 1, 100, 1)
        self.first = whole_number("landscape.first", 1, 100, 1)
        self.second, self._and = whole_number("landscape.second", 1, 100, 2), QLabel("and")
        self.run, self.plane = chooser("landscape.run"), chooser("landscape.plane")
        self.other, self.third = chooser("landscape.other"), chooser("landscape.third")
        self.file = named(with_icon(QPushButton("Open…"), "open"), "landscape.file")
        self.opened = chooser("landscape.opened")
        self.steps = whole_number("bezier.steps", 1, 1_000_000, 200)
        self.ignore = choice("surface.ignore", ("stay still", "biasbn"), ("move along", "none"))
        self.seed = whole_number("surface.seed", 0, 2**31 - 1, 123)
        self.eigen_norm = _norms("eigen.norm", "none")
        self.moving = choice("networks.moving", ("move along", "states"), ("stay still", "weights"))
        self._add_rows(rows)
        self._add_seldom_used_rows(rows)
        self.kind.currentIndexChanged.connect(self._on_kind)
        self.file.clicked.connect(self.file_wanted)
        self.plane.currentIndexChanged.connect(self.plane_chosen)
        self.other.currentIndexChanged.connect(self._offer_third)

    @property
    def chosen(self) -> Kind | None:
        """The kind of directions; None for an analysis without any."""
        kind: Kind | None = self.kind.currentData()
        return kind

    @property
    def run_id(self) -> str:
        """Of the run whose checkpoints are asked for; "" where none is."""
        return str(self.run.currentData() or "") if self._needs_run() else ""

    @property
    def given(self) -> Directions | None:
        """Directions that were read from the chosen file."""
        found = self._opened()
        return found.directions if found is not None and self.chosen == "file" else None

    @property
    def plane_result(self) -> ResultItem | None:
        """The result whose plane is wanted."""
        wanted = self.plane.currentData() if self.chosen == "result" else None
        return next((item for item in self._around.planes if item.id == wanted), None)

    def look_around(self, around: Surroundings) -> None:
        """Offer what is in the session now. What was chosen stays chosen while it is there."""
        self._around = around
        refill(self.run, [(run.name, run.id) for run in around.runs])
        refill(self.plane, [(item.name, item.id) for item in around.planes])
        refill(self.other, [(network.name, network.sha256) for network in around.partners])
        refill(self.opened, [(found.name, found.directions.fingerprint) for found in around.opened])
        self.offer()
        self._offer_third()

    def offer(self) -> None:
        """Offer the kinds of directions that the analysis can go along."""
        what = self._what()
        before = self._last.get(what, self.chosen if what != "trajectory" else None)  # a way has axes of its own
        kinds = KINDS_OF[what]
        reasons = {kind: lacking(kind, what, self._around) for kind in kinds}
        possible = [kind for kind in kinds if not reasons[kind]]
        best = before if before in possible else next(iter(possible), None)
        with QSignalBlocker(self.kind):
            refill(self.kind, ((words(kind, what)[0], kind) for kind in kinds))
            for place, kind in enumerate(kinds):
                explain(self.kind, place, reasons[kind] or words(kind, what)[1], possible=not reasons[kind])
            self.kind.setCurrentIndex(kinds.index(best) if best is not None else -1)
        for widget in (self.second, self._and):
            widget.setVisible(what != "curve")

    def choose_plane(self, item_id: str) -> None:
        """Choose the plane of that result, if it is offered."""
        self._choose("result", self.plane, item_id)

    def choose_opened(self, opened: OpenedDirections) -> None:
        """Choose directions that were read from a file."""
        self._choose("file", self.opened, opened.directions.fingerprint)

    def _choose(self, kind: Kind, box: QComboBox, data: str) -> None:
        if (place := box.findData(data)) >= 0 and self.kind.findData(kind) >= 0:
            box.setCurrentIndex(place)
            self.kind.setCurrentIndex(self.kind.findData(kind))

    def leave_what_lacks(self) -> None:
        """After entries were put back: what they chose may no longer be there."""
        if self.chosen is not None and lacking(self.chosen, self._what(), self._around):
            self.offer()
            self.changed.emit()

    def request(self) -> AnyDirections:
        """The directions that the fields describe. Raises `InvalidRequest` if they contradict each other."""
        kind = self.chosen
        if kind == "random":
            return RandomDirections(
                norm=self.norm.currentData(), ignore=self.ignore.currentData(), seed=self.seed.value()
            )
        if kind == "eigen":
            first, second = self.first.value(), self.second.value()
            if self._what() == "curve":  # a line has no second axis: ask for one that costs nothing more
                second = 1 if first > 1 else 2
            return EigenDirections(first=first, second=second, norm=self.eigen_norm.currentData())
        if kind == "pca":
            return PcaDirections()
        if kind == "networks":
            second_network = "" if self._what() == "curve" else str(self.third.currentData() or "")
            return NetworkDirections(
                first=self.other.currentData(), second=second_network, moving=self.moving.currentData()
            )
        if kind == "bezier":
            return BezierDirections(other=self.other.currentData(), steps=self.steps.value())
        return self._given_ones()

    def _given_ones(self) -> FileDirections:
        result = self.plane_result
        if result is not None and isinstance(result.result, Surface | Curve | Trajectory | Convexity):
            asked, axes = result.result.request.directions, result.result.directions
            return same_directions(f"“{short(result.name)}”", asked, axes)
        found = self._opened()
        if self.chosen != "file" or found is None:
            raise InvalidRequest("Open the file that the directions are to be read from.")
        return FileDirections(origin=found.name, sha256=found.directions.fingerprint)

    def _opened(self) -> OpenedDirections | None:
        wanted = self.opened.currentData()
        return next((found for found in self._around.opened if found.directions.fingerprint == wanted), None)

    def _needs_run(self) -> bool:
        return self._what() == "trajectory" or self.chosen == "pca"

    def _on_kind(self) -> None:
        if self.chosen is not None:
            self._last[self._what()] = self.chosen
        self.changed.emit()

    def _offer_third(self) -> None:
        partners = [p for p in self._around.partners if p.sha256 != self.other.currentData()]
        refill(self.third, [(network.name, network.sha256) for network in partners])

    def _add_rows(self, rows: Rows) -> None:
        def of(*kinds: Kind) -> Callable[[], bool]:
            return lambda: self.chosen in kinds

        def plane() -> bool:
            return self._what() != "curve"

        run_tip = "The training whose checkpoints are shown"
        rows.add("Ru&n", self.run, when=self._needs_run, tip=run_tip)
        rows.add("&Directions", self.kind, when=lambda: self.kind.count() > 0, tip="Where the axes point to")
        rows.add("Sca&led", self.norm, when=of("random"), tip=NORM_TIP)
        ranks_tip = "Ranks by size: 1 is the direction in which the loss bends most"
        rows.add("Ran&k", self.first, self._and, self.second, when=of("eigen"), tip=ranks_tip)
        rows.add("Toward&s", self.other, when=of("networks", "bezier"), tip="Lies at 1 on the first axis")
        rows.add(
            "and th&rough",
            self.third,
            when=lambda: self.chosen == "networks" and plane(),
            tip="Spans the plane with the two others",
        )
        rows.add("Plane o&f", self.plane, when=of("result"), tip="The result whose directions are taken")
        rows.add("&File", self.opened, self.file, when=of("file"), tip="Directions that were opened for this network")
        rows.add(
            "D&raws",
            self.draws,
            when=lambda: self.chosen == "random" and not plane(),
            tip="So many random directions, one curve each: what differs between them is chance",
        )

    def _add_seldom_used_rows(self, rows: Rows) -> None:
        def of(*kinds: Kind) -> Callable[[], bool]:
            return lambda: self.chosen in kinds

        rows.add(
            "&Biases and norms",
            self.ignore,
            when=of("random"),
            more=True,
            tip="Whether biases and the scales of normalisation move along. Li et al. keep them still",
        )
        rows.add(
            "&Seed",
            self.seed,
            when=of("random"),
            more=True,
            tip="The same seed gives the same directions; 123 is the original tool's",
        )
        rows.add("Sca&led", self.eigen_norm, when=of("eigen"), more=True, tip=NORM_TIP)
        rows.add(
            "Statisti&cs",
            self.moving,
            when=lambda: self.chosen == "networks" and self._around.normalises,
            more=True,
            tip="Only if they move along is the other network met itself",
        )
        rows.add(
            "Trai&ning steps",
            self.steps,
            when=of("bezier"),
            more=True,
            tip="Steps in which the curve is bent towards low loss",
        )


def _norms(name: str, chosen: Norm) -> QComboBox:
    return choice(name, *((NORMS[norm], norm) for norm in get_args(Norm)), chosen=chosen)

"""A correction in several features: its box on sliders, proved anew whenever a hand moves it."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from app.jobs.joint_prover import JointProver
from app.render.plot.figure_view import empty_label
from app.views.cell_table import CellTable
from app.views.joint.box_panel import JointBoxPanel
from app.views.joint.table import joint_cells
from app.views.joint.ways_panel import WaysPanel
from app.views.joint.words import WAITING, rule_words
from app.views.made import named, text_label
from app.views.networks.sample_images import is_picture
from app.views.pages.corrected_image import WithPictures
from app.views.pages.joint_image import JointImage
from app.views.pages.page import Page
from app.views.pages.picture import picture_of
from app.views.pages.table_part import table_part
from app.views.pages.tabs_with_table import TabsWithTable
from core.corrections.live.joint import BoxJudgement, KnownBoxes, box_around, same_place
from core.corrections.records.joint import JointBox, JointCorrection
from core.corrections.requests.slices import slice_request
from core.exchange.subject import Subject
from core.review.note import Anchor, RegionAnchor
from core.session.document import NetworkItem, Result
from core.training.run import Run

HIGH = 50  # lines of a page that has room for the search below the box


class JointPage(Page):
    """A box that the user moved is told by `box_changed`; the document decides. What is proved of it follows.

    Parameters
    ----------
    shape : channels, height, width
        Of the images whose handles change; () where columns of a table do.
    """

    box_changed = Signal(str, object)  # item id, JointBox: when the hand lets go
    box_judged = Signal(str, object)  # item id, the same JointBox with its proof
    slice_wanted = Signal(str, object)  # item id, CorrectionRequest

    icon_name = "correction"
    live_interval = 0.2  # rows, a table and two curves

    def __init__(self, item_id: str, shape: tuple[int, ...] = (), parent: QWidget | None = None) -> None:
        super().__init__(item_id, parent)
        self._shown: JointCorrection | None = None
        self._subject = Subject(title="")
        self._network: NetworkItem | None = None
        self._editable = False
        self._prover: JointProver | None = None
        self._last: BoxJudgement | None = None  # as it was proved or refuted here
        self.box = JointBoxPanel()
        self.ways = WaysPanel(item_id)
        self.table = CellTable(f"joint.table.{item_id}", "What changes, feature by feature")
        self.rule = text_label(name=f"joint.rule.{item_id}")
        self.copy = named(QPushButton("Copy table as &CSV"), f"joint.copy.{item_id}")
        self.pictures = JointImage(shape) if is_picture(shape) else None
        self._box_tab = self.box if self.pictures is None else WithPictures(self.box, self.pictures)
        self.tabs = TabsWithTable(
            f"joint.tabs.{item_id}", self._box_tab, "Box", self.ways, "Ways and search", (560, 330), high=HIGH
        )
        self.tabs.addTab(table_part(self.rule, self.copy, table=self.table), "Table")
        self.empty = empty_label(f"joint.empty.{item_id}", WAITING)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.empty)
        layout.addWidget(self.tabs)
        self.tabs.hide()
        self.copy.clicked.connect(self.table.copy_csv)
        self.box.rows.changing.connect(self._on_changing)
        self.box.rows.changed.connect(self._on_changed)
        self.box.rows.dropped.connect(self._on_dropped)
        self.box.nearest_wanted.connect(lambda: self._go_to_way(0))
        self.box.growth_wanted.connect(self._grow)
        self.box.growth_stopped.connect(self._stop_growing)
        self.box.slice_wanted.connect(self._on_slice)
        self.ways.way_chosen.connect(self._go_to_way)
        self.ways.tradeoff.picker.picking.connect(self._on_picking)
        self.ways.tradeoff.picker.picked.connect(self._on_picked)
        self.ways.tradeoff.picker.dropped.connect(self._on_dropped)
        self.tabs.currentChanged.connect(self.view_changed)

    def set_surroundings(self, subject: Subject, network: NetworkItem | None, *, editable: bool) -> None:
        """Names and units, the network that proves, and whether the result is in the document and can be edited."""
        if network is not self._network:
            self._network = network
            self._drop_prover()
        self._subject, self._editable = subject, editable

    def show_result(self, result: Result | Run | None) -> None:
        joint = result if isinstance(result, JointCorrection) else None
        before, self._shown = self._shown, joint
        self.empty.setVisible(joint is None)
        self.tabs.setVisible(joint is not None)
        if joint is None:
            return
        if before is None or before.request is not joint.request:
            self._drop_prover()
            if self.pictures is not None:
                self.pictures.set_joint(joint, self._subject)
        elif self._prover is not None and not _same_findings(before, joint):
            for box in (joint.box, *(box_around(joint, one) for one in (joint.nearest, *joint.others, *joint.along))):
                if box is not None:
                    self._prover.known.learn_proved(box)
        self.box.set_joint(joint, self._subject, editable=self._editable)
        if before is None or not _same_findings(before, joint):
            self.ways.set_joint(joint, self._subject)
        self.ways.tradeoff.set_pickable(pickable=self._editable)
        self._fill_table(joint)
        if self.box.rows.held or self.ways.tradeoff.held or (self._prover is not None and self._prover.growing):
            return  # a hand is on it
        self.box.set_box(joint.box)
        self.ways.set_box(joint.box)
        if joint.box is not None:
            self._judge(joint.box)
        else:
            self._draw_middle(None)

    @property
    def pointed_anchor(self) -> Anchor | None:
        """The correction that is chosen in the list of ways."""
        place, joint = self.ways.ways.currentRow(), self._shown
        return RegionAnchor(part=place) if joint is not None and 0 <= place <= len(joint.others) else None

    def reveal(self, anchor: Anchor) -> None:
        """Mark the correction in the list of ways; the box stays where it is."""
        if self._shown is not None and isinstance(anchor, RegionAnchor) and anchor.part < self.ways.ways.rowCount():
            self.tabs.show_table()
            self.ways.ways.setCurrentCell(anchor.part, 0)

    def image(self) -> QImage:
        return picture_of(self.tabs.shown if self.tabs.shown is not self.tabs.plot_tab else self._box_tab)

    def view_state(self) -> dict[str, object]:
        return {"tab": "table"} if self.tabs.currentIndex() == self.tabs.count() - 1 else {}

    def restore_view(self, state: dict[str, object]) -> None:
        if state.get("tab") == "table":
            self.tabs.setCurrentIndex(self.tabs.count() - 1)

    # ---- the box

    def _on_changing(self, box: JointBox) -> None:
        self._judge(box)

    def _on_changed(self, box: JointBox) -> None:
        judged = self._judge(box)
        self._tell(box if judged is None else judged.box)

    def _on_dropped(self) -> None:
        if self._shown is not None:
            self.box.set_box(self._shown.box)
            if self._shown.box is not None:
                self._judge(self._shown.box)

    def _tell(self, box: JointBox) -> None:
        if self._shown is not None and not same_place(box, self._shown.box):
            self.box_changed.emit(self.item_id, box)

    def _judge(self, box: JointBox) -> BoxJudgement | None:
        """Say what is known of a box; if that is nothing, ask for a proof."""
        self.ways.set_box(box)
        prover = self._prover_for_shown()
        if prover is not None:
            judged = prover.judge(box)
        else:
            judged = None if self._shown is None else KnownBoxes.of(self._shown).judge(box)
        if judged is not None:
            if self._last is not None and same_place(self._last.box, box) and self._last.answer == judged.answer:
                judged = self._last  # which says how it was proved
            self.box.set_judgement(judged.answer, judged, provable=True)
        else:
            self.box.set_judgement("asking" if prover is not None else "undecided", None, provable=prover is not None)
        self._draw_middle(box)
        return judged

    def _draw_middle(self, box: JointBox | None) -> None:
        """The image in the middle of a box, if it is of an image."""
        if self.pictures is not None and self._shown is not None:
            known = KnownBoxes.of(self._shown) if self._prover is None else self._prover.known
            self.pictures.set_box(box, known)

    def _on_judged(self, judged: BoxJudgement) -> None:
        if self._shown is None or not same_place(judged.box, self.box.rows.box):
            return
        self._last = judged
        self.box.set_judgement(judged.answer, judged, provable=True)
        self._draw_middle(judged.box)
        if not self.box.rows.held and same_place(judged.box, self._shown.box):
            self.box_judged.emit(self.item_id, judged.box)

    def _on_failed(self, message: str) -> None:
        self.box.set_growing(growing=False)
        self.box.set_judgement("undecided", None, provable=True)
        self.box.say(message)

    def _go_to_way(self, place: int) -> None:
        """Put the box around one of the corrections."""
        joint = self._shown
        if joint is None or not self._editable:
            return
        known = [one for one in (joint.nearest, *joint.others) if one.point is not None]
        box = box_around(joint, known[place]) if place < len(known) else None
        if box is not None:
            self.box.set_box(box)
            self._on_changed(box)

    def _on_picking(self, place: int) -> None:
        """The box follows a hand on minimal against stable: the search has proved it there."""
        if self._shown is not None and (box := box_around(self._shown, self._shown.along[place])) is not None:
            self.box.set_box(box)
            self._judge(box)

    def _on_picked(self, place: int) -> None:
        if self._shown is not None and (box := box_around(self._shown, self._shown.along[place])) is not None:
            self.box.set_box(box)
            self._on_changed(box)

    # ---- growing

    def _grow(self) -> None:
        """From the present box if it is proved, else from the nearest correction."""
        joint, prover, box = self._shown, self._prover_for_shown(), self.box.rows.box
        if joint is None or prover is None or box is None:
            return
        known = prover.known.judge(box)
        start = known.box if known is not None and known.answer == "proved" else box_around(joint, joint.nearest)
        if start is None or start.proof != "proved":
            return
        self.box.set_box(start)
        self.box.set_judgement("proved", None, provable=True)
        prover.grow(start)
        self.box.set_growing(growing=True)

    def _on_grew(self, box: JointBox) -> None:
        self.box.set_box(box)
        self._draw_middle(box)

    def _on_grown(self, box: JointBox) -> None:
        self.box.set_growing(growing=False)
        self.box.set_box(box)
        self._on_changed(box)

    def _stop_growing(self) -> None:
        box = None if self._prover is None else self._prover.stop()
        self.box.set_growing(growing=False)
        if box is not None and self._prover is not None:
            self._prover.known.learn_proved(box)
            self.box.set_box(box)
            self._on_changed(box)

    def _prover_for_shown(self) -> JointProver | None:
        """Made when it is needed first; None without its very network, or while the result is still growing."""
        network, shown = self._network, self._shown
        if network is None or shown is None or network.sha256 != shown.provenance.network_sha256:
            return None  # one that was trained further proves nothing about the one that was asked
        if self._prover is None and self._editable:
            self._prover = prover = JointProver(network, shown, self)
            prover.judged.connect(self._on_judged)
            prover.grew.connect(self._on_grew)
            prover.grown.connect(self._on_grown)
            prover.failed.connect(self._on_failed)
        return self._prover

    def _drop_prover(self) -> None:
        if self._prover is not None:
            self._prover.stop()
            self._prover.deleteLater()
            self._prover = None
            self.box.set_growing(growing=False)

    # ---- the rest

    def _on_slice(self, first: int, second: int) -> None:
        if self._shown is not None:
            self.slice_wanted.emit(self.item_id, slice_request(self._shown.request, first, second))

    def _fill_table(self, joint: JointCorrection) -> None:
        self.table.set_cells(joint_cells(joint, self._subject))
        self.rule.setText("" if joint.box is None else rule_words(joint, joint.box, self._subject))


def _same_findings(one: JointCorrection, other: JointCorrection) -> bool:
    """Whether only the box is another one."""
    same = one.status == other.status and one.nearest is other.nearest and one.others == other.others
    return same and one.course is other.course and one.tradeoff is other.tradeoff and one.along is other.along

"""Asks for attacks on a network."""

from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from app.actions.wording import short
from app.jobs.measure_effort import robustness_effort
from app.views.inspector.fields import ListField, NumberField, whole_number
from app.views.inspector.form import RequestForm
from app.views.inspector.landscape.choices import refill
from app.views.inspector.landscape.rows import Rows
from app.views.inspector.section import FoldButton
from app.views.made import chooser, named
from core.errors import CorrieError, InvalidRequest
from core.landscape.effort import Effort
from core.robustness.kinds import ATTACK_NAMES, SECOND_ORDER, Attack
from core.robustness.robustness import MOST_EXAMPLES, RobustnessRequest
from core.session.document import DatasetItem, Document, NetworkItem

USUAL_SAMPLES = 1000
USUAL: tuple[Attack, ...] = ("fgsm", "fgsm10", "l2grad", "fhsm", "l2hess")  # of Yao et al. 2018; PGD is dearer
TIPS: dict[Attack, str] = {
    "fgsm": "One step along the sign of the gradient (Goodfellow et al. 2015)",
    "fgsm10": "Ten steps of a tenth each along the sign of the gradient",
    "l2grad": "One step along the gradient; its strength is an L2 length",
    "pgd": "Many steps from a random start, drawn back into the cube of the strength (Madry et al. 2018)",
    "fhsm": "One step along the sign of Newton's direction, with the Hessian in the input",
    "l2hess": "One step along Newton's direction; its strength is an L2 length",
}
STRENGTHS_OF_TABLES = STRENGTHS_OF_COLOURS = "0.005, 0.01, 0.02, 0.05, 0.1"
STRENGTHS_OF_GREY = "0.02, 0.05, 0.1, 0.2, 0.3"  # dark and light are far apart: Yao et al. 2018 take 0.1 on MNIST
OUTPUTS = 10  # of a network whose classes are not named


class RobustnessForm(RequestForm):
    """Which attacks, how strong, on which samples, made on which network."""

    def __init__(
        self, network: NetworkItem, data: DatasetItem, document: Document, parent: QWidget | None = None
    ) -> None:
        super().__init__("Attack", "robustness", parent)
        self._outputs = len(network.card.classes) or len(data.classes) or OUTPUTS
        self._network = network
        self.attacks = {kind: named(QCheckBox(ATTACK_NAMES[kind]), f"robustness.attack.{kind}") for kind in TIPS}
        for kind, box in self.attacks.items():
            box.setToolTip(TIPS[kind])
            box.setChecked(kind in USUAL)
        self.epsilon = ListField("robustness.epsilon", usual_strengths(data))
        self.damping = NumberField("robustness.damping", 0.0, 1e6, 0.01, step=0.01)
        self.steps = whole_number("robustness.steps", 1, 10_000, 10)
        self.samples = whole_number(
            "robustness.samples", 1, max(1, data.samples), min(data.samples, USUAL_SAMPLES), "The first so many"
        )
        self.examples = whole_number("robustness.examples", 0, MOST_EXAMPLES, 12)
        self.seed = whole_number("robustness.seed", 0, 2**31 - 1, 0)
        self.made_on = chooser("robustness.made_on")
        self.hessian = named(QCheckBox("&Hessian in the input"), "robustness.hessian")
        self.hessian.setChecked(True)
        self.more = FoldButton("More", "robustness.more", unfolded=False)
        self.more.setToolTip("What most people leave as it is")
        self._add_rows()
        self.look_around(document)
        for box in (*self.attacks.values(), self.hessian):
            box.toggled.connect(self._refresh)
        self.more.toggled.connect(self._refresh)
        self.epsilon.textChanged.connect(self._refresh)
        self._refresh()
        self.watch()

    @property
    def chosen(self) -> tuple[Attack, ...]:
        """The attacks that are ticked."""
        return tuple(kind for kind, box in self.attacks.items() if box.isChecked())

    def look_around(self, document: Document) -> None:
        """Offer the networks of the session that take the same inputs; what is chosen stays."""
        own = self._network
        others = [
            (item.name, item.sha256)
            for item in document.networks
            if item.sha256 != own.sha256 and item.card.input.shape == own.card.input.shape
        ]
        refill(self.made_on, [("this network", ""), *((short(name), sha256) for name, sha256 in others)])
        self._rows.refresh()

    def request(self) -> RobustnessRequest:
        if not self.chosen:
            raise InvalidRequest("No attack is ticked. Tick at least one.")
        return RobustnessRequest(
            attacks=self.chosen,
            epsilon=self.epsilon.numbers(),
            damping=self.damping.value(),
            steps=self.steps.value(),
            samples=self.samples.value(),
            seed=self.seed.value(),
            made_on=str(self.made_on.currentData() or ""),
            input_hessian=self.hessian.isChecked(),
            examples=self.examples.value(),
        )

    def effort(self) -> Effort | None:
        try:
            return robustness_effort(self.request(), self.samples.value(), self._outputs)
        except CorrieError:
            return None

    def entered(self) -> None:
        self._refresh()

    def _refresh(self) -> None:
        self.complain("")
        self._rows.refresh()
        self.more.setVisible(self._rows.has_more())
        self.edited.emit()

    def _add_rows(self) -> None:
        rows = self._rows = Rows(self.fields, self.more.isChecked)

        def always() -> bool:
            return True

        def random() -> bool:
            return self.attacks["pgd"].isChecked()

        boxes = QWidget()
        grid = QGridLayout(boxes)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        for place, box in enumerate(self.attacks.values()):
            grid.addWidget(box, place // 2, place % 2)
        rows.add("Attacks", boxes, when=always)
        tip = (
            "As shares of the range of the data, rising: 0.1 changes a number by at most a tenth of it. Attacks along "
            "a gradient change a sample by the L2 length ε·√D of its D numbers"
        )
        rows.add("S&trengths ε", self.epsilon, when=always, tip=tip)
        tip = (
            "Of FHSM and L2HESS: added to the Hessian in the input, relative to its largest eigenvalue. Without any "
            "the smallest eigenvalues rule, and the attack is weak"
        )
        rows.add("&Damping", self.damping, when=lambda: bool(SECOND_ORDER & set(self.chosen)), tip=tip)
        rows.add("PGD &steps", self.steps, when=random, tip="Steps of projected gradient ascent")
        rows.add("Sa&mples", self.samples, when=always, tip="The first so many samples of the data are attacked")
        tip = "Transfer: the attacks are made on that network, and this one judges them"
        rows.add("Made &on", self.made_on, when=lambda: self.made_on.count() > 1, tip=tip)
        rows.add("&Examples", self.examples, when=always, tip="Attacked samples that are kept, to look at")
        tip = "Its eigenvalues for every sample: whether the search for the worst change meets saddle points"
        rows.add("", self.hessian, when=always, more=True, tip=tip)
        rows.add("Seed", self.seed, when=random, more=True, tip="Of the random start of PGD")
        self.fields.addRow(self.more)


def usual_strengths(data: DatasetItem) -> str:
    """Strengths at which networks of such data usually give way: grey pictures stand more than coloured ones."""
    if len(data.shape) == 1:
        return STRENGTHS_OF_TABLES
    coloured = len(data.shape) == 3 and 3 in (data.shape[0], data.shape[-1])
    return STRENGTHS_OF_COLOURS if coloured else STRENGTHS_OF_GREY

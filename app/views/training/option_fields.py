"""What a training may do besides: robust training, and batches that grow."""

from app.views.inspector.fields import NumberField, whole_number
from app.views.made import chooser
from app.views.training.section import Section
from core.robustness.kinds import ATTACK_NAMES
from core.training.recipe import AdaptiveBatch, RobustTraining, TrainingRequest

SECOND_ORDER = ("fhsm", "l2hess")
MOST = 1_000_000


class RobustFields(Section):
    """A share of every batch is attacked (Yao et al. 2018, §4)."""

    def __init__(self) -> None:
        super().__init__(
            "robust", "Robust training", switch=True, tooltip="A share of every batch is replaced by attacked samples"
        )
        self.attack = chooser("training.attack")
        for key, name in ATTACK_NAMES.items():
            self.attack.addItem(name, key)
        self.epsilon = NumberField("training.epsilon", 1e-9, 1e6, 0.1, step=0.01)
        self.share = NumberField("training.share", 1e-6, 1.0, 0.5)
        self.damping = NumberField("training.damping", 1e-12, 1e6, 0.01, step=0.01)
        self.add("A&ttack", self.attack)
        self.add("Strength ε", self.epsilon, "In units of the data's range: 0.1 of 0 … 1")
        self.add("Share", self.share, "Of each batch that is attacked, 0 to 1")
        self.add("Damping", self.damping, "Of the second-order attacks: added to the Hessian in the input")
        self.attack.currentIndexChanged.connect(self._on_attack)
        self._on_attack()

    def value(self) -> RobustTraining | None:
        """What is asked for; None while it is off."""
        if not self.on:
            return None
        return RobustTraining(
            attack=self.attack.currentData(),
            epsilon=self.epsilon.value(),
            share=self.share.value(),
            damping=self.damping.value(),
        )

    def enter(self, robust: RobustTraining | None) -> None:
        """Show these values, or switch off."""
        self.set_on(robust is not None)
        if robust is not None:
            self.attack.setCurrentIndex(self.attack.findData(robust.attack))
            self.epsilon.setValue(robust.epsilon)
            self.share.setValue(robust.share)
            self.damping.setValue(robust.damping)

    def _on_attack(self) -> None:
        self.damping.setEnabled(self.attack.currentData() in SECOND_ORDER)


class AdaptiveFields(Section):
    """The batch grows as the curvature falls: ABSA (Yao, Gholami, Keutzer, Mahoney 2018)."""

    def __init__(self) -> None:
        super().__init__(
            "adaptive", "Adaptive batch (ABSA)", switch=True, tooltip="The batch grows as the curvature falls"
        )
        self.ratio = whole_number("training.adaptive.ratio", 2, 1024, 2)
        self.patience = whole_number("training.adaptive.patience", 1, MOST, 10)
        self.limit = whole_number("training.adaptive.limit", 2, MOST, 128)
        self.samples = whole_number("training.adaptive.samples", 1, MOST, 128)
        self.ratio.setPrefix("× ")
        self.patience.setSuffix(" epochs")
        self.limit.setPrefix("× ")
        self.add("Growth", self.ratio, "What batch and rate are multiplied by")
        self.add("At the latest after", self.patience)
        self.add("At most", self.limit, "The largest multiple of the first batch size")
        self.add("Measured on", self.samples, "Samples for the top eigenvalue, once an epoch")
        self.samples.setSuffix(" samples")

    def value(self) -> AdaptiveBatch | None:
        """What is asked for; None while it is off. Raises `InvalidRequest` if the limit is below the growth."""
        if not self.on:
            return None
        return AdaptiveBatch(
            ratio=self.ratio.value(),
            patience=self.patience.value(),
            limit=self.limit.value(),
            samples=self.samples.value(),
        )

    def enter(self, recipe: TrainingRequest) -> None:
        """Show the values of a recipe, or switch off."""
        adaptive = recipe.adaptive
        self.set_on(adaptive is not None)
        if adaptive is not None:
            self.ratio.setValue(adaptive.ratio)
            self.patience.setValue(adaptive.patience)
            self.limit.setValue(adaptive.limit)
            self.samples.setValue(adaptive.samples)

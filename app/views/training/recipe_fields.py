"""The fields of a recipe: how the weights are updated, and what is measured meanwhile."""

from typing import TYPE_CHECKING, get_args

from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QSpinBox

from app.views.inspector.fields import NumberField, whole_number
from app.views.made import chooser, named, text_label
from app.views.training.lists import list_text, parse_shares
from app.views.training.section import Checked, Section
from core.training.recipe import Augmentation, TrainingRequest, drop_epochs

if TYPE_CHECKING:
    from core.training.recipe import Optimizer

LARGEST_SEED = 2**31 - 1
MOST_EPOCHS = 100_000
AUGMENTATIONS: dict[Augmentation, str] = {
    "none": "none",
    "crop": "random crops (padding of 4 pixels in 32)",
    "crop_flip": "random crops and mirror images",
}


class RecipeFields(Section):
    """Optimizer and schedule."""

    def __init__(self) -> None:
        super().__init__("recipe", "How it learns")
        self.epochs = whole_number("training.epochs", 1, MOST_EPOCHS, 20)
        self.batch = whole_number("training.batch", 1, LARGEST_SEED, 128, "Samples for one update of the weights")
        self.optimizer = chooser("training.optimizer")
        self.optimizer.addItem("SGD", "sgd")
        self.optimizer.addItem("Adam", "adam")
        self.rate = NumberField("training.rate", 1e-12, 1e6, 0.05, step=0.01)
        self.momentum = NumberField("training.momentum", 0.0, 0.999999, 0.9)
        self.nesterov = named(QCheckBox("&Nesterov"), "training.nesterov")
        self.decay_weights = NumberField("training.weight_decay", 0.0, 1e6, 5e-4, step=1e-4)
        self.milestones = Checked(named(QLineEdit(), "training.milestones"))
        self.drops = text_label(name="training.drops")
        self.drops.setEnabled(False)
        self.decay = NumberField("training.decay", 1e-9, 1.0, 0.1)
        self.augmentation = chooser("training.augmentation")
        for key in get_args(Augmentation):
            self.augmentation.addItem(AUGMENTATIONS[key], key)
        self.seed = whole_number("training.seed", 0, LARGEST_SEED, 0, "The same seed gives the same weights")
        self._place()
        self.optimizer.currentIndexChanged.connect(self._on_optimizer)
        self.epochs.valueChanged.connect(self._describe_drops)
        self.milestones.field.textChanged.connect(self._describe_drops)

    def _place(self) -> None:
        self.add("&Epochs", self.epochs)
        self.add("&Batch size", self.batch)
        self.add("O&ptimizer", self.optimizer)
        self.add("Learning &rate", self.rate)
        self.add("Momentum", self.momentum, "Of SGD; Adam has its own", beside=self.nesterov)
        self.add("&Weight decay", self.decay_weights, "λ of a term ½λ‖w‖² in the loss")
        self.add_checked("Rate drops at", self.milestones, "Shares of the epochs, such as 0.5, 0.75; empty: never")
        self.add_below(self.drops)
        self.add("Multiplied by", self.decay, "What the rate is multiplied by at each drop")
        self.add("A&ugmentation", self.augmentation, "Of images, made anew for each batch")
        self.add("&Seed", self.seed)

    def parsed_milestones(self) -> tuple[float, ...]:
        """Shares of the epochs. Raises `InvalidRequest`."""
        return parse_shares(self.milestones.field.text())

    def values(self) -> dict[str, object]:
        """Fields of `TrainingRequest`. Raises `InvalidRequest` if the milestones make no sense."""
        optimizer: Optimizer = self.optimizer.currentData()
        return {
            "epochs": self.epochs.value(),
            "batch_size": self.batch.value(),
            "optimizer": optimizer,
            "learning_rate": self.rate.value(),
            "momentum": self.momentum.value(),
            "nesterov": self.nesterov.isChecked(),
            "weight_decay": self.decay_weights.value(),
            "milestones": self.parsed_milestones(),
            "decay": self.decay.value(),
            "augmentation": self.augmentation.currentData(),
            "seed": self.seed.value(),
        }

    def enter(self, recipe: TrainingRequest) -> None:
        """Show the values of a recipe."""
        self.epochs.setValue(recipe.epochs)
        self.batch.setValue(recipe.batch_size)
        self.optimizer.setCurrentIndex(self.optimizer.findData(recipe.optimizer))
        self.rate.setValue(recipe.learning_rate)
        self.momentum.setValue(recipe.momentum)
        self.nesterov.setChecked(recipe.nesterov)
        self.decay_weights.setValue(recipe.weight_decay)
        self.milestones.field.setText(list_text(recipe.milestones))
        self.decay.setValue(recipe.decay)
        self.augmentation.setCurrentIndex(self.augmentation.findData(recipe.augmentation))
        self.seed.setValue(recipe.seed)

    def _on_optimizer(self) -> None:
        is_sgd = self.optimizer.currentData() == "sgd"
        self.momentum.setEnabled(is_sgd)
        self.nesterov.setEnabled(is_sgd)

    def _describe_drops(self) -> None:
        try:
            epochs = drop_epochs(self.parsed_milestones(), self.epochs.value())
        except ValueError:  # the field itself says what is wrong
            epochs = ()
        self.drops.setText(f"after epochs {', '.join(map(str, epochs))}" if epochs else "")
        self.drops.setVisible(bool(epochs))


class MeasureFields(Section):
    """What is measured and kept while it learns."""

    def __init__(self) -> None:
        super().__init__("measure", "What is kept and measured")
        self.checkpoints = whole_number("training.checkpoints", 0, MOST_EPOCHS, 0)
        self.evaluations = whole_number("training.evaluations", 1, MOST_EPOCHS, 1)
        self.curvature = whole_number("training.curvature", 0, LARGEST_SEED, 0)
        self.samples = whole_number("training.samples", 0, LARGEST_SEED, 0)
        self._words(self.checkpoints, "only first and last", "every ", " epochs")
        self._words(self.evaluations, "every epoch", "every ", " epochs")
        self._words(self.curvature, "not measured", "on ", " samples")
        self._words(self.samples, "all", "the first ", "")
        self.add(
            "&Checkpoints",
            self.checkpoints,
            "Weights to keep, for networks of that epoch and for trajectories, which need three or more",
        )
        self.add("E&valuation", self.evaluations, "Loss and accuracy on the whole of both data sets")
        self.add("Cur&vature", self.curvature, "Gradient norm and top eigenvalue of the Hessian, after each epoch")
        self.add("Sa&mples", self.samples, "How many of the training samples are learnt from; 0: all of them")

    def values(self) -> dict[str, object]:
        """Fields of `TrainingRequest`."""
        return {
            "checkpoint_every": self.checkpoints.value(),
            "evaluate_every": self.evaluations.value(),
            "curvature_samples": self.curvature.value(),
            "samples": self.samples.value() or None,
        }

    def enter(self, recipe: TrainingRequest) -> None:
        """Show the values of a recipe."""
        self.checkpoints.setValue(recipe.checkpoint_every)
        self.evaluations.setValue(recipe.evaluate_every)
        self.curvature.setValue(recipe.curvature_samples)
        self.samples.setValue(recipe.samples or 0)

    def _words(self, field: QSpinBox, zero: str, before: str, after: str) -> None:
        field.setPrefix(before)
        field.setSuffix(after)
        if zero:
            field.setSpecialValueText(zero)


def connect_changes(section: Section) -> None:
    """Let every field of a section announce that it was changed."""
    for spin in section.findChildren(QSpinBox):
        spin.valueChanged.connect(section.changed)
    for number in section.findChildren(NumberField):
        number.valueChanged.connect(section.changed)
    for box in section.findChildren(QComboBox):
        box.currentTextChanged.connect(section.changed)
    for line in section.findChildren(QLineEdit):
        if line.parent() not in section.findChildren(QComboBox) and not line.objectName().startswith("qt_"):
            line.textChanged.connect(section.changed)
    for check in section.findChildren(QCheckBox):
        if check is not section.switch:
            check.toggled.connect(section.changed)

"""Several runs from one recipe: lists of architectures, batch sizes and seeds, robust and plain."""

from collections.abc import Callable
from typing import TypeVar, get_args

from PySide6.QtWidgets import QCheckBox, QLineEdit

from app.views.made import chooser, named
from app.views.training.lists import list_text, parse_names, parse_whole_numbers
from app.views.training.section import Checked, Section
from core.errors import InvalidRequest
from core.training.recipe import RobustTraining, TrainingRequest
from core.training.sweep import Scaling, SweepRequest

SCALINGS: dict[Scaling, str] = {
    "none": "stays",
    "linear": "grows like the batch",
    "square root": "grows like its square root",
}
T = TypeVar("T")


class SweepFields(Section):
    """The lists; an empty one stands for the recipe's own value."""

    def __init__(self) -> None:
        super().__init__(
            "sweep", "Train several, one after another", switch=True, tooltip="Every combination of these lists"
        )
        self.architectures = self._line("architectures", "resnet20, resnet20_noshort")
        self.batches = self._line("batches", "64, 128, 256")
        self.seeds = self._line("seeds", "0–2")
        self.plain = named(QCheckBox("each robust and &plain"), "training.sweep.plain")
        self.scaling = chooser("training.sweep.scaling")
        for key in get_args(Scaling):
            self.scaling.addItem(SCALINGS[key], key)
        self.add_checked("Architectures", self.architectures, "Names with commas between them; empty: the one above")
        self.add_checked("Batch sizes", self.batches, "Numbers with commas between them; empty: the one above")
        self.add_checked("Seeds", self.seeds, "Numbers or a range such as 0–2; empty: the one above")
        self.add_below(self.plain)
        self.add("Learning rate", self.scaling, "How the rate follows the batch size, from the recipe's own")

    def sweep(self, recipe: TrainingRequest) -> SweepRequest:
        """The sweep that the lists describe; of a single run while it is off.

        Raises
        ------
        InvalidRequest
            If a list makes no sense; the sentence stands under its field, too.
        """
        if not self.on:
            return SweepRequest(recipe=recipe)
        architectures = self._parsed(self.architectures, parse_names)
        batches = self._parsed(self.batches, lambda text: parse_whole_numbers(text, least=1, example="64, 128, 256"))
        seeds = self._parsed(self.seeds, lambda text: parse_whole_numbers(text, least=0, example="0–2"))
        trouble = next((field.text for field in (self.architectures, self.batches, self.seeds) if field.text), "")
        if architectures is None or batches is None or seeds is None:
            raise InvalidRequest(trouble)
        robust: tuple[RobustTraining | None, ...] = ()
        if self.plain.isChecked() and recipe.robust is not None:
            robust = (None, recipe.robust)
        return SweepRequest(
            recipe=recipe,
            architectures=architectures,
            batch_sizes=batches,
            seeds=seeds,
            robust=robust,
            scaling=self.scaling.currentData(),
        )

    def enter(self, sweep: SweepRequest) -> None:
        """Show the lists of a sweep, or switch off where it is of a single run."""
        self.architectures.field.setText(list_text(sweep.architectures))
        self.batches.field.setText(list_text(sweep.batch_sizes))
        self.seeds.field.setText(list_text(sweep.seeds))
        self.plain.setChecked(None in sweep.robust)
        self.scaling.setCurrentIndex(self.scaling.findData(sweep.scaling))
        self.set_on(len(sweep.requests()) > 1)

    def _parsed(self, field: Checked[QLineEdit], parse: Callable[[str], T]) -> T | None:
        try:
            values = parse(field.field.text())
        except InvalidRequest as error:
            field.complain(str(error))
            return None
        field.complain("")
        return values

    def _line(self, name: str, example: str) -> Checked[QLineEdit]:
        line = named(QLineEdit(), f"training.sweep.{name}")
        line.setPlaceholderText(example)
        return Checked(line)

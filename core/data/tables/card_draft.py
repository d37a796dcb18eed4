"""A feature card while somebody corrects what was guessed: fields as they were typed, and what is wrong beside them."""

import math
from dataclasses import dataclass, replace
from typing import Literal, get_args

from core.data.tables.columns import MOST_CLASSES, ColumnGuess
from core.data.tables.features import Change, Feature, FeatureCard, Kind
from core.data.tables.guessing import OneHotGuess, TableGuess
from core.errors import InvalidRequest

Field = Literal["use", "kind", "unit", "low", "high", "step", "levels", "change", "price", "half_width"]
KINDS: tuple[Kind, ...] = get_args(Kind)
CHANGES: tuple[Change, ...] = get_args(Change)
BETWEEN_LEVELS = " | "
NUMBERS: tuple[Field, ...] = ("low", "high", "step", "price", "half_width")


@dataclass(frozen=True, kw_only=True)
class ColumnDraft:
    """One column, or one group of one-hot columns, as it stands in the form."""

    use: bool
    suggested: bool = True  # whether there is sense in using it
    name: str
    kind: Kind
    columns: tuple[str, ...] = ()  # of the file, if it is a group
    holds_numbers: bool  # in the file
    unit: str = ""
    low: str = ""
    high: str = ""
    step: str = ""
    levels: str = ""  # with `BETWEEN_LEVELS`
    change: Change = "may"
    price: str = ""
    half_width: str = ""
    note: str = ""  # about the column in the file

    @property
    def level_list(self) -> tuple[str, ...]:
        """The levels one by one."""
        return tuple(level.strip() for level in self.levels.split(BETWEEN_LEVELS.strip()) if level.strip())

    def applies(self, field: Field) -> bool:
        """Whether a field means anything for a column of this kind."""
        if field in ("low", "high", "step", "price", "half_width", "unit"):
            return self.kind != "category"
        return self.kind == "category" if field == "levels" else True

    def errors(self) -> dict[Field, str]:
        """What is wrong, by field; nothing is wrong with a column that is not used."""
        if not self.use:
            return {}
        errors = {field: why for field in NUMBERS if self.applies(field) and (why := self._number_error(field))}
        if self.kind != "category" and not self.holds_numbers:
            errors["kind"] = "It holds text in some rows, so it can only be a category, or be left out."
        if self.kind == "category" and len(self.level_list) < 2:
            errors["levels"] = f"A category needs two or more levels, with {BETWEEN_LEVELS.strip()} between them."
        if self.kind != "category" and self.columns:
            errors["kind"] = "Several columns together can only be a category."
        if len(set(self.level_list)) < len(self.level_list):
            errors["levels"] = "A level stands there twice."
        if self.columns and len(self.level_list) != len(self.columns):
            errors["levels"] = f"There must be {len(self.columns)} levels, one for each of its columns."
        low, high = _number(self.low), _number(self.high)
        if self.kind != "category" and not errors and low is not None and high is not None and low >= high:
            errors["high"] = f"It must be more than {low:g}, where the range begins."
        return errors

    def feature(self) -> Feature:
        """The entry of the card. Raises `InvalidRequest` if something is wrong."""
        for field, why in self.errors().items():
            raise InvalidRequest(f"{self.name}, {field.replace('_', ' ')}: {why}")
        if self.kind == "category":
            return Feature(
                name=self.name, kind="category", levels=self.level_list, columns=self.columns, change=self.change
            )
        return Feature(
            name=self.name,
            kind=self.kind,
            unit=self.unit.strip(),
            low=_number(self.low),
            high=_number(self.high),
            step=_number(self.step) or 0.0,
            change=self.change,
            price=_number(self.price) or 0.0,
            half_width=_number(self.half_width) or 0.0,
        )

    def _number_error(self, field: Field) -> str:
        text = str(getattr(self, field)).strip()
        value = _number(text)
        if text and value is None:
            return f"“{text}” is no number; it is written like 0.5 or 1e-3."
        if value is not None and not math.isfinite(value):
            return "It must be finite."
        if field in ("step", "price", "half_width") and value is not None and value < 0:
            return "It must be zero or more."
        return ""


@dataclass(frozen=True, kw_only=True)
class CardDraft:
    """The whole card."""

    guess: TableGuess
    columns: tuple[ColumnDraft, ...]
    target: str  # a column, or the name of a group
    classes: tuple[str, ...]  # empty: the target is a number
    wanted: str = ""
    target_unit: str = ""
    name: str = ""
    source: str = ""

    @property
    def used(self) -> tuple[ColumnDraft, ...]:
        """The columns that a network is fed with: the target and its relatives are not among them."""
        taken = set(self.target_columns or (self.target,))
        return tuple(column for column in self.columns if column.use and not taken & set(_of_file(column)))

    @property
    def target_columns(self) -> tuple[str, ...]:
        """The columns of the target in the order of the classes, if it is a group."""
        group = next((group for group in self.guess.groups if group.name == self.target), None)
        if group is None:
            return ()
        columns = {level: column for (level, _), column in zip(group.levels, group.columns, strict=True)}
        return tuple(columns[name] for name in self.classes)

    def column_errors(self) -> tuple[str, ...]:
        """What is wrong with the file and the columns that are used, one sentence each."""
        errors = [
            f"{column.name}, {field.replace('_', ' ')}: {why}"
            for column in self.used
            for field, why in column.errors().items()
        ]
        if not self.used:
            errors.append("No column is used. Tick those that a network is fed with.")
        return (*self.guess.problems, *errors)

    def target_error(self) -> str:
        """What is wrong with the target; empty if nothing is."""
        if len(self.classes) == 1:
            return f"The target {self.target} has one class only, so there is nothing to be told apart."
        group = any(group.name == self.target for group in self.guess.groups)
        if not self.classes and not group and not self.guess.column(self.target).holds_numbers:
            return f"The target {self.target} holds too many different texts to be classes."
        return ""

    def errors(self) -> tuple[str, ...]:
        """Everything that is wrong, one sentence each."""
        target = self.target_error()
        return (*self.column_errors(), *((target,) if target else ()))

    def card(self) -> FeatureCard:
        """The card. Raises `InvalidRequest` with the first thing that is wrong."""
        for error in self.errors():
            raise InvalidRequest(error)
        try:
            return FeatureCard(
                features=tuple(column.feature() for column in self.used),
                target=self.target,
                classes=self.classes,
                target_columns=self.target_columns,
                wanted=self.wanted,
                target_unit="" if self.classes else self.target_unit.strip(),
                name=self.name.strip(),
                source=self.source.strip(),
                table=self.guess.form,
            )
        except ValueError as error:  # pydantic's, which wraps the card's own sentence
            raise InvalidRequest(str(error)) from error


def draft_card(guess: TableGuess) -> CardDraft:
    """The card that the guess suggests: every usable column is used, groups as categories, the target as guessed."""
    columns: list[ColumnDraft] = []
    done: set[str] = set()
    for column in guess.columns:
        group = guess.group_of(column.name)
        if group is None:
            columns.append(_column(column))
        elif group.name not in done:
            done.add(group.name)
            columns.append(_group(group))
    draft = CardDraft(guess=guess, columns=tuple(columns), target="", classes=(), name=guess.path.stem)
    return with_target(draft, guess.target)


def targets(guess: TableGuess) -> tuple[str, ...]:
    """What can be predicted: the groups and the columns that hold numbers or few different values."""
    columns = [column.name for column in guess.columns if column.usable]
    return (*(group.name for group in guess.groups), *columns)


def with_target(draft: CardDraft, target: str) -> CardDraft:
    """The draft with another target: its classes are those of the file."""
    guess = draft.guess
    group = next((group for group in guess.groups if group.name == target), None)
    if group is not None:
        classes = tuple(level for level, _ in group.levels)
    else:
        column = guess.column(target)
        is_class = column.kind == "category" or (column.kind == "integer" and 1 < len(column.levels) <= MOST_CLASSES)
        classes = column.values if is_class else ()
    return replace(draft, target=target, classes=classes, wanted="")


def frequencies(draft: CardDraft) -> dict[str, int]:
    """How often each value of the target occurs in the file; empty where there are too many to be classes."""
    group = next((group for group in draft.guess.groups if group.name == draft.target), None)
    return dict(group.levels if group is not None else draft.guess.column(draft.target).levels)


def _column(column: ColumnGuess) -> ColumnDraft:
    numeric = column.kind in ("number", "integer")
    kind: Kind = "category" if not numeric else "integer" if column.kind == "integer" else "number"
    note = column.note
    if column.missing:
        note = f"{note} {column.missing:,} of its cells {'is' if column.missing == 1 else 'are'} missing.".strip()
    return ColumnDraft(
        use=column.usable,
        suggested=column.usable,
        name=column.name,
        kind=kind,
        holds_numbers=column.holds_numbers,
        low=_text(column.low),
        high=_text(column.high),
        step=_text(column.step or None),
        levels=BETWEEN_LEVELS.join(column.values) if not any("|" in value for value in column.values) else "",
        note=note,
    )


def _group(group: OneHotGuess) -> ColumnDraft:
    return ColumnDraft(
        use=True,
        name=group.name,
        kind="category",
        columns=group.columns,
        holds_numbers=True,
        levels=BETWEEN_LEVELS.join(level for level, _ in group.levels),
        note=f"{len(group.columns)} columns of 0 and 1, of which one is 1 in every row.",
    )


def _of_file(column: ColumnDraft) -> tuple[str, ...]:
    return column.columns or (column.name,)


def _number(text: str) -> float | None:
    try:
        return float(text) if text.strip() else None
    except ValueError:
        return None


def _text(value: float | None) -> str:
    return "" if value is None else repr(float(value)).removesuffix(".0")  # rounded, a range would lose its ends

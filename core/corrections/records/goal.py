"""What the network is to say of a corrected input: a class, one of several classes, or a value within limits."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from core.errors import InvalidRequest

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Demand:
    """Rows of which every one must be positive: ``rows @ outputs + offsets > 0``."""

    rows: FloatArray = field(repr=False)  # (m, outputs)
    offsets: FloatArray = field(repr=False)  # (m,)

    def leads(self, outputs: FloatArray) -> FloatArray:
        """The least of the rows (n,) for outputs (n, outputs): positive where the demand is met."""
        lead: FloatArray = (outputs @ self.rows.T + self.offsets).min(axis=1)
        return lead


@dataclass(frozen=True, kw_only=True)
class Goal:
    """One of some classes wins, or the only output lies within limits."""

    classes: tuple[int, ...] = ()  # any of them; () for a value
    at_least: float | None = None  # of the only output, in the units of the target
    at_most: float | None = None
    doubt: float = 0.0  # by which the limits may be off, where they were computed from others; proofs keep away from it

    def __post_init__(self) -> None:
        limits = [limit for limit in (self.at_least, self.at_most) if limit is not None]
        if bool(self.classes) == bool(limits):
            raise InvalidRequest("Ask for a class or for a value at least or at most so much, and not for both.")
        if not np.isfinite(limits).all():
            raise InvalidRequest("A limit of the value that is asked for must be a finite number.")
        if self.at_least is not None and self.at_most is not None and not self.at_least < self.at_most:
            raise InvalidRequest(
                f"No value is at least {self.at_least:g} and at most {self.at_most:g}. Give the smaller one first."
            )
        if len(set(self.classes)) < len(self.classes):
            raise InvalidRequest("A class is asked for twice. Name each once.")

    @property
    def by_value(self) -> bool:
        """Whether a number is asked for, not a class."""
        return not self.classes

    def words(
        self, class_name: Callable[[int], str], unit: str = "", number: Callable[[float], str] = "{:g}".format
    ) -> str:
        """Such as "good", "good or fair", or "between 2 and 5 bar".

        Parameters
        ----------
        class_name : callable
            What a class is called, with the quotation marks that are wanted.
        unit : str
            Of the value; "" for none.
        number : callable
            How a limit is written.
        """
        if not self.by_value:
            return " or ".join(class_name(index) for index in self.classes)
        low, high = (None if limit is None else number(limit) for limit in (self.at_least, self.at_most))
        text = f"at most {high}" if low is None else f"at least {low}" if high is None else f"between {low} and {high}"
        return f"{text} {unit}".rstrip()

    def demands(self, outputs: int) -> tuple[Demand, ...]:
        """The goal as alternatives: it is reached where one of them is met.

        Parameters
        ----------
        outputs : int
            Of the network.

        Raises
        ------
        InvalidRequest
            If the network has no such class, or not one output where a value is asked for.
        """
        if self.by_value:
            if outputs != 1:
                raise InvalidRequest(f"A value is asked for, but the network has {outputs} outputs. Ask for a class.")
            signs = [(1.0, self.at_least), (-1.0, self.at_most)]
            rows = [(sign, -sign * limit) for sign, limit in signs if limit is not None]
            return (Demand(rows=np.array(rows)[:, :1], offsets=np.array(rows)[:, 1]),)
        if outputs < 2:
            raise InvalidRequest("The network has a single output, so it chooses no class. Ask for a value instead.")
        stray = next((wanted for wanted in self.classes if not 0 <= wanted < outputs), None)
        if stray is not None:
            raise InvalidRequest(f"There is no class {stray}: the network has {outputs}, numbered from 0.")
        others = [index for index in range(outputs) if index not in self.classes]
        if not others:
            raise InvalidRequest("Every class is asked for, so nothing is rejected. Leave one out.")
        unit = np.eye(outputs)
        return tuple(Demand(rows=unit[wanted] - unit[others], offsets=np.zeros(len(others))) for wanted in self.classes)

    def leads(self, outputs: FloatArray) -> FloatArray:
        """By how much the goal is reached (n,) with outputs (n, outputs); not positive where it is missed."""
        lead: FloatArray = np.max([demand.leads(outputs) for demand in self.demands(outputs.shape[1])], axis=0)
        return lead

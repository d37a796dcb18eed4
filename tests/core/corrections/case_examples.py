"""A table of which a network rejects some rows: numbers, one of them only upwards, and a category."""

from functools import cache

import numpy as np

from core.corrections.engines.cases.engine import compute_cases
from core.corrections.network.lowering import lower
from core.corrections.network.piecewise import PiecewiseLinear
from core.corrections.records.cases import CaseFeature, Cases, CasesRequest
from core.corrections.records.goal import Goal
from core.data.dataset import Dataset
from core.data.tables.features import Feature, FeatureCard
from core.job import JobContext
from core.networks.card import InputCard
from core.networks.network import Network
from tests.core.corrections.examples import as_module, as_network, random_network

GOOD = 1
CARD = FeatureCard(
    features=(
        Feature(name="amount", low=-2.0, high=2.0, half_width=0.05, unit="DM"),
        Feature(name="duration", low=-2.0, high=2.0, half_width=0.05, unit="months"),
        Feature(name="age", low=-2.0, high=2.0, change="up"),
        Feature(name="purpose", kind="category", levels=("car", "house", "other")),
    ),
    target="answer",
    classes=("bad", "good"),
    wanted="good",
)


@cache
def table(rows: int = 40) -> Dataset:
    """Values between −2 and 2; the first row's age is 2, so that it cannot grow."""
    generator = np.random.default_rng(3)
    numbers = np.round(generator.uniform(-2, 2, (rows, 3)), 2)
    numbers[0, 2] = 2.0
    levels = np.eye(3)[generator.integers(0, 3, rows)]
    x = np.concatenate([numbers, levels], axis=1).astype(np.float64)
    return Dataset(name="cases", x=x, y=np.zeros(rows, np.int64), classes=("bad", "good"), features=CARD)


@cache
def judge(seed: int = 10) -> Network:
    """That rejects some of the rows."""
    module = as_module(random_network([6, 12, 12, 2], seed))
    return as_network(module, InputCard(shape=(6,)), ("bad", "good"))


@cache
def lowered(seed: int = 10) -> PiecewiseLinear:
    """The same in float64."""
    return lower(judge(seed))


@cache
def answered() -> Cases:
    """With a category, a failed row, a rule and another network."""
    other = judge(1)
    request = question("amount", "age", "purpose", rules=1, samples=16, others=(other.sha256,))
    return compute_cases(request, judge(), table(), JobContext(), others={other.sha256: other})


def question(*names: str, **other: object) -> CasesRequest:
    """Of these features, with what else is asked for."""
    free = tuple(CaseFeature(name=name) for name in names)
    return CasesRequest(free=free, goal=Goal(classes=(GOOD,)), **other)  # type: ignore[arg-type]

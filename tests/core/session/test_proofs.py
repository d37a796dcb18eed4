"""Files whose proofs contradict what else they say are refused in a sentence: nobody is shown a false "proved"."""

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.corrections.records.cases import HOLDS, NONE_EXISTS, NOT_YET, OPEN, PROVED, Cases
from core.corrections.records.joint import FoundChange, JointBox, JointCorrection
from core.corrections.records.pairs import Pairs
from core.errors import CorrieError, SessionError
from core.exchange.endings import endings_of
from core.exchange.export import export_result
from core.session.document import Document, Result
from core.session.files import open_document, save_document
from core.session.write import session_image
from tests import documents
from tests.core.corrections.case_examples import answered
from tests.hostile import Attacker, attacked
from tests.joints import joint
from tests.pairs import NONE, pairs_result
from tests.pairs import PROVED as PAIR_PROVED


def reopened(found: Result, folder: Path) -> Document:
    path = folder / "session.corrie.h5"
    save_document(Document().with_item(documents.result_item(found, "found-0", "Found")), path)
    return open_document(path)


def other_change(**changed: Any) -> Callable[[JointCorrection], JointCorrection]:
    return lambda found: replace(found, nearest=replace(found.nearest, **changed))


def other_box(low: float, high: float, proof: Any = "proved") -> Callable[[JointCorrection], JointCorrection]:
    box = JointBox(low=np.array([low, 0.0]), high=np.array([high, 1.0]), levels=(0,), proof=proof)
    return lambda found: replace(found, box=box)


NOTHING = FoundChange(point=None, levels=(), distance=None, lower_bound=0.1, proof="unknown", closed=False)
JOINT: dict[str, Callable[[JointCorrection], JointCorrection]] = {
    "proved, and there is no point": lambda found: replace(found, nearest=replace(NOTHING, proof="proved")),
    "none exists, and the bound is open": lambda found: replace(found, nearest=replace(NOTHING, proof="none_exists")),
    "closed, and nothing is known": lambda found: replace(found, nearest=replace(NOTHING, closed=True)),
    "a bound of NaN": lambda found: replace(found, nearest=replace(NOTHING, lower_bound=np.nan)),
    "none exists, and there is a point": other_change(proof="none_exists"),
    "a point of NaN": other_change(point=np.array([np.nan, 9000.0])),
    "an infinite distance": other_change(distance=np.inf),
    "a bound above the distance": other_change(lower_bound=0.5),
    "a negative bound": other_change(lower_bound=-1.0),
    "a negative half-width": other_change(half_width=np.array([-1.0, 0.0])),
    "a box of NaN": other_box(np.nan, 1.0),
    "a box turned round": other_box(2.0, 1.0),
    "a box that does not exist": other_box(0.0, 1.0, "none_exists"),
    "another way without a point": lambda found: replace(found, others=(NOTHING,)),
    "a curve with its bound above": lambda found: replace(found, tradeoff=np.array([[1.0, 0.5, 0.4]])),
    "a course of NaN": lambda found: replace(found, course=np.array([[1.0, np.nan, 0.4]])),
}


@pytest.mark.parametrize("what", JOINT)
def test_a_correction_in_several_features_that_contradicts_itself_is_refused(what: str, tmp_path: Path) -> None:
    with pytest.raises(SessionError, match="contradicts"):
        reopened(JOINT[what](joint()), tmp_path)


@pytest.mark.parametrize(
    ("name", "place", "value"),
    [
        ("proof", (1, 2), PAIR_PROVED),
        ("proof", (1, 2), NONE),
        ("proof", (1, 1), PAIR_PROVED),
        ("proof", (0, 1), NONE),
        ("lower_bound", (0, 1), 0.5),
        ("lower_bound", (0, 1), np.nan),
        ("lower_bound", (1, 1), 0.0),
        ("distance", (0, 1), 0.1),
    ],
)
def test_pairs_that_contradict_themselves_are_refused(
    name: str, place: tuple[int, int], value: float, tmp_path: Path
) -> None:
    found = pairs_result()
    for places in ((place,), (place, place[::-1])):  # in one triangle of the matrix, and in both
        matrix = getattr(found, name).copy()
        for one in places:
            matrix[one] = value
        wrong: Pairs = replace(found, **{name: matrix})
        with pytest.raises(SessionError, match="contradicts"):
            reopened(wrong, tmp_path)


def test_lanes_and_centres_of_pairs_that_contradict_themselves_are_refused(tmp_path: Path) -> None:
    found = pairs_result()
    turned = found.centres.copy()
    turned[0, 1] = turned[0, 1][::-1]
    lane = replace(found.lanes[0].lanes[0], proof="none_exists")
    for wrong in (
        replace(found, centres=turned),
        replace(found, lanes=(replace(found.lanes[0], lanes=(lane,)), *found.lanes[1:])),
    ):
        with pytest.raises(SessionError, match="contradicts"):
            reopened(wrong, tmp_path)


def with_value(name: str, value: float, which: Callable[[Cases], Any]) -> Callable[[Cases], Cases]:
    def other(found: Cases) -> Cases:
        array = getattr(found, name).copy()
        array[which(found)] = value
        return replace(found, **{name: array})

    return other


def proved(found: Cases) -> int:
    return int(np.flatnonzero(found.proof == PROVED)[0])


CASES: dict[str, Callable[[Cases], Cases]] = {
    "proved, and the point is NaN": with_value("point", np.nan, proved),
    "proved, and the distance is NaN": with_value("distance", np.nan, proved),
    "a bound above the distance": with_value("lower_bound", 1e9, proved),
    "none exists, and there is a distance": with_value("proof", NONE_EXISTS, proved),
    "open, and there is a distance": with_value("proof", OPEN, proved),
    "not yet, and there is a distance": with_value("proof", NOT_YET, proved),
    "a box turned round": with_value("box", -1e9, lambda found: (proved(found), 1)),
    "a rule turned round": with_value("rule_box", 1e9, lambda _: (0, 0)),
    "a rule that covers at no cost": with_value("rule_cost", np.nan, lambda found: found.rule_covers == HOLDS),
    "a negative stability": with_value("half_widths", -1.0, lambda _: 0),
}


@pytest.mark.parametrize("what", CASES)
def test_a_table_of_cases_that_contradicts_itself_is_refused(what: str, tmp_path: Path) -> None:
    with pytest.raises(SessionError, match="contradicts"):
        reopened(CASES[what](answered()), tmp_path)


@pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore::UserWarning")
def test_well_formed_nonsense_is_refused_or_can_be_exported(tmp_path: Path) -> None:
    document, path, opened = Document(), tmp_path / "s.corrie.h5", 0
    for place, found in enumerate((joint(), pairs_result(), answered())):
        document = document.with_item(documents.result_item(found, f"found-{place}", "Found"))
    image = session_image(document)
    for seed in range(60):
        attacker = Attacker(seed, ("corrections", "pairs", "cases"))
        path.write_bytes(attacked(image, attacker))
        try:
            items = open_document(path, apart=False).results
        except SessionError as error:
            assert str(error).endswith("."), attacker.done  # noqa: PT017  most are not refused
            continue
        opened += 1
        for item in items:
            if not any(item.id in what for what in attacker.done):
                continue
            endings = [one for one in endings_of(item.result) if one not in (".png", ".svg", ".pdf", ".gif")]
            ending = random.Random(seed).choice(endings)
            try:
                export_result(item, document, tmp_path / f"file{ending}")
            except CorrieError as error:
                assert str(error).endswith("."), attacker.done  # noqa: PT017  most are exported
    assert 5 < opened < 55

"""Results of the landscape that somebody changed with care: each opens as a document that can be used, or is refused.

``CORRIE_HOSTILE_FILES=20000`` tries as many as one likes; a number that fails is a seed to try again with.
"""

import contextlib
import json
import os
import random
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest

from app.cli.machine import result_values
from app.cli.summaries import summary
from core.errors import CorrieError, SessionError
from core.exchange.endings import endings_of
from core.exchange.export import export_result
from core.exchange.readings import limits_of, measures_of
from core.session.companions import companion_items
from core.session.document import Document, ResultItem
from core.session.files import open_document, save_document
from core.session.hdf5 import h5py
from core.session.json_text import to_json
from core.session.write import session_image
from tests import documents
from tests.hostile import Attacker, attacked, changed

FILES = int(os.environ.get("CORRIE_HOSTILE_FILES", "200"))
FIGURE_EVERY = 20  # files; a figure takes a second
IMAGE = session_image(documents.landscape_document())

T = TypeVar("T")


def used(item: ResultItem, document: Document, folder: Path, choose: random.Random, *, figures: bool) -> None:
    """What commands, exports and a resumed computation ask of a result; a refusal is one sentence at least."""
    works: list[Callable[[], object]] = [
        lambda: summary(item, document),
        lambda: to_json(result_values(item, document)),
        lambda: measures_of(item, document),
        lambda: limits_of(item, document),
        lambda: companion_items(item.result.request, document, test_id=item.test_id, run_id=item.run_id),
    ]
    endings = [ending for ending in endings_of(item.result) if ending not in (".png", ".svg", ".pdf", ".gif")]
    endings = [".png", *endings] if figures else [choose.choice(endings)]
    works += [partial(export_result, item, document, folder / f"file{ending}") for ending in endings]
    for work in works:
        with contextlib.suppress(CorrieError):
            work()


@pytest.mark.parametrize("first", range(0, FILES, 50))
@pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore::UserWarning")
def test_a_file_of_well_formed_nonsense_is_refused_or_can_be_used(first: int, tmp_path: Path) -> None:
    path, opened = tmp_path / "s.corrie.h5", 0
    for seed in range(first, min(first + 50, FILES)):
        attacker = Attacker(seed)
        path.write_bytes(attacked(IMAGE, attacker))
        try:
            document = open_document(path, apart=False)
        except SessionError as error:
            assert str(error).endswith("."), attacker.done  # noqa: PT017  most are not refused
            continue
        opened += 1
        try:
            save_document(document, tmp_path / "again.corrie.h5")
            for item in document.results:
                if any(item.id in what or what.startswith("/directions") for what in attacker.done):
                    used(item, document, tmp_path, attacker.random, figures=seed % FIGURE_EVERY == 0)
        except Exception as error:
            raise AssertionError(f"seed {seed}: {attacker.done}") from error
    assert 10 < opened < 50  # some are refused, and most are not


def refused(path: Path, change: Callable[[h5py.File], object]) -> str:
    path.write_bytes(changed(IMAGE, change))
    with pytest.raises(SessionError) as error:
        open_document(path, apart=False)
    return str(error.value)


def put(where: str, values: object) -> Callable[[h5py.File], None]:
    def change(file: h5py.File) -> None:
        del file[where]
        file[where] = values

    return change


@pytest.mark.parametrize("where", ["surfaces/surface-1/x", "curves/curve-0/x", "convexity/convexity-0/y"])
@pytest.mark.parametrize("how", ["falling", "twice", "not a number", "infinite", "one"])
def test_positions_that_are_no_axis_are_refused(where: str, how: str, tmp_path: Path) -> None:
    def change(file: h5py.File) -> None:
        old = file[where][()]
        new = {"falling": old[::-1], "twice": np.repeat(old[:1], len(old)), "one": old[:1]}.get(how, old.copy())
        if how in ("not a number", "infinite"):
            new[-1] = np.nan if how == "not a number" else np.inf
        put(where, new)(file)

    said = refused(tmp_path / "s.corrie.h5", change)
    assert "are not finite numbers in rising order" in said or "wrong" in said


@pytest.mark.parametrize(
    ("where", "values"),
    [
        ("subset_rows", [0.0, 1e9]),
        ("subset_rows", [0.5, 1.0]),
        ("subset_rows", [-1.0, 1.0]),
        ("subset_weights", [np.nan, 1.0]),
        ("subset_weights", [1.0]),
    ],
)
def test_a_part_of_the_samples_that_is_none_of_the_data_is_refused(
    where: str, values: list[float], tmp_path: Path
) -> None:
    def change(file: h5py.File) -> None:
        group = file["surfaces/surface-1"]
        for name, sound in (("subset_rows", [0.0, 3.0]), ("subset_weights", [0.5, 0.5])):
            if name in group:
                del group[name]
            group[name] = np.array(values if name == where else sound)

    assert "is none of its data" in refused(tmp_path / "s.corrie.h5", change)


@pytest.mark.parametrize(
    ("field", "value"), [("confidence", 5), ("coverage", -0.1), ("points", -3), ("tolerance", -1), ("max_seen", -1)]
)
def test_a_certificate_that_none_can_be_is_refused(field: str, value: float, tmp_path: Path) -> None:
    def change(file: h5py.File) -> None:
        group = file["surfaces/surface-1"]
        group.attrs["certificate"] = json.dumps({**json.loads(group.attrs["certificate"]), field: value})

    assert "certificate" in refused(tmp_path / "s.corrie.h5", change)


def test_points_of_an_unknown_kind_and_negative_products_are_refused(tmp_path: Path) -> None:
    shape = documents.certified_surface().evaluated.shape
    said = refused(tmp_path / "s.h5", put("surfaces/surface-1/evaluated", np.full(shape, 7, np.uint8)))
    assert "obtained in a way that there is not" in said
    products = documents.convexity().products
    assert "do not fit its plane" in refused(tmp_path / "s.h5", put("convexity/convexity-0/products", -products - 1))


@pytest.mark.parametrize(("where", "field"), [("curves/curve-0", "points"), ("convexity/convexity-0", "columns")])
def test_a_result_of_another_size_than_was_asked_for_is_refused(where: str, field: str, tmp_path: Path) -> None:
    def change(file: h5py.File) -> None:
        group = file[where]
        group.attrs["request"] = json.dumps({**json.loads(group.attrs["request"]), field: 99})

    assert re.search(r"was asked for (\d+ × )?99 points", refused(tmp_path / "s.corrie.h5", change))

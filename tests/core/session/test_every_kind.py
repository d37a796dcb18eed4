"""Whatever numbers and words a document of every kind holds: it comes back the same, or is refused in a sentence."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from random import Random
from types import MappingProxyType

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import CorrieError
from core.session.document import Document, ResultItem
from core.session.files import open_document, save_document
from core.session.write import _KINDS
from tests.every_kind import document_of_every_kind
from tests.sameness import differences

EVERYTHING = document_of_every_kind()
ODD = (np.nan, np.inf, -np.inf, -0.0, 1e-40, 3e38, 1 / 3)
WORDS = ("", "ä ö ü", "a/b.c", "\0", '"%"', "\ud800", "x" * 70_000, "📈")
SHARE = 0.3  # of arrays and words that are changed


def belongings(document: Document) -> set[type]:
    return {type(item.result) if isinstance(item, ResultItem) else type(item) for item in document.items.values()}


def changed(thing: object, random: Random) -> object:
    """The same record with other floating-point numbers in its arrays, and other names."""
    if isinstance(thing, np.ndarray) and thing.dtype.kind == "f" and thing.size and random.random() < SHARE:
        other = thing.copy()
        for _ in range(random.randint(1, 4)):
            number = random.choice(ODD) if random.random() < 0.5 else random.random()
            other.flat[random.randrange(other.size)] = number
        return other
    if isinstance(thing, tuple) and type(thing) is tuple:
        return tuple(changed(one, random) for one in thing)
    if isinstance(thing, Mapping):
        return MappingProxyType({key: changed(value, random) for key, value in thing.items()})
    if is_dataclass(thing) and not isinstance(thing, type):
        return changed_record(thing, random)
    return thing


def changed_record(record: object, random: Random) -> object:
    """Field by field; what the record itself does not allow is left as it was."""
    for field in fields(record):  # type: ignore[arg-type]
        if not field.init:
            continue
        before = getattr(record, field.name)
        after = changed(before, random)
        if field.name in ("name", "origin", "sweep", "text") and isinstance(before, str) and random.random() < SHARE:
            after = random.choice(WORDS)
        if after is not before:
            try:
                record = replace(record, **{field.name: after})  # type: ignore[type-var]
            except (CorrieError, ValueError):
                continue
    return record


def test_the_document_of_every_kind_holds_every_kind_that_can_be_saved() -> None:
    assert set(_KINDS) - belongings(EVERYTHING) == set()


def test_a_document_of_every_kind_comes_back_the_same(tmp_path: Path) -> None:
    path = tmp_path / "session.corrie.h5"
    save_document(EVERYTHING, path)
    assert differences(open_document(path), EVERYTHING) == []


@pytest.mark.parametrize("item_id", EVERYTHING.items)
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_an_item_with_other_numbers_and_words_comes_back_the_same_or_is_refused_in_a_sentence(
    tmp_path: Path, item_id: str, seed: int
) -> None:
    item = changed(EVERYTHING.items[item_id], Random(seed))
    document = Document(items=MappingProxyType({item_id: item}))  # type: ignore[dict-item]
    path = tmp_path / "session.corrie.h5"
    path.unlink(missing_ok=True)
    refused = refusal_of(document, path)
    if refused:
        assert refused.endswith(".")
        assert not path.exists()
    else:
        assert differences(open_document(path), document) == []


def refusal_of(document: Document, path: Path) -> str:
    """Why a document cannot be saved; "" if it was."""
    try:
        save_document(document, path)
    except CorrieError as refusal:
        return str(refusal)
    return ""

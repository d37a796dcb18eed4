"""A session that somebody made, and that opens, is compared without an error, whatever numbers and texts it holds."""

import json
from pathlib import Path

from core.errors import CorrieError
from core.review.comparison.comparing import compare_sessions
from core.review.comparison.pictures import pair_picture
from core.review.comparison.words import pair_sentence, summary_sentence
from core.review.comparison.writing import comparison_rows, comparison_values
from core.session.document import Document
from core.session.files import open_document, save_document
from tests.core.review.comparison.pairs_of_sessions import every_kind
from tests.hostile import Attacker, attacked

SEEDS = range(10)
FEWEST = 2  # of them that open: what is refused is of no interest here


def compare(one: Document, other: Document) -> None:
    """All that the window and the command line do with a comparison; warnings are errors."""
    comparison = compare_sessions(one, other)
    assert summary_sentence(comparison)
    assert len(list(comparison_rows(comparison))) > len(comparison.pairs)
    json.dumps(comparison_values(comparison), allow_nan=False)
    for pair in comparison.pairs:
        pair_sentence(pair)
        if pair.a_id in one.items and pair.b_id in other.items:
            pair_picture(one.items[pair.a_id], other.items[pair.b_id])


def test_sessions_with_changed_parts_are_compared_without_an_error(tmp_path: Path) -> None:
    plain, path = every_kind(), tmp_path / "changed.corrie.h5"
    save_document(plain, path)
    image, opened = path.read_bytes(), 0
    for seed in SEEDS:
        path.write_bytes(attacked(image, Attacker(seed)))
        try:
            changed = open_document(path, apart=False)
        except CorrieError:
            continue
        opened += 1
        compare(plain, changed)
        compare(changed, plain)
        assert compare_sessions(changed, changed).identical
    assert opened >= FEWEST

"""What is said to be proved, computed, sampled and unknown of every kind of result."""

from dataclasses import replace

import pytest

from core.corrections.records.correction import Proof
from core.exchange.forms import FORMS
from core.exchange.report.certainty.statement import MEANINGS
from core.exchange.report.certainty.table import certainty_section, statements_of
from core.exchange.subject import Subject, subject_of
from core.provenance import imported_provenance
from core.session.document import ResultItem
from tests import documents
from tests.core.session.test_earlier_versions import everything

EVERYTHING = everything()
SUBJECT = Subject(title="A result")


def of_kind(certainty: str, item: ResultItem) -> str:
    found = statements_of(item.result, subject_of(item, EVERYTHING))
    return " ".join(one.claim for one in found if one.certainty == certainty)


def test_every_kind_of_result_has_statements_the_surest_first() -> None:
    assert {type(item.result) for item in EVERYTHING.results} == set(FORMS)
    for item in EVERYTHING.results:
        found = statements_of(item.result, subject_of(item, EVERYTHING))
        order = [list(MEANINGS).index(one.certainty) for one in found]
        assert order == sorted(order)
        assert {"unknown"} < {one.certainty for one in found}
        for one in found:
            assert one.claim[0].isupper() or not one.claim[0].isalpha()
            assert one.claim.endswith(".")
            assert one.domain


@pytest.mark.parametrize(
    ("proof", "certainty"),
    [("proved", "proved"), ("none_exists", "proved"), ("sampled", "sampled"), ("unknown", "unknown")],
)
def test_a_box_is_as_sure_as_its_proof_and_no_surer(proof: Proof, certainty: str) -> None:
    found = statements_of(replace(documents.correction(), proof=proof), SUBJECT)
    (box,) = (one for one in found if one.claim.startswith("The stability box"))
    assert box.certainty == certainty
    assert box.domain.startswith("slice, Duration 4 to 72")


def test_no_landscape_spectrum_or_attack_is_called_proved() -> None:
    for item in EVERYTHING.results:
        if not item.id.startswith(("correction", "joint", "pairs", "cases")):
            assert of_kind("proved", item) == ""


def test_a_surface_has_its_certificate_with_where_it_holds_or_is_unknown_between_its_points() -> None:
    certified, plain = (EVERYTHING.items[one] for one in ("surface-1", "surface-0"))
    assert isinstance(certified, ResultItem)
    assert isinstance(plain, ResultItem)
    assert "at least 95 % of the displayed plane is within 2 %" in of_kind("sampled", certified)
    assert "178 interpolated points are" in of_kind("unknown", plain)
    assert "interpolated" not in of_kind("unknown", certified).replace("test loss of 74 interpolated points", "")


def test_pairs_that_are_not_verified_and_a_search_without_an_audit_are_unknown() -> None:
    item = EVERYTHING.items["spectrum-0"]
    assert isinstance(item, ResultItem)
    assert "1 pair that is not verified" in of_kind("unknown", item)
    assert "no eigenvalue missed" in of_kind("sampled", item)
    bare = replace(item, result=replace(documents.spectrum(), audit=None))
    assert "no audit: an eigenvalue may have been missed" in of_kind("unknown", bare).replace("No", "no")


def test_what_was_stopped_or_read_from_another_tool_is_told_as_unknown() -> None:
    stopped = statements_of(replace(documents.surface(), status="partial"), SUBJECT)
    assert any("was stopped before it was complete" in one.claim for one in stopped if one.certainty == "unknown")
    read = replace(documents.surface(), provenance=imported_provenance("model.h5"))
    found = statements_of(read, SUBJECT)
    assert any("read from model.h5" in one.claim for one in found if one.certainty == "unknown")


def test_a_report_without_results_has_no_section_on_certainty() -> None:
    assert certainty_section((), EVERYTHING) is None
    section = certainty_section(EVERYTHING.results, EVERYTHING)
    assert section is not None
    assert len(section.blocks) == len(EVERYTHING.results) + 2

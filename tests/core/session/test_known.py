"""Which spectrum of a session serves another request."""

from dataclasses import replace

import pytest

from core.session.document import Document
from core.session.known import known_spectrum
from core.spectrum.spectrum import Spectrum, SpectrumRequest
from tests import documents

ITEM = documents.result_item(documents.spectrum(), "spectrum-0", "Sharpest")
DATA = replace(documents.dataset_item(ITEM.dataset_id), samples=1000)
ORIGIN = documents.spectrum().provenance
ADDED = replace(documents.spectrum().request, density=True, samples=ORIGIN.samples)


def session(*spectra: Spectrum) -> Document:
    document = Document().with_item(documents.network_item(ITEM.network_id)).with_item(DATA)
    for index, spectrum in enumerate(spectra):
        document = document.with_item(replace(ITEM, id=f"spectrum-{index}", result=spectrum))
    return document


def found(document: Document, request: SpectrumRequest = ADDED) -> Spectrum | None:
    return known_spectrum(document, request, ORIGIN.network_sha256, DATA.sha256, DATA.samples)


def test_a_spectrum_of_the_same_matrix_serves_what_is_added() -> None:
    plain = documents.spectrum()
    assert found(session(plain)) is plain
    assert found(session()) is None
    assert found(session(replace(plain, eigenvectors=None))) is None


@pytest.mark.parametrize(
    "other", [{"seed": 3}, {"matrix": "fisher"}, {"samples": ORIGIN.samples - 1}, {"samples": None}], ids=str
)
def test_another_question_is_not_served(other: dict[str, object]) -> None:
    assert found(session(documents.spectrum()), replace(ADDED, **other)) is None  # type: ignore[arg-type]


def test_another_network_or_data_set_is_not_served() -> None:
    document = session(documents.spectrum())
    assert known_spectrum(document, ADDED, "another", DATA.sha256, DATA.samples) is None
    assert known_spectrum(document, ADDED, ORIGIN.network_sha256, "another", DATA.samples) is None
    assert found(document.without(DATA.id)) is None


def test_of_several_the_one_with_most_pairs_and_the_newest_serves() -> None:
    few, many, again = documents.spectrum(4), documents.spectrum(8), documents.spectrum(8)
    assert found(session(few, many, again)) is again
    assert found(session(many, few)) is many
    assert found(session(again, replace(again, products=9))).products == 9
    dense = replace(documents.whole_spectrum(8), request=replace(documents.whole_spectrum(8).request, probes=3))
    assert found(session(dense, again), replace(ADDED, density_steps=20)) is dense


def test_a_density_of_other_steps_is_no_reason_to_choose_a_spectrum() -> None:
    dense, plain = documents.whole_spectrum(8), documents.spectrum(8)
    fewer = replace(dense, request=replace(dense.request, density_steps=40), density=replace(dense.density, probes=2))
    assert found(session(fewer, dense)) is fewer
    assert found(session(dense, plain)) is plain

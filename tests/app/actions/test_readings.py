"""What the session says beside a picture."""

from dataclasses import replace

from app.actions.readings import limits_of, measuring, top_eigenvalues
from core.session.document import Document, ResultItem
from tests.documents import landscape_document


def item(document: Document, item_id: str) -> ResultItem:
    found = document.items[item_id]
    assert isinstance(found, ResultItem)
    return found


def test_surfaces_and_curves_have_measures_with_definitions_and_other_results_have_none() -> None:
    document = landscape_document()
    for name in ("surface-1", "curve-0"):
        measure = measuring(item(document, name), document)
        assert measure is not None
        measures = measure()
        assert measures
        assert all(one.name and one.text and one.definition for one in measures)
    assert measuring(item(document, "trajectory-0"), document) is None
    assert measuring(item(document, "spectrum-0"), document) is None


def test_every_slice_says_what_it_cannot_show() -> None:
    document = landscape_document()
    for name in ("surface-0", "curve-0", "trajectory-0", "convexity-0"):
        assert limits_of(item(document, name), document)
    assert limits_of(item(document, "correction-0"), document) == ()


def test_the_eigenvalues_of_a_spectrum_of_the_same_samples_stand_beside_the_plane() -> None:
    document = landscape_document()
    surface = item(document, "surface-0")
    top = top_eigenvalues(surface, document)
    assert top
    assert abs(top[0]) == max(map(abs, top))
    words = " ".join(limits_of(surface, document))
    assert f"{top[0]:.4g}" in words


def test_a_spectrum_of_other_samples_is_not_held_against_a_plane() -> None:
    document = landscape_document()
    spectrum = item(document, "spectrum-0")
    made = replace(spectrum.result.provenance, samples=7)
    other = replace(spectrum, result=replace(spectrum.result, provenance=made))  # type: ignore[type-var]
    assert top_eigenvalues(item(document, "surface-0"), document.with_item(other)) == ()

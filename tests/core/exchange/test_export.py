"""One function writes every format, whole or not at all."""

from html.parser import HTMLParser
from pathlib import Path

import pytest

from core.errors import InvalidRequest, UnreadableFile
from core.exchange.export import ENDINGS, export_figure, export_result
from core.exchange.export_options import ExportOptions
from core.exchange.figures.surface_3d import surface_3d_figure
from core.exchange.readings import measures_of
from core.exchange.report.html import report_html
from core.exchange.report.writing import write_report
from core.exchange.subject import subject_of
from core.exchange.words import number
from core.session.document import Document, ResultItem
from tests import documents

BEGINNINGS = {
    ".png": b"\x89PNG",
    ".svg": b"<?xml",
    ".pdf": b"%PDF",
    ".csv": b"x (multiples of direction",
    ".npz": b"PK",
}


def surface_item(document: Document) -> ResultItem:
    item = document.items["surface-0"]
    assert isinstance(item, ResultItem)
    return item


@pytest.mark.parametrize("ending", [*ENDINGS, ".PNG"])
def test_the_ending_decides_the_format(ending: str, tmp_path: Path) -> None:
    document = documents.document()
    path = tmp_path / f"figure{ending}"
    export_result(surface_item(document), document, path)
    assert path.read_bytes().startswith(BEGINNINGS[ending.lower()])
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("name", ["figure.jpeg", "figure"])
def test_another_ending_is_refused_with_those_there_are(name: str, tmp_path: Path) -> None:
    document = documents.document()
    with pytest.raises(InvalidRequest, match=r"\.png, \.svg, \.pdf, \.csv, \.npz"):
        export_result(surface_item(document), document, tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_result_whose_network_and_data_are_gone_is_exported_all_the_same(tmp_path: Path) -> None:
    whole = documents.document()
    alone = Document().with_item(surface_item(whole))
    export_result(surface_item(whole), alone, tmp_path / "figure.svg")
    assert "a network that is not in this session" in (tmp_path / "figure.svg").read_text(encoding="utf-8")


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    document = documents.document()
    with pytest.raises(UnreadableFile, match="folder does not exist"):
        export_result(surface_item(document), document, tmp_path / "nowhere" / "figure.csv")


def test_a_relief_is_written_like_any_figure(tmp_path: Path) -> None:
    document = documents.document()
    figure = surface_3d_figure(documents.surface(), subject_of(surface_item(document), document))
    export_figure(figure, tmp_path / "relief.png")
    assert (tmp_path / "relief.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(InvalidRequest, match="endings"):
        export_figure(figure, tmp_path / "relief.csv")


def test_a_surface_is_written_as_a_relief_with_the_training_upon_it(tmp_path: Path) -> None:
    document = documents.landscape_document()
    item = document.items["surface-1"]
    assert isinstance(item, ResultItem)
    export_result(item, document, tmp_path / "relief.svg", ExportOptions(relief=True))
    said = (tmp_path / "relief.svg").read_text(encoding="utf-8")
    assert "training, 12 checkpoints at their own loss" in said
    assert "multiples of δ" in said  # the short names of a relief's axes
    curve = document.items["curve-0"]
    assert isinstance(curve, ResultItem)
    with pytest.raises(InvalidRequest, match="A curve is not drawn as a relief, only surfaces are"):
        export_result(curve, document, tmp_path / "curve.png", ExportOptions(relief=True))
    assert [path.name for path in tmp_path.iterdir()] == ["relief.svg"]


class Page(HTMLParser):
    """Collects what a browser would see."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.loaded: list[str] = []
        self.words: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.loaded += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag not in ("meta", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_the_report_holds_every_item_with_its_hashes_and_a_figure_of_each_result() -> None:
    document = documents.document()
    page = Page(report_html(document, title="Review"))
    said = " ".join(page.words)
    assert page.open == []  # every tag was closed
    for item in document.items.values():
        assert item.name in said
    for item in (*document.networks, *document.datasets):
        assert item.sha256 in said
    assert documents.provenance().data_sha256 in said
    assert page.tags.count("img") == len(document.results)
    assert "proved: every point of the box is accepted" in said
    assert all(address.startswith(("data:image/svg+xml;base64,", "#")) for address in page.loaded)


def test_the_report_of_a_landscape_has_certificate_measures_limits_and_a_comparison() -> None:
    page = Page(report_html(documents.landscape_document(), title="Landscape"))
    said = " ".join(" ".join(page.words).split())
    assert page.open == []
    assert "with 95 % confidence at least 95 % of the displayed plane is within 2 %" in said
    assert "What this slice can and cannot show" in said
    assert "A bowl seen here is no proof" in said
    assert "Surfaces compared" in said
    assert "Measures" in said
    assert "Captured variance" in said
    assert "Off the plane" in said
    way = documents.trajectory()
    assert number(float(way.off_plane[3])) in page.words  # each checkpoint with its distance
    assert "Hessian-vector products" in said
    results = documents.landscape_document().results
    assert page.tags.count("img") == len(results) + 2  # and the comparison, and the attacked samples
    surface = next(item for item in results if item.id == "surface-1")
    for measure in measures_of(surface, documents.landscape_document()):
        assert measure.name in said
        assert " ".join(measure.definition.split()) in said


def test_a_report_of_one_surface_compares_nothing() -> None:
    document = documents.document()
    assert "Surfaces compared" not in report_html(document)


def test_names_in_the_report_are_text_and_never_markup() -> None:
    evil = '<script>alert("x")</script><img src=x onerror=alert(1)>\0\udcff & $5'
    network = documents.network_item(name=evil)
    page = Page(report_html(Document().with_item(network), title=evil))
    assert "script" not in page.tags
    assert "img" not in page.tags
    assert '<script>alert("x")</script><img src=x onerror=alert(1)>\ufffd\ufffd & $5' in " ".join(page.words)


def test_the_report_is_written_as_one_file(tmp_path: Path) -> None:
    write_report(documents.document(), tmp_path / "report.html", title="Review")
    assert (tmp_path / "report.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert [entry.name for entry in tmp_path.iterdir()] == ["report.html"]

"""What `corrie report` writes."""

from pathlib import Path

from core.session.document import Document
from core.session.files import open_document, save_document
from tests.app.cli.conftest import Corrie
from tests.core.exchange.test_export import Page
from tests.pdf_text import PdfText


def test_a_session_is_reported_with_all_its_items(corrie: Corrie, filled: Path, own_folder: Path) -> None:
    document = open_document(filled)
    outcome = corrie("report", filled, "--to", "review.html")
    assert (outcome.status, outcome.out.strip()) == (0, "review.html")
    said = " ".join(Page((own_folder / "review.html").read_text(encoding="utf-8")).words)
    assert filled.name in said
    assert all(item.name in said for item in document.items.values())
    assert all(item.sha256 in said for item in document.networks)


def test_items_are_chosen_by_name_in_their_order_and_told_to_machines(
    corrie: Corrie, filled: Path, own_folder: Path
) -> None:
    document = open_document(filled)
    network, data = document.networks[0], document.datasets[0]
    options = ("--item", data.id, "--item", network.name, "--title", "Two items")
    values = corrie("report", filled, "--to", "two.pdf", *options, "--json").values
    assert values == {"session": str(filled), "file": "two.pdf", "items": [data.id, network.id]}
    marks = list(PdfText(own_folder / "two.pdf").bookmarks)
    assert marks == [data.name, network.name, "Hashes"]
    assert PdfText(own_folder / "two.pdf").pages[0][0] == "Two items"


def test_what_cannot_be_reported_is_one_sentence_and_leaves_everything_alone(
    corrie: Corrie, filled: Path, own_folder: Path
) -> None:
    save_document(Document(), own_folder / "empty.corrie.h5")
    before = {path.name: path.read_bytes() for path in own_folder.iterdir()}
    assert "The endings are .pdf and .html" in corrie("report", filled, "--to", "r.docx").sentence
    assert "There is no item" in corrie("report", filled, "--to", "r.pdf", "--item", "nobody").sentence
    assert "The session is empty" in corrie("report", "empty.corrie.h5", "--to", "r.pdf").sentence
    assert "folder does not exist" in corrie("report", filled, "--to", "nowhere/r.pdf").sentence
    assert corrie("report", "gone.corrie.h5", "--to", "r.pdf").sentence
    assert {path.name: path.read_bytes() for path in own_folder.iterdir()} == before

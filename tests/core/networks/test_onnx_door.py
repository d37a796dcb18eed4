"""ONNX files through the one door: with and without a card, with a shape left open, and in a session."""

from pathlib import Path

import numpy as np
import pytest
import torch

from core.errors import CorrieError, InvalidRequest
from core.networks.card import InputCard, NetworkCard, write_network_card
from core.networks.loading import open_network
from core.networks.preview import preview_network
from core.networks.storing import restore_network, store_network
from tests.core.networks.onnx.graphs import by_runtime, network, node, numbers

ARRAYS = {"weight": numbers(6, 4, seed=1), "bias": numbers(4, seed=2)}


def written(folder: Path, shape: tuple[int | str | None, ...] = (None, 6)) -> bytes:
    content = network([node("Gemm", "x weight bias", "h"), node("Relu", "h")], ARRAYS, shape)
    (folder / "net.onnx").write_bytes(content)
    return content


def test_an_onnx_file_opens_and_agrees_with_its_own_runtime(tmp_path: Path) -> None:
    content = written(tmp_path)
    preview = preview_network(tmp_path / "net.onnx")
    assert (preview.kind, preview.input_shape, preview.outputs, preview.parameters) == ("ONNX", (6,), 4, 28)
    assert preview.size_bytes == len(content)
    assert all(note[0].isupper() and note.endswith(".") for note in preview.notes)
    rows = numbers(7, 6)
    with torch.no_grad():
        ours = preview.network.module(torch.from_numpy(rows)).numpy()
    assert np.allclose(ours, by_runtime(content, rows), rtol=0, atol=1e-5)


def test_a_session_needs_the_onnx_file_no_more(tmp_path: Path) -> None:
    written(tmp_path)
    item = store_network(open_network(tmp_path / "net.onnx"))
    (tmp_path / "net.onnx").unlink()
    restored = restore_network(item)
    assert restored.module(torch.zeros(2, 6)).shape == (2, 4)
    assert restored.sha256 == item.sha256


def test_opening_a_file_twice_gives_the_same_network(tmp_path: Path) -> None:
    written(tmp_path)
    assert open_network(tmp_path / "net.onnx").sha256 == open_network(tmp_path / "net.onnx").sha256


def test_a_shape_that_the_file_leaves_open_is_asked_for(tmp_path: Path) -> None:
    written(tmp_path, ("batch", "columns"))
    with pytest.raises(InvalidRequest, match="Give the input shape"):
        open_network(tmp_path / "net.onnx")
    assert open_network(tmp_path / "net.onnx", input_card=InputCard(shape=(6,))).card.input.shape == (6,)


def test_a_card_may_name_an_onnx_file(tmp_path: Path) -> None:
    written(tmp_path)
    card = NetworkCard(name="Judge", input=InputCard(shape=(6,), mean=(1.0,)), file="net.onnx", classes=tuple("abcd"))
    write_network_card(card, tmp_path / "net.toml")
    opened = open_network(tmp_path / "net.toml")
    assert opened.card == card
    assert opened.program is not None


def test_a_damaged_onnx_file_is_refused_by_its_name(tmp_path: Path) -> None:
    content = written(tmp_path)
    (tmp_path / "net.onnx").write_bytes(content[: len(content) // 2])
    with pytest.raises(CorrieError, match=r"net\.onnx"):
        open_network(tmp_path / "net.onnx")

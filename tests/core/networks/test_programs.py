"""Programs (`.pt2`): any ordinary network out and in again, and what is told of one that cannot be used."""

import io
import zipfile
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from core.errors import CorrieError, UnreadableFile, UnsupportedNetwork
from core.networks.architectures.registry import build_architecture
from core.networks.card import InputCard, NetworkCard, write_network_card
from core.networks.loading import open_network
from core.networks.program import export_program, load_program


class Attention(nn.Module):
    """Layers that no built-in architecture has: attention, normalisation, constants, sizes computed from the batch."""

    def __init__(self) -> None:
        super().__init__()
        self.embed, self.out = nn.Linear(8, 16), nn.Linear(16, 5)
        self.attention, self.norm = nn.MultiheadAttention(16, 2, batch_first=True), nn.LayerNorm(16)
        self.register_buffer("place", torch.randn(1, 6, 16))
        self.constant = torch.randn(16)

    def forward(self, x: Tensor) -> Tensor:
        hidden = self.embed(x) + self.place * self.constant
        mixed, _ = self.attention(hidden, hidden, hidden)
        rows = self.norm(hidden + mixed)[:, ::2].reshape(x.shape[0] * 3, 16)
        rows = torch.einsum("bi,bi->bi", rows, functional.gelu(rows)).reshape(-1, 3, 16).amax(1)
        first, second = rows.chunk(2, dim=1)
        return self.out(torch.cat([second, first], dim=1))


class Pyramid(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        small = functional.interpolate(functional.avg_pool2d(x, 2), scale_factor=2, mode="nearest")
        return functional.pad(small, (1, 1)).flatten(1)[:, :7].clamp(-float("inf"), 2.0)


def module_of(kind: str) -> tuple[nn.Module, tuple[int, ...]]:
    torch.manual_seed(0)
    if kind == "attention":
        return Attention().eval(), (6, 8)
    if kind == "pyramid":
        return Pyramid().eval(), (1, 8, 8)
    shape = (6,) if kind.startswith("mlp") else (3, 16, 16)
    module = build_architecture(kind, shape, 4)
    module(torch.randn(30, *shape))
    return module.eval(), shape


KINDS = ["mlp:6-5-4", "resnet8", "resnet8_noshort", "attention", "pyramid"]


@pytest.mark.parametrize("kind", KINDS)
def test_an_exported_network_gives_the_same_logits_for_batches_of_any_size(tmp_path: Path, kind: str) -> None:
    module, shape = module_of(kind)
    (tmp_path / "net.pt2").write_bytes(export_program(module, shape))
    network = open_network(tmp_path / "net.pt2")
    assert network.card.input.shape == shape
    assert network.name == "net"
    for count in (1, 2, 3, 65):
        samples = torch.randn(count, *shape)
        with torch.no_grad():
            assert torch.equal(network.module(samples), module(samples))


def test_parameters_keep_their_names_and_values() -> None:
    module, shape = module_of("resnet8")
    program = load_program(export_program(module, shape), "p.pt2")
    kept = dict(program.named_parameters())
    assert list(kept) == [name for name, _ in module.named_parameters()]
    assert all(torch.equal(value, kept[name]) for name, value in module.named_parameters())


def test_a_card_may_name_a_program(tmp_path: Path) -> None:
    module, shape = module_of("resnet8")
    (tmp_path / "net.pt2").write_bytes(export_program(module, shape))
    card = NetworkCard(
        name="With a card", input=InputCard(shape=shape, mean=(9.0,)), file="net.pt2", classes=tuple("abcd")
    )
    write_network_card(card, tmp_path / "net.toml")
    network = open_network(tmp_path / "net.toml")
    assert network.card == card
    samples = torch.randn(3, *shape)
    assert torch.equal(network.module(samples), module(samples))


def exported(module: nn.Module, samples: Tensor, **options: object) -> bytes:
    content = io.BytesIO()
    torch.export.save(torch.export.export(module, (samples,), **options), content)
    return content.getvalue()


@pytest.mark.parametrize("count", [1, 2, 4])
@pytest.mark.filterwarnings("default")  # torch's own, while it exports
def test_a_program_for_one_size_of_batch_is_refused_with_the_remedy(tmp_path: Path, count: int) -> None:
    module, shape = module_of("resnet8")
    (tmp_path / "net.pt2").write_bytes(exported(module, torch.zeros(count, *shape)))
    with pytest.raises(UnsupportedNetwork, match=f"batches of exactly {count}.*dynamic_shapes"):
        open_network(tmp_path / "net.pt2")


class Noisy(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return functional.dropout(x, 0.5, training=True)


@pytest.mark.parametrize("kind", ["batch normalisation", "dropout"])
@pytest.mark.filterwarnings("default")
def test_a_program_exported_in_training_mode_is_refused(tmp_path: Path, kind: str) -> None:
    module, shape = (module_of("resnet8")[0].train(), (3, 16, 16)) if kind != "dropout" else (Noisy(), (6,))
    content = exported(module, torch.randn(4, *shape), dynamic_shapes=({0: torch.export.Dim("batch")},))
    (tmp_path / "net.pt2").write_bytes(content)
    with pytest.raises(UnsupportedNetwork, match=r"training mode.*eval\(\)"):
        open_network(tmp_path / "net.pt2")


class Pair(nn.Module):
    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        return x, x


class Mean(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x.mean(dim=1)


@pytest.mark.parametrize("module", [Pair(), Mean()])
def test_a_program_that_gives_no_rows_of_logits_is_refused(tmp_path: Path, module: nn.Module) -> None:
    (tmp_path / "net.pt2").write_bytes(export_program(module, (4,)))
    with pytest.raises(UnsupportedNetwork, match="one row of logits per sample"):
        open_network(tmp_path / "net.pt2")


def test_a_card_with_another_shape_is_told_to_be_corrected(tmp_path: Path) -> None:
    module, shape = module_of("resnet8")
    (tmp_path / "net.pt2").write_bytes(export_program(module, shape))
    card = NetworkCard(name="Wrong shape", input=InputCard(shape=(1, 16, 16)), file="net.pt2")
    write_network_card(card, tmp_path / "net.toml")
    with pytest.raises(UnsupportedNetwork, match=r"Wrong shape.*\(1, 16, 16\).*Correct the input shape"):
        open_network(tmp_path / "net.toml")


def test_a_truncated_program_is_refused_by_name_wherever_it_ends() -> None:
    whole = export_program(*module_of("mlp:6-5-4"))
    for end in [0, 1, 30, 100, *range(0, len(whole), len(whole) // 20), len(whole) - 1]:
        with pytest.raises(UnreadableFile, match=r"cut\.pt2"):
            load_program(whole[:end], "cut.pt2")


def test_a_single_damaged_byte_is_noticed_in_weights_and_graph() -> None:
    whole = export_program(*module_of("mlp:6-5-4"))
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        places = {info.filename: info.header_offset + 30 + len(info.filename) for info in archive.infolist()}
        sizes = {info.filename: info.file_size for info in archive.infolist()}
    for name in ("weights/weight_0", "weights/weight_2", "models/model.json", "weights/model_weights_config.json"):
        full = f"archive/data/{name}" if name.startswith("weights") else f"archive/{name}"
        # The last byte of a member is certainly its own; what lies before its first may be padding.
        place = whole.index(zipfile.ZipFile(io.BytesIO(whole)).read(full)) + sizes[full] // 2
        assert place > places[full]
        damaged = bytearray(whole)
        damaged[place] ^= 0x10
        with pytest.raises(UnreadableFile, match=r"broken\.pt2"):
            load_program(bytes(damaged), "broken.pt2")


def test_another_zip_archive_is_no_program() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("folder/readme.txt", "hello")
    with pytest.raises(UnreadableFile, match=r"other\.pt2"):
        load_program(content.getvalue(), "other.pt2")


def test_a_checkpoint_called_program_is_refused(tmp_path: Path) -> None:
    torch.save({"a": torch.zeros(3)}, tmp_path / "net.pt2")
    with pytest.raises(CorrieError, match=r"net\.pt2"):
        open_network(tmp_path / "net.pt2")

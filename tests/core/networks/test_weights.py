"""Weights files: matched by name and shape, never executed, and refused with a reason."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from core.errors import UnreadableFile, WeightsMismatch
from core.networks.architectures.registry import build_architecture
from core.networks.loading import open_network
from core.networks.weights import apply_weights, read_weights, write_weights

NAME = "resnet8_w2"


def module(seed: int = 0) -> nn.Module:
    torch.manual_seed(seed)
    built = build_architecture(NAME, (3, 32, 32), 10)
    built(torch.randn(20, 3, 32, 32))  # running statistics that are not the initial ones
    return built.eval()


def save(weights: object, path: Path) -> Path:
    torch.save(weights, path)
    return path


def old_format(weights: object, path: Path) -> Path:
    """As torch wrote until 1.5, and the published networks still are."""
    torch.save(weights, path, _use_new_zipfile_serialization=False)
    return path


def safe(weights: dict[str, Tensor], path: Path) -> Path:
    save_file(weights, path)
    return path


@pytest.mark.parametrize("suffix", [".pt", ".pth", ".t7", ".bin", ".ckpt", ".PT"])
@pytest.mark.parametrize("write", [save, old_format])
def test_torch_checkpoints_are_read_whatever_they_are_called(
    tmp_path: Path, write: Callable[[object, Path], Path], suffix: str
) -> None:
    weights = module().state_dict()
    assert_same(read_weights(write(dict(weights), tmp_path / f"w{suffix}")), weights)


@pytest.mark.parametrize("prefix", ["", "module.", "_orig_mod.", "module._orig_mod.", "model."])
@pytest.mark.parametrize("write", [save, safe])
def test_prefixes_left_behind_by_trainers_are_taken_off(
    tmp_path: Path, write: Callable[[dict[str, Tensor], Path], Path], prefix: str
) -> None:
    weights = module().state_dict()
    suffix = ".safetensors" if write is safe else ".pt"
    path = write({prefix + name: value for name, value in weights.items()}, tmp_path / f"w{suffix}")
    assert_same(read_weights(path), weights)


@pytest.mark.parametrize("keys", [("state_dict",), ("model_state_dict",), ("model",), ("net",), ("model", "weights")])
def test_weights_are_found_inside_a_checkpoint(tmp_path: Path, keys: tuple[str, ...]) -> None:
    content: object = {f"module.{name}": value for name, value in module().state_dict().items()}
    for key in reversed(keys):
        content = {key: content, "epoch": 300, "acc": 93.66, "lr": torch.tensor(0.1)}
    assert_same(read_weights(save(content, tmp_path / "w.t7")), module().state_dict())


def test_counters_of_batch_normalisation_may_be_missing(tmp_path: Path) -> None:
    trained = module()
    weights = {name: value for name, value in trained.state_dict().items() if "num_batches_tracked" not in name}
    network = open_network(save(weights, tmp_path / "w.pt"), NAME)
    assert_same(weights, {name: network.module.state_dict()[name] for name in weights})
    images = torch.randn(4, 3, 32, 32)
    assert torch.equal(network.module(images), trained(images))


def test_running_statistics_may_not_be_missing(tmp_path: Path) -> None:
    weights = {name: value for name, value in module().state_dict().items() if name != "bn1.running_var"}
    with pytest.raises(WeightsMismatch, match=r"1 missing: bn1\.running_var"):
        open_network(save(weights, tmp_path / "w.pt"), NAME)


def test_weights_of_another_architecture_are_refused_with_names_and_shapes() -> None:
    other = build_architecture("resnet14_w3", (3, 32, 32), 10)
    with pytest.raises(WeightsMismatch) as refusal:
        apply_weights(other, module().state_dict(), architecture="resnet14_w3")
    text = str(refusal.value)
    assert "do not belong to resnet14_w3" in text
    assert "missing: layer1.1.conv1.weight" in text
    assert "conv1.weight (2×3×3×3 in the file, 3×3×3×3 in the architecture)" in text
    assert "and" in text
    assert "more" in text


def test_a_network_with_shortcuts_does_not_fit_one_without() -> None:
    other = build_architecture(NAME + "_noshort", (3, 32, 32), 10)
    with pytest.raises(WeightsMismatch, match=r"left over: layer2\.0\.shortcut"):
        apply_weights(other, module().state_dict(), architecture=NAME + "_noshort")


def test_refused_weights_leave_the_module_as_it_was() -> None:
    target, before = module(1), {name: value.clone() for name, value in module(1).state_dict().items()}
    weights = {**module(0).state_dict(), "linear.weight": torch.zeros(3, 3)}
    with pytest.raises(WeightsMismatch):
        apply_weights(target, weights, architecture=NAME)
    assert_same(target.state_dict(), before)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    write_weights(module(), tmp_path / "w.safetensors")
    assert_same(read_weights(tmp_path / "w.safetensors"), module().state_dict())


@pytest.mark.parametrize("name", ["mlp:6-5-3", "mlp:6-5x9-3"])
def test_bare_weights_of_a_deep_mlp_have_the_outputs_of_the_last_layer(tmp_path: Path, name: str) -> None:
    """In the file, 11.weight comes before 3.weight: the last matrix in the file is not the last layer."""
    built = build_architecture(name, (6,), 3).eval()
    write_weights(built, tmp_path / "w.safetensors")
    network = open_network(tmp_path / "w.safetensors", name)
    samples = torch.randn(5, 6)
    assert torch.equal(network.module(samples), built(samples))
    assert network.card.classes == ("0", "1", "2")


@pytest.mark.parametrize("suffix", [".t7", ".pt", ".safetensors"])
@pytest.mark.parametrize("write", [save, old_format])
def test_a_truncated_file_is_refused_by_name_wherever_it_ends(
    tmp_path: Path, suffix: str, write: Callable[[object, Path], Path]
) -> None:
    weights = dict(module().state_dict())
    path = tmp_path / f"weights{suffix}"
    whole = (safe(weights, path) if suffix == ".safetensors" else write({"state_dict": weights}, path)).read_bytes()
    for end in {1, 7, 8, 9, 100, 2000, len(whole) // 2, len(whole) - 1000, len(whole) - 1}:
        path.write_bytes(whole[:end])
        with pytest.raises(UnreadableFile, match="weights"):
            read_weights(path)


@pytest.mark.parametrize("suffix", [".t7", ".safetensors"])
@pytest.mark.parametrize(
    "content", [b"", b"epoch,loss\n1,2\n", b"\x89PNG\r\n\x1a\n" * 9, b"PK\x03\x04" + bytes(90), bytes(99)]
)
def test_a_file_that_holds_something_else_is_refused(tmp_path: Path, suffix: str, content: bytes) -> None:
    path = tmp_path / f"other{suffix}"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match="other") as refusal:
        read_weights(path)
    assert refusal.value.reason
    assert refusal.value.remedy


def test_an_empty_checkpoint_is_called_empty(tmp_path: Path) -> None:
    path = tmp_path / "w.pt"
    path.touch()
    with pytest.raises(UnreadableFile, match="empty"):
        read_weights(path)


@pytest.mark.parametrize("content", [{}, [], 5, {"epoch": 3}, {"state_dict": {}}, [torch.zeros(3)], "weights"])
def test_a_checkpoint_without_weights_is_refused(tmp_path: Path, content: object) -> None:
    with pytest.raises(UnreadableFile, match="holds no weights"):
        read_weights(save(content, tmp_path / "w.pt"))


def test_a_checkpoint_that_contains_itself_is_refused(tmp_path: Path) -> None:
    content: dict[str, object] = {}
    content["model"] = content
    with pytest.raises(UnreadableFile, match="holds no weights"):
        read_weights(save(content, tmp_path / "w.pt"))


def test_a_whole_python_model_is_refused_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"could run code.*state_dict"):
        read_weights(save(nn.Linear(2, 2), tmp_path / "w.pt"))


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="no such file"):
        read_weights(tmp_path / "w.pt")


def assert_same(one: dict[str, Tensor], other: dict[str, Tensor]) -> None:
    assert one.keys() == other.keys()
    for name, value in one.items():
        assert torch.equal(value, other[name]), name

"""Nothing in a file of a network is ever run. Each trap is first shown to go off where the file is trusted."""

import contextlib
import io
import pickle  # noqa: TID251  to show that the traps are live
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from core.errors import CorrieError, UnreadableFile, UnsupportedNetwork
from core.networks.card import InputCard, NetworkCard
from core.networks.loading import open_network
from core.networks.network import Network
from core.networks.program import export_program, load_program
from core.networks.storing import restore_network, store_network
from core.networks.weights import read_weights
from tests.core.networks.traps import trapped_expression, trapped_pickle, with_config, with_member, with_model


@pytest.fixture(scope="module")
def program() -> bytes:
    torch.manual_seed(0)
    return export_program(nn.Sequential(nn.Linear(4, 6), nn.ReLU(), nn.Linear(6, 3)).eval(), (4,))


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    """The folder that a trap would make."""
    return tmp_path / "victim"


def goes_off(victim: Path, trap: Callable[[], object]) -> bool:
    """Whether the trap works where its file is trusted."""
    with contextlib.suppress(Exception):
        trap()
    found = victim.exists()
    if found:
        victim.rmdir()
    return found


def trusted(content: bytes) -> Callable[[], object]:
    def load_and_run() -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # torch's own
            torch.export.load(io.BytesIO(content)).module()(torch.zeros(2, 4))

    return load_and_run


@pytest.mark.parametrize("suffix", [".pt", ".pth", ".t7", ".bin", ".ckpt", ".safetensors"])
def test_a_pickle_called_weights_is_not_run(tmp_path: Path, victim: Path, suffix: str) -> None:
    content = trapped_pickle(victim)
    assert goes_off(victim, lambda: pickle.loads(content))  # noqa: S301
    path = tmp_path / f"w{suffix}"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile):
        read_weights(path)
    assert not victim.exists()


def test_a_pickle_inside_a_checkpoint_is_not_run(tmp_path: Path, victim: Path) -> None:
    torch.save({}, tmp_path / "w.pt")
    with zipfile.ZipFile(tmp_path / "w.pt") as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(tmp_path / "w.pt", "w") as archive:
        for name, content in contents.items():
            archive.writestr(name, trapped_pickle(victim) if name.endswith("data.pkl") else content)
    trap = lambda: torch.load(tmp_path / "w.pt", weights_only=False)  # noqa: E731, TID251
    assert goes_off(victim, trap)
    with pytest.raises(UnreadableFile, match="could run code"):
        read_weights(tmp_path / "w.pt")
    assert not victim.exists()


def test_sample_inputs_of_a_program_are_not_unpickled(program: bytes, victim: Path) -> None:
    content = with_member(program, "data/sample_inputs/model.pt", trapped_pickle(victim))
    assert goes_off(victim, trusted(content))
    samples = torch.randn(5, 4)
    assert torch.equal(load_program(content, "p.pt2")(samples), load_program(program, "p.pt2")(samples))
    assert not victim.exists()


def test_guards_of_a_program_are_not_run(program: bytes, victim: Path) -> None:
    content = with_model(program, lambda model: model.update(guards_code=[trapped_expression(victim)]))
    assert goes_off(victim, trusted(content))
    load_program(content, "p.pt2")(torch.zeros(2, 4))
    assert not victim.exists()


def first_size(model: Any, expression: str) -> None:
    for value in model["graph_module"]["graph"]["tensor_values"].values():
        if "as_expr" in value["sizes"][0]:
            value["sizes"][0]["as_expr"]["expr_str"] = expression


def first_operator(model: Any, name: str, *texts: str) -> None:
    node = model["graph_module"]["graph"]["nodes"][0]
    node["target"] = name
    node["inputs"] = [{"name": f"_{n}", "arg": {"as_string": text}, "kind": 1} for n, text in enumerate(texts)]


@pytest.mark.parametrize("disguise", ["{}", "Add(Integer(1), {})", "Symbol('s77')+{}", "Max(Integer(2), {})"])
def test_sizes_of_a_program_are_not_evaluated_as_python(program: bytes, victim: Path, disguise: str) -> None:
    expression = disguise.format(trapped_expression(victim))
    content = with_model(program, lambda model: first_size(model, expression))
    assert goes_off(victim, trusted(content))
    with pytest.raises(UnsupportedNetwork, match=r"p\.pt2: .*computes a size by"):
        load_program(content, "p.pt2")
    assert not victim.exists()


@pytest.mark.parametrize(
    "function",
    [
        "torch.os.mkdir",
        "torch.hub.load",
        "torch.serialization.load",
        "math.ceil.__self__.__loader__.x",
        "_operator.call",
    ],
)
def test_an_operator_is_no_function_of_python(program: bytes, function: str) -> None:
    content = with_model(program, lambda model: first_operator(model, function))
    with pytest.raises(UnsupportedNetwork, match=f'p.pt2: .*calls "{function}"'):
        load_program(content, "p.pt2")


def test_an_operator_that_writes_files_is_refused(program: bytes) -> None:
    content = with_model(program, lambda model: first_operator(model, "torch.ops.aten.from_file.default"))
    with pytest.raises(UnsupportedNetwork, match="from_file"):
        load_program(content, "p.pt2")


@pytest.mark.parametrize("kind", ["weights", "constants"])
def test_pickled_tensors_of_a_program_are_refused(program: bytes, victim: Path, kind: str) -> None:
    name = {"weights": "weight_0", "constants": "tensor_0"}[kind]
    entry = {"path_name": name, "is_param": False, "use_pickle": True, "tensor_meta": None}
    content = with_config(program, kind, lambda config: config.update({"0.weight": entry}))
    content = with_member(content, f"data/{kind}/{name}", trapped_pickle(victim))
    assert goes_off(victim, trusted(content))
    with pytest.raises(UnsupportedNetwork, match=r'"0\.weight" as a Python object'):
        load_program(content, "p.pt2")
    assert not victim.exists()


@pytest.mark.parametrize("said_to_be_pickled", [True, False])
def test_opaque_objects_of_a_program_are_refused(program: bytes, victim: Path, *, said_to_be_pickled: bool) -> None:
    entry = {"path_name": "opaque_obj_0", "is_param": False, "use_pickle": said_to_be_pickled, "tensor_meta": None}
    content = with_config(program, "constants", lambda config: config.update({"c": entry}))
    content = with_member(content, "data/constants/opaque_obj_0", trapped_pickle(victim))
    assert goes_off(victim, trusted(content)) == said_to_be_pickled
    with pytest.raises(UnsupportedNetwork, match="as a Python object"):
        load_program(content, "p.pt2")
    assert not victim.exists()


@pytest.mark.parametrize("legacy", ["data/weights/model.pt", "data/constants/model.pt"])
def test_pickles_of_older_programs_are_left_out(program: bytes, victim: Path, legacy: str) -> None:
    content = with_member(program, legacy, trapped_pickle(victim))
    assert goes_off(victim, trusted(content))
    load_program(content, "p.pt2")(torch.zeros(2, 4))
    assert not victim.exists()


def test_compiled_libraries_in_a_program_are_left_out(program: bytes) -> None:
    content = with_member(program, "data/aotinductor/model/model.so", b"\x7fELF")
    load_program(content, "p.pt2")(torch.zeros(2, 4))


def test_inputs_of_a_foreign_class_are_refused(program: bytes) -> None:
    def change(model: Any) -> None:
        call = model["graph_module"]["module_call_graph"][0]["signature"]
        call["in_spec"] = call["in_spec"].replace("builtins.dict", "collections.defaultdict")

    with pytest.raises(UnsupportedNetwork, match=r"collections\.defaultdict"):
        load_program(with_model(program, change), "p.pt2")


def test_a_name_that_is_python_is_refused(program: bytes) -> None:
    def change(model: Any) -> None:
        model["graph_module"]["module_call_graph"][0]["signature"]["forward_arg_names"] = ["x=open('victim')"]

    with pytest.raises(UnsupportedNetwork, match="uses the name"):
        load_program(with_model(program, change), "p.pt2")


def test_a_subgraph_is_refused(program: bytes) -> None:
    def change(model: Any) -> None:
        argument = {"as_graph": {"name": "g", "graph": {}}}
        model["graph_module"]["graph"]["nodes"][0]["inputs"][0]["arg"] = argument

    with pytest.raises(UnsupportedNetwork, match="as_graph"):
        load_program(with_model(program, change), "p.pt2")


def test_a_program_out_of_a_session_is_not_trusted_either(program: bytes, victim: Path) -> None:
    card = NetworkCard(name="sent", input=InputCard(shape=(4,)), file="p.pt2")
    evil = with_member(program, "data/weights/model.pt", trapped_pickle(victim))
    evil = with_model(evil, lambda model: first_size(model, trapped_expression(victim)))
    item = store_network(Network(card=card, module=nn.Identity(), sha256="0", program=evil))
    with pytest.raises(CorrieError):
        restore_network(item)
    assert not victim.exists()


def test_a_pickle_called_program_is_not_run(tmp_path: Path, victim: Path) -> None:
    (tmp_path / "p.pt2").write_bytes(trapped_pickle(victim))
    with pytest.raises(UnreadableFile, match=r"not a \.pt2 program"):
        open_network(tmp_path / "p.pt2")
    assert not victim.exists()

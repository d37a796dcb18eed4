"""The recipes that come with Corrie: all can be read, all name networks that exist, and say where they come from."""

from pathlib import Path

import pytest

from core.errors import InvalidRequest, UnreadableFile
from core.networks.architectures.families import family_of
from core.networks.card import InputCard
from core.training.presets import find_preset, presets, presets_folder, read_preset

INPUT = InputCard(shape=(3, 32, 32))


def test_every_preset_file_is_offered_once_and_the_quick_ones_first() -> None:
    keys = [preset.key for preset in presets()]
    assert sorted(keys) == sorted(path.stem for path in presets_folder().glob("*.toml"))
    assert keys[0] == "quick-start"
    assert len(keys) >= 10


@pytest.mark.parametrize("preset", presets(), ids=lambda preset: preset.key)
def test_a_preset_names_networks_that_exist_and_says_what_it_shows(preset) -> None:
    requests = preset.sweep(INPUT).requests()
    assert all(family_of(request.architecture) is not None for request in requests)
    assert all(request.input == INPUT for request in requests)
    assert len({request.name for request in requests}) == len(requests)
    assert preset.shows.endswith(".")
    assert preset.source
    assert preset.data
    assert preset.takes


def test_the_recipe_of_c1_drops_its_rate_after_epochs_30_and_60() -> None:
    recipe = find_preset("yao-c1").recipe
    assert [round(share * recipe.epochs) for share in recipe.milestones] == [30, 60]
    assert (recipe.learning_rate, recipe.decay, recipe.weight_decay) == (0.02, 0.2, 0.0)


def test_the_sweep_of_m1_takes_every_power_of_two_from_64_to_4096() -> None:
    sizes = [request.batch_size for request in find_preset("yao-m1-batch-size").sweep(INPUT).requests()]
    assert sizes == [64, 128, 256, 512, 1024, 2048, 4096]


def test_the_robust_twin_has_a_plain_run_and_a_robust_one() -> None:
    plain, robust = find_preset("yao-robust-twin").sweep(INPUT).requests()
    assert plain.robust is None
    assert robust.robust is not None
    assert robust.robust.attack == "fgsm"


def test_an_unknown_preset_is_refused_with_those_there_are() -> None:
    with pytest.raises(InvalidRequest, match=r'no preset "nothing"\. There are: quick-start'):
        find_preset("nothing")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("title = ", "not valid TOML"),
        ('title = "x"', '"shows"'),
        ("{head}[recipe]\nname = 'a'\narchitecture = 'c1'\nepochs = 0", "at least one epoch"),
        ("{head}[recipe]\nname = 'a'\narchitecture = 'c1'\nepochs = 1\nepoch = 2", "no field epoch"),
        ("{head}[recipe]\nname = 'a'\narchitecture = 'c1'\nepochs = 1\n[sweep]\nbatch_sizes = [8, 8]", "twice"),
        ("{head}[recipe]\nname = 'a'\narchitecture = 'c1'\nepochs = 1\n[sweep]\nbatches = [8]", "batches"),
    ],
)
def test_a_preset_that_makes_no_sense_is_refused_with_its_name_and_the_field(
    tmp_path: Path, text: str, words: str
) -> None:
    head = "".join(f'{name} = "x"\n' for name in ("title", "shows", "source", "data", "takes"))
    path = tmp_path / "mine.toml"
    path.write_text(text.replace("{head}", head), encoding="utf-8")
    with pytest.raises(UnreadableFile, match=words) as caught:
        read_preset(path)
    assert "mine.toml" in str(caught.value)


def test_a_missing_preset_is_refused_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"none\.toml: It cannot be read"):
        read_preset(tmp_path / "none.toml")

"""A network that bends everywhere has no exact slice: the window offers the search in the same two features."""

from pathlib import Path

import torch
from torch import nn

from app.views.inspector.correction_form import CorrectionForm
from app.views.pages.joint_page import JointPage
from core.corrections.records.joint import JointCorrection
from tests.app.views.conftest import Driver
from tests.pumping import write_program, write_table
from tests.threads import one_torch_thread


def curved_station(folder: Path, curve: nn.Module | None = None) -> tuple[Path, Path]:
    """The simulated pumping station, with a network that rises with the speed along a curve, by default a tanh."""
    module = nn.Sequential(nn.Linear(5, 1), curve or nn.Tanh(), nn.Linear(1, 1))
    with torch.no_grad(), one_torch_thread():
        for parameter, value in zip(
            module.parameters(), ([[0.5, 0.1, 0, 0, -0.2]], [0.0], [[2.0]], [5.0]), strict=True
        ):
            parameter.copy_(torch.tensor(value))
    return write_program(folder, module, "Curved"), write_table(folder)


def ask_for_a_slice(driver: Driver, cards: tuple[Path, Path]) -> CorrectionForm:
    driver.open(*cards)
    driver.select(driver.document.networks[0].id)
    driver.wait_for_verdicts()
    driver.click("correction.next")
    form = driver.window.findChild(CorrectionForm)
    assert isinstance(form, CorrectionForm)
    form.choose_features(("speed", "valve"))
    return form


def test_the_exact_slice_of_a_search_is_offered_as_a_search_and_what_was_selected_stays_so(
    driver: Driver, tmp_path: Path
) -> None:
    ask_for_a_slice(driver, curved_station(tmp_path, nn.GELU()))
    network = driver.document.networks[0].id
    driver.click("compute.correction")
    driver.wait(lambda: "A search in several features" in driver.window.offers.text, 20_000)
    assert driver.window.desk.selection.current_id == network
    driver.click("offer.not_now")
    assert driver.window.desk.selection.current_id == network
    driver.click("compute.correction")
    driver.wait(lambda: "A search in several features" in driver.window.offers.text, 20_000)
    driver.click("offer.search_these_two")
    driver.wait(lambda: len(driver.results()) == 1)
    driver.wait_for_jobs()
    (found,) = driver.results()
    page = driver.window.area.page(found.id)
    assert isinstance(page, JointPage)
    page.box.slice.menu().actions()[0].trigger()
    driver.wait(lambda: "A search in several features" in driver.window.offers.text, 20_000)
    assert driver.window.banner.text == ""
    assert driver.window.desk.selection.current_id == found.id
    assert driver.window.area.current_page() is page
    driver.click("offer.not_now")
    assert driver.window.desk.selection.current_id == found.id


def test_a_slice_that_cannot_be_drawn_is_searched_instead(driver: Driver, tmp_path: Path) -> None:
    form = ask_for_a_slice(driver, curved_station(tmp_path))
    asked = form.request()
    driver.click("compute.correction")
    driver.wait(lambda: "A search in several features" in driver.window.offers.text, 20_000)
    assert driver.window.banner.text == ""
    driver.click("offer.search_these_two")
    driver.wait(lambda: len(driver.results()) == 1)
    found = driver.results()[0]
    assert isinstance(found.result, JointCorrection)
    assert found.result.request.freedom.numbers == asked.free
    assert found.result.nearest.proof in ("proved", "none_exists")
    assert isinstance(driver.window.area.page(found.id), JointPage)

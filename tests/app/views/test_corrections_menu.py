"""The Corrections menu: where it leads, and when it leads anywhere."""

import pytest

from app.views.inspector.cases_form import CasesForm
from app.views.inspector.correction_form import CorrectionForm
from tests.app.views.conftest import Driver

FORMS = ("corrections.row", "corrections.pairs", "corrections.cases")


@pytest.fixture
def judged(driver: Driver) -> Driver:
    """A network that judges applicants, selected; pictures are chosen first in the session."""
    driver.open_applicants()
    return driver


def test_without_a_table_there_is_nothing_to_correct(driver: Driver) -> None:
    actions = driver.window.actions_registry
    assert not any(actions.action(name).isEnabled() for name in (*FORMS, "corrections.networks"))
    assert actions.action("tutor.page").isEnabled()


def test_each_entry_turns_to_its_form(judged: Driver) -> None:
    compute = judged.window.inspector.compute
    assert compute is not None
    compute.show_spectrum()
    for name, form in zip(FORMS, (CorrectionForm, CorrectionForm, CasesForm), strict=True):
        assert judged.window.actions_registry.action(name).isEnabled()
        judged.trigger(name)
        assert isinstance(judged.window.inspector.compute.form, form)


def test_the_pairs_are_one_key_away(judged: Driver) -> None:
    judged.trigger("corrections.pairs")
    offer = judged.window.inspector.compute.correction.offer
    judged.wait(lambda: judged.window.focusWidget() is offer.pairs)

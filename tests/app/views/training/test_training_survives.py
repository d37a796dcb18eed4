"""Full disks, closed windows, and other sessions: what a training leaves, and what becomes of it."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from app.actions.journal import JOURNAL, Journal, kept_trainings, training_folder
from app.actions.leaving import Leaving
from app.theme.theme import Theme
from core.session.json_text import record_from_json
from tests.app.views.conftest import SLOW, make_driver
from tests.app.views.training.conftest import Lab, tiny


def train_a_little(lab: Lab) -> None:
    """Start something long, and wait until it learns."""
    tiny(lab, epochs=400)
    lab.start()
    lab.wait(lambda: bool(lab.page.curves.runs) and lab.page.curves.runs[0].run.epochs_done > 0)


def journal_of(folder: Path) -> Journal:
    return record_from_json(Journal, (folder / JOURNAL).read_text(encoding="utf-8"))


def test_a_running_training_is_on_the_disk_and_gone_from_there_once_it_is_in_the_document(lab: Lab) -> None:
    tiny(lab, epochs=400, name="MLP")
    lab.check("training.sweep.on")
    lab.type("training.sweep.seeds", "0, 1, 2")
    lab.start()
    lab.wait(lambda: bool(lab.page.curves.runs) and lab.page.curves.runs[0].run.epochs_done > 0)
    (folder,) = training_folder().iterdir()
    journal = journal_of(folder)
    assert (journal.name, journal.sweep) == ("MLP · seed 0", "Sweep of MLP")
    assert [request.name for request in journal.waiting] == ["MLP · seed 1", "MLP · seed 2"]
    assert journal.test is not None
    assert journal.test.start == 1438
    assert [kept.take() for kept in kept_trainings()] == [False]  # a living process holds it
    lab.window.desk.trainings.stop_sweep("Sweep of MLP")
    lab.wait_for_jobs()
    assert len(lab.runs) == 1
    lab.wait(lambda: list(training_folder().iterdir()) == [])


def test_a_folder_that_cannot_be_made_is_said_and_the_run_is_trained_all_the_same(lab: Lab) -> None:
    training_folder().write_text("in the way", encoding="utf-8")
    tiny(lab)
    lab.start()
    lab.wait_for_jobs()
    (run,) = lab.runs
    assert run.run.status == "complete"
    assert "Checkpoints cannot be kept there" in lab.window.banner.text


def test_a_disk_that_takes_no_checkpoint_stops_the_run_which_stays_in_memory(lab: Lab) -> None:
    def put_something_in_the_way(run_id: str) -> None:
        folder = training_folder() / run_id
        folder.mkdir(parents=True)
        (folder / "checkpoints").write_text("in the way", encoding="utf-8")

    lab.window.desk.trainings.submitted.connect(put_something_in_the_way)
    tiny(lab)
    lab.start()
    lab.wait_for_jobs()
    assert lab.window.banner.text
    (run,) = lab.runs
    assert run.run.status == "partial"
    lab.window.desk.trainings.submitted.disconnect(put_something_in_the_way)
    lab.select(run.id)
    lab.click("resume")
    lab.wait_for_jobs()
    assert lab.runs[0].run.status == "complete"


def test_a_window_that_is_closed_during_training_offers_the_run_at_the_next_start(
    lab: Lab, qtbot: QtBot, theme: Theme
) -> None:
    train_a_little(lab)
    assert lab.window.close()
    assert lab.answers.asked == ["save", "stop"]
    assert lab.answers.leaving == Leaving(offered=("Tiny",))
    (folder,) = training_folder().iterdir()
    assert journal_of(folder).name == "Tiny"
    driver = make_driver(qtbot, theme)
    driver.window.training_room.interrupted.look()
    driver.wait(lambda: "Training of “Tiny” at epoch" in driver.window.offers.text)
    driver.click("offer.restore")
    driver.wait(lambda: len(driver.document.runs) == 1, SLOW)
    assert driver.document.runs[0].run.epochs_done > 0


def test_the_question_says_what_becomes_of_each_job(lab: Lab) -> None:
    train_a_little(lab)
    tiny(lab, name="Other")
    lab.start()
    lab.wait(lambda: len(lab.window.jobs.jobs) == 2)
    lab.answers.stop = False
    assert not lab.window.close()
    assert lab.answers.leaving == Leaving(offered=("Tiny",), forgotten=("Training of Other",))
    assert "Offered again when Corrie starts" in lab.answers.leaving.text
    lab.trigger("file.new")  # nobody waits for them in another session
    assert lab.answers.leaving == Leaving(lost=("Training of Tiny",), forgotten=("Training of Other",))
    assert "what is there so far is lost:\n  • Training of Tiny" in lab.answers.leaving.text
    lab.window.jobs.stop_all()
    lab.wait_for_jobs()


def test_runs_of_a_sweep_that_wait_are_offered_with_the_one_in_training(lab: Lab) -> None:
    tiny(lab, epochs=400, name="MLP")
    lab.check("training.sweep.on")
    lab.type("training.sweep.seeds", "0, 1")
    lab.start()
    lab.wait(lambda: bool(lab.page.curves.runs) and lab.page.curves.runs[0].run.epochs_done > 0)
    assert lab.window.close()
    assert lab.answers.leaving == Leaving(offered=("MLP · seed 0", "MLP · seed 1"))


def test_a_training_for_a_session_that_was_left_reaches_no_other_one(lab: Lab) -> None:
    train_a_little(lab)
    lab.trigger("file.new")
    lab.wait_for_jobs()
    assert lab.document.items == {}
    assert lab.window.desk.trainings.pending == {}
    lab.wait(lambda: list(training_folder().iterdir()) == [])


def test_an_undo_during_training_does_not_lose_the_run(lab: Lab) -> None:
    train_a_little(lab)
    lab.trigger("edit.undo")  # the digits are gone
    assert lab.document.items == {}
    lab.click("training.stop")
    lab.wait_for_jobs()
    (run,) = lab.runs
    assert run.dataset_id == ""
    assert lab.document.items[run.network_id].name == "Tiny"

"""A run in words: what it learnt from, by which recipe, and what came of it."""

import math

from core.exchange.words import duration, number
from core.robustness.kinds import ATTACK_NAMES
from core.session.document import Document, RunItem
from core.training.recipe import TrainingRequest
from core.training.run import FloatArray, Run

Facts = list[tuple[str, str]]


def run_facts(item: RunItem, document: Document) -> Facts:
    """The facts one asks for first, in the order in which one asks."""
    run = item.run
    done = f"{run.epochs_done} of {run.request.epochs} epochs, {int(run.step[-1]) if len(run.step) else 0:,} steps"
    facts = [
        ("Status", run.status if run.status == "complete" else f"partial: {run.ended or 'it was stopped'}"),
        ("Architecture", run.request.architecture),
        ("Trained on", _name(document, item.dataset_id)),
        ("Tested on", _name(document, item.test_id) if item.test_id else "nothing"),
        ("Epochs", done),
        *recipe_facts(run.request),
        ("Train", _loss_and_accuracy(run.train_loss, run.train_accuracy)),
        ("Test", _loss_and_accuracy(run.test_loss, run.test_accuracy)),
    ]
    if math.isfinite(run.generalisation_gap):
        facts.append(("Generalisation gap", f"{number(100 * run.generalisation_gap, 3)} % (train less test accuracy)"))
    if curvature := [value for value in run.top_eigenvalue if math.isfinite(value)]:
        facts.append(("Top eigenvalue", f"{number(curvature[-1], 4)} on {curvature_samples(run):,} samples"))
    if item.sweep:
        facts.append(("Sweep", item.sweep))
    return [*facts, ("Training time", duration(float(run.seconds[-1]) if len(run.seconds) else 0.0))]


def curvature_samples(run: Run) -> int:
    """How many samples the top eigenvalue belongs to: those asked for, or those of adaptive batches."""
    request = run.request
    wanted = request.curvature_samples or (request.adaptive.samples if request.adaptive is not None else 0)
    return min(wanted, run.provenance.samples)


def recipe_facts(request: TrainingRequest) -> Facts:
    """How the weights were updated."""
    optimizer = "Adam"
    if request.optimizer == "sgd":
        optimizer = f"SGD, momentum {request.momentum:g}{' (Nesterov)' if request.nesterov else ''}"
    drops = ", ".join(map(str, request.drops))
    schedule = f"; × {request.decay:g} after epochs {drops}" if drops and request.decay < 1 else ""
    facts = [
        ("Optimizer", f"{optimizer}, weight decay {request.weight_decay:g}"),
        ("Learning rate", f"{request.learning_rate:g}{schedule}"),
        ("Batch", f"{request.batch_size:,} samples"),
        ("Seed", str(request.seed)),
    ]
    if request.augmentation != "none":
        facts.append(("Augmentation", "random crops" + (" and flips" if request.augmentation == "crop_flip" else "")))
    if (robust := request.robust) is not None:
        words = f"{ATTACK_NAMES[robust.attack]}, ε {robust.epsilon:g} of the data's range"
        facts.append(("Robust training", f"{words}, {number(100 * robust.share, 3)} % of each batch"))
    if (adaptive := request.adaptive) is not None:
        facts.append(("Adaptive batch", f"× {adaptive.ratio} as the curvature falls, up to × {adaptive.limit}"))
    return facts


def _loss_and_accuracy(losses: FloatArray, accuracies: FloatArray) -> str:
    known = [(loss, accuracy) for loss, accuracy in zip(losses, accuracies, strict=True) if math.isfinite(loss)]
    if not known:
        return "not measured"
    loss, accuracy = known[-1]
    share = f", accuracy {number(100 * accuracy, 4)} %" if math.isfinite(accuracy) else ""
    return f"loss {number(loss, 4)}{share}"


def _name(document: Document, item_id: str) -> str:
    item = document.items.get(item_id)
    return "no longer in the session" if item is None else item.name

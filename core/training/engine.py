"""The training engine: one recipe in, one run out, to the last bit the same on the same machine.

At the end of every epoch all that the run consists of is copied: a stop, a crash or a divergence later costs what came
after, and nothing else. Going on from there gives the same weights as never having stopped.
"""

import contextlib
import math
import time

import torch

from core.data.dataset import Dataset
from core.errors import Cancelled, CorrieError, InvalidRequest, NumericalFailure
from core.job import JobContext
from core.networks.network import Network, fingerprint
from core.networks.weights import apply_weights
from core.robustness.box import data_box
from core.training.adaptive import BatchSchedule
from core.training.augmentation import Augmenter
from core.training.checkpoints import CheckpointFolder
from core.training.interrupting import Interrupter
from core.training.loop import Learner, train_epoch
from core.training.measuring import Curvature, Quality, measure_curvature, measure_quality
from core.training.optimisers import build_optimiser, remembered, remind, set_rate
from core.training.preparing import arrays, learnt_part, micro_batch_for, network_with, tensors, untrained_network
from core.training.recipe import TrainingRequest
from core.training.recording import Origin, Recorder, row_of
from core.training.run import Checkpoint, Run, TrainingState
from core.training.samples import Samples
from core.training.schedule import scheduled_rate

OFFER_SECONDS = 0.5  # between two partial runs within an epoch
REPORT_SECONDS = 0.1  # between two words of progress
SAVE_SECONDS = 5.0  # between two visits of the disk, where epochs are shorter
GENERATOR = "generator"  # name of the random generator's state among the arrays


def train_run(
    request: TrainingRequest,
    data: Dataset,
    test: Dataset | None,
    job: JobContext,
    *,
    resume: Run | None = None,
    keeper: CheckpointFolder | None = None,
) -> Run:
    """Train a network as a recipe says.

    Parameters
    ----------
    request : TrainingRequest
    data : Dataset
        Learnt from; its order and the seed decide everything.
    test : Dataset, optional
        Only looked at.
    job : JobContext
        Receives a partial `Run` after every epoch and about twice a second within one, when only `batch_loss` grows.
        Progress is in samples.
    resume : Run, optional
        A partial run of the same request and data: training goes on at its last checkpoint, and gives the weights that
        it would have given without a stop. A complete run is given back.
    keeper : CheckpointFolder, optional
        Where the run is kept on disk as well, at most every five seconds.

    Returns
    -------
    Run
        Complete; or partial with a sentence in `ended` and its last good checkpoint, where the loss or the weights
        became NaN or infinite. Row 0 is the network before training, with the rate and the batch that it begins with.
        With adaptive batches, `top_eigenvalue` is measured on their samples unless `curvature_samples` says more.

    Raises
    ------
    InvalidRequest
        If the recipe does not fit the data, or the run cannot be resumed.
    OutOfSpace
        If a checkpoint could not be written; the ones before are whole, and the run was given to `job.partial`.
    NumericalFailure
        If the network gives no finite loss before it is trained.
    Cancelled
        After the run, to be resumed, was given to `job.partial`.
    """
    used = learnt_part(request, data)
    if resume is not None:
        _check_resume(resume, request, used, test)
        if resume.status == "complete":
            return resume
    training = _Training(request, used, test, job, keeper)
    try:
        return training.run(resume)
    except Cancelled:
        with contextlib.suppress(CorrieError):  # the partial run is there all the same
            training.keep()
        training.offer()
        raise
    except (RuntimeError, MemoryError) as error:
        training.offer()
        if (
            isinstance(error, MemoryError) or "memory" in str(error).lower()
        ):  # torch has no error of its own for it on the processor
            raise InvalidRequest(
                f"The memory did not suffice for {training.micro_batch} samples at once. Use a smaller micro-batch."
            ) from error
        raise
    except Exception:
        training.offer()
        raise


def trained_network(run: Run, data: Dataset) -> Network:
    """The network as it is at the end of a run. `data`, all that it was trained on, gives the names of the classes."""
    return network_with(run.request, learnt_part(run.request, data), run.last.weights)


def network_at(run: Run, data: Dataset, epoch: int) -> Network:
    """The network as it was at the checkpoint of an epoch. Raises `InvalidRequest` if none was kept."""
    for checkpoint in run.checkpoints:
        if checkpoint.epoch == epoch:
            return network_with(run.request, learnt_part(run.request, data), checkpoint.weights)
    there = ", ".join(str(checkpoint.epoch) for checkpoint in run.checkpoints)
    raise InvalidRequest(f"No checkpoint of epoch {epoch} was kept. There are those of epochs {there}.")


def _check_resume(run: Run, request: TrainingRequest, data: Dataset, test: Dataset | None) -> None:
    if run.request != request:
        raise InvalidRequest("The run was trained with another recipe. Resume it with its own, or train anew.")
    if run.provenance.data_sha256 != data.sha256 or run.test_sha256 != (test.sha256 if test is not None else ""):
        raise InvalidRequest("The run was trained or tested on other data. Resume it with the same, or train anew.")
    if run.status == "partial" and run.state is None:
        why = f" ({run.ended})" if run.ended else ""
        raise InvalidRequest(f"The run cannot go on from where it is{why}. Train anew, with a smaller learning rate.")


class _Training:
    def __init__(
        self,
        request: TrainingRequest,
        data: Dataset,
        test: Dataset | None,
        job: JobContext,
        keeper: CheckpointFolder | None,
    ) -> None:
        self._request, self._job, self._keeper = request, job, keeper
        network = untrained_network(request, data)
        self._module = network.module
        self._samples = Samples(network, data, job)
        self._test = None if test is None else Samples(network, test, job)
        self.micro_batch = micro_batch_for(request, data)
        self._interrupter = Interrupter(self._module, job)
        self._learner = Learner(
            module=self._module,
            optimiser=build_optimiser(request, self._module),
            samples=self._samples,
            generator=torch.Generator().manual_seed(request.seed),
            augmenter=Augmenter(request.augmentation, request.input),
            box=data_box(network, data, job) if request.robust is not None else None,
            robust=request.robust,
            micro_batch=self.micro_batch,
            interrupter=self._interrupter,
        )
        self._schedule = BatchSchedule(request, len(data))
        origin = Origin(data_sha256=data.sha256, test_sha256=test.sha256 if test is not None else "", samples=len(data))
        self._recorder = Recorder(request, origin)
        self._began = self._offered = self._reported = time.perf_counter()
        self._saved = -math.inf
        self._step = 0

    def run(self, resume: Run | None) -> Run:
        """Train to the end, or until something is not finite any more."""
        first = 1
        if resume is not None:
            self._go_on(resume)
            first = resume.last.epoch + 1
        try:
            if resume is None:
                self._finish_epoch(0, self._request.learning_rate)
            for epoch in range(first, self._request.epochs + 1):
                self._train(epoch)
        except NumericalFailure as error:
            if self._recorder.checkpoint is None:
                raise NumericalFailure(
                    f"{error} before training. Correct the data, or mean and std of the input."
                ) from error
            return self._ended(str(error))
        self._interrupter.release()
        self.keep(complete=True)
        run = self._recorder.run("complete", self._seconds())
        if run is None:  # there is a checkpoint since epoch 0
            raise InvalidRequest("Nothing was trained.")
        return run

    def offer(self) -> None:
        """Give the run so far to whoever watches."""
        run = self._recorder.run("partial", self._seconds())
        if run is not None:
            self._job.partial(run)
        self._offered = time.perf_counter()

    def keep(self, *, complete: bool = False, ended: str = "") -> None:
        """Put the run so far on disk."""
        run = self._recorder.run("complete" if complete else "partial", self._seconds(), ended)
        if self._keeper is not None and run is not None:
            self._keeper.save(run)
            self._saved = time.perf_counter()

    def _train(self, epoch: int) -> None:
        rate = scheduled_rate(self._request, epoch) * self._schedule.growth
        set_rate(self._learner.optimiser, rate)
        done = 0

        def learnt(loss: float, count: int) -> None:
            nonlocal done
            done += count
            self._step += 1
            self._recorder.batch(loss)
            self._tell(epoch, done, loss)

        share = self._schedule.share(epoch)
        try:
            train_epoch(self._learner, self._schedule.batch_size, share, self._job, learnt)
            self._finish_epoch(epoch, rate)
        except NumericalFailure as error:
            raise NumericalFailure(f"{error} in epoch {epoch}, after {self._step} steps") from error

    def _finish_epoch(self, epoch: int, rate: float) -> None:
        """Measure, record, offer and keep; nothing that is not finite gets into a checkpoint."""
        state = TrainingState(
            arrays={
                **remembered(self._learner.optimiser, self._module),
                GENERATOR: self._learner.generator.get_state().numpy().copy(),
            },
            numbers={},
        )
        self._check_finite(state)
        batch = self._schedule.batch_size
        train, test = self._quality(epoch)
        curvature = self._curvature(epoch)
        row = row_of(
            train, test, curvature, epoch=epoch, step=self._step, rate=rate, batch=batch, seconds=self._seconds()
        )
        state = TrainingState(arrays=state.arrays, numbers=self._schedule.numbers())
        checkpoint = Checkpoint(epoch=epoch, step=self._step, weights=arrays(self._module))
        self._recorder.epoch(row, checkpoint, state, fingerprint(self._module.state_dict()))
        self._report(epoch, 0, f"loss {train.loss:.4f}" if math.isfinite(train.loss) else "")
        self.offer()
        if time.perf_counter() - self._saved > SAVE_SECONDS and epoch < self._request.epochs:
            self.keep()

    def _quality(self, epoch: int) -> tuple[Quality, Quality]:
        every = self._request.evaluate_every
        if epoch % every and epoch != self._request.epochs:
            return Quality(), Quality()
        train = measure_quality(self._module, self._samples, self._job)
        if not math.isfinite(train.loss):
            raise NumericalFailure(f"The loss on the training set became {train.loss}")
        if self._test is None:
            return train, Quality()
        test = measure_quality(self._module, self._test, self._job)
        if not math.isfinite(test.loss):
            raise NumericalFailure(f"The loss on the test set became {test.loss}")
        return train, test

    def _curvature(self, epoch: int) -> Curvature:
        """What the recipe asks for, and what adaptive batches live on."""
        request, measured = self._request, Curvature()
        seed = request.seed + epoch
        if request.curvature_samples:
            measured = measure_curvature(self._module, self._samples, request.curvature_samples, self._job, seed)
        if request.adaptive is None:
            return measured
        own = measured
        if request.adaptive.samples != request.curvature_samples:
            own = measure_curvature(self._module, self._samples, request.adaptive.samples, self._job, seed)
        if epoch > 0:
            self._schedule.observe(own.top_eigenvalue)
        return measured if request.curvature_samples else own

    def _check_finite(self, state: TrainingState) -> None:
        for tensor in self._module.state_dict().values():
            if not bool(torch.isfinite(tensor).all()):
                raise NumericalFailure("The weights became infinite")
        for tensor in tensors(state.arrays).values():
            if not bool(torch.isfinite(tensor).all()):
                raise NumericalFailure("What the optimiser remembers became infinite")

    def _go_on(self, run: Run) -> None:
        state = run.state
        if state is None:
            raise InvalidRequest("The run keeps nothing to go on from. Train anew.")
        weights = tensors(run.last.weights)
        apply_weights(self._module, weights, architecture=self._request.architecture)
        memory = {name: array for name, array in state.arrays.items() if name != GENERATOR}
        remind(self._learner.optimiser, self._module, memory)
        self._learner.generator.set_state(tensors(state.arrays)[GENERATOR])
        self._schedule.remember(state.numbers)
        self._recorder.continue_from(run, fingerprint(self._module.state_dict()))
        self._step = run.last.step
        self._began -= float(run.seconds[run.epoch <= run.last.epoch][-1])
        self.offer()

    def _ended(self, what: str) -> Run:
        """The run as far as it was good, with the reason why it ended, and the remedy."""
        last = self._recorder.checkpoint
        kept = (
            "the untrained network is" if last is None or last.epoch == 0 else f"the network of epoch {last.epoch} is"
        )
        ended = (
            f"{what}: {kept} kept. The run cannot go on from there as it is; train anew with a smaller learning rate."
        )
        self._interrupter.release()
        run = self._recorder.run("partial", self._seconds(), ended)
        if run is None:
            raise NumericalFailure(ended)
        self._job.partial(run)
        self.keep(ended=ended)
        return run

    def _seconds(self) -> float:
        return time.perf_counter() - self._began

    def _tell(self, epoch: int, done: int, loss: float) -> None:
        now = time.perf_counter()
        if now - self._reported > REPORT_SECONDS:
            self._report(epoch - 1, done, f"loss {loss:.4f}")
        if now - self._offered > OFFER_SECONDS:
            self.offer()

    def _report(self, epochs: int, samples: int, text: str) -> None:
        total, each = self._request.epochs, len(self._samples)
        here = f"epoch {min(epochs + bool(samples), total)} of {total}"
        self._job.progress(epochs * each + samples, total * each, f"{here}, {text}" if text else here)
        self._reported = time.perf_counter()

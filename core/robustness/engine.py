"""The robustness engine: every attack at every strength over all samples (Yao et al. 2018, §4)."""

import struct
from contextlib import ExitStack

import numpy as np
import torch
from torch import Tensor

from core.companions import Companions
from core.data.dataset import Dataset
from core.errors import Cancelled, DataError, InvalidRequest, NumericalFailure, UnsupportedNetwork
from core.job import JobContext
from core.networks.mean_loss import batch_size, channels_last
from core.networks.network import Network
from core.networks.parameters import movable
from core.robustness.album import refuse_large
from core.robustness.attacks import FGSM_STEPS, Target, ascent, fgsm_repeated, projected_gradient
from core.robustness.box import DataRange, data_range
from core.robustness.findings import CellTotals, Findings
from core.robustness.input_hessian import InputCurvature, input_curvature
from core.robustness.judging import Judge, Judgement, refuse_unlike
from core.robustness.kinds import ATTACK_NAMES, ONE_STEP, SECOND_ORDER, Attack
from core.robustness.piecewise import is_piecewise_linear
from core.robustness.robustness import Robustness, RobustnessRequest

CACHE_BYTES = 2**29  # of directions that are kept for all strengths; beyond, they are computed anew for each
FORWARD, GRADIENT = 1, 3  # cost of a sample, relative to one another


def compute_robustness(
    request: RobustnessRequest,
    network: Network,
    data: Dataset,
    job: JobContext,
    resume: Robustness | None = None,
    companions: Companions = Companions(),  # noqa: B008  immutable
) -> Robustness:
    """Attack a network, and count what it still gets right.

    Where numbers are predicted there are no verdicts that could be turned: only the loss under attack is computed.

    Parameters
    ----------
    request : RobustnessRequest
    network : Network
        Judges; attacked too unless the request names another one. Evaluation mode; unchanged afterwards.
    data : Dataset
        Its first `request.samples` samples are attacked; the range, one unit of strength, is that of all of them.
    job : JobContext
        Receives a partial `Robustness` after every attack at every strength.
    resume : Robustness, optional
        A partial result of the same request, network and data. What is there is not computed again, and the result has
        the same numbers as one that was never interrupted.
    companions : Companions, optional
        With the network of `request.made_on`.

    Raises
    ------
    InvalidRequest
        If there is one class only, `resume` belongs to something else, or the other network is not at hand.
    DataError
        If the data do not fit the networks, or all samples are the same.
    UnsupportedNetwork
        If a network is in half precision, or has no derivative in its input.
    NumericalFailure
        If not a single sample has finite outputs.
    """
    maker = _maker(request, network, companions)
    used, range_ = data.first(request.samples), data_range(data, job)
    refuse_large(request, used)
    for each in (network, maker):
        _refuse_half(each)
    refuse_unlike(network, maker)
    if range_.is_point:
        raise DataError(
            f'All samples of "{data.name}" are the same, so their range, the unit of every strength, is zero. '
            "Take data that differ."
        )
    with ExitStack() as stack:
        for module in {id(each.module): each.module for each in (network, maker)}.values():
            stack.enter_context(movable(module))
        findings = Findings(request, network, maker, used, range_)
        findings.take_over(resume)
        trial = _Trial(request, network, maker, used, range_, findings, job)
        try:
            trial.run()
        except Cancelled:
            job.partial(findings.snapshot("partial"))
            raise
    return findings.snapshot("complete")


class _Trial:
    """One computation: all samples in batches, as the maker of the attacks sees them."""

    def __init__(
        self,
        request: RobustnessRequest,
        network: Network,
        maker: Network,
        data: Dataset,
        range_: DataRange,
        findings: Findings,
        job: JobContext,
    ) -> None:
        self._request, self._network, self._maker = request, network, maker
        self._findings, self._job = findings, job
        inputs, self._labels = maker.prepare(data)
        self._inputs = channels_last(inputs)
        if network is not maker:
            network.prepare(data)  # it may not fit, and says why
        self._box = range_.box(maker)
        self._scale = self._box.scale.to(inputs.dtype).expand(1, *inputs.shape[1:])
        self._data, self._range = data, range_
        self._judge = Judge(network, maker, data, range_)
        size = batch_size(inputs)
        self._parts = [slice(start, min(start + size, len(inputs))) for start in range(0, len(inputs), size)]
        self._directions: dict[tuple[bool, int], Tensor] = {}  # by order of the attack, and first sample
        self._outputs_count = 1
        self._done = self._total = 0

    def run(self) -> None:
        """All that is asked for and not there yet."""
        request, findings = self._request, self._findings
        findings.piecewise_linear = is_piecewise_linear(self._network.module, self._network_inputs(slice(0, 2)))
        clean = self._clean()
        findings.clean(clean)
        self._outputs_count = clean.outputs.shape[1]
        cells = [
            (row, column)
            for row in range(len(request.attacks))
            for column in range(len(request.epsilon))
            if not findings.has((row, column))
        ]
        hessian = request.input_hessian and not findings.has_curvatures()
        self._total = sum(self._cost(request.attacks[row]) for row, _ in cells) + hessian * self._jacobian_cost()
        self._job.partial(findings.snapshot("partial"))
        if hessian:
            self._input_hessian()
            self._job.partial(findings.snapshot("partial"))
        for cell in cells:
            self._cell(cell)
            self._job.partial(findings.snapshot("partial"))

    def _clean(self) -> Judgement:
        """What the network says of the samples themselves, directly as it sees them."""
        found = []
        for part in self._parts:
            self._job.check()
            self._job.progress(part.start, len(self._inputs), "samples as they are")
            found.append(self._judge.judge(self._inputs[part], self._labels[part]))
        outputs, loss, right = (
            torch.cat([getattr(each, name) for each in found]) for name in ("outputs", "loss", "right")
        )
        if not torch.isfinite(outputs).all(dim=1).any():
            raise NumericalFailure(
                f'"{self._network.name}" has no finite outputs for any sample: there is nothing to be attacked. '
                "Check its weights, and mean and std in its card."
            )
        if outputs.shape[1] < 2 and self._findings.classes:
            raise InvalidRequest(
                f'"{self._network.name}" knows one class only: no change of an input can turn its verdict.'
            )
        return Judgement(outputs, loss, right)

    def _input_hessian(self) -> None:
        """Of the network that judges; the directions of second order are a gift where it is attacked itself."""
        network, parts = self._network, list[InputCurvature]()
        scale = self._range.box(network).scale.to(self._inputs.dtype).expand(1, *self._inputs.shape[1:])
        for part in self._parts:
            self._job.check()
            inputs = self._network_inputs(part)
            generator = self._generator(0.0, part)
            found = input_curvature(
                network.module,
                inputs,
                self._labels[part],
                scale=scale,
                damping=self._request.damping,
                probe=torch.randn(inputs.shape, generator=generator),
                check=self._job.check,
            )
            if network is self._maker:
                self._keep((True, part.start), found.direction)
            parts.append(found)
            self._advance(part, self._jacobian_cost(), "Hessian in the input")
        self._findings.curvatures(parts)

    def _cell(self, cell: tuple[int, int]) -> None:
        """One attack at one strength over all samples."""
        kind, epsilon = self._request.attacks[cell[0]], self._request.epsilon[cell[1]]
        strength = self._findings.strength(kind, cell[1])
        totals = CellTotals(len(self._inputs))
        for part in self._parts:
            self._job.check()
            inputs, labels = self._inputs[part], self._labels[part]
            attacked = self._attacked(kind, epsilon, strength, part)
            judged = self._judge.judge(attacked, labels)
            unit = torch.where(self._scale > 0, self._scale, 1.0)
            totals.add(part, judged, (attacked - inputs) / unit)
            if self._findings.album is not None:
                self._findings.album.add(cell, part, attacked, judged, self._judge)
            self._advance(part, self._cost(kind), f"{ATTACK_NAMES[kind]}, ε = {epsilon:g}")
        self._findings.cell(cell, totals)

    def _attacked(self, kind: Attack, epsilon: float, strength: float, part: slice) -> Tensor:
        inputs = self._inputs[part]
        target = Target(
            self._maker.module, self._labels[part], self._box.low, self._box.high, self._scale, self._job.check
        )
        if kind in ONE_STEP:
            return target.along(inputs, self._direction(target, inputs, kind, part), kind, strength)
        if kind == "fgsm10":
            return fgsm_repeated(target, inputs, epsilon)
        return projected_gradient(target, inputs, epsilon, self._request.steps, self._generator(epsilon, part))

    def _direction(self, target: Target, inputs: Tensor, kind: Attack, part: slice) -> Tensor:
        """The same for every strength: kept as long as there is room."""
        key = (kind in SECOND_ORDER, part.start)
        if key not in self._directions:
            direction = ascent(target, inputs, kind, self._request.damping)
            self._keep(key, direction)
            return direction
        return self._directions[key]

    def _keep(self, key: tuple[bool, int], direction: Tensor) -> None:
        if 2 * self._inputs.numel() * self._inputs.element_size() <= CACHE_BYTES:
            self._directions[key] = direction

    def _network_inputs(self, part: slice) -> Tensor:
        """Samples as the network that judges sees them."""
        if self._network is self._maker:
            return self._inputs[part]
        return channels_last(self._network.normalise(self._data.x[part]))

    def _generator(self, epsilon: float, part: slice) -> torch.Generator:
        """Random numbers that depend on the strength and the samples, and on nothing that came before."""
        bits = int.from_bytes(struct.pack("<d", epsilon), "little")
        state = np.random.SeedSequence([self._request.seed, bits, part.start]).generate_state(1, np.uint64)
        return torch.Generator().manual_seed(int(state[0] >> np.uint64(1)))

    def _cost(self, kind: Attack) -> int:
        """Of a sample under one attack at one strength, directions of one step shared by all strengths."""
        steps = {"fgsm10": FGSM_STEPS * GRADIENT, "pgd": self._request.steps * (GRADIENT + FORWARD)}
        return FORWARD + steps.get(kind, FORWARD)

    def _jacobian_cost(self) -> int:
        return FORWARD + (GRADIENT - FORWARD) * self._outputs_count + 2 * GRADIENT

    def _advance(self, part: slice, cost: int, text: str) -> None:
        self._done += (part.stop - part.start) * cost
        self._job.progress(self._done, self._total * len(self._inputs), text)


def _maker(request: RobustnessRequest, network: Network, companions: Companions) -> Network:
    """The network on which the attacks are made."""
    if request.made_on in companions.networks:  # it may have the same weights, and normalise in another way
        return companions.networks[request.made_on]
    if request.made_on in ("", network.sha256):
        return network
    raise InvalidRequest(
        f"The attacks are to be made on another network ({request.made_on[:12]}…), which is not at hand. "
        "Open it as well."
    )


def _refuse_half(network: Network) -> None:
    """Raise `UnsupportedNetwork` for half precision: a gradient in the input, and ε, would be lost in its rounding."""
    half = (torch.float16, torch.bfloat16)
    kinds = {value.dtype for value in (*network.module.parameters(), *network.module.buffers())}
    if kinds & set(half):
        raise UnsupportedNetwork(
            f'"{network.name}" is in half precision, in which changes as small as those of an attack are rounded away. '
            "Convert its weights to float32."
        )

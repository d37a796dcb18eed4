"""Every kind of result with the forms it can be put into: the one table to extend for a new kind or a new format.

Figures, tables, arrays, facts for readers, and files of other programs are all found here by the type of the result.
`core.exchange.endings` says the same about the endings without loading what draws; a test holds the two together.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from core.corrections.records.cases import Cases
from core.corrections.records.correction import Correction
from core.corrections.records.joint import JointCorrection
from core.corrections.records.pairs import Pairs
from core.exchange.beside import Beside
from core.exchange.bodies import gltf as gltf_file
from core.exchange.bodies import obj as obj_file
from core.exchange.bodies import vtk as vtk_files
from core.exchange.export_options import ExportOptions
from core.exchange.facts import landscape as landscape_facts
from core.exchange.facts.cases import case_facts
from core.exchange.facts.complexity import complexity_facts
from core.exchange.facts.correction import correction_facts
from core.exchange.facts.history import history_facts
from core.exchange.facts.joint import joint_facts
from core.exchange.facts.pairs import pairs_facts
from core.exchange.facts.robustness import robustness_facts
from core.exchange.facts.spectrum import spectrum_facts
from core.exchange.figures import animation
from core.exchange.figures.cases import cases_figure
from core.exchange.figures.complexity import complexity_figure
from core.exchange.figures.convexity import convexity_figure
from core.exchange.figures.correction import correction_figure
from core.exchange.figures.curve import curve_figure
from core.exchange.figures.history import history_figure
from core.exchange.figures.initialisations import initialisations_figure
from core.exchange.figures.joint import joint_figure
from core.exchange.figures.pairs import pairs_figure
from core.exchange.figures.robustness import robustness_figure
from core.exchange.figures.spectrum import spectrum_figure
from core.exchange.figures.surface import surface_figure
from core.exchange.figures.trajectory import trajectory_figure
from core.exchange.original import writing as original
from core.exchange.subject import Subject
from core.exchange.tables import landscape_arrays, landscape_rows
from core.exchange.tables.arrays import correction_arrays
from core.exchange.tables.cases import case_arrays, case_rows
from core.exchange.tables.complexity import complexity_arrays, complexity_rows
from core.exchange.tables.history import history_arrays, history_rows
from core.exchange.tables.joint import joint_arrays, joint_rows
from core.exchange.tables.pairs import pair_arrays, pair_rows
from core.exchange.tables.robustness import robustness_arrays, robustness_rows
from core.exchange.tables.rows import Row, correction_rows
from core.exchange.tables.spectra import spectrum_arrays, spectrum_rows
from core.generalisation.complexity import Complexity
from core.landscape.convexity import Convexity
from core.landscape.curve import Curve
from core.landscape.initialisation import Initialisations
from core.landscape.surface import Surface
from core.landscape.trajectory import Trajectory
from core.robustness.robustness import Robustness
from core.session.atomic import replace_file
from core.session.document import Result
from core.spectrum.history import History
from core.spectrum.spectrum import Spectrum


@dataclass(frozen=True, kw_only=True)
class Wish:
    """Everything that a writer of a file may want to know."""

    subject: Subject
    beside: Beside
    options: ExportOptions


Writer = Callable[[Any, Wish, BinaryIO], None]  # a result into an open file
PathWriter = Callable[[Any, Subject, Path], None]  # a result into files of its own, each whole or not at all


@dataclass(frozen=True, kw_only=True)
class Form:
    """How results of one kind are shown and written. The first argument of each function is a result of that kind."""

    figure: Callable[[Any, Subject, Beside], Figure]
    rows: Callable[[Any], Iterator[Row]]  # of a table, names of the columns first
    arrays: Callable[[Any], Iterator[tuple[str, npt.NDArray[np.generic]]]]
    facts: Callable[[Any, Subject], list[tuple[str, str]]]  # for readers of a report
    others: Mapping[str, Writer] = field(default_factory=dict)  # further formats, by their ending
    files: Mapping[str, PathWriter] = field(default_factory=dict)  # the same where one file is not enough


def form_of(result: Result) -> Form:
    """The forms of a result."""
    return FORMS[type(result)]


def result_figure(result: Result, subject: Subject, beside: Beside | None = None) -> Figure:
    """Draw a result as it is published: flat, with its scale, its errors and where it comes from."""
    return form_of(result).figure(result, subject, beside or Beside())


def result_facts(result: Result, subject: Subject) -> list[tuple[str, str]]:
    """What was found, as names and values for readers."""
    facts = [("Network", subject.network_name), ("Data", subject.dataset_name), ("Status", result.status)]
    return [*facts, *form_of(result).facts(result, subject)]


def write_file(result: Result, wish: Wish, path: Path) -> None:
    """Write one of the further formats. Raises `KeyError` for an ending that the kind does not have."""
    form, ending = form_of(result), path.suffix.lower()
    if ending in form.files:
        form.files[ending](result, wish.subject, path)
        return
    write = form.others[ending]
    replace_file(path, lambda file: write(result, wish, file))


def _polygons(surface: Surface, wish: Wish, file: BinaryIO) -> None:
    options = wish.options
    vtk_files.write_polygons(surface, file, logarithmic=options.logarithmic, limit=options.limit)


def _grid(surface: Surface, wish: Wish, file: BinaryIO) -> None:
    options, title = wish.options, wish.subject.title
    vtk_files.write_grid(surface, file, title, logarithmic=options.logarithmic, limit=options.limit)


def _gltf(surface: Surface, wish: Wish, file: BinaryIO) -> None:
    options, title = wish.options, wish.subject.title
    gltf_file.write_gltf(surface, file, title, logarithmic=options.logarithmic, limit=options.limit, beside=wish.beside)


def _obj(surface: Surface, wish: Wish, file: BinaryIO) -> None:
    options, title = wish.options, wish.subject.title
    obj_file.write_obj(surface, file, title, logarithmic=options.logarithmic, limit=options.limit)


def _turntable(surface: Surface, wish: Wish, file: BinaryIO) -> None:
    frames = animation.turntable(surface, wish.subject, wish.options.frames, wish.beside)
    animation.write_animation(frames, file, wish.options.frames_per_second)


def _journey(trajectory: Trajectory, wish: Wish, file: BinaryIO) -> None:
    frames = animation.journey(trajectory, wish.subject, wish.beside, wish.options.frames)
    animation.write_animation(frames, file, wish.options.frames_per_second)


FORMS: Mapping[type, Form] = {
    Surface: Form(
        figure=surface_figure,
        rows=landscape_rows.surface_rows,
        arrays=landscape_arrays.surface_arrays,
        facts=landscape_facts.surface_facts,
        others={".vtp": _polygons, ".vtk": _grid, ".glb": _gltf, ".obj": _obj, ".gif": _turntable},
        files={".h5": original.write_original_surface},
    ),
    Curve: Form(
        figure=curve_figure,
        rows=landscape_rows.curve_rows,
        arrays=landscape_arrays.curve_arrays,
        facts=landscape_facts.curve_facts,
        files={".h5": original.write_original_curve},
    ),
    Trajectory: Form(
        figure=trajectory_figure,
        rows=landscape_rows.trajectory_rows,
        arrays=landscape_arrays.trajectory_arrays,
        facts=landscape_facts.trajectory_facts,
        others={".gif": _journey},
        files={".h5": original.write_original_way},
    ),
    Convexity: Form(
        figure=convexity_figure,
        rows=landscape_rows.convexity_rows,
        arrays=landscape_arrays.convexity_arrays,
        facts=landscape_facts.convexity_facts,
        files={".h5": original.write_original_convexity},
    ),
    Initialisations: Form(
        figure=initialisations_figure,
        rows=landscape_rows.initialisation_rows,
        arrays=landscape_arrays.initialisation_arrays,
        facts=landscape_facts.initialisation_facts,
    ),
    Spectrum: Form(
        figure=lambda spectrum, subject, _: spectrum_figure(spectrum, subject),
        rows=spectrum_rows,
        arrays=spectrum_arrays,
        facts=spectrum_facts,
    ),
    Complexity: Form(
        figure=lambda found, subject, _: complexity_figure(found, subject),
        rows=complexity_rows,
        arrays=complexity_arrays,
        facts=complexity_facts,
    ),
    History: Form(
        figure=lambda found, subject, _: history_figure(found, subject),
        rows=history_rows,
        arrays=history_arrays,
        facts=history_facts,
    ),
    Robustness: Form(
        figure=lambda found, subject, _: robustness_figure(found, subject),
        rows=robustness_rows,
        arrays=robustness_arrays,
        facts=robustness_facts,
    ),
    Correction: Form(
        figure=lambda correction, subject, _: correction_figure(correction, subject),
        rows=correction_rows,
        arrays=correction_arrays,
        facts=correction_facts,
    ),
    Cases: Form(
        figure=lambda cases, subject, _: cases_figure(cases, subject),
        rows=case_rows,
        arrays=case_arrays,
        facts=case_facts,
    ),
    Pairs: Form(
        figure=lambda pairs, subject, _: pairs_figure(pairs, subject),
        rows=pair_rows,
        arrays=pair_arrays,
        facts=pairs_facts,
    ),
    JointCorrection: Form(
        figure=lambda joint, subject, _: joint_figure(joint, subject),
        rows=joint_rows,
        arrays=joint_arrays,
        facts=joint_facts,
    ),
}

"""From the options of `corrie landscape` to requests, and to what they refer to."""

from pathlib import Path

import click

from app.cli.checkpoint_sources import open_checkpoints
from app.cli.company import Company
from app.cli.landscape_options import LandscapeOptions
from app.cli.opening import open_other, open_test
from app.jobs.direction_files import directions_for
from core.companions import Companions
from core.errors import InvalidRequest
from core.landscape.convexity import ConvexityRequest
from core.landscape.curve import CurveRequest
from core.landscape.initialisation import InitialisationRequest
from core.landscape.plane import (
    AnyDirections,
    BezierDirections,
    EigenDirections,
    FileDirections,
    NetworkDirections,
    PcaDirections,
    RandomDirections,
    Range,
)
from core.landscape.surface import SurfaceRequest
from core.landscape.surfaces.extent import ALONE, INHABITED
from core.landscape.trajectory import TrajectoryRequest
from core.naming import Request
from core.networks.network import Network
from core.networks.options import OpeningOptions
from core.networks.storing import store_network

TOWARDS, CURVED = "to:", "curve:"


def open_company(asked: LandscapeOptions, options: OpeningOptions, network: Network) -> Company:
    """Open other networks, the test set, checkpoints and direction files. Raises `CorrieError`."""
    networks = tuple(open_other(path, options) for path in _other_paths(asked.directions))
    test, test_origin = open_test(asked.test)
    waypoints, run, run_items = open_checkpoints(asked.checkpoints, asked.run, options)
    directions = directions_for(Path(asked.directions), network) if _is_file(asked.directions) else None
    return Company(
        companions=Companions(
            networks={other.sha256: other for other in networks},
            test=test,
            waypoints=waypoints,
            directions=directions,
        ),
        networks=networks,
        network_items=tuple(store_network(other) for other in networks),
        test_origin=test_origin,
        run=run,
        run_items=run_items,
    )


def requests_of(asked: LandscapeOptions, company: Company, samples: int | None) -> tuple[Request, ...]:
    """The curve or the surface that was asked for, and what was asked for beside it.

    Raises
    ------
    click.BadParameter, click.UsageError
        If an option makes no sense, or not with the others.
    InvalidRequest
        If a request contradicts itself.
    """
    directions = _directions(asked, company)
    extent = asked.extent or (None if directions.kind in INHABITED else ALONE)
    first: CurveRequest | SurfaceRequest
    if asked.one_dimensional:
        _refuse_planes(asked)
        first = _curve(asked, directions, extent, samples)
    else:
        first = _surface(asked, directions, extent, samples)
    requests: list[Request] = [first]
    if asked.trajectory:
        requests.append(TrajectoryRequest(directions=directions, samples=samples))
    if asked.convexity is not None:
        requests.append(
            ConvexityRequest(
                columns=asked.convexity,
                rows=asked.convexity,
                x_range=extent,
                y_range=extent,
                directions=directions,
                samples=samples,
            )
        )
    if asked.initialisations is not None:
        requests.append(InitialisationRequest(count=asked.initialisations, samples=samples))
    return tuple(requests)


def _curve(
    asked: LandscapeOptions, directions: AnyDirections, extent: Range | None, samples: int | None
) -> CurveRequest:
    return CurveRequest(
        points=asked.grid,
        x_range=extent,
        directions=directions,
        draws=asked.draws,
        samples=samples,
        batch_norm=asked.batch_norm,
        test=asked.test is not None,
        test_samples=asked.test_samples,
    )


def _surface(
    asked: LandscapeOptions, directions: AnyDirections, extent: Range | None, samples: int | None
) -> SurfaceRequest:
    if asked.draws > 1:
        raise click.UsageError("Several draws are curves: add --one-dimensional.")
    if isinstance(directions, NetworkDirections) and not directions.second:
        raise click.UsageError(
            "Towards one network leads a line: add --one-dimensional, or give two as to:NETWORK,NETWORK."
        )
    return SurfaceRequest(
        columns=asked.grid,
        rows=asked.grid,
        x_range=extent,
        y_range=extent,
        directions=directions,
        samples=samples,
        display_limit=asked.limit,
        method=asked.method,
        tolerance=asked.tolerance,
        batch_norm=asked.batch_norm,
        test=asked.test is not None,
        test_samples=asked.test_samples,
    )


def _refuse_planes(asked: LandscapeOptions) -> None:
    if asked.trajectory or asked.convexity is not None:
        raise click.UsageError("--trajectory and --convexity are about a plane: leave --one-dimensional out.")


def _directions(asked: LandscapeOptions, company: Company) -> AnyDirections:
    word, networks = asked.directions, company.networks
    if (asked.trajectory or word == "pca") and not company.companions.waypoints:
        raise click.UsageError("Say whose way it is: --checkpoints PATH.")
    if word == "random":
        return RandomDirections(norm=asked.norm, ignore=asked.ignore, seed=asked.seed)
    if word == "eigen" or word.startswith("eigen:"):
        return _eigen(word)
    if word == "pca":
        return PcaDirections(moving=asked.moving or "weights")
    if word.startswith(TOWARDS):
        second = networks[1].sha256 if len(networks) > 1 else ""
        return NetworkDirections(first=networks[0].sha256, second=second, moving=asked.moving or "states")
    if word.startswith(CURVED):
        return BezierDirections(other=networks[0].sha256)
    if company.companions.directions is None:
        raise click.BadParameter(
            f'"{word}" is none of random, eigen, pca, FILE.h5, to:NETWORK and curve:NETWORK.', param_hint="--directions"
        )
    return FileDirections(origin=word, sha256=company.companions.directions.fingerprint)


def _eigen(word: str) -> EigenDirections:
    ranks = word.partition(":")[2].split(",") if ":" in word else ["1", "2"]
    if len(ranks) != 2 or not all(rank.strip().isdecimal() for rank in ranks):
        raise click.BadParameter(
            f'"{word}" names no two eigenvectors. Write it like eigen:1,2.', param_hint="--directions"
        )
    return EigenDirections(first=int(ranks[0]), second=int(ranks[1]))


def _other_paths(word: str) -> list[Path]:
    """The networks named in ``to:…`` or ``curve:…``; a comma in a path that is there separates nothing."""
    for prefix, most in ((TOWARDS, 2), (CURVED, 1)):
        if word.startswith(prefix):
            rest = word.removeprefix(prefix)
            paths = [Path(rest)] if most == 1 or Path(rest).exists() else [Path(part) for part in rest.split(",")]
            if not rest or len(paths) > most:
                raise click.BadParameter(f'"{word}" does not name {prefix}NETWORK.', param_hint="--directions")
            return paths
    return []


def _is_file(word: str) -> bool:
    path = Path(word)
    if path.suffix.lower() in (".h5", ".hdf5"):
        return True
    if path.is_file():
        raise InvalidRequest(f"{word}: directions are read from the original tool's .h5 files only. Give such a file.")
    return False

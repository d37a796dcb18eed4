"""Folders of pictures, one sub-folder for each class."""

import warnings
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from core.data.dataset import Dataset
from core.data.mapping import refuse_beyond_memory
from core.errors import DataError, UnreadableFile
from core.job import JobContext

if TYPE_CHECKING:
    from PIL import Image

PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp", ".ppm", ".pgm")
FORMATS = ("PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP", "PPM")  # others would run programs, such as Ghostscript
_GREY = ("1", "L", "LA")
_ORIENTATION = 0x0112  # Exif's tag
_UPRIGHT = {  # what to do for each of its values (Exif 2.32, 4.6.4), by Pillow's names
    2: "FLIP_LEFT_RIGHT",
    3: "ROTATE_180",
    4: "FLIP_TOP_BOTTOM",
    5: "TRANSPOSE",
    6: "ROTATE_270",
    7: "TRANSVERSE",
    8: "ROTATE_90",
}
_LYING = (5, 6, 7, 8)  # height and width change places
_COLOUR = ("RGB", "RGBA", "P", "PA", "CMYK", "YCbCr")
_PARTS = {"train": ("train", "training"), "test": ("test", "testing", "val", "valid", "validation")}


def is_image_folder(path: Path) -> bool:
    """Whether it is a folder with sub-folders, such as the classes of pictures have."""
    return path.is_dir() and bool(_folders_in(path))


def read_image_folder(
    path: Path,
    *,
    size: tuple[int, int] | None = None,
    part: Literal["train", "test"] = "train",
    job: JobContext | None = None,
) -> Dataset:
    """Read all pictures, classes and files in the order of their names; hidden files and other kinds are skipped.

    Parameters
    ----------
    path : Path
        Its sub-folders are the classes; or it holds ``train`` and ``test``, whose sub-folders are.
    size : (height, width), optional
        Scale pictures of another size to this one. Without it all must have the same size.
    part : {"train", "test"}
        Which of the two, if there are such folders.

    Returns
    -------
    Dataset
        ``x`` (n, H, W) uint8 if all pictures are grey, else (n, H, W, 3); transparency is dropped. Pictures that a
        camera marked as turned are turned upright; of those with several frames the first is taken.

    Raises
    ------
    UnreadableFile
        If a picture is damaged, or too large to be one; the text names it.
    DataError
        If there are no pictures, or their sizes differ.
    """
    job = job or JobContext()
    chosen = _part(path, part)
    classes = _folders_in(chosen)
    files = [(picture, label) for label, folder in enumerate(classes) for picture in _pictures_in(folder)]
    if not files:
        raise DataError(
            f"{path}: there are no pictures ({', '.join(PICTURES)}) in its {len(classes)} sub-folders. "
            "Put those of each class into a sub-folder of its name."
        )
    with warnings.catch_warnings():
        _refuse_bombs()
        grey, height, width = _shape([picture for picture, _ in files], size, job)
        shape = (len(files), height, width) if grey else (len(files), height, width, 3)
        refuse_beyond_memory(path, int(np.prod(shape, dtype=np.int64)))
        x = np.empty(shape, dtype=np.uint8)
        for index, (picture, _) in enumerate(files):
            job.check()
            job.progress(index, len(files), "pictures")
            x[index] = _pixels(picture, "L" if grey else "RGB", (height, width))
    empty = [folder.name for label, folder in enumerate(classes) if label not in {label for _, label in files}]
    if empty:
        raise DataError(f"{path}: there are no pictures in {', '.join(empty)}. Add some, or remove the folder.")
    return Dataset(
        name=path.resolve().name if chosen == path else f"{path.resolve().name} {chosen.name}",
        x=x,
        y=np.array([label for _, label in files], dtype=np.int64),
        classes=tuple(folder.name for folder in classes),
        source=str(chosen),
    )


def _refuse_bombs() -> None:
    """Make Pillow's warning of pictures that are far too large an error."""
    from PIL import Image  # noqa: PLC0415  only where pictures are read

    warnings.simplefilter("ignore", UserWarning)  # remarks on how a picture was saved
    warnings.simplefilter("error", Image.DecompressionBombWarning)


def _part(path: Path, part: Literal["train", "test"]) -> Path:
    """The folder of the classes: the one that was given, or its part."""
    names = {folder.name.lower(): folder for folder in _folders_in(path)}
    if not names or not set(names) <= {name for alternatives in _PARTS.values() for name in alternatives}:
        return path
    if not any(_folders_in(folder) for folder in names.values()):
        return path  # two classes called train and test
    found = next((names[name] for name in _PARTS[part] if name in names), None)
    if found is None:
        raise UnreadableFile(path, f"It has no folder for {part}.", f"It has: {', '.join(names)}.")
    return found


def _folders_in(path: Path) -> list[Path]:
    return sorted(entry for entry in path.iterdir() if entry.is_dir() and not entry.name.startswith((".", "__")))


def _pictures_in(folder: Path) -> list[Path]:
    entries = (entry for entry in folder.iterdir() if not entry.name.startswith("."))
    return sorted(entry for entry in entries if entry.suffix.lower() in PICTURES and entry.is_file())


def _shape(pictures: Sequence[Path], size: tuple[int, int] | None, job: JobContext) -> tuple[bool, int, int]:
    """Whether all pictures are grey, and the height and width of all."""
    modes: set[str] = set()
    sizes: Counter[tuple[int, int]] = Counter()
    example: dict[tuple[int, int], Path] = {}
    for picture in pictures:
        job.check()
        with _opened(picture) as image:
            modes.add(image.mode)
            upright = image.size[::-1] if _turning(image) in _LYING else image.size
            sizes[upright] += 1
            example.setdefault(upright, picture)
    if size is None and len(sizes) > 1:
        (usual, _), (other, _) = sizes.most_common(2)
        raise DataError(
            f"{example[other]}: this picture has {other[0]} × {other[1]} pixels, most others {usual[0]} × {usual[1]}. "
            f"Give all the same size, or ask for one behind the name of the folder: …:{usual[1]}x{usual[0]} "
            "(height x width)."
        )
    height, width = size or next(iter(sizes))[::-1]
    return modes <= set(_GREY), height, width


def _pixels(picture: Path, mode: str, size: tuple[int, int]) -> npt.NDArray[np.uint8]:
    from PIL import Image  # noqa: PLC0415

    with _opened(picture) as image:
        try:
            turning = _turning(image)
            converted = image.convert(mode)
            if turning in _UPRIGHT:
                converted = converted.transpose(Image.Transpose[_UPRIGHT[turning]])
        except Exception as error:  # every format has its own ways of being damaged
            raise _damaged(picture, error) from error
        if converted.size != size[::-1]:
            converted = converted.resize(size[::-1], Image.Resampling.BILINEAR)
        return np.asarray(converted, dtype=np.uint8)


def _turning(image: "Image.Image") -> int:
    """The number by which a camera says how it was held; 1 where nobody says it."""
    try:
        said = image.getexif().get(_ORIENTATION, 1)
    except Exception:  # noqa: BLE001  what cannot be understood says nothing
        return 1
    return said if isinstance(said, int) and 1 <= said <= 8 else 1


def _opened(picture: Path) -> "Image.Image":
    from PIL import Image  # noqa: PLC0415

    try:
        image = Image.open(picture, formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        most = (Image.MAX_IMAGE_PIXELS or 0) // 10**6
        reason = f"It declares more than {most} million pixels, as files do that are meant to exhaust the memory."
        raise UnreadableFile(picture, reason, "Remove it, or scale it down.") from error
    except PermissionError as error:
        raise UnreadableFile(picture, "You may not read it.", "Ask for the permission, or remove it.") from error
    except Exception as error:
        raise _damaged(picture, error) from error
    if image.mode not in (*_GREY, *_COLOUR):
        image.close()
        reason = f"Its pixels are of the kind {image.mode}, not 8 bits of grey or colour."
        raise UnreadableFile(picture, reason, "Save it with 8 bits a channel, or all pictures as .npz.")
    return image


def _damaged(picture: Path, error: Exception) -> UnreadableFile:
    reason = f"This picture cannot be read ({str(error) or type(error).__name__})."
    return UnreadableFile(picture, reason, "It is damaged or no picture: replace it or remove it.")

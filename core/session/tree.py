"""All links of a file, followed once before anything is read: what a session may not hold anywhere is named."""

from core.session import layout
from core.session.hdf5 import h5py
from core.session.refusal import Refusal

_SHALLOW = (h5py.h5o.TYPE_GROUP, h5py.h5o.TYPE_DATASET)


def check_tree(file: h5py.File) -> None:
    """Raise `Refusal` for a link that leaves, a loop of links, a second name, groups too deep, or too much of all.

    It looks at the parts that this version does not know, too: another reader of the file may follow them.
    """
    seen = {h5py.h5o.get_info(file.id).addr: ""}
    waiting: list[tuple[h5py.h5g.GroupID, str, int]] = [(file["/"].id, "", 0)]
    while waiting:
        group, path, depth = waiting.pop()
        if depth >= layout.MOST_DEPTH:
            raise Refusal(f'"{_short(path)}" lies in {depth} groups in one another; no session is as deep.')
        count = group.get_num_objs()
        if count > layout.MOST_MEMBERS:
            raise Refusal(
                f'"{path or "/"}" has {count:,} members; no group of a session has over {layout.MOST_MEMBERS:,}.'
            )
        if len(seen) + count > layout.MOST_OBJECTS:
            raise Refusal(f"It has more than {layout.MOST_OBJECTS:,} groups and datasets, and no session has as many.")
        for link in list(group):
            name = link.decode("utf-8", "surrogateescape")
            below = f"{path}/{name}" if path else name
            _check_link(group, link, below)
            about = h5py.h5o.get_info(group, link)
            if about.type not in _SHALLOW:
                raise Refusal(f'"{below}" is neither a group nor a dataset.')
            if about.addr in seen:
                raise Refusal(_twice(below, seen[about.addr]))
            seen[about.addr] = below
            if about.type == h5py.h5o.TYPE_GROUP:
                waiting.append((h5py.h5g.open(group, link), below, depth + 1))


def _check_link(group: h5py.h5g.GroupID, link: bytes, path: str) -> None:
    kind = group.links.get_info(link).type
    if kind == h5py.h5l.TYPE_EXTERNAL:
        elsewhere = group.links.get_val(link)[0].decode("utf-8", "replace")
        raise Refusal(f'"{path}" is a link to another file ({elsewhere!r}), which is never followed.')
    if kind != h5py.h5l.TYPE_HARD:
        raise Refusal(f'"{path}" is a soft link, which is never followed.')


def _twice(path: str, first: str) -> str:
    if first == "" or path.startswith(f"{first}/"):
        return f'"{path}" leads back to "{first or "/"}", in which it lies: a loop of links.'
    return f'"{path}" and "{first}" are two names of one part; in a session each has its own.'


def _short(path: str) -> str:
    return path if len(path) < 60 else f"{path[:60]}…"

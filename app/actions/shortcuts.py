"""No two actions on one key: Qt would run neither of them, and say so only in its log."""

from collections.abc import Iterable

from PySide6.QtGui import QKeySequence

from app.actions.spec import ActionSpec


def check_shortcuts(specs: Iterable[ActionSpec]) -> None:
    """Check that every shortcut can be typed and means one action only.

    Raises
    ------
    ValueError
        If a shortcut is no key sequence, if two actions share one, or if one is the beginning of another
        (``Ctrl+K`` and ``Ctrl+K, Ctrl+S``).
    """
    taken: list[tuple[QKeySequence, ActionSpec]] = []
    for spec in specs:
        for sequence in spec.sequences:
            if not is_typeable(sequence):
                raise ValueError(f'The shortcut "{spec.shortcut}" of {spec.id} is no key sequence.')
            for other, owner in taken:
                if collide(sequence, other):
                    raise ValueError(
                        f"{owner.id} and {spec.id} share the shortcut {shown(sequence)}. Give one of them another."
                    )
        taken += [(sequence, spec) for sequence in spec.sequences]


def is_typeable(sequence: QKeySequence) -> bool:
    """Whether Qt understood every key of it. Keys that it did not are empty in the portable text."""
    return all(sequence.toString(QKeySequence.SequenceFormat.PortableText).split(", "))


def collide(one: QKeySequence, other: QKeySequence) -> bool:
    """Whether typing one of them types, or begins to type, the other."""
    no_match = QKeySequence.SequenceMatch.NoMatch
    return one.matches(other) != no_match or other.matches(one) != no_match


def shown(sequence: QKeySequence) -> str:
    """A key sequence as the platform writes it."""
    return sequence.toString(QKeySequence.SequenceFormat.NativeText)

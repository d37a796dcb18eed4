"""Names and values, and small tables, in columns that line up on a terminal."""

from collections.abc import Sequence

Facts = list[tuple[str, str]]  # a value may have several lines


def lined_up(facts: Facts, indent: str = "") -> str:
    """One fact a line, the values below one another."""
    width = max(len(name) for name, _ in facts)
    lines: list[str] = []
    for name, value in facts:
        first, *rest = value.splitlines() or [""]
        lines.append(f"{indent}{name:<{width}}  {first}".rstrip())
        lines += [f"{indent}{'':<{width}}  {line}".rstrip() for line in rest]
    return "\n".join(lines)


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Rows under a header, two blanks between the columns; the columns of numbers are set to the right."""
    columns = list(zip(header, *rows, strict=True))
    widths = [max(map(len, column)) for column in columns]
    numeric = [all(_is_number(cell) for cell in column[1:]) for column in columns]
    lines = [
        "  ".join(
            f"{cell:>{width}}" if right else f"{cell:<{width}}"
            for cell, width, right in zip(row, widths, numeric, strict=True)
        ).rstrip()
        for row in (header, *rows)
    ]
    return "\n".join(lines)


def figure(value: float, digits: int = 6) -> str:
    """A number as plain as it can be copied elsewhere."""
    return f"{value:.{digits}g}"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True

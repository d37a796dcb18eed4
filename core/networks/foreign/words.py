"""Errors of torch and of a user's code in words: their first line, and two causes that need a remedy of their own."""

PROCESSOR = 'Build it on the processor: no .cuda(), and map_location="cpu" where weights are loaded.'


def first_line(error: BaseException) -> str:
    """The first line of an error that says something, with its kind."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return f"{type(error).__name__}: {lines[0][:200]}" if lines else type(error).__name__


def needs_graphics_card(error: BaseException) -> bool:
    """Whether torch complains that there is no graphics card."""
    text = str(error)
    return isinstance(error, AssertionError | RuntimeError) and any(word in text for word in ("CUDA", "NVIDIA", "cuda"))


def out_of_memory(error: BaseException) -> bool:
    """Whether memory was refused, to Python or to torch."""
    text = str(error)
    refused = "allocate memory" in text or "not enough memory" in text
    return isinstance(error, MemoryError) or (isinstance(error, RuntimeError) and refused)

"""Any text as the name of a link or as an attribute of HDF5, and back.

Names of links must not be empty, "." or hold "/"; C strings end at NUL; UTF-8 knows no lone surrogates (which Python
uses for file names that are not UTF-8). Ordinary names, such as ``layer1.0.conv1.weight``, stay as they are.
"""

import json
import re
from urllib.parse import unquote

from core.session.refusal import Refusal

_UNSAFE_IN_LINK = re.compile("[%/\x00-\x1f\x7f\ud800-\udfff]")
_UNSAFE_IN_TEXT = re.compile("[\x00\ud800-\udfff]")
_EMPTY = "%"  # no other name becomes a lone percent sign


def link_name(name: str) -> str:
    """A name as HDF5 can hold it: unsafe characters become ``%`` and two hexadecimal digits per byte of UTF-8."""
    if name in (".", ".."):
        return name.replace(".", "%2E")
    return _UNSAFE_IN_LINK.sub(_percent, name) or _EMPTY


def name_of_link(link: str) -> str:
    """The inverse of `link_name`."""
    return "" if link == _EMPTY else unquote(link, errors="surrogatepass")


def _percent(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "surrogatepass"))


def attribute_text(text: str) -> str:
    """A text as HDF5 can hold it: as it is, or as a JSON string if it could be cut, refused, or taken for JSON."""
    return json.dumps(text) if text.startswith('"') or _UNSAFE_IN_TEXT.search(text) else text


def text_of_attribute(stored: str) -> str:
    """The inverse of `attribute_text`."""
    if not stored.startswith('"'):
        return stored
    try:
        text = json.loads(stored)
    except ValueError:
        raise Refusal("It holds a text that cannot be read.") from None
    return str(text)

"""A server on this machine that offers files as public origins do, with their faults."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PIECE = 2**14


@dataclass
class Origin:
    """What it offers, how it misbehaves, and what it was asked."""

    files: dict[str, bytes] = field(default_factory=dict)  # by path, such as ``/mnist/images.gz``
    address: str = ""
    ranges: bool = True  # whether it understands Range
    says_length: bool = True
    tag: str = '"one"'  # its ETag; empty: none
    breaks_after: list[int] = field(default_factory=list)  # bytes after which an answer breaks off, one an answer
    stalls_after: int | None = None  # bytes after which it says nothing until it is released
    status: int = 200  # of every answer
    moved_to: str = ""  # address in a redirect
    asked: list[tuple[str, str]] = field(default_factory=list)  # path and Range of every request
    released: threading.Event = field(default_factory=threading.Event)
    stalled: threading.Event = field(default_factory=threading.Event)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def origin(self) -> Origin:
        return self.server.origin  # type: ignore[attr-defined]

    def log_message(self, *arguments: object) -> None:
        """Nothing on standard error."""

    def do_GET(self) -> None:
        origin = self.origin
        wish = self.headers.get("Range", "")
        origin.asked.append((self.path, wish))
        self.close_connection = True
        if origin.moved_to or origin.status != 200 or self.path not in origin.files:
            self.refuse(302 if origin.moved_to else origin.status if origin.status != 200 else 404)
            return
        content = origin.files[self.path]
        same = self.headers.get("If-Range", origin.tag) == origin.tag
        start = int(wish.removeprefix("bytes=").rstrip("-")) if wish and origin.ranges and same else None
        if start is not None and start >= len(content):
            self.send_response(416)
            self.send_header("Content-Range", f"bytes */{len(content)}")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(200 if start is None else 206)
        if start is not None:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        body = content[start or 0 :]
        if origin.says_length:
            self.send_header("Content-Length", str(len(body)))
        if origin.tag:
            self.send_header("ETag", origin.tag)
        self.send_header("Connection", "close")
        self.end_headers()
        self.send(body)

    def refuse(self, status: int) -> None:
        self.send_response(status)
        if self.origin.moved_to:
            self.send_header("Location", self.origin.moved_to)
        self.send_header("Connection", "close")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def send(self, body: bytes) -> None:
        origin = self.origin
        end = origin.breaks_after.pop(0) if origin.breaks_after else len(body)
        sent = 0
        while sent < min(end, len(body)):
            if origin.stalls_after is not None and sent >= origin.stalls_after:
                self.wfile.flush()
                origin.stalled.set()
                origin.released.wait(30)
                return
            piece = body[sent : min(sent + PIECE, end)]
            self.wfile.write(piece)
            sent += len(piece)


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is no fault."""


@contextmanager
def serving(**settings: object) -> Iterator[Origin]:
    """An origin on a free port of this machine."""
    server = Server(("127.0.0.1", 0), Handler)
    origin = Origin(**settings)  # type: ignore[arg-type]
    origin.address = f"http://127.0.0.1:{server.server_address[1]}"
    server.origin = origin  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield origin
    finally:
        origin.released.set()
        server.shutdown()
        server.server_close()
        thread.join()

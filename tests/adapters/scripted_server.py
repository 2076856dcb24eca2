"""An HTTPS server that answers as a test tells it to, and remembers what it was asked."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

Reply = tuple[int, dict[str, str], Any]
OK: Reply = (200, {}, {"metadata": {"name": "x"}})
# In place of an answer: the connection breaks, or stays silent.
BROKEN: Reply = (0, {}, None)
SILENT: Reply = (-1, {}, None)


@dataclass
class Scripted:
    """`replies` go out in turn, the last of them for ever. `clients`: the common name in the certificate that
    each request came with, or ""."""

    url: str
    replies: list[Reply] = field(default_factory=lambda: [OK])
    seen: list[Message] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    clients: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def next_reply(self, headers: Message) -> Reply:
        self.seen.append(headers)
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


class Quiet(ThreadingHTTPServer):
    """Says nothing about clients that turn away, which is what some tests are about."""

    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        pass


@contextmanager
def scripted_server(
    cert: Path | None = None, key: Path | None = None, client_ca: Path | None = None
) -> Iterator[Scripted]:
    """Over TLS with `cert` and `key`, else over plain http; clients may show a certificate of `client_ca`."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            if isinstance(self.connection, ssl.SSLSocket):
                script.clients.append(_common_name(self.connection))
            script.bodies.append(self.rfile.read(int(self.headers.get("Content-Length", 0))))
            reply = script.next_reply(self.headers)
            if reply in (BROKEN, SILENT):
                self.close_connection = True
                if reply == SILENT:
                    script.over.wait(30)
                return
            status, headers, document = reply
            body = document if isinstance(document, bytes) else json.dumps(document).encode()
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_PATCH = do_DELETE = do_GET

        def log_message(self, *_: Any) -> None:
            pass

    server = Quiet(("127.0.0.1", 0), Handler)
    if cert:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cert, key)
        if client_ca:
            context.load_verify_locations(client_ca)
            context.verify_mode = ssl.CERT_OPTIONAL
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    script = Scripted(f"{'https' if cert else 'http'}://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield script
    finally:
        script.over.set()
        server.shutdown()
        server.server_close()
        thread.join()


def _common_name(connection: ssl.SSLSocket) -> str:
    subject: Any = (connection.getpeercert() or {}).get("subject", ())
    return next((value for ((name, value),) in subject if name == "commonName"), "")

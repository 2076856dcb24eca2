"""A stand-in for the API server: it tells what it received, and streams as a watch does."""

from __future__ import annotations

import gzip
import hashlib
import json
import ssl
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from joserfc.jwk import RSAKey

KID = "key-1"
ZIPPED = gzip.compress(b"zipped" * 1000)
BIG = b"0123456789abcdef" * 400_000


@dataclass
class Seen:
    """The requests so far as method, path and headers; `next_event` lets a watch go on."""

    requests: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    next_event: threading.Event = field(default_factory=threading.Event)
    watch_ended: threading.Event = field(default_factory=threading.Event)


def serve(port: int, cert: Path, key: Path, signing_key: RSAKey) -> tuple[ThreadingHTTPServer, Seen]:
    """Start it on a port of 127.0.0.1, in a thread."""
    seen = Seen()
    jwks = {"keys": [{**signing_key.as_dict(private=False), "kid": KID, "use": "sig", "alg": "RS256"}]}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing."""

        def do_GET(self) -> None:
            body = self._body()
            seen.requests.append((self.command, self.path, dict(self.headers.items())))
            if self.path == "/openid/v1/jwks":
                self._answer(json.dumps(jwks).encode())
            elif self.path == "/zipped":
                self._answer(ZIPPED, ("content-encoding", "gzip"))
            elif self.path == "/big":
                self._answer(BIG)
            elif "watch=1" in self.path:
                self._watch()
            else:
                told = {"target": self.path, "length": len(body), "sha256": hashlib.sha256(body).hexdigest()}
                self._answer(json.dumps(told).encode(), ("audit-id", "1"))

        do_POST = do_PUT = do_PATCH = do_DELETE = do_GET

        def _body(self) -> bytes:
            return self.rfile.read(int(self.headers.get("content-length") or 0))

        def _answer(self, body: bytes, *more: tuple[str, str]) -> None:
            self.send_response(200)
            for name, value in (("content-length", str(len(body))), *more):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def _watch(self) -> None:
            self.send_response(200)
            self.send_header("transfer-encoding", "chunked")
            self.end_headers()
            try:
                self.wfile.write(b"6\r\nfirst\n\r\n")
                seen.next_event.wait(10)
                for _ in range(200):
                    self.wfile.write(b"7\r\nsecond\n\r\n")
                self.wfile.write(b"0\r\n\r\n")
            except OSError:
                seen.watch_ended.set()

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, seen

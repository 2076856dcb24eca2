# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Two small proxies on this machine: SOCKS5 (RFC 1928, 1929) and HTTP CONNECT.

Whatever host they are asked for, they connect to a port of this machine, so that names need not exist.
"""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

SUCCEEDED, REFUSED = 0, 5
NAME = 3


@dataclass
class Proxied:
    """`asked`: the hosts and ports that were asked for; `kinds`: of address, in SOCKS; `logins`: as sent."""

    port: int
    asked: list[tuple[str, int]] = field(default_factory=list)
    kinds: list[int] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, *_: object) -> None:
        pass


@contextmanager
def socks_proxy(*, login: str = "", reply: int = SUCCEEDED) -> Iterator[Proxied]:
    """`login` as user:password is required where it is given; `reply` is what a connection is answered."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            _version, count = self.take(2)
            methods = self.take(count)
            method = 2 if login else 0
            if method not in methods:
                self.request.sendall(b"\x05\xff")
                return
            self.request.sendall(bytes([5, method]))
            if login and not self.logged_in():
                return
            _version, _command, _reserved, kind = self.take(4)
            name = self.take(self.take(1)[0] if kind == NAME else {1: 4, 4: 16}[kind])
            port = int.from_bytes(self.take(2), "big")
            family = {1: socket.AF_INET, 4: socket.AF_INET6}.get(kind)
            host = socket.inet_ntop(family, name) if family else name.decode()
            proxied.asked.append((host, port))
            proxied.kinds.append(kind)
            self.request.sendall(bytes([5, reply, 0, 1, 0, 0, 0, 0, 0, 0]))
            if reply == SUCCEEDED:
                _join(self.request, port)

        def logged_in(self) -> bool:
            self.take(1)
            user, password = (self.take(self.take(1)[0]).decode() for _ in range(2))
            proxied.logins.append(f"{user}:{password}")
            is_right = proxied.logins[-1] == login
            self.request.sendall(bytes([1, 0 if is_right else 1]))
            return is_right

        def take(self, count: int) -> bytes:
            taken = b""
            while len(taken) < count:
                taken += self.request.recv(count - len(taken)) or _gone()
            return taken

    with _serving(Handler) as proxied:
        yield proxied


@contextmanager
def connect_proxy(status: str = "200 OK") -> Iterator[Proxied]:
    """It answers CONNECT with `status`."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            head = b""
            while b"\r\n\r\n" not in head:
                head += self.request.recv(4096) or _gone()
            first, *lines = head.decode().split("\r\n")
            host, _, port = first.split()[1].rpartition(":")
            proxied.asked.append((host, int(port)))
            name = "proxy-authorization: "
            proxied.logins += [line[len(name) :] for line in lines if line.lower().startswith(name)]
            self.request.sendall(f"HTTP/1.1 {status}\r\n\r\n".encode())
            if status.startswith("200"):
                _join(self.request, int(port))

    with _serving(Handler) as proxied:
        yield proxied


@contextmanager
def _serving(handler: type[socketserver.BaseRequestHandler]) -> Iterator[Proxied]:
    with _Server(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield Proxied(server.server_address[1])
        server.shutdown()


def _join(client: socket.socket, port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as server:
        back = threading.Thread(target=_copy, args=(server, client), daemon=True)
        back.start()
        _copy(client, server)
        back.join(10)


def _copy(source: socket.socket, target: socket.socket) -> None:
    try:
        while chunk := source.recv(65536):
            target.sendall(chunk)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def _gone() -> bytes:
    raise ConnectionError

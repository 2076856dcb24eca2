"""Free TCP ports on 127.0.0.1 that no other world takes."""

from __future__ import annotations

import random
import socket
from dataclasses import dataclass

HOST = "127.0.0.1"
# Below every system's ephemeral range, so that no outgoing connection sits on them.
FIRST, LAST, SIZE = 15000, 32000, 16


@dataclass
class PortBlock:
    """Neighbouring ports. `guard` listens on the first of them: while it is open, no other world gets the
    block, whether or not its servers listen yet."""

    guard: socket.socket
    free: list[int]

    def take(self) -> int:
        return self.free.pop()


def reserve() -> PortBlock:
    """A block of which every port was free just now.

    OSError: none was found.
    """
    starts = list(range(FIRST, LAST, SIZE))
    random.shuffle(starts)
    for start in starts:
        guard = listen(start)
        if guard is None:
            continue
        free = [port for port in range(start + 1, start + SIZE) if is_free(port)]
        if len(free) == SIZE - 1:
            return PortBlock(guard, free)
        guard.close()
    raise OSError(f"no {SIZE} neighbouring ports are free between {FIRST} and {LAST}")


def listen(port: int) -> socket.socket | None:
    """A listening socket, or None if the port is taken."""
    sock = socket.socket()
    try:
        sock.bind((HOST, port))
        sock.listen(1)
    except OSError:
        sock.close()
        return None
    return sock


def is_free(port: int) -> bool:
    sock = listen(port)
    if sock is not None:
        sock.close()
    return sock is not None


def answers(port: int) -> bool:
    """Whether something accepts connections; unlike is_free, it never takes the port from under a server."""
    try:
        socket.create_connection((HOST, port), timeout=1).close()
    except OSError:
        return False
    return True

"""Finds free TCP ports on 127.0.0.1 that no other world uses."""

from __future__ import annotations

import random
import socket
from dataclasses import dataclass

HOST = "127.0.0.1"
# Below the ephemeral ports of all systems, so that no outgoing connection uses them.
FIRST, LAST, SIZE = 15000, 32000, 16


@dataclass
class PortBlock:
    """Consecutive ports. `guard` listens on the first one.

    While it is open, no other world gets the block, even if the servers do not listen yet.
    """

    guard: socket.socket
    free: list[int]

    def take(self) -> int:
        return self.free.pop()


def reserve() -> PortBlock:
    """Return a block of ports that are all free.

    Raises:
        OSError: no block was found.
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
    raise OSError(f"no {SIZE} consecutive ports are free between {FIRST} and {LAST}")


def listen(port: int) -> socket.socket | None:
    """Return a listening socket, or None if the port is in use."""
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
    """Return whether something accepts connections. Unlike is_free, it never takes the port from a server."""
    try:
        socket.create_connection((HOST, port), timeout=1).close()
    except OSError:
        return False
    return True

# SPDX-License-Identifier: GPL-3.0-or-later

"""NO_PROXY as kubectl reads it; Python's own reading knows neither networks nor addresses of this machine.

Source: https://pkg.go.dev/golang.org/x/net/http/httpproxy#Config
"""

from __future__ import annotations

import ipaddress
from typing import Union

# Union[…], because ansible-test takes what is outside of annotations for Python 3.8.
Address = Union[ipaddress.IPv4Address, ipaddress.IPv6Address]  # noqa: UP007


def is_excepted(host: str, port: int, exceptions: str) -> bool:
    """Whether no proxy is to be taken to `host`: this machine itself, or one that `exceptions` name."""
    host = host.lower().rstrip(".")
    address = _address(host)
    if host == "localhost" or (address and address.is_loopback):
        return True
    entries = (entry.strip().lower() for entry in exceptions.split(","))
    return any(_names(entry, host, address, port) for entry in entries if entry)


def _names(entry: str, host: str, address: Address | None, port: int) -> bool:
    if entry == "*":
        return True
    if "/" in entry:
        return address is not None and _is_in(address, entry)
    name, only_port = _split(entry)
    if only_port not in ("", str(port)):
        return False
    named = _address(name)
    if named:
        return named == address
    # A leading dot, or `*.`, leaves the domain itself out.
    name = name.removeprefix("*")
    return bool(name) and (host == name or host.endswith(name if name.startswith(".") else f".{name}"))


def _split(entry: str) -> tuple[str, str]:
    """The host without the brackets of an IPv6 address, and the port or ""."""
    if entry.startswith("["):
        host, _bracket, rest = entry[1:].partition("]")
        return host, rest.removeprefix(":")
    if entry.count(":") == 1:
        host, _colon, port = entry.partition(":")
        return host, port
    return entry, ""


def _address(text: str) -> Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _is_in(address: Address, network: str) -> bool:
    try:
        return address in ipaddress.ip_network(network, strict=False)
    except ValueError:
        return False

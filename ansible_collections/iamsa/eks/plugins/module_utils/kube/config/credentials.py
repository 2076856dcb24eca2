# SPDX-License-Identifier: GPL-3.0-or-later

"""Credentials for the API server: a token, a password or a client certificate, from flags or kubeconfig."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ...deadline import Deadline
from ...errors import InvalidFile
from ...wording.text import Option
from .aws_token import made_or_asked_for
from .context import ContextEntry
from .exec_plugin import run_plugin
from .exec_section import ExecSection
from .files import read_bytes
from .login import ClientPair, Login, bearer
from .options import ConnectionOptions


@dataclass(frozen=True)
class Credentials:
    """How to authenticate.

    `fetch` returns the login; it is None if there is none. `client_pair` is used for every request, and takes
    precedence over a client certificate that `fetch` returns. `has_password`: the login is a user name and a
    password, which Kubernetes no longer supports.
    """

    fetch: Callable[[], Login] | None = None
    client_pair: ClientPair | None = field(default=None, repr=False)
    has_password: bool = False

    @property
    def words(self) -> str:
        """What is sent, for errors; "" for nothing."""
        if self.has_password:
            return "a user name and a password"
        return "a token" if self.fetch else "a client certificate" if self.client_pair else ""


NOBODY = Credentials()

_OPTIONS = {"certificate": Option("client_certificate"), "key": Option("client_key")}


def from_kubeconfig(
    entry: ContextEntry,
    options: ConnectionOptions,
    environ: Mapping[str, str],
    deadline: Deadline,
    make_token: Callable[[], str] | None = None,
) -> Credentials:
    """Return the credentials: the first of token flag, token file, token, exec plugin and password.

    The order is kubectl's. A client certificate is used in addition. `make_token` makes the token
    that the plugin would return, without starting it.

    Raises:
        InvalidFile: a value or a file of the user entry is not valid.
        TimedOut: a file could not be read in time.
    """
    pair = _client_pair(entry, options, deadline)
    user = entry.user
    if options.token:
        return Credentials(fixed_token(options.token), pair)
    token_file, token = user.path("tokenFile"), user.text("token")
    if token_file:
        what = f"the token file of {user.owner}"
        read = token_from_file(token_file, what, deadline)
        return Credentials(_read_or(read, token) if token else read, pair)
    if token:
        return Credentials(fixed_token(token), pair)
    section = entry.exec_section
    if section:
        return Credentials(_from_plugin(entry, section, environ, deadline, make_token), pair)
    username, password = user.text("username"), user.text("password")
    if username:
        encoded = base64.b64encode(f"{username}:{password}".encode()).decode()
        return Credentials(lambda: Login(f"Basic {encoded}"), pair, has_password=True)
    if user.values.get("auth-provider") is not None:
        raise user.wrong(
            "uses an auth-provider, which Kubernetes no longer supports",
            "recreate the entry with aws eks update-kubeconfig, or specify " + Option("token"),
        )
    return Credentials(None, pair)


def _from_plugin(
    entry: ContextEntry,
    section: ExecSection,
    environ: Mapping[str, str],
    deadline: Deadline,
    make_token: Callable[[], str] | None,
) -> Callable[[], Login]:
    def ask() -> Login:
        return run_plugin(entry, section, environ, deadline)

    return made_or_asked_for(lambda: bearer(make_token()), ask) if make_token else ask


def fixed_token(token: str) -> Callable[[], Login]:
    """Return a `fetch` for a token that does not change."""
    return lambda: bearer(token)


def token_from_file(path: Path, what: str, deadline: Deadline) -> Callable[[], Login]:
    """Return a `fetch` that reads the file each time, because mounted tokens are rotated.

    `what` names the file in errors.
    """
    return lambda: bearer(read_bytes(path, what, deadline).decode(errors="replace"))


def _read_or(read: Callable[[], Login], token: str) -> Callable[[], Login]:
    """Return a `fetch` that uses the token while its file cannot be read, as client-go does."""

    def fetch() -> Login:
        try:
            return read()
        except InvalidFile:
            return bearer(token)

    return fetch


def _has_other_login(entry: ContextEntry, options: ConnectionOptions) -> bool:
    names = ("token", "tokenFile", "exec", "username")
    return bool(options.token or any(entry.user.values.get(name) for name in names))


def _client_pair(entry: ContextEntry, options: ConnectionOptions, deadline: Deadline) -> ClientPair | None:
    user = entry.user
    if options.client_certificate:
        path = Path(options.client_certificate)
        certificate = read_bytes(path, "the " + Option("client_certificate") + " file", deadline)
    else:
        certificate = user.content("client-certificate", deadline)
    if not certificate and _has_other_login(entry, options):
        return None
    if options.client_key:
        key = read_bytes(Path(options.client_key), "the " + Option("client_key") + " file", deadline)
    else:
        key = user.content("client-key", deadline)
    if bool(certificate) != bool(key):
        has, lacks = ("certificate", "key") if certificate else ("key", "certificate")
        raise user.wrong(f"has a client {has} without a client {lacks}", "specify it with " + _OPTIONS[lacks])
    return (certificate, key) if certificate else None

"""Reads the connection options and the time limits from argv."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import fields

from ansible_collections.iamsa.eks.plugins.module_utils.cluster.target import Where
from ansible_collections.iamsa.eks.plugins.module_utils.request import durations
from ansible_collections.iamsa.eks.plugins.module_utils.request.target import TargetRequest, target
from ansible_collections.iamsa.eks.plugins.module_utils.wording.text import Option

from ..terminal.mfa_prompt import ask_code
from ..version import core_version
from .environment import where_defaults
from .field_names import key_of, named

# Flags that a command in a remedy repeats, so that it uses the same cluster. A token is never printed.
_WHERE = (
    *("cluster_name", "region", "profile", "kubeconfig", "context", "cluster", "user", "server", "as_user"),
    *(
        "as_groups",
        "as_uid",
        "as_user_extra",
        "certificate_authority",
        "client_certificate",
        "client_key",
        "tls_server_name",
    ),
)
# kubectl's values for a request without a time limit.
_UNLIMITED = ("0", "0s")


def where_of(args: argparse.Namespace, environ: Mapping[str, str]) -> Where:
    """Return the connection options of argv, with the IAMSA_* variables as defaults."""
    given = vars(args)
    names = [field.name for field in fields(TargetRequest)]
    values = {name: given[key_of(name)] for name in names if key_of(name) in given}
    if values.get("request_timeout") in _UNLIMITED:
        del values["request_timeout"]
    agent = f"kubectl-iamsa/{core_version()}"
    defaults = where_defaults(environ)
    return target(TargetRequest(**values), named, agent, defaults=defaults, ask_code=ask_code)


def where_options(args: argparse.Namespace) -> tuple[Option, ...]:
    """Return the connection options of argv for a command in a remedy."""
    options: list[Option] = []
    given = vars(args)
    for field in _WHERE:
        values = given.get(key_of(field))
        for value in values if isinstance(values, list) else [values] if values else []:
            options.append(Option("as" if field == "as_user" else key_of(field), value))
    if given.get("insecure_skip_tls_verify"):
        options.append(Option("insecure_skip_tls_verify"))
    return tuple(options)


def deadline_seconds(args: argparse.Namespace) -> int:
    return durations.run_seconds(args.timeout, named("timeout"))


def wait_seconds(args: argparse.Namespace) -> int:
    """Return the time limit of --wait in seconds, 0 without --wait."""
    return durations.wait_seconds(args.wait, named("wait"))

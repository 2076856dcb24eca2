"""IAMSA_* variables: what holds where neither a flag nor the kubeconfig says it."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from ansible_collections.iamsa.eks.plugins.module_utils.cluster.access import Origin
from ansible_collections.iamsa.eks.plugins.module_utils.cluster.aws_session import from_file
from ansible_collections.iamsa.eks.plugins.module_utils.cluster.target import WhereDefaults
from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import DEFAULT_AUDIENCE, DEFAULT_PATH
from ansible_collections.iamsa.eks.plugins.module_utils.model import names, values
from ansible_collections.iamsa.eks.plugins.module_utils.model.desired import NewRole

from .terminal.console import Console

Value = TypeVar("Value")

CLUSTER_NAME, REGION = "IAMSA_CLUSTER_NAME", "IAMSA_REGION"
PATH, BOUNDARY, TAGS = "IAMSA_PATH", "IAMSA_PERMISSIONS_BOUNDARY", "IAMSA_TAGS"


def where_defaults(environ: Mapping[str, str]) -> WhereDefaults:
    """InvalidFile for a value that cannot be right: the user did not type it just now."""
    return WhereDefaults(
        cluster_name=_read(environ, CLUSTER_NAME, names.check_cluster_name),
        region=_read(environ, REGION, names.check_region),
    )


def new_role(environ: Mapping[str, str]) -> NewRole:
    """InvalidFile as above."""
    return NewRole(
        path=_read(environ, PATH, names.check_path),
        permissions_boundary=_read(environ, BOUNDARY, names.check_boundary),
        tags=_read(environ, TAGS, lambda text, name: values.parse_tags(text.split(","), name)) or {},
    )


def role_origins(args: argparse.Namespace, environ: Mapping[str, str]) -> list[Origin]:
    """What a role is to be, and who says so."""
    is_gen3 = args.role_name_style == "gen3" and not args.role_name
    tags = {**new_role(environ).tags, **values.parse_tags(args.tag)}
    given = " and ".join(name for name, said in ((TAGS, environ.get(TAGS)), ("--tag", args.tag)) if said)
    return [
        _origin("role", (args.role_name, "--role-name"), ("the annotation's, else derived", "default")),
        _origin(
            "path of a new role",
            (args.path, "--path"),
            (environ.get(PATH), PATH),
            ("/" if is_gen3 else DEFAULT_PATH, "default"),
        ),
        _origin(
            "boundary of a new role",
            (args.permissions_boundary, "--permissions-boundary"),
            (environ.get(BOUNDARY), BOUNDARY),
            ("none", "default"),
        ),
        _origin(
            "tags of a new role",
            (", ".join(f"{key}={value}" for key, value in tags.items()), given),
            ("none", "default"),
        ),
        _origin(
            "audience", (args.audience, "default" if args.audience == DEFAULT_AUDIENCE else "--audience")
        ),
    ]


def print_origins(origins: Iterable[Origin], console: Console) -> None:
    """A line for each, on stderr."""
    told = list(origins)
    what, value = (max(len(getattr(one, name)) for one in told) for name in ("what", "value"))
    for one in told:
        console.notice(f"{one.what:{what}}  {one.value:{value}}  {one.source}")


def _origin(what: str, *candidates: tuple[str | None, str]) -> Origin:
    value, source = next((text, source) for text, source in candidates if text)
    return Origin(what, value, source)


def _read(environ: Mapping[str, str], name: str, check: Callable[[str, str], Value]) -> Value | None:
    """None where it is not set, or empty."""
    text = environ.get(name)
    return from_file(text, check, name) if text else None

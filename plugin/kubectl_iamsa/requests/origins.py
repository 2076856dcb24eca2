"""Finds where the values of the run come from, for -v."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from ansible_collections.iamsa.eks.plugins.module_utils.cluster.access import Origin
from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import DEFAULT_AUDIENCE, DEFAULT_PATH
from ansible_collections.iamsa.eks.plugins.module_utils.model import values

from .environment import BOUNDARY, PATH, TAGS, new_role


def role_origins(args: argparse.Namespace, environ: Mapping[str, str]) -> list[Origin]:
    """Return the values of the role, and where they come from."""
    is_gen3 = args.role_name_style == "gen3" and not args.role_name
    tags = {**new_role(environ).tags, **values.parse_tags(args.tag)}
    given = " and ".join(name for name, said in ((TAGS, environ.get(TAGS)), ("--tag", args.tag)) if said)
    return [
        _origin("role", (args.role_name, "--role-name"), ("from the annotation, else derived", "default")),
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


def _origin(what: str, *candidates: tuple[str | None, str]) -> Origin:
    value, source = next((text, source) for text, source in candidates if text)
    return Origin(what, value, source)

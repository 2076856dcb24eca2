"""Reads IAMSA_* variables, which are used if neither a flag nor the kubeconfig has a value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from ansible_collections.iamsa.eks.plugins.module_utils.cluster.aws_session import from_file
from ansible_collections.iamsa.eks.plugins.module_utils.cluster.target import WhereDefaults
from ansible_collections.iamsa.eks.plugins.module_utils.model import names, values
from ansible_collections.iamsa.eks.plugins.module_utils.model.desired import NewRole

Value = TypeVar("Value")

CLUSTER_NAME, REGION = "IAMSA_CLUSTER_NAME", "IAMSA_REGION"
PATH, BOUNDARY, TAGS = "IAMSA_PATH", "IAMSA_PERMISSIONS_BOUNDARY", "IAMSA_TAGS"


def where_defaults(environ: Mapping[str, str]) -> WhereDefaults:
    """Return the defaults of the connection options.

    Raises:
        InvalidFile: a value is invalid. Not InvalidValue, because the value is not in argv.
    """
    return WhereDefaults(
        cluster_name=_read(environ, CLUSTER_NAME, names.check_cluster_name),
        region=_read(environ, REGION, names.check_region),
    )


def new_role(environ: Mapping[str, str]) -> NewRole:
    """Return the defaults of a new role. Raises InvalidFile, as `where_defaults` does."""
    return NewRole(
        path=_read(environ, PATH, names.check_path),
        permissions_boundary=_read(environ, BOUNDARY, names.check_boundary),
        tags=_read(environ, TAGS, lambda text, name: values.parse_tags(text.split(","), name)) or {},
    )


def _read(environ: Mapping[str, str], name: str, check: Callable[[str, str], Value]) -> Value | None:
    """Return the value of a variable, or None if it is not set or empty."""
    text = environ.get(name)
    return from_file(text, check, name) if text else None

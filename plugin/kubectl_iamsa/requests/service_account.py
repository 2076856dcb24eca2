"""Makes a checked request for one ServiceAccount from argv, and reads its policy files."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from ansible_collections.iamsa.eks.plugins.module_utils.errors import InvalidValue
from ansible_collections.iamsa.eks.plugins.module_utils.model.values import split_tags
from ansible_collections.iamsa.eks.plugins.module_utils.request.check import CheckedRequest, check
from ansible_collections.iamsa.eks.plugins.module_utils.request.request import Request

from ..argv.parser import TRUTHS
from .environment import new_role
from .field_names import key_of, named


def create_request(args: argparse.Namespace, environ: Mapping[str, str]) -> CheckedRequest:
    """Return the request of create and diff, with defaults from the IAMSA_* variables."""
    return check(_request(args, policies=args.policy), named, new_role(environ))


def update_request(args: argparse.Namespace, _environ: Mapping[str, str]) -> CheckedRequest:
    """Return the request of update. The defaults in IAMSA_* variables are only for new roles."""
    if args.action == "delete" and not args.policy:
        raise InvalidValue("--action", "delete", "requires a policy", remedy="add -p POLICY")
    policies = {"policies" if args.action == "add" else "policies_absent": args.policy}
    return check(_request(args, create_role=False, **policies), named)


def default_request(args: argparse.Namespace) -> Request:
    """Return what the ServiceAccounts of manifests use that do not set it. Its values are valid.

    Raises:
        InvalidValue: a flag has an invalid value.
    """
    request = _request(args, name="default")
    check(request, named)
    return request


def reading_request(args: argparse.Namespace) -> CheckedRequest:
    """Return the request of delete, and of commands that read one ServiceAccount and its role."""
    return check(_request(args), named)


def _request(args: argparse.Namespace, **others: Any) -> Request:
    """Return a request with the fields that the command has flags for, and `others`."""
    given = vars(args)
    names = {field.name for field in fields(Request)} - {"namespace", "policies", "policies_absent"}
    values = {name: given[key_of(name)] for name in names if key_of(name) in given}
    if "tags" in values:
        values["tags"] = split_tags(values["tags"], named("tags"))
    if values.get("sts_regional_endpoints"):
        values["sts_regional_endpoints"] = TRUTHS[values["sts_regional_endpoints"]]
    return Request(**{**values, **others})

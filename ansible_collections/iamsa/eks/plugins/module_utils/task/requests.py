# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task wishes for one ServiceAccount, from its options to the core's values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import InvalidValue
from ..identity.subject import Subject
from ..model import names, values
from ..model.desired import (
    NO_BOUNDARY,
    Binding,
    DeleteOverrides,
    DeleteRequest,
    Desired,
    Overrides,
    RoleSpec,
    ServiceAccountSpec,
)
from ..policy.files import parse_document, read_absent, read_policies
from ..policy.reference import InlinePolicy, PolicyReference
from .arguments import ACCOUNT_ARGUMENTS, DEFAULTS
from .options import checked, scalar, seconds

SESSION_SECONDS = (3600, 43200)
TOKEN_SECONDS = (600, 86400)
WAIT_SECONDS = (1, 3600)


@dataclass(frozen=True)
class Wish:
    """What is wished for one ServiceAccount; only the namespace may still be the kubeconfig's to tell."""

    name: str
    namespace: str | None
    state: str
    role: RoleSpec
    service_account: ServiceAccountSpec
    overrides: Overrides
    keep_role: bool
    keep_service_account: bool
    wait: int

    def in_namespace(self, default: str) -> Desired | DeleteRequest:
        subject = Subject(names.check_namespace(self.namespace or default, "namespace"), self.name)
        desired = Desired(self.role, (Binding(subject),), self.service_account, self.overrides)
        if self.state == "present":
            return desired
        overrides = DeleteOverrides(
            adopted_role=self.overrides.adopt,
            role_of_earlier_cluster=self.overrides.rebind,
            policies_of_others=self.overrides.purge,
            annotations_of_others=self.overrides.force_conflicts,
        )
        return DeleteRequest(desired, self.keep_role, self.keep_service_account, overrides)


def wishes(params: Mapping[str, Any], *, check_mode: bool) -> list[Wish]:
    """One for the task, or for each item of service_accounts, to which the task's other options lend what
    it leaves out.

    Raises:
        InvalidValue, InvalidFile: an option that cannot be right.
    """
    items = params["service_accounts"]
    if items is None:
        return [_wish(params, check_mode=check_mode)]
    told = {name: params[name] for name in (*ACCOUNT_ARGUMENTS, "state")}
    own = [{name: value for name, value in item.items() if value is not None} for item in items]
    found = [_wish({**told, **item}, check_mode=check_mode) for item in own]
    _refuse_twins(found)
    return found


def _wish(options: Mapping[str, Any], *, check_mode: bool) -> Wish:
    given = {**DEFAULTS, **{name: value for name, value in options.items() if value is not None}}
    _refuse_contradictions(given)
    return Wish(
        name=names.check_service_account(given["name"], "name"),
        namespace=checked(given, "namespace", names.check_namespace),
        state=given["state"],
        role=_role(given),
        service_account=ServiceAccountSpec(
            sts_regional_endpoints=given.get("sts_regional_endpoints"),
            token_expiration=seconds(given, "token_expiration", TOKEN_SECONDS),
            field_manager=values.check_text(given["field_manager"], "field_manager", 128),
        ),
        overrides=Overrides(
            **{name: given[name] for name in _CONSENT},
            purge=given["purge_policies"],
            # Check mode may run before the task that makes the namespace.
            assume_namespace=check_mode and not given["create_namespace"],
        ),
        keep_role=given["keep_role"],
        keep_service_account=given["keep_service_account"],
        wait=(seconds(given, "wait_timeout", WAIT_SECONDS) or 0) if given["wait"] else 0,
    )


_CONSENT = (
    *("adopt", "replace_trust", "rebind", "force_conflicts"),
    *("create_oidc_provider", "create_namespace"),
)


def _role(given: Mapping[str, Any]) -> RoleSpec:
    return RoleSpec(
        name=checked(given, "role_name", names.check_role_name),
        name_style=given["role_name_style"],
        path=checked(given, "path", names.check_path),
        policies=_policies(given["policies"]),
        permissions_boundary=NO_BOUNDARY
        if given["remove_permissions_boundary"]
        else checked(given, "permissions_boundary", names.check_boundary),
        tags=values.check_tags(((str(key), scalar(value)) for key, value in given["tags"].items()), "tags"),
        description=checked(given, "description", values.check_description),
        max_session_duration=seconds(given, "max_session_duration", SESSION_SECONDS),
        audience=values.check_audience(given["audience"], "audience"),
        absent=read_absent(given["policies_absent"], "policies_absent"),
        removed_tags=values.check_removed_tags(given["remove_tags"], "remove_tags"),
    )


def _policies(given: list[Any]) -> tuple[PolicyReference, ...]:
    """Strings are names, ARNs or files; mappings are inline policies with name and document."""
    typed, documents = [], []
    for one in given:
        if isinstance(one, str):
            typed.append(one)
        elif isinstance(one, Mapping) and one.keys() == {"name", "document"}:
            documents.append(_inline(one))
        else:
            raise InvalidValue(
                "policies",
                repr(one)[:80],
                "is neither a text nor a mapping of name and document",
                remedy="give a policy's name, ARN or file, or {name: …, document: {…}}",
            )
    return read_policies(typed, "policies", documents)


def _inline(given: Mapping[str, Any]) -> InlinePolicy:
    return parse_document(str(given["name"]), given["document"], "policies")


def _refuse_contradictions(given: Mapping[str, Any]) -> None:
    if given.get("permissions_boundary") and given["remove_permissions_boundary"]:
        raise InvalidValue(
            "permissions_boundary",
            given["permissions_boundary"],
            "contradicts remove_permissions_boundary",
            remedy="leave one of the two out",
        )
    kept = {str(key).casefold() for key in given["tags"]}
    both = next((key for key in given["remove_tags"] if key.casefold() in kept), None)
    if both is not None:
        raise InvalidValue("remove_tags", both, "is set with tags as well", remedy="leave one of the two out")
    texts = [one for one in given["policies"] if isinstance(one, str)]
    twice = next((one for one in given["policies_absent"] if one in texts), None)
    if twice is not None:
        raise InvalidValue(
            "policies_absent", twice, "is in policies as well", remedy="leave it out of one of the two"
        )


def _refuse_twins(found: list[Wish]) -> None:
    """Two items that would work on the same thing at the same time."""
    accounts = [f"{one.namespace or ''}/{one.name}" for one in found]
    twin = next((name for name in accounts if accounts.count(name) > 1), None)
    if twin:
        raise InvalidValue(
            "service_accounts", twin.lstrip("/"), "is there twice", remedy="merge the two items"
        )
    # IAM's role names ignore case.
    roles = [one.role.name.casefold() for one in found if one.role.name]
    role = next((name for name in roles if roles.count(name) > 1), None)
    if role:
        raise InvalidValue(
            "role_name",
            role,
            "is asked for by two items",
            remedy="give each ServiceAccount a role of its own",
        )

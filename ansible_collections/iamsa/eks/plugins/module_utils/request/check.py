# SPDX-License-Identifier: GPL-3.0-or-later

"""Validates a request and turns it into Desired or DeleteRequest, without any call."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from ..errors import InvalidValue
from ..identity.keys import FIELD_MANAGER
from ..identity.subject import Subject
from ..model import names, values
from ..model.desired import (
    NO_BOUNDARY,
    Binding,
    DeleteOverrides,
    DeleteRequest,
    Desired,
    NewRole,
    Overrides,
    RoleSpec,
    ServiceAccountSpec,
)
from ..policy.files import parse_document, read_absent, read_policies
from ..policy.reference import PolicyReference
from ..wording.text import Sentence
from .durations import SESSION_SECONDS, TOKEN_SECONDS, seconds
from .request import FieldNames, Policy, Request


@dataclass(frozen=True)
class CheckedRequest:
    """A request with valid values. Its namespace may still have to come from the kubeconfig."""

    request: Request
    role: RoleSpec
    service_account: ServiceAccountSpec
    named: FieldNames = field(repr=False)

    def desired(self, namespace: str) -> Desired:
        """The request of a create or update; `namespace` is used if the request names none."""
        asked = self.request
        return Desired(
            self.role,
            (self._binding(namespace),),
            self.service_account,
            Overrides(
                adopt=asked.adopt,
                replace_trust=asked.replace_trust,
                rebind=asked.rebind,
                force_conflicts=asked.force_conflicts,
                purge=asked.purge,
                create_oidc_provider=asked.create_oidc_provider,
                create_namespace=asked.create_namespace,
                assume_namespace=asked.assume_namespace,
            ),
            asked.create_role,
        )

    def deletion(self, namespace: str) -> DeleteRequest:
        """The request of a delete; `namespace` is used if the request names none."""
        asked = self.request
        return DeleteRequest(
            Desired(self.role, (self._binding(namespace),), self.service_account),
            asked.keep_role,
            asked.keep_service_account,
            DeleteOverrides(
                adopted_role=asked.adopt,
                role_of_earlier_cluster=asked.rebind,
                policies_of_others=asked.purge,
                annotations_of_others=asked.force_conflicts,
            ),
        )

    def _binding(self, default: str) -> Binding:
        namespace = names.check_namespace(self.request.namespace or default, self.named("namespace"))
        return Binding(Subject(namespace, self.request.name))


def check(request: Request, named: FieldNames, if_new: NewRole | None = None) -> CheckedRequest:
    """Validate the request and read its policy files; `if_new` are defaults for a new role.

    Raises:
        InvalidValue: a value is invalid, or two options contradict each other.
        InvalidFile: a policy file or a policy document is invalid.
    """
    _refuse_contradictions(request, named)
    names.check_service_account(request.name, named("name"))
    _given(request.namespace, names.check_namespace, named("namespace"))
    service_account = ServiceAccountSpec(
        sts_regional_endpoints=request.sts_regional_endpoints,
        token_expiration=seconds(request.token_expiration, named("token_expiration"), TOKEN_SECONDS),
        field_manager=_given(request.field_manager, _field_manager, named("field_manager")) or FIELD_MANAGER,
    )
    return CheckedRequest(request, _role(request, named, if_new or NewRole()), service_account, named)


def _role(request: Request, named: FieldNames, if_new: NewRole) -> RoleSpec:
    """Files are read last, after all other values are valid."""
    boundary = _given(request.permissions_boundary, names.check_boundary, named("permissions_boundary"))
    return RoleSpec(
        name=_given(request.role_name, names.check_role_name, named("role_name")),
        name_style=request.role_name_style or "derived",
        path=_given(request.path, names.check_path, named("path")),
        permissions_boundary=NO_BOUNDARY if request.remove_permissions_boundary else boundary,
        tags=values.check_tags(request.tags, named("tags")),
        removed_tags=values.check_removed_tags(request.remove_tags, named("remove_tags")),
        purge_tags=request.purge_tags,
        description=_given(request.description, values.check_description, named("description")),
        max_session_duration=seconds(
            request.max_session_duration, named("max_session_duration"), SESSION_SECONDS
        ),
        audience=_given(request.audience, values.check_audience, named("audience")),
        if_new=if_new,
        policies=_policies(request.policies, named("policies")),
        absent=read_absent(request.policies_absent, named("policies_absent")),
    )


def _given(value: str | None, check: Callable[[str, Sentence], str], name: Sentence) -> str | None:
    return None if value is None else check(value, name)


def _field_manager(value: str, name: Sentence) -> str:
    return values.check_text(value, name, 128)


def _policies(given: Iterable[Policy], name: Sentence) -> tuple[PolicyReference, ...]:
    """Strings are names, ARNs or files; mappings are inline policies with name and document."""
    typed, documents = [], []
    for one in given:
        if isinstance(one, str):
            typed.append(one)
        elif isinstance(one, Mapping) and one.keys() == {"name", "document"}:
            documents.append(parse_document(str(one["name"]), one["document"], name))
        else:
            raise InvalidValue(
                name,
                repr(one)[:80],
                "must be a string, or a mapping with name and document",
                remedy="use a policy's name, ARN or file, or {name: …, document: {…}}",
            )
    return read_policies(typed, name, documents)


def _refuse_contradictions(request: Request, named: FieldNames) -> None:
    if request.permissions_boundary and request.remove_permissions_boundary:
        raise InvalidValue(
            named("permissions_boundary"),
            request.permissions_boundary,
            "cannot be combined with " + named("remove_permissions_boundary"),
            remedy="omit one of them",
        )
    kept = {key.casefold() for key, _value in request.tags}
    both = next((key for key in request.remove_tags if key.casefold() in kept), None)
    if both is not None:
        raise InvalidValue(
            named("remove_tags"),
            both,
            "must not also be set with " + named("tags"),
            remedy="omit one of them",
        )
    twice = next((one for one in request.policies_absent if one in request.policies), None)
    if twice is not None:
        raise InvalidValue(
            named("policies_absent"),
            twice,
            "must not also be in " + named("policies"),
            remedy="remove it from one of them",
        )

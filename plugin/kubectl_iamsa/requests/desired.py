"""From parsed argv to the core's values; everything that argv alone can tell is checked here."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ansible_collections.iamsa.eks.plugins.module_utils.errors import InvalidValue
from ansible_collections.iamsa.eks.plugins.module_utils.identity.subject import Subject
from ansible_collections.iamsa.eks.plugins.module_utils.model import names, values
from ansible_collections.iamsa.eks.plugins.module_utils.model.desired import (
    NO_BOUNDARY,
    Binding,
    DeleteOverrides,
    DeleteRequest,
    Desired,
    Overrides,
    RoleSpec,
    ServiceAccountSpec,
)
from ansible_collections.iamsa.eks.plugins.module_utils.policy.files import read_absent, read_policies

from ..argv.parser import TRUTHS
from .environment import new_role
from .optional_values import checked, plain_text, seconds

SESSION_SECONDS = (3600, 43200)
TOKEN_SECONDS = (600, 86400)


@dataclass(frozen=True)
class Request:
    """What `create` and `update` are asked for; only the namespace may still be the kubeconfig's to tell."""

    name: str
    role: RoleSpec
    service_account: ServiceAccountSpec
    overrides: Overrides = field(default_factory=Overrides)
    create_role: bool = True

    def in_namespace(self, namespace: str) -> Desired:
        subject = Subject(names.check_namespace(namespace), self.name)
        bindings = (Binding(subject),)
        return Desired(self.role, bindings, self.service_account, self.overrides, self.create_role)


@dataclass(frozen=True)
class RemovalRequest:
    """What `delete` is asked for."""

    asked: Request
    keep_role: bool
    keep_service_account: bool
    overrides: DeleteOverrides

    @property
    def name(self) -> str:
        return self.asked.name

    def in_namespace(self, namespace: str) -> DeleteRequest:
        desired = self.asked.in_namespace(namespace)
        return DeleteRequest(desired, self.keep_role, self.keep_service_account, self.overrides)


def create_request(args: argparse.Namespace, environ: Mapping[str, str]) -> Request:
    """Check what argv and the IAMSA_* variables say, then read the policy files."""
    name = names.check_service_account(args.name)
    service_account, role = _service_account_spec(args), _role_spec(args)
    role = replace(role, if_new=new_role(environ), policies=read_policies(args.policy))
    return Request(name, role, service_account, _consent(args))


def update_request(args: argparse.Namespace) -> Request:
    """Check what argv says, then read the policy files."""
    name = names.check_service_account(args.name)
    _refuse_contradictions(args)
    service_account, role = _service_account_spec(args), _role_spec(args)
    role = replace(
        role,
        permissions_boundary=NO_BOUNDARY if args.remove_permissions_boundary else role.permissions_boundary,
        removed_tags=values.check_removed_tags(args.remove_tag),
    )
    if args.action == "add":
        role = replace(role, policies=read_policies(args.policy))
    else:
        role = replace(role, absent=read_absent(args.policy))
    return Request(name, role, service_account, _consent(args), create_role=False)


def removal_request(args: argparse.Namespace) -> RemovalRequest:
    """Check what argv says."""
    name = names.check_service_account(args.name)
    role = RoleSpec(name=checked(args.role_name, names.check_role_name), name_style=args.role_name_style)
    service_account = ServiceAccountSpec(field_manager=_field_manager(args))
    overrides = DeleteOverrides(
        adopted_role=args.adopt,
        role_of_earlier_cluster=args.rebind,
        policies_of_others=args.purge,
        annotations_of_others=args.force_conflicts,
    )
    asked = Request(name, role, service_account)
    return RemovalRequest(asked, args.keep_role, args.keep_service_account, overrides)


def reading_request(args: argparse.Namespace) -> Request:
    """Check what argv says of one ServiceAccount and its role."""
    role = RoleSpec(
        name=checked(args.role_name, names.check_role_name),
        name_style=getattr(args, "role_name_style", "derived"),
    )
    return Request(names.check_service_account(args.name), role, ServiceAccountSpec())


def _refuse_contradictions(args: argparse.Namespace) -> None:
    if args.permissions_boundary and args.remove_permissions_boundary:
        raise InvalidValue(
            "--permissions-boundary",
            args.permissions_boundary,
            "contradicts --remove-permissions-boundary",
            remedy="leave one of the two out",
        )
    kept = {text.partition("=")[0].casefold() for text in args.tag}
    both = next((key for key in args.remove_tag if key.casefold() in kept), None)
    if both is not None:
        raise InvalidValue(
            "--remove-tag", both, "is set with --tag as well", remedy="leave one of the two out"
        )
    if args.action == "delete" and not args.policy:
        raise InvalidValue("--action", "delete", "needs a policy to delete", remedy="give it with -p")


def _service_account_spec(args: argparse.Namespace) -> ServiceAccountSpec:
    return ServiceAccountSpec(
        sts_regional_endpoints=TRUTHS[args.sts_regional_endpoints] if args.sts_regional_endpoints else None,
        token_expiration=seconds(args.token_expiration, "--token-expiration", TOKEN_SECONDS),
        field_manager=_field_manager(args),
    )


def _field_manager(args: argparse.Namespace) -> str:
    return plain_text(args.field_manager, "--field-manager", 128)


def _consent(args: argparse.Namespace) -> Overrides:
    """A flag that the verb does not have is not given."""
    flags = (
        *("adopt", "replace_trust", "rebind", "force_conflicts", "purge"),
        *("create_oidc_provider", "create_namespace"),
    )
    return Overrides(**{flag: getattr(args, flag, False) for flag in flags})


def _role_spec(args: argparse.Namespace) -> RoleSpec:
    return RoleSpec(
        name=checked(args.role_name, names.check_role_name),
        name_style=args.role_name_style,
        path=checked(args.path, names.check_path),
        permissions_boundary=checked(args.permissions_boundary, names.check_boundary),
        tags=values.parse_tags(args.tag),
        description=checked(args.description, values.check_description),
        max_session_duration=seconds(args.max_session_duration, "--max-session-duration", SESSION_SECONDS),
        audience=checked(args.audience, values.check_audience),
    )

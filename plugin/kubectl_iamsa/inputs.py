"""From parsed argv to the core's values; everything that argv alone can tell is checked here."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from ansible_collections.iamsa.eks.plugins.module_utils.cluster.options import (
    ConnectionOptions,
    check_server,
    check_token,
)
from ansible_collections.iamsa.eks.plugins.module_utils.errors import InvalidValue
from ansible_collections.iamsa.eks.plugins.module_utils.model import names, values
from ansible_collections.iamsa.eks.plugins.module_utils.model.identity import Subject
from ansible_collections.iamsa.eks.plugins.module_utils.model.state import (
    Binding,
    Consent,
    Desired,
    RoleSpec,
    ServiceAccountSpec,
)
from ansible_collections.iamsa.eks.plugins.module_utils.policy_files import read_policies
from ansible_collections.iamsa.eks.plugins.module_utils.where import Where

from .parser import TRUTHS
from .version import version

SESSION_SECONDS = (3600, 43200)
TOKEN_SECONDS = (600, 86400)
WAIT_SECONDS = (1, 3600)


def where(args: argparse.Namespace) -> Where:
    """Where to work, as far as argv says it."""
    given = vars(args)
    timeout = given.get("request_timeout")
    return Where(
        cluster_name=_checked(given.get("cluster_name"), names.check_cluster_name),
        region=_checked(given.get("region"), names.check_region),
        profile=_text(given, "profile"),
        connection=_connection(given, None if timeout in (None, "0", "0s") else timeout),
    )


def _connection(given: dict[str, Any], timeout: str | None) -> ConnectionOptions:
    insecure = given.get("insecure_skip_tls_verify", False)
    if insecure and given.get("certificate_authority"):
        raise InvalidValue(
            "--certificate-authority",
            given["certificate_authority"],
            "has no use with --insecure-skip-tls-verify",
            remedy="leave one of the two out",
        )
    return ConnectionOptions(
        kubeconfig=_text(given, "kubeconfig"),
        context=_text(given, "context"),
        cluster=_text(given, "cluster"),
        user=_text(given, "user"),
        server=_checked(given.get("server"), check_server),
        token=_checked(given.get("token"), check_token),
        certificate_authority=_text(given, "certificate_authority"),
        client_certificate=_text(given, "client_certificate"),
        client_key=_text(given, "client_key"),
        tls_server_name=_text(given, "tls_server_name"),
        insecure_skip_tls_verify=insecure,
        as_user=_text(given, "as_user"),
        as_groups=tuple(_plain_text(group, "--as-group") for group in given.get("as_group", ())),
        as_uid=_text(given, "as_uid"),
        namespace=_checked(given.get("namespace"), names.check_namespace),
        request_timeout=_seconds(timeout, "--request-timeout", WAIT_SECONDS),
        user_agent=f"kubectl-iamsa/{version()}",
    )


def deadline_seconds(args: argparse.Namespace) -> int:
    return values.parse_duration(args.timeout, "--timeout", *WAIT_SECONDS)


@dataclass(frozen=True)
class Request:
    """What `create` is asked for; only the namespace may still be the kubeconfig's to tell."""

    name: str
    role: RoleSpec
    service_account: ServiceAccountSpec
    consent: Consent

    def in_namespace(self, namespace: str) -> Desired:
        subject = Subject(names.check_namespace(namespace), self.name)
        return Desired(self.role, (Binding(subject),), self.service_account, self.consent)


def request(args: argparse.Namespace) -> Request:
    """Check what argv says, then read the policy files."""
    name = names.check_service_account(args.name)
    service_account = ServiceAccountSpec(
        sts_regional_endpoints=TRUTHS[args.sts_regional_endpoints] if args.sts_regional_endpoints else None,
        token_expiration=_seconds(args.token_expiration, "--token-expiration", TOKEN_SECONDS),
        field_manager=_plain_text(args.field_manager, "--field-manager", 128),
    )
    consent = Consent(
        adopt=args.adopt,
        replace_trust=args.replace_trust,
        rebind=args.rebind,
        force_conflicts=args.force_conflicts,
        purge=args.purge,
        create_oidc_provider=args.create_oidc_provider,
        create_namespace=args.create_namespace,
    )
    return Request(name, _role_spec(args), service_account, consent)


def _role_spec(args: argparse.Namespace) -> RoleSpec:
    spec = RoleSpec(
        name=_checked(args.role_name, names.check_role_name),
        name_style=args.role_name_style,
        path=_checked(args.path, names.check_path),
        permissions_boundary=_checked(args.permissions_boundary, names.check_boundary),
        tags=values.parse_tags(args.tag),
        description=_checked(args.description, values.check_description),
        max_session_duration=_seconds(args.max_session_duration, "--max-session-duration", SESSION_SECONDS),
        audience=values.check_audience(args.audience),
    )
    return replace(spec, policies=read_policies(args.policy))


def _checked(value: str | None, check: Callable[[str], str]) -> str | None:
    return None if value is None else check(value)


def _seconds(value: str | None, field: str, bounds: tuple[int, int]) -> int | None:
    return None if value is None else values.parse_duration(value, field, *bounds)


def _text(given: dict[str, Any], key: str) -> str | None:
    field = "--as" if key == "as_user" else "--" + key.replace("_", "-")
    return _checked(given.get(key), lambda value: _plain_text(value, field))


def _plain_text(value: str, field: str, longest: int = 4096) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise InvalidValue(field, value[:80], "is not UTF-8 text", remedy="write it in UTF-8") from None
    return values.check_text(value, field, longest)

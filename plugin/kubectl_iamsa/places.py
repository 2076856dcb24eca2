"""Where to work and for how long, as far as argv says it."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

from ansible_collections.iamsa.eks.plugins.module_utils.aws.options import AwsOptions
from ansible_collections.iamsa.eks.plugins.module_utils.cluster.target import Where
from ansible_collections.iamsa.eks.plugins.module_utils.errors import InvalidValue
from ansible_collections.iamsa.eks.plugins.module_utils.kube.config.options import (
    ConnectionOptions,
    check_server,
    check_token,
)
from ansible_collections.iamsa.eks.plugins.module_utils.model import names, values

from .checks import checked, named_text, plain_text, seconds
from .defaults import where_defaults
from .terminal.mfa_prompt import ask_code
from .version import core_version

WAIT_SECONDS = (1, 3600)


def where(args: argparse.Namespace, environ: Mapping[str, str]) -> Where:
    """Where to work, as far as argv says it, and the IAMSA_* variables for where nothing does."""
    given = vars(args)
    timeout = given.get("request_timeout")
    return Where(
        cluster_name=checked(given.get("cluster_name"), names.check_cluster_name),
        region=checked(given.get("region"), names.check_region),
        profile=named_text(given, "profile"),
        defaults=where_defaults(environ),
        aws=AwsOptions(ask_code=ask_code),
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
        kubeconfig=named_text(given, "kubeconfig"),
        context=named_text(given, "context"),
        cluster=named_text(given, "cluster"),
        user=named_text(given, "user"),
        server=checked(given.get("server"), check_server),
        token=checked(given.get("token"), check_token),
        certificate_authority=named_text(given, "certificate_authority"),
        client_certificate=named_text(given, "client_certificate"),
        client_key=named_text(given, "client_key"),
        tls_server_name=named_text(given, "tls_server_name"),
        insecure_skip_tls_verify=insecure,
        as_user=named_text(given, "as_user"),
        as_groups=tuple(plain_text(group, "--as-group") for group in given.get("as_group", ())),
        as_uid=named_text(given, "as_uid"),
        namespace=checked(given.get("namespace"), names.check_namespace),
        request_timeout=seconds(timeout, "--request-timeout", WAIT_SECONDS),
        user_agent=f"kubectl-iamsa/{core_version()}",
    )


def deadline_seconds(args: argparse.Namespace) -> int:
    return values.parse_duration(args.timeout, "--timeout", *WAIT_SECONDS)


def wait_seconds(args: argparse.Namespace) -> int:
    """How long to wait for a role to become assumable; 0 where it is not asked for."""
    return seconds(args.wait, "--wait", WAIT_SECONDS) or 0


def verbosity(args: argparse.Namespace) -> int:
    """0 without -v; of a verb that has a -v of its own, too."""
    level = getattr(args, "level", None)
    if level is None:
        return 0
    if not (level.isascii() and level.isdigit()) or len(level) > 2:
        raise InvalidValue("--verbose", level[:60], "is no number", remedy="write --verbose, or --verbose=1")
    return int(level)

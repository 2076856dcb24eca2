"""Where to work, as far as argv says it."""

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
from ansible_collections.iamsa.eks.plugins.module_utils.model import names

from ..terminal.mfa_prompt import ask_code
from ..version import core_version
from .environment import where_defaults
from .limits import WAIT_SECONDS
from .optional_values import checked, named_text, plain_text, seconds

# Where flags that a remedy has to repeat, so that it works on the same cluster; a token is never printed.
_WHERE = (
    *("cluster_name", "region", "profile", "kubeconfig", "context", "cluster", "user", "server", "as_user"),
    *("as_group", "as_uid", "certificate_authority", "client_certificate", "client_key", "tls_server_name"),
)


def where_of(args: argparse.Namespace, environ: Mapping[str, str]) -> Where:
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


def where_words(args: argparse.Namespace) -> tuple[str, ...]:
    """The flags of argv that say where to work, for a command to be run after this one."""
    words: list[str] = []
    given = vars(args)
    for key in _WHERE:
        flag = "--as" if key == "as_user" else "--" + key.replace("_", "-")
        values = given.get(key)
        for value in values if isinstance(values, list) else [values] if values else []:
            words += [flag, value]
    if given.get("insecure_skip_tls_verify"):
        words.append("--insecure-skip-tls-verify")
    return tuple(words)

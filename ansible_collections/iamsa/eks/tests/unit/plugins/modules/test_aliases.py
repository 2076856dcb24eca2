# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options have the aliases and the variables that amazon.aws and kubernetes.core have for the same thing."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.basic import env_fallback
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.iamsa.eks.plugins.module_utils.task.arguments import (
    AWS_ARGUMENTS,
    k8s_arguments,
    service_account_arguments,
)

SPEC = {**service_account_arguments(), **AWS_ARGUMENTS, **k8s_arguments(env_fallback)}


def read(**given: Any) -> dict[str, Any]:
    """The options of a task as the module gets them."""
    found = ArgumentSpecValidator(SPEC).validate({"name": "shop", **given})
    assert found.error_messages == []
    return dict(found.validated_parameters)


@pytest.mark.parametrize(
    ("alias", "option"),
    [
        ("aws_region", "region"),
        ("aws_profile", "profile"),
        ("aws_access_key", "access_key"),
        ("aws_access_key_id", "access_key"),
        ("aws_secret_key", "secret_key"),
        ("aws_secret_access_key", "secret_key"),
        ("aws_session_token", "session_token"),
        ("aws_endpoint_url", "endpoint_url"),
        ("boundary", "permissions_boundary"),
        ("ssl_ca_cert", "ca_cert"),
        ("cert_file", "client_cert"),
        ("key_file", "client_key"),
    ],
)
def test_an_alias_sets_the_option(alias: str, option: str) -> None:
    assert read(**{alias: "x"})[option] == "x"


@pytest.mark.parametrize(
    ("alias", "option", "value"),
    [
        ("managed_policies", "policies", ["ReadS3"]),
        ("resource_tags", "tags", {"team": "web"}),
        ("verify_ssl", "k8s_validate_certs", False),
    ],
)
def test_an_alias_sets_an_option_with_a_default(alias: str, option: str, value: Any) -> None:
    assert read(**{alias: value})[option] == value


def test_an_item_has_the_aliases_too() -> None:
    (item,) = read(service_accounts=[{"name": "shop", "managed_policies": ["ReadS3"], "boundary": "x"}])[
        "service_accounts"
    ]
    assert (item["policies"], item["permissions_boundary"]) == (["ReadS3"], "x")


@pytest.mark.parametrize(
    ("variable", "option", "text", "value"),
    [
        ("KUBECONFIG", "kubeconfig", "/kube/config", "/kube/config"),
        ("CONTEXT", "context", "demo", "demo"),
        ("HOST", "host", "https://a", "https://a"),
        ("API_KEY", "api_key", "key", "key"),
        ("SSL_CA_CERT", "ca_cert", "/ca.pem", "/ca.pem"),
        ("CERT_FILE", "client_cert", "/cert.pem", "/cert.pem"),
        ("KEY_FILE", "client_key", "/key.pem", "/key.pem"),
        ("VERIFY_SSL", "k8s_validate_certs", "no", False),
        ("IMPERSONATE_USER", "impersonate_user", "ann", "ann"),
        ("IMPERSONATE_GROUPS", "impersonate_groups", "a,b", ["a", "b"]),
    ],
)
def test_a_variable_of_kubernetes_core_is_the_default(
    monkeypatch: pytest.MonkeyPatch, variable: str, option: str, text: str, value: Any
) -> None:
    monkeypatch.setenv(f"K8S_AUTH_{variable}", text)
    assert read()[option] == value


def test_an_option_takes_precedence_over_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("K8S_AUTH_CONTEXT", "prod")
    assert read(context="demo")["context"] == "demo"

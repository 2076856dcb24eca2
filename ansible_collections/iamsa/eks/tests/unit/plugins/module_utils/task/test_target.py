# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From a task's options to where to work, with whose credentials and for how long."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.iamsa.eks.plugins.module_utils.errors import InvalidValue
from ansible_collections.iamsa.eks.plugins.module_utils.task.arguments import AWS_ARGUMENTS, K8S_ARGUMENTS
from ansible_collections.iamsa.eks.plugins.module_utils.task.target import deadline_of, where_of


def options(**given: Any) -> dict[str, Any]:
    """As Ansible hands them over: every option, those not given with their default."""
    known = {**AWS_ARGUMENTS, **K8S_ARGUMENTS, "namespace": {}}
    return {name: one.get("default") for name, one in known.items()} | given


def test_what_is_not_given_is_left_to_the_context_and_the_environment() -> None:
    where = where_of(options())
    assert (where.cluster_name, where.region, where.profile) == (None, None, None)
    assert (where.aws.keys, where.aws.endpoint_url) == (None, None)
    assert (where.connection.kubeconfig, where.connection.context, where.connection.token) == (None,) * 3
    assert not where.connection.insecure_skip_tls_verify


def test_a_module_without_kubernetes_has_none_of_its_options() -> None:
    given = {name: value for name, value in options(region="us-east-1").items() if name in AWS_ARGUMENTS}
    assert where_of(given).region == "us-east-1"
    assert where_of(given).connection.context is None


def test_options_of_kubernetes_core_are_those_of_kubectl() -> None:
    connection = where_of(
        options(
            host="https://cluster.example",
            api_key="bearer",
            ca_cert="/ca.pem",
            impersonate_user="jane",
            impersonate_groups=["dev", "ops"],
            request_timeout="5s",
        )
    ).connection
    assert (connection.server, connection.token) == ("https://cluster.example", "bearer")
    assert connection.certificate_authority == "/ca.pem"
    assert (connection.as_user, connection.as_groups) == ("jane", ("dev", "ops"))
    assert connection.request_timeout == 5


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            {"access_key": "A"},
            'invalid value "…" for access_key: requires secret_key; set secret_key too',
        ),
        (
            {"secret_key": "S"},
            'invalid value "…" for secret_key: requires access_key; set access_key too',
        ),
        (
            {"session_token": "T"},
            'invalid value "…" for session_token: requires access_key; set the keys that it belongs to',
        ),
        (
            {"access_key": "A", "secret_key": "S", "profile": "dev"},
            'invalid value "dev" for profile: cannot be combined with access_key; omit one of them',
        ),
        (
            {"ca_cert": "/ca.pem", "k8s_validate_certs": False},
            'invalid value "/ca.pem" for ca_cert: cannot be combined with k8s_validate_certs: false; '
            "omit one of them",
        ),
        (
            {"context": " "},
            'invalid value " " for context: must not be empty; specify a value, or omit the option',
        ),
    ],
)
def test_what_contradicts_itself_is_named(given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InvalidValue) as raised:
        where_of(options(**given))
    assert str(raised.value) == sentence


def test_a_task_for_many_has_more_time() -> None:
    one, eleven = (deadline_of(options(timeout="1m"), service_accounts=count).remaining for count in (1, 11))
    assert eleven - one == pytest.approx(100, abs=1)

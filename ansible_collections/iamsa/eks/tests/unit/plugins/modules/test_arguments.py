# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options that cannot be right: refused by each module before anything is asked of AWS or of Kubernetes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from ansible_collections.iamsa.eks.plugins.modules import (
    iam_oidc_provider,
    iam_oidc_provider_info,
    iam_serviceaccount,
    iam_serviceaccount_info,
)

Run = Callable[..., "dict[str, Any]"]
EVERY = (iam_serviceaccount, iam_serviceaccount_info, iam_oidc_provider, iam_oidc_provider_info)
# What each needs to be given.
LEAST: dict[ModuleType, dict[str, Any]] = {
    iam_serviceaccount: {"name": "shop"},
    iam_oidc_provider: {"issuer_url": "https://issuer.example"},
}


@pytest.mark.parametrize(
    ("module", "options", "sentence"),
    [
        (iam_serviceaccount, {}, "one of the following is required: name, service_accounts"),
        (
            iam_serviceaccount,
            {"name": "shop", "service_accounts": []},
            "parameters are mutually exclusive: name|service_accounts",
        ),
        (
            iam_serviceaccount,
            {"name": "shop", "state": "list"},
            "value of state must be one of: present, absent, got: list",
        ),
        (
            iam_serviceaccount,
            {"service_accounts": [{"namespace": "web"}]},
            "missing required arguments: name found in service_accounts",
        ),
        (
            iam_serviceaccount_info,
            {"name": "shop", "all_namespaces": True},
            "parameters are mutually exclusive: name|all_namespaces",
        ),
        (iam_serviceaccount_info, {"role_name": "app"}, "missing parameter(s) required by 'role_name': name"),
        (iam_oidc_provider, {}, "one of the following is required: cluster_name, issuer_url"),
        (iam_oidc_provider_info, {"state": "present"}, "Unsupported parameters for"),
    ],
)
def test_the_argument_spec_says_what_goes_together(
    run: Run, module: ModuleType, options: dict[str, Any], sentence: str
) -> None:
    assert sentence in run(module, _fails=True, **options)["msg"]


def test_an_empty_list_changes_nothing_and_calls_nothing(run: Run) -> None:
    done = run(iam_serviceaccount, service_accounts=[])
    assert (done["changed"], done["results"], done["msg"]) == (False, [], "service_accounts is empty")


@pytest.mark.parametrize(
    ("module", "options", "error"),
    [
        (
            iam_serviceaccount,
            {"name": "Shop"},
            {
                "kind": "invalid_value",
                "problem": 'invalid value "Shop" for name: must be a valid Kubernetes name',
                "resource": "name",
            },
        ),
        (
            iam_serviceaccount,
            {"name": "shop", "policies": ["/no/such/file.json"]},
            {
                "kind": "invalid_file",
                "problem": 'policy file "/no/such/file.json" does not exist',
                "resource": "/no/such/file.json",
            },
        ),
        (
            iam_serviceaccount,
            {"name": "shop", "permissions_boundary": "boundary"},
            {
                "kind": "invalid_value",
                "problem": 'invalid value "boundary" for permissions_boundary: must be an ARN',
                "resource": "permissions_boundary",
            },
        ),
        (
            iam_serviceaccount_info,
            {"all_namespaces": True, "namespace": "web"},
            {
                "kind": "invalid_value",
                "problem": 'invalid value "web" for namespace: cannot be combined with all_namespaces',
                "resource": "namespace",
            },
        ),
        (
            iam_oidc_provider,
            {"issuer_url": "http://issuer.example"},
            {
                "kind": "invalid_value",
                "problem": 'invalid value "http://issuer.example" for issuer_url: '
                "must be the URL of an OIDC issuer",
                "resource": "issuer_url",
            },
        ),
        (
            iam_oidc_provider_info,
            {"cluster_name": "a/b"},
            {
                "kind": "invalid_value",
                "problem": 'invalid value "a/b" for cluster_name: must be the name of an EKS cluster',
                "resource": "cluster_name",
            },
        ),
    ],
)
def test_a_failure_is_one_sentence_and_its_parts(
    run: Run, module: ModuleType, options: dict[str, Any], error: dict[str, str]
) -> None:
    failed = run(module, _fails=True, **options)
    remedy = failed["error"].pop("remedy")
    assert failed["error"] == error
    assert remedy
    assert failed["msg"] == f"{error['problem']}; {remedy}"
    assert (failed["changed"], failed["steps"]) == (False, [])


@pytest.mark.parametrize("module", EVERY)
@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            {"secret_key": "x"},
            'invalid value "…" for secret_key: requires access_key; set access_key too',
        ),
        ({"region": "Here"}, 'invalid value "Here" for region: must be an AWS region'),
        ({"timeout": "soon"}, 'invalid value "soon" for timeout: must be a duration'),
        ({"profile": "absent"}, 'AWS profile "absent" (from profile) does not exist'),
    ],
)
def test_where_to_work_is_told_in_the_same_way_to_every_module(
    run: Run, module: ModuleType, options: dict[str, Any], sentence: str
) -> None:
    given = {"region": "us-east-1", "cluster_name": "demo", **LEAST.get(module, {}), **options}
    assert run(module, _fails=True, **given)["msg"].startswith(sentence)


@pytest.mark.parametrize("module", EVERY)
def test_a_check_is_not_skipped(run: Run, module: ModuleType) -> None:
    failed = run(module, _check=True, _fails=True, **{**LEAST.get(module, {}), "timeout": "soon"})
    assert failed["error"]["kind"] == "invalid_value"


@pytest.mark.parametrize("module", EVERY)
def test_no_secret_is_in_what_is_returned(run: Run, module: ModuleType) -> None:
    secrets = {"secret_key": "hidden-key", "session_token": "hidden-session"}
    if module in (iam_serviceaccount, iam_serviceaccount_info):
        secrets["api_key"] = "hidden-bearer"
    failed = run(
        module, _fails=True, **{**LEAST.get(module, {}), **secrets, "access_key": "AKIA", "timeout": "soon"}
    )
    assert failed["invocation"]["module_args"]["access_key"] == "AKIA"
    assert "hidden" not in json.dumps(failed)


@pytest.mark.parametrize("module", EVERY)
def test_a_profile_that_requires_a_code_is_refused(run: Run, module: ModuleType, tmp_path: Path) -> None:
    """A task can ask nobody, whatever terminal ansible-playbook runs on."""
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws/config").write_text(
        "[profile me]\naws_access_key_id = AKID\naws_secret_access_key = x\n"
        "[profile admin]\nrole_arn = arn:aws:iam::123456789012:role/admin\nsource_profile = me\n"
        "mfa_serial = arn:aws:iam::123456789012:mfa/me\n"
    )
    given = {"region": "us-east-1", "cluster_name": "demo", **LEAST.get(module, {}), "profile": "admin"}
    error = run(module, _fails=True, **given)["error"]
    assert (error["kind"], error["resource"]) == ("unlocated", "profile admin")
    assert "aws sts get-caller-identity --profile admin" in error["remedy"]

# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What each module says where a library that it needs is not installed."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import metadata
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
Missing = Callable[[str], None]


@pytest.fixture
def missing(monkeypatch: pytest.MonkeyPatch) -> Missing:
    """`missing("kubernetes")`: from now on its import fails."""

    def hide(library: str) -> None:
        for name in [*sys.modules, library]:
            if name.partition(".")[0] == library:
                monkeypatch.setitem(sys.modules, name, None)

    return hide


@pytest.mark.parametrize(
    ("module", "options"),
    [
        (iam_serviceaccount, {"name": "shop"}),
        (iam_serviceaccount_info, {}),
        (iam_oidc_provider, {"cluster_name": "demo"}),
        (iam_oidc_provider_info, {}),
    ],
)
def test_every_module_needs_boto3(
    run: Run, missing: Missing, module: ModuleType, options: dict[str, Any]
) -> None:
    missing("botocore")
    failed = run(module, _fails=True, **options)
    assert "Failed to import the required Python library (boto3)" in failed["msg"]
    assert sys.executable in failed["msg"]


@pytest.mark.parametrize(
    ("module", "options"),
    [(iam_serviceaccount, {"name": "shop"}), (iam_serviceaccount_info, {})],
)
def test_the_modules_of_service_accounts_need_kubernetes(
    run: Run, missing: Missing, module: ModuleType, options: dict[str, Any]
) -> None:
    missing("kubernetes")
    failed = run(module, _fails=True, **options)
    assert "Failed to import the required Python library (kubernetes)" in failed["msg"]


@pytest.mark.parametrize("module", [iam_oidc_provider, iam_oidc_provider_info])
def test_those_of_providers_do_not(run: Run, missing: Missing, module: ModuleType) -> None:
    missing("kubernetes")
    failed = run(module, _fails=True, cluster_name="demo", region="us-east-1")
    assert failed["msg"].startswith("no AWS credentials were found for eks:DescribeCluster")


@pytest.fixture
def versions(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """`versions["urllib3"] = "1.25.11"`: what is said to be installed."""
    told: dict[str, str] = {}
    real = metadata.version
    monkeypatch.setattr(metadata, "version", lambda name: told.get(name) or real(name))
    return told


@pytest.mark.parametrize(
    ("distribution", "version", "library"),
    [
        ("botocore", "1.34.162", "boto3"),
        ("kubernetes", "30.1.0", "kubernetes"),
        ("kubernetes", "36.0.1", "kubernetes"),
        ("urllib3", "1.25.11", "urllib3"),
    ],
)
def test_what_cannot_be_used_is_named_with_the_version_that_was_found(
    run: Run, versions: dict[str, str], distribution: str, version: str, library: str
) -> None:
    versions[distribution] = version
    error = run(iam_serviceaccount, _fails=True, name="shop")["error"]
    assert (error["kind"], error["resource"]) == ("unmet_requirement", library)
    assert f"{distribution} {version} is installed" in error["problem"]
    assert "ansible_python_interpreter" in error["remedy"]


# The lowest urllib3 that the running Python can import.
LOWEST_URLLIB3 = "1.26.16" if sys.version_info >= (3, 12) else "1.26"


@pytest.mark.parametrize(("distribution", "version"), [("urllib3", LOWEST_URLLIB3), ("urllib3", "2.0.0rc1")])
def test_what_can_be_used_is_used(
    run: Run, versions: dict[str, str], distribution: str, version: str
) -> None:
    versions[distribution] = version
    assert run(iam_serviceaccount, _fails=True, name="shop")["error"]["kind"] == "unlocated"


@pytest.mark.parametrize("library", ["urllib3", "yaml"])
def test_the_modules_of_service_accounts_need_what_is_imported(
    run: Run, missing: Missing, library: str
) -> None:
    missing(library)
    error = run(iam_serviceaccount_info, _fails=True)["error"]
    assert error["kind"] == "unmet_requirement"
    assert error["resource"].lower().endswith(library)

# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What each module says where a library that it needs is not installed."""

from __future__ import annotations

import sys
from collections.abc import Callable
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

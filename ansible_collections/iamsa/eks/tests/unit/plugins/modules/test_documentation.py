# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What each module says of itself can be read, and shows how it is used."""

from __future__ import annotations

from types import ModuleType

import pytest
import yaml

from ansible_collections.iamsa.eks.plugins.modules import (
    iam_oidc_provider,
    iam_oidc_provider_info,
    iam_serviceaccount,
    iam_serviceaccount_info,
)

MODULES = (iam_oidc_provider, iam_oidc_provider_info, iam_serviceaccount, iam_serviceaccount_info)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rpartition(".")[2])
def test_examples_and_return_values_are_yaml(module: ModuleType) -> None:
    name = yaml.safe_load(module.DOCUMENTATION)["module"]
    examples = yaml.safe_load(module.EXAMPLES)
    assert len([task for task in examples if f"iamsa.eks.{name}" in task]) > 1
    for what, value in yaml.safe_load(module.RETURN).items():
        assert {"description", "returned", "type"} <= value.keys(), what

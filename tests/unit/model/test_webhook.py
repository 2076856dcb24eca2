# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which pods a webhook is asked about."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.iamsa.eks.plugins.module_utils.model.webhook import Webhook, is_pod_identity, unmet

RULE = {
    "apiGroups": [""],
    "apiVersions": ["v1"],
    "operations": ["CREATE"],
    "resources": ["pods"],
    "scope": "*",
}


@pytest.mark.parametrize(
    ("changed", "sees"),
    [
        ({}, True),
        ({"apiGroups": ["*"], "apiVersions": ["*"], "operations": ["*"], "resources": ["*"]}, True),
        ({"resources": ["*/*"]}, True),
        ({"operations": ["UPDATE", "CREATE"]}, True),
        ({"scope": "Namespaced"}, True),
        ({"scope": "Cluster"}, False),
        ({"operations": ["UPDATE"]}, False),
        ({"resources": ["pods/exec"]}, False),
        ({"apiGroups": ["apps"]}, False),
        ({"apiVersions": ["v1beta1"]}, False),
    ],
)
def test_rules_that_are_about_new_pods(changed: dict[str, Any], sees: bool) -> None:
    assert Webhook("c", "w", rules=({**RULE, **changed},)).sees_new_pods is sees


@pytest.mark.parametrize(
    ("selector", "labels", "keys"),
    [
        ({}, {}, []),
        ({"matchLabels": {"a": "1"}}, {"a": "1"}, []),
        ({"matchLabels": {"a": "1"}}, {"a": "2"}, ["a"]),
        ({"matchLabels": {"a": "1", "b": "1"}}, {}, ["a", "b"]),
        ({"matchExpressions": [{"key": "a", "operator": "Exists"}]}, {"a": ""}, []),
        ({"matchExpressions": [{"key": "a", "operator": "Exists"}]}, {}, ["a"]),
        ({"matchExpressions": [{"key": "a", "operator": "DoesNotExist"}]}, {"a": ""}, ["a"]),
        ({"matchExpressions": [{"key": "a", "operator": "In", "values": ["1", "2"]}]}, {"a": "2"}, []),
        ({"matchExpressions": [{"key": "a", "operator": "NotIn", "values": ["1"]}]}, {"a": "1"}, ["a"]),
        ({"matchExpressions": [{"key": "a", "operator": "NotIn", "values": ["1"]}]}, {}, []),
    ],
)
def test_what_a_selector_asks_for_and_labels_lack(
    selector: dict[str, Any], labels: dict[str, str], keys: list[str]
) -> None:
    assert [one["key"] for one in unmet(selector, labels)] == keys


@pytest.mark.parametrize(
    ("configuration", "webhook", "is_one"),
    [
        ("pod-identity-webhook", "iam-for-pods.amazonaws.com", True),
        ("vpc-resource-mutating-webhook", "mpod.vpc.k8s.aws", False),
        ("renamed", "pod-identity-webhook.amazonaws.com", True),
        ("pod-identity-webhook", "renamed", True),
    ],
)
def test_which_webhook_is_meant(configuration: str, webhook: str, is_one: bool) -> None:
    assert is_pod_identity(configuration, webhook) is is_one

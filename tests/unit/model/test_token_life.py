# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How long the mounted token is valid, and when there can be no pod that it is mounted into."""

from __future__ import annotations

import shlex
from typing import Any

import pytest
from unit.fakes.chains import chain_of
from unit.fakes.examples import READ_S3, ROLE_ARN, our_role, service_account

from ansible_collections.iamsa.eks.plugins.module_utils.doctor.checks.mounted_token import (
    MOUNTED_TOKEN_CHECKS,
)
from ansible_collections.iamsa.eks.plugins.module_utils.doctor.evidence import Evidence
from ansible_collections.iamsa.eks.plugins.module_utils.doctor.runner import examine
from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import (
    ANNOTATION_ROLE_ARN,
    ANNOTATION_TOKEN_EXPIRATION,
)
from ansible_collections.iamsa.eks.plugins.module_utils.model.pods import PodTemplate, Workload
from ansible_collections.iamsa.eks.plugins.module_utils.model.role import SeenRole
from ansible_collections.iamsa.eks.plugins.module_utils.model.token_life import expiration

LIMIT, WARNING = "token-expiration-limit", "token-expiration"
# What the annotation says, what the webhook asks for, and the check that finds something.
VALUES: list[tuple[str, int | None, str]] = [
    ("600", 600, ""),
    ("86400", 86400, ""),
    ("+3600", 3600, ""),
    ("00000000000000003600", 3600, ""),
    ("599", 600, WARNING),
    ("-1", 600, WARNING),
    ("86401", 86401, WARNING),
    ("4294967296", 4294967296, WARNING),
    ("4294967297", 4294967297, LIMIT),
    ("9223372036854775807", 9223372036854775807, LIMIT),
    ("9223372036854775808", None, WARNING),
    ("-9223372036854775808", 600, WARNING),
    ("-9223372036854775809", None, WARNING),
    ("9" * 5000, None, WARNING),
    ("", None, WARNING),
    (" 600", None, WARNING),
    ("600\n", None, WARNING),
    ("1_000", None, WARNING),
    ("1h", None, WARNING),
    ("3600.0", None, WARNING),
    ("0x258", None, WARNING),
    ("\u0666\u0660\u0660", None, WARNING),
]
values = pytest.mark.parametrize(("text", "seconds", "check"), VALUES, ids=lambda one: repr(one)[:24])


def evidence(text: str | None, workload: Workload | None = None) -> Evidence:
    annotations = {ANNOTATION_ROLE_ARN: ROLE_ARN}
    if text is not None:
        annotations[ANNOTATION_TOKEN_EXPIRATION] = text
    seen = SeenRole(our_role(), {READ_S3.arn: READ_S3.name})
    return Evidence(chain_of(service_account(annotations), seen), workload=workload)


def found(one: Evidence) -> list[tuple[str, str, str]]:
    results = examine(one, MOUNTED_TOKEN_CHECKS)
    return [(it.check.id, it.verdict, it.remedy) for it in results if it.verdict in ("fail", "warn")]


@values
def test_it_is_read_as_the_webhook_reads_it(text: str, seconds: int | None, check: str) -> None:  # noqa: ARG001
    assert expiration(text) == seconds


@values
def test_only_what_the_api_server_refuses_fails(text: str, seconds: int | None, check: str) -> None:  # noqa: ARG001
    verdicts = [(name, verdict) for name, verdict, _remedy in found(evidence(text))]
    assert verdicts == ([(check, "fail" if check == LIMIT else "warn")] if check else [])


@pytest.mark.parametrize(
    ("kind", "remedy"),
    [
        ("Deployment", ["kubectl", "patch", "deployment/app", "-n", "web", "--type=json", "-p"]),
        ("Job", []),
    ],
)
def test_what_a_workloads_template_says_counts_too(kind: str, remedy: list[Any]) -> None:
    template = PodTemplate("my-sa", annotations={ANNOTATION_TOKEN_EXPIRATION: "4294967297"})
    ((check, verdict, words),) = found(evidence(None, Workload(kind, "web", "app", template)))
    assert (check, verdict, shlex.split(words)[:7]) == (LIMIT, "fail", remedy)

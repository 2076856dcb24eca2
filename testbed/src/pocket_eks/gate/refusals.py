"""IAM's messages in place of the emulators': a resource does not exist, already exists or is in use.

Recorded by LocalStack against AWS (tests/aws/services/iam, 2026-02). Users reported "This policy has more
than one version" and "Policy … was not found." of DeletePolicy and of AWS managed policies (2024 to 2026).
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import NamedTuple

from pocket_eks.gate.message import Named


class Rule(NamedTuple):
    """IAM's message for an emulator's error of some operations, or of all if none are named."""

    operations: tuple[str, ...]
    said: re.Pattern[str]
    words: str


def rule(operations: str, said: str, words: str) -> Rule:
    return Rule(tuple(operations.split()), re.compile(said, re.IGNORECASE), words)


RULES = (
    rule("", r"Role \S+ not found|The role with name", "The role with name {RoleName} cannot be found."),
    rule("DeleteRole", "inline policies", "Cannot delete entity, must delete policies first."),
    rule(
        "DeleteRole",
        "instance profile",
        "Cannot delete entity, must remove roles from instance profile first.",
    ),
    rule(
        "GetRolePolicy DeleteRolePolicy",
        "",
        "The role policy with name {PolicyName} cannot be found.",
    ),
    rule(
        "DetachRolePolicy DeletePolicy TagPolicy UntagPolicy",
        r"not (found|attached|exist)|cannot be found",
        "Policy {PolicyArn} was not found.",
    ),
    rule(
        "GetPolicyVersion DeletePolicyVersion SetDefaultPolicyVersion",
        "not found|not exist",
        "Policy {PolicyArn} version {VersionId} does not exist or is not attachable.",
    ),
    rule("GetPolicy", "Policy arn:[a-z-]+:iam::aws:", "Policy {PolicyArn} was not found."),
    rule("", r"Policy (arn:\S+ )?not found", "Policy {PolicyArn} does not exist or is not attachable."),
    rule(
        "CreatePolicy",
        "already exists",
        "A policy called {PolicyName} already exists. Duplicate names are not allowed.",
    ),
    rule(
        "CreatePolicyVersion",
        "5 versions",
        "A managed policy can have up to 5 versions. Before you create a new version, you must delete an "
        "existing version.",
    ),
    rule("CreateOpenIDConnectProvider", "exists|unknown", "Provider with url {Url} already exists."),
    rule(
        "DeleteOpenIDConnectProvider",
        "not found",
        "OpenId connect Provider {OpenIDConnectProviderArn} cannot be found.",
    ),
    rule(
        "",
        "OIDC provider .* not found",
        "OpenIDConnect Provider not found for arn {OpenIDConnectProviderArn}",
    ),
)
"""The first matching rule applies. Messages that match none are the same as IAM's."""


def words_of(named: Named, said: str) -> str:
    """Return IAM's message for the emulator's."""
    operation = named.action.removeprefix("iam:")
    for one in RULES:
        if (not one.operations or operation in one.operations) and one.said.search(said):
            return one.words.format_map(defaultdict(str, named.params))
    return said

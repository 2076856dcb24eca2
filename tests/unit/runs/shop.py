"""What somebody else does to a ServiceAccount and its role, in memory, and commands about them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from unit.fakes.command_line import CommandLine
from unit.fakes.examples import (
    ACCOUNT,
    BOUNDARY,
    CLUSTER,
    HOME,
    OTHER_BOUNDARY,
    READ_S3,
    SUBJECT,
    document,
    our_role,
    our_statement,
    retagged,
    service_account,
)

from ansible_collections.iamsa.eks.plugins.module_utils.model.names import derived_role_name
from ansible_collections.iamsa.eks.plugins.module_utils.model.role import Role
from ansible_collections.iamsa.eks.plugins.module_utils.policy.reference import ManagedPolicy
from ansible_collections.iamsa.eks.plugins.module_utils.trust.statements import trust_policy

NAME = derived_role_name(ACCOUNT, CLUSTER.region, CLUSTER.name, SUBJECT)
"""What the role is called unless a name is asked for."""
ARN = HOME.role_arn("/iamsa/", NAME)
CREATE = ("create", "my-sa", "-p", READ_S3.name)
DELETE = ("delete", "my-sa", "--yes")


def trusting_account(account: str = ACCOUNT) -> dict[str, Any]:
    principal = {"AWS": f"arn:aws:iam::{account}:root"}
    return {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}


def make_role(
    line: CommandLine,
    *policies: ManagedPolicy,
    name: str = NAME,
    path: str = "/",
    tags: Mapping[str, str] | None = None,
    trust: list[Any] | None = None,
) -> str:
    """A role that somebody else makes; its ARN. Without `trust` it trusts the account itself."""
    statements = trust_policy([trusting_account()] if trust is None else trust)
    arn = HOME.role_arn(path, name)
    made = replace(our_role(name=name), path=path, arn=arn, tags=tags or {}, trust=statements, role_id="AROA")
    line.world.account.put(made, *policies)
    return arn


def add_boundaries(line: CommandLine) -> None:
    """Two managed policies that can be a role's permissions boundary."""
    line.world.account.add(
        ManagedPolicy("boundary", BOUNDARY), ManagedPolicy("other-boundary", OTHER_BOUNDARY)
    )


def write_policy(line: CommandLine, name: str = "reader", action: str = "s3:GetObject") -> str:
    """A policy file in the directory in which commands run; its absolute path."""
    file = line.kubeconfig.with_name(f"{name}.json")
    file.write_text(json.dumps(document(action)))
    return str(file)


def make_service_account(line: CommandLine, annotations: Mapping[str, str], manager: str = "helm") -> None:
    line.world.kubernetes.put(service_account(annotations, dict.fromkeys(annotations, manager)))


def annotate(line: CommandLine, manager: str = "kubectl-annotate", **annotations: str | None) -> None:
    """Change the ServiceAccount's annotations; the keys are those of `identity/keys.py`."""
    there = line.world.kubernetes.service_accounts[SUBJECT]
    held = {**there.annotations, **annotations}
    owners = {**there.managers, **{key: frozenset({manager}) for key in annotations}}
    kept = {key: value for key, value in held.items() if value is not None}
    line.world.kubernetes.put(replace(there, annotations=kept, managers={key: owners[key] for key in kept}))


def change_role(line: CommandLine, role: Role) -> None:
    line.world.account.roles[role.name] = role


def set_trust(line: CommandLine, *statements: Any) -> None:
    change_role(line, replace(line.world.role, trust=trust_policy(list(statements))))


def set_tags(line: CommandLine, **tags: str | None) -> None:
    change_role(line, retagged(line.world.role, **tags))


def trusted_besides(line: CommandLine) -> None:
    set_trust(line, our_statement(), trusting_account())


def settled(line: CommandLine, *words: str) -> list[str]:
    """The lines of a create that succeeds, and that leaves nothing for the same again."""
    lines = line.run(*CREATE, *words).out.splitlines()
    before = line.world.state()
    again = line.run(*CREATE, *words)
    assert again.out.splitlines()[0] == "serviceaccount/my-sa unchanged"
    assert line.world.state() == before
    return lines

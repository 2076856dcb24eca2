"""What `gen3 iam-serviceaccount` leaves behind, and its users, in memory."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from unit.fakes.command_line import CommandLine, Done
from unit.fakes.examples import HOME, SUBJECT, document, our_role, our_statement, service_account
from unit.fakes.world import World

from ansible_collections.iamsa.eks.plugins.module_utils.identity.keys import ANNOTATION_ROLE_ARN
from ansible_collections.iamsa.eks.plugins.module_utils.identity.subject import Subject
from ansible_collections.iamsa.eks.plugins.module_utils.model.role import Role
from ansible_collections.iamsa.eks.plugins.module_utils.policy.equality import Document
from ansible_collections.iamsa.eks.plugins.module_utils.policy.reference import ManagedPolicy

TIMESTAMP = 1700000000
S3, SQS, SNS = "AmazonS3ReadOnlyAccess", "AmazonSQSReadOnlyAccess", "AmazonSNSReadOnlyAccess"
ROLE = f"demo-{SUBJECT.name}-role"


def arn_of(role: str = ROLE, path: str = "/") -> str:
    return HOME.role_arn(path, role)


def aws_managed(name: str) -> str:
    return f"arn:aws:iam::aws:policy/{name}"


def gen3_trust() -> dict[str, Any]:
    """The document that the script writes, its empty Sid included."""
    return {"Version": "2012-10-17", "Statement": [{"Sid": "", **our_statement()}]}


@dataclass
class Habit:
    """One of its users, with the ServiceAccount `my-sa`: its role's name lacks the namespace."""

    line: CommandLine

    @property
    def world(self) -> World:
        return self.line.world

    def run(self, line: str, code: int = 0, **environ: str) -> Done:
        """`run("-c NAME -p S3")`: these words stand for the ServiceAccount's name and a policy's."""
        return self.line.run(*spelled(line), code=code, **environ)

    def refused(self, line: str, code: int = 1, **environ: str) -> str:
        """What is said by a run that changes nothing."""
        return self.line.refused(*spelled(line), code=code, **environ)

    def unchanged(self, line: str) -> Done:
        """A run that has nothing to do."""
        before, written = self.world.state(), list(self.world.wire.writes)
        done = self.run(line)
        assert (self.world.state(), self.world.wire.writes) == (before, written)
        return done

    def role(self, name: str = ROLE) -> Role | None:
        return self.world.account.roles.get(name)

    def attached(self, role: str = ROLE) -> set[str]:
        """Names of the managed policies."""
        return set(self.world.account.attached[role].values())

    def inline(self, role: str = ROLE) -> dict[str, Document]:
        return dict(self.world.account.inline[role])

    def service_account(self, annotations: Mapping[str, str], subject: Subject = SUBJECT) -> None:
        """Have one that `kubectl annotate` has annotated, of which Kubernetes records no manager."""
        self.world.kubernetes.put(replace(service_account(annotations, {}), subject=subject))

    def gen3_makes(self, *policies: str, files: Mapping[str, Document] | None = None) -> str:
        """Role, policies and ServiceAccount as the script makes them; the role's ARN. `files` are stems."""
        role = replace(
            our_role(), name=ROLE, path="/", arn=arn_of(), tags={}, trust=gen3_trust(), role_id="AROA"
        )
        self.world.account.put(role, *(ManagedPolicy(name, aws_managed(name)) for name in policies))
        for seconds, (stem, meant) in enumerate((files or {}).items()):
            self.gen3_puts(f"{stem}-{TIMESTAMP + seconds}", meant)
        self.service_account({ANNOTATION_ROLE_ARN: role.arn})
        return role.arn

    def gen3_puts(self, name: str, meant: Document) -> None:
        self.world.account.inline[ROLE][name] = meant


KNOWN = {"NAME": SUBJECT.name, "ARN": aws_managed(S3), "S3": S3, "SQS": SQS, "SNS": SNS}


def spelled(line: str) -> list[str]:
    return [re.sub("|".join(KNOWN), lambda found: KNOWN[found[0]], word) for word in shlex.split(line)]


def write(path: Path, meant: Document | None = None) -> str:
    """A policy file's path."""
    path.write_text(json.dumps(meant or document()))
    return str(path)

"""(d) A task of iamsa against tasks of amazon.aws and kubernetes.core that do the same."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.stopwatch import Command, Comparison, Run, compared

MANY, LOOPED = 100, 10
POLICY = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Federated": "arn:aws:iam::{{ caller.account }}:oidc-provider/{{ host }}"},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {
                "StringEquals": "{{ {host ~ ':aud': 'sts.amazonaws.com',"
                " host ~ ':sub': 'system:serviceaccount:default:' ~ service_account} }}"
            },
        }
    ],
}
ONE = {"name": "{{ service_account }}", "namespace": "default", "policies": [POLICY]}
# What amazon.aws and kubernetes.core offer for it today; the issuer takes a raw command.
PEERS: list[dict[str, Any]] = [
    {
        "ansible.builtin.command": "aws eks describe-cluster --name {{ cluster }}"
        " --query cluster.identity.oidc.issuer --output text",
        "register": "issuer",
        "changed_when": False,
        "check_mode": False,
    },
    {"amazon.aws.aws_caller_info": {}, "register": "caller"},
    {
        "amazon.aws.iam_role": {
            "name": "peer-{{ service_account }}",
            "assume_role_policy_document": "{{ trust }}",
            "managed_policies": [POLICY],
            "create_instance_profile": False,
        },
        "vars": {"host": "{{ issuer.stdout | regex_replace('^https://', '') }}", "trust": TRUST},
        "register": "role",
    },
    {
        "kubernetes.core.k8s": {
            "state": "present",
            "definition": {
                "apiVersion": "v1",
                "kind": "ServiceAccount",
                "metadata": {
                    "name": "peer-{{ service_account }}",
                    "namespace": "default",
                    "annotations": {"eks.amazonaws.com/role-arn": "{{ role.iam_role.arn }}"},
                },
            },
        }
    },
]


@dataclass(frozen=True)
class Batch:
    """Seconds of one task for MANY ServiceAccounts, and of the peers' tasks in a loop over LOOPED."""

    ours: Run
    looped: Run

    @property
    def ratio(self) -> float:
        """The loop scaled to as many."""
        return self.looped.seconds * MANY / LOOPED / self.ours.seconds


class Playbooks:
    """`ours` and `theirs` are pythons with Ansible; playbooks are written into `folder`."""

    def __init__(
        self, ours: Path, theirs: Path, folder: Path, environ: Mapping[str, str], cluster: str
    ) -> None:
        self._ours = ours.with_name("ansible-playbook")
        self._theirs = theirs.with_name("ansible-playbook")
        self._folder = folder
        self._cluster = cluster
        self._environ = {
            **environ,
            "ANSIBLE_HOME": str(folder / "ansible"),
            "ANSIBLE_COLLECTIONS_PATH": str(folder / "collections"),
            "ANSIBLE_LOCALHOST_WARNING": "False",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "False",
            "ANSIBLE_RETRY_FILES_ENABLED": "False",
        }

    def least(self, runs: int) -> Comparison:
        """A play with one task of a module that does nothing: what Ansible itself takes for one."""
        play = self._play("least", [{"ansible.builtin.ping": {}}])
        return compared(self._command(self._ours, play), self._command(self._theirs, play), runs)

    def one(self, runs: int) -> dict[str, Comparison]:
        ours = self._play("one", [{"iamsa.eks.iam_serviceaccount": ONE}])
        theirs = self._play("peers-one", PEERS)
        first = compared(
            Command(lambda name: self._words(self._ours, ours, name), self._environ),
            Command(lambda name: self._words(self._theirs, theirs, name), self._environ),
            runs,
        )
        again = compared(
            Command(lambda _: self._words(self._ours, ours, "same"), self._environ),
            Command(lambda _: self._words(self._theirs, theirs, "same"), self._environ),
            runs,
        )
        return {"first run": first, "nothing to do": again}

    def many(self) -> dict[str, Batch]:
        ours = self.task("default", [{"name": f"many-{number}"} for number in range(MANY)])
        loop = {
            "ansible.builtin.include_tasks": str(self._tasks()),
            "loop": [f"looped-{number}" for number in range(LOOPED)],
            "loop_control": {"loop_var": "service_account"},
        }
        theirs = self._command(self._theirs, self._play("peers-many", [loop]))
        return {what: Batch(ours.run(), theirs.run()) for what in ("first run", "nothing to do")}

    def task(self, namespace: str, service_accounts: list[dict[str, str]]) -> Command:
        """A play of one task of iamsa for all of them."""
        options = {"namespace": namespace, "policies": [POLICY], "service_accounts": service_accounts}
        play = self._play(f"{namespace}-{len(service_accounts)}", [{"iamsa.eks.iam_serviceaccount": options}])
        return self._command(self._ours, play)

    def plain(self, words: Sequence[str]) -> Command:
        """A command in the same world."""
        return Command(lambda _: words, self._environ)

    def _tasks(self) -> Path:
        path = self._folder / "peers.json"
        path.write_text(json.dumps(PEERS))
        return path

    def _play(self, name: str, tasks: list[dict[str, Any]]) -> Path:
        path = self._folder / f"{name}.json"
        play = {
            "hosts": "localhost",
            "gather_facts": False,
            "vars": {"cluster": self._cluster},
            "tasks": tasks,
        }
        path.write_text(json.dumps([play]))
        return path

    def _command(self, program: Path, play: Path) -> Command:
        return Command(lambda name: self._words(program, play, name), self._environ)

    def _words(self, program: Path, play: Path, service_account: str) -> list[str]:
        return [str(program), str(play), "-e", f"service_account={service_account}"]

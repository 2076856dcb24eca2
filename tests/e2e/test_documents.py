"""Every verb that prints documents keeps to the published schema: whatever runs a command checks it."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from e2e.shop import ROLE_ARN, Shop
from e2e.warm import Warm
from kubectl_iamsa.verb_tree import SUMMARIES, build_parser

pytestmark = [pytest.mark.warm, pytest.mark.usefixtures("cluster_admin")]

# How each of them is run, in order: of one ServiceAccount, of several, before and after the fact.
COMMANDS: dict[str, list[str]] = {
    "apply": ["-f {manifest} --dry-run", "-f {manifest}"],
    "create": ["shop -p AmazonS3ReadOnlyAccess --dry-run", "shop -p AmazonS3ReadOnlyAccess --wait"],
    "update": ["shop -p AmazonSQSReadOnlyAccess --dry-run=server", "shop --tag team=web"],
    "delete": ["shop --yes --dry-run", "shop --yes --dry-run=server", "shop --yes"],
    "list": ["", "-A", "shop"],
    "describe": ["shop", "broken"],
    "verify": ["shop --can s3:GetObject", "--all", "broken", "nobody"],
    "doctor": ["shop", "", "broken"],
    "version": ["", "--client"],
}

MANIFEST = """\
apiVersion: iamsa/v1alpha1
kind: ServiceAccountRole
metadata: {name: shop}
spec: {policies: [AmazonS3ReadOnlyAccess]}
"""


def prints_documents(verb: str) -> bool:
    parser = build_parser().verbs()[verb]
    return any("json" in (action.choices or ()) for action in parser.actions())


def test_there_is_a_command_for_every_verb_that_prints_documents() -> None:
    assert {verb for verb in SUMMARIES if prints_documents(verb)} == COMMANDS.keys()


@pytest.mark.parametrize("verb", COMMANDS)
def test_each_of_them_prints_one(made: Shop, warm_process: Warm, tmp_path: Path, verb: str) -> None:
    manifest = tmp_path / "shop.yaml"
    manifest.write_text(MANIFEST)
    made.ok("create", "serviceaccount", "broken", "-n", made.namespace)
    made.ok("annotate", "serviceaccount", "broken", f"{ROLE_ARN}={made.arn_of('none')}", "-n", made.namespace)
    for command, output in zip(COMMANDS[verb], itertools.cycle(["json", "yaml"]), strict=False):
        where = () if "-A" in command else ("-n", made.namespace)
        done = warm_process.run(
            [verb, *command.format(manifest=manifest).split(), *where, "-o", output], made.world.environ
        )
        assert done.stdout, (command, done.stderr)

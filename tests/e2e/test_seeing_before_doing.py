"""Dry runs, diffs and the forms of output."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
import yaml
from e2e.shop import MARKER, ROLE_ARN, S3, SQS, Json, Shop, undated
from pocket_eks.control import Control

pytestmark = pytest.mark.warm

Writes = Callable[[], "list[str]"]


@pytest.mark.parametrize(("kind", "suffix"), [("client", "dry run"), ("server", "server dry run")])
def test_a_dry_run_prints_the_steps_and_writes_nothing(
    shop: Shop, writes: Writes, kind: str, suffix: str
) -> None:
    dry = shop.create(f"--dry-run={kind}")
    assert writes() == []
    assert (shop.role(), shop.service_account()) == (None, None)
    real = shop.create()
    *steps, arn = real.stdout.splitlines()
    assert dry.stdout.splitlines() == [*(f"{step} ({suffix})" for step in steps), arn]


def test_dry_run_alone_means_client_and_takes_no_word_after_it(
    shop: Shop, iamsa: Callable[..., object]
) -> None:
    iamsa("create", "-p", S3, "--dry-run", "shop", "-n", shop.namespace)
    assert shop.role() is None


def test_only_the_server_dry_run_rehearses(shop: Shop, control: Control) -> None:
    def rehearsals() -> list[str]:
        return [call["action"] for call in control.calls() if call["action"] == "kube:create:serviceaccounts"]

    shop.create("--dry-run=client")
    assert rehearsals() == []
    shop.create("--dry-run=server")
    assert rehearsals() == ["kube:create:serviceaccounts"]


def drifted(shop: Shop) -> None:
    shop.create()
    shop.annotate(f"{ROLE_ARN}-")
    shop.set_trust({**shop.statement(), "Action": "sts:AssumeRole"})


def nothing(_: Shop) -> None:
    """A first run."""


@pytest.mark.usefixtures("cluster_admin")  # who may not read the namespace is told so beforehand
@pytest.mark.parametrize("before", [nothing, drifted])
def test_a_dry_run_foretells_the_very_document_of_the_real_run(
    shop: Shop, before: Callable[[Shop], None]
) -> None:
    before(shop)
    words = ("-o", "json", "--tag", "team=a", "--max-session-duration", "2h")
    documents = [
        undated(json.loads(shop.create(*words, f"--dry-run={kind}", policies=[S3, SQS]).stdout))
        for kind in ("client", "server", "none")
    ]
    assert [one["status"]["run"].pop("dryRun") for one in documents] == ["client", "server", "none"]
    assert documents[0] == documents[1] == documents[2]
    real = documents[2]["status"]
    role = shop.role()
    assert role
    assert real["role"]["tags"] == role["Tags"]
    assert real["role"]["trustPolicy"] == role["AssumeRolePolicyDocument"]
    assert real["serviceAccount"]["annotations"] == shop.annotations()
    assert {one["name"] for one in real["policies"]["managed"]} == shop.attached()


def test_what_a_script_reads_is_alone_on_stdout(shop: Shop) -> None:
    first = shop.create("-o", "name")
    assert first.stdout == f"{shop.role_name}\n"
    document = json.loads(shop.create("-o", "json").stdout)
    assert (document["apiVersion"], document["kind"]) == ("iamsa/v1alpha1", "ServiceAccountRole")
    assert (document["status"]["run"]["changed"], document["status"]["run"]["steps"]) == (False, [])
    assert yaml.safe_load(shop.create("-o", "yaml").stdout) == document
    assert (document["metadata"]["name"], document["metadata"]["namespace"]) == ("shop", shop.namespace)


def test_the_steps_of_the_document_are_the_lines_of_the_text(shop: Shop) -> None:
    run: Json = json.loads(shop.create("-o", "json", "--dry-run").stdout)["status"]["run"]
    lines = shop.create().stdout.splitlines()[:-1]
    assert [step["sentence"] for step in run["steps"]] == lines
    assert run["changed"] is True


def test_diff_shows_both_documents_and_goes_on(shop: Shop) -> None:
    first = shop.create("--diff").stdout
    host = shop.world.issuer.removeprefix("https://")
    for line in (
        f"+arn: {shop.role_arn}",
        f"+      {host}:sub: system:serviceaccount:{shop.namespace}:shop",
        f"+- arn:aws:iam::aws:policy/{S3}",
        f"+  {MARKER}: {shop.world.cluster_arn}/{shop.namespace}/shop",
    ):
        assert line in first
    assert first.splitlines()[-1] == shop.role_arn
    assert shop.role() is not None

    shop.set_trust(shop.statement(audience="vault"))
    dry = shop.create("--diff", "--dry-run").stdout.splitlines()
    changed = [line for line in dry if line[:1] in "+-" and line[:3] not in ("---", "+++")]
    assert changed == [f"-      {host}:aud: vault", f"+      {host}:aud: sts.amazonaws.com"]
    assert shop.trust() == [shop.statement(audience="vault")]


def test_without_a_change_the_diff_is_empty(made: Shop) -> None:
    assert made.create("--diff").stdout.splitlines() == ["serviceaccount/shop unchanged", made.role_arn]


def test_with_a_document_on_stdout_the_diff_goes_to_stderr(shop: Shop) -> None:
    done = shop.create("--diff", "-o", "json", "--dry-run")
    assert json.loads(done.stdout)["status"]["run"]["changed"] is True
    assert f"+arn: {shop.role_arn}" in done.stderr

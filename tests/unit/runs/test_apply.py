# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whole runs of `apply` in memory: what it writes, prints, and refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from unit.fakes.command_line import CommandLine
from unit.fakes.examples import BOUNDARY, CLUSTER, READ_S3, READ_SQS, document
from unit.runs.shop import CREATE, add_boundaries

from ansible_collections.iamsa.eks.plugins.module_utils.jobs import batch


def manifest(name: str, *policies: Any, namespace: str | None = "web", **spec: Any) -> dict[str, Any]:
    """A ServiceAccountRole."""
    metadata = {"name": name, **({"namespace": namespace} if namespace else {})}
    return {
        "apiVersion": "iamsa/v1alpha1",
        "kind": "ServiceAccountRole",
        "metadata": metadata,
        "spec": {"policies": list(policies), **spec},
    }


def write(line: CommandLine, *manifests: Any, name: str = "roles.yaml") -> str:
    """A file with these manifests in the current folder; its path as typed."""
    path = line.kubeconfig.parent / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(yaml.safe_dump_all(manifests, sort_keys=False))
    return name


THREE = (
    manifest("a", READ_S3.name),
    manifest("b", READ_SQS.arn),
    manifest("c", {"name": "reader", "document": document("s3:GetObject")}),
)


class TestTheFirstRun:
    def test_creates_each_role_and_says_so_in_a_line(self, line: CommandLine) -> None:
        done = line.run("apply", "-f", write(line, *THREE))
        assert done.out.splitlines() == ["web/a created", "web/b created", "web/c created", "3 created"]
        assert len(line.world.account.roles) == 3

    def test_does_what_create_does(self, line: CommandLine) -> None:
        line.run(*CREATE)
        before = line.world.state()
        done = line.run("apply", "-f", write(line, manifest("my-sa", READ_S3.name)))
        assert done.out == "1 unchanged\n"
        assert line.world.state() == before

    def test_the_second_run_writes_nothing(self, line: CommandLine) -> None:
        path = write(line, *THREE)
        line.run("apply", "-f", path)
        line.world.account.age_record()
        before = line.world.state()
        assert line.run("apply", "-f", path).out == "3 unchanged\n"
        assert line.world.state() == before

    def test_a_changed_item_is_updated(self, line: CommandLine) -> None:
        line.run("apply", "-f", write(line, *THREE))
        line.world.account.age_record()
        changed = (*THREE[:2], manifest("c", READ_S3.name))
        assert line.run("apply", "-f", write(line, *changed)).out == "web/c updated\n1 updated, 2 unchanged\n"


class TestPreview:
    def test_a_dry_run_writes_nothing(self, line: CommandLine) -> None:
        before = line.world.state()
        lines = line.run("apply", "-f", write(line, *THREE), "--dry-run").out.splitlines()
        assert lines[-1] == "3 created (dry run)"
        assert "web/a created (dry run)" in lines
        assert line.world.state() == before

    def test_a_diff_shows_the_documents(self, line: CommandLine) -> None:
        done = line.run("apply", "-f", write(line, *THREE), "--dry-run", "--diff")
        assert f"+- {READ_S3.arn}" in done.out.splitlines()

    def test_a_document_lists_all(self, line: CommandLine) -> None:
        done = line.run("apply", "-f", write(line, *THREE), "-o", "json")
        printed = json.loads(done.out)
        assert [one["metadata"]["name"] for one in printed["items"]] == ["a", "b", "c"]
        assert printed["kind"] == "ServiceAccountRoleList"

    def test_names_are_those_of_the_roles(self, line: CommandLine) -> None:
        done = line.run("apply", "-f", write(line, *THREE), "-o", "name")
        assert set(done.out.split()) == set(line.world.account.roles)


class TestWhatIsPrintedCanBeApplied:
    @pytest.mark.parametrize(
        "words", [(*CREATE, "-o", "yaml"), ("describe", "my-sa", "-o", "yaml"), ("list", "-o", "yaml")]
    )
    def test_and_changes_nothing(self, made: CommandLine, words: tuple[str, ...]) -> None:
        printed = made.run(*words).out
        made.kubeconfig.with_name("printed.yaml").write_text(printed)
        before = made.world.state()
        assert made.run("apply", "-f", "printed.yaml").out == "1 unchanged\n"
        assert made.world.state() == before


class TestFailures:
    def test_one_does_not_hide_the_others(self, line: CommandLine) -> None:
        path = write(line, THREE[0], manifest("b", "NoSuchPolicy"), THREE[2])
        done = line.run("apply", "-f", path, code=1)
        assert done.out.splitlines()[-1] == "2 created, 1 failed"
        first = done.err.splitlines()[0]
        assert first.startswith(
            "error: roles.yaml:10: web/b: there is no managed policy named NoSuchPolicy; "
        )

    def test_a_failed_item_is_in_the_document(self, line: CommandLine) -> None:
        path = write(line, THREE[0], manifest("b", "NoSuchPolicy"))
        printed = json.loads(line.run("apply", "-f", path, "-o", "json", code=1).out)
        assert printed["items"][1]["status"]["error"]["kind"] == "not_found"

    def test_a_wrong_file_writes_nothing(self, line: CommandLine) -> None:
        path = write(line, THREE[0], manifest("b", "x", prge=True))
        refusal = line.refused("apply", "-f", path)
        assert refusal == "roles.yaml:18: spec.prge: unknown field; did you mean purge?"

    def test_all_faults_of_all_files_are_shown(self, line: CommandLine) -> None:
        one = write(line, manifest("a", role={"path": "team"}), name="one.yaml")
        two = write(line, manifest("A b"), name="two.yaml")
        done = line.run("apply", "-f", one, "-f", two, code=1)
        assert [each.split(": ")[1] for each in done.err.splitlines()] == ["one.yaml:9", "two.yaml:4"]
        assert line.world.account.roles == {}


class TestDefaults:
    def test_flags_apply_to_what_an_item_leaves_out(self, line: CommandLine) -> None:
        add_boundaries(line)
        own = manifest("a", role={"path": "/own/", "tags": {"Team": "a"}})
        path = write(line, own, manifest("b"))
        line.run(
            "apply", "-f", path, "--path", "/all/", "--tag", "team=all", "--permissions-boundary", BOUNDARY
        )
        roles = {role.tags["iamsa/service-account"]: role for role in line.world.account.roles.values()}
        assert [roles[name].path for name in ("a", "b")] == ["/own/", "/all/"]
        assert roles["a"].tags["Team"] == "a"
        assert roles["b"].tags["team"] == "all"
        assert {role.permissions_boundary for role in roles.values()} == {BOUNDARY}

    def test_the_namespace_is_that_of_the_context(self, line: CommandLine) -> None:
        path = write(line, manifest("a", namespace=None))
        assert line.run("apply", "-f", path).out.startswith("web/a created\n")

    def test_a_wrong_flag_is_a_usage_error(self, line: CommandLine) -> None:
        refusal = line.refused("apply", "-f", write(line, *THREE), "--path", "x", code=2)
        assert refusal.startswith('invalid value "x" for --path: ')


class TestTheCluster:
    def guarded(self, line: CommandLine, cluster: str) -> str:
        role = manifest("a")
        role["metadata"]["cluster"] = cluster
        return write(line, role)

    @pytest.mark.parametrize("name", [CLUSTER.name, CLUSTER.arn, CLUSTER.issuer])
    def test_may_be_named(self, line: CommandLine, name: str) -> None:
        line.run("apply", "-f", self.guarded(line, name), "--expect-cluster", name)
        assert len(line.world.account.roles) == 1

    def test_another_one_is_refused(self, line: CommandLine) -> None:
        refusal = line.refused("apply", "-f", self.guarded(line, "other"))
        assert refusal == (
            'roles.yaml:6: metadata.cluster: the manifest is for the cluster "other", and this run is on'
            f" {CLUSTER.arn}; choose the other cluster with --context"
        )

    def test_one_that_is_not_expected_is_refused(self, line: CommandLine) -> None:
        refusal = line.refused("apply", "-f", write(line, *THREE), "--expect-cluster", "other")
        assert refusal.startswith(f"this run is on the cluster {CLUSTER.arn}, and --expect-cluster")


class TestAClusterConfig:
    CONFIG = {
        "apiVersion": "eksctl.io/v1alpha5",
        "kind": "ClusterConfig",
        "metadata": {"name": CLUSTER.name, "region": CLUSTER.region},
        "addons": [],
        "iam": {
            "withOIDC": True,
            "serviceAccounts": [
                {"metadata": {"name": "a", "namespace": "web"}, "attachPolicyARNs": [READ_S3.arn]}
            ],
        },
    }

    def test_is_applied(self, line: CommandLine) -> None:
        done = line.run("apply", "-f", write(line, self.CONFIG))
        assert done.out == "web/a created\n1 created\n"
        assert "note: roles.yaml:1: left alone: addons" in done.err.splitlines()

    @pytest.mark.parametrize("other", [{"name": "other"}, {"region": "us-east-2"}])
    def test_of_another_cluster_is_refused(self, line: CommandLine, other: dict[str, str]) -> None:
        config = {**self.CONFIG, "metadata": {"name": CLUSTER.name, "region": CLUSTER.region, **other}}
        done = line.run("apply", "-f", write(line, config), code=1)
        assert "metadata.name: the manifest is for the cluster" in done.err
        assert line.world.account.roles == {}


def test_two_items_for_one_service_account_are_refused_in_the_namespace_of_the_run(line: CommandLine) -> None:
    path = write(line, manifest("a"), manifest("a", namespace=None))
    assert line.refused("apply", "-f", path) == (
        "roles.yaml:9: serviceaccount web/a is also at roles.yaml:1; merge the two"
    )


def test_other_documents_are_counted(line: CommandLine) -> None:
    path = write(line, {"apiVersion": "v1", "kind": "ConfigMap"}, THREE[0])
    assert line.run("apply", "-f", path).err.splitlines()[0] == "note: skipped 1 document of another kind"


def test_nothing_of_ours_is_an_error(line: CommandLine) -> None:
    path = write(line, {"apiVersion": "v1", "kind": "ConfigMap"})
    assert line.refused("apply", "-f", path).startswith("no ServiceAccountRole found in roles.yaml; ")


def test_after_ctrl_c_what_is_left_is_named(line: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    real = batch.ensure

    def interrupted(wanted: Any, *rest: Any, **more: Any) -> Any:
        import os  # noqa: PLC0415
        import signal  # noqa: PLC0415
        import time  # noqa: PLC0415

        if wanted.subject.name == "app-00":
            os.kill(os.getpid(), signal.SIGINT)
        time.sleep(1)
        return real(wanted, *rest, **more)

    monkeypatch.setattr(batch, "ensure", interrupted)
    path = write(line, *(manifest(f"app-{number:02}") for number in range(20)))
    done = line.run("apply", "-f", path, code=130)
    created, left = done.out.splitlines()[-1].split(", ")
    made = len(line.world.account.roles)
    assert (created, left) == (f"{made} created", f"{20 - made} not done")
    assert 0 < made < 20
    assert done.err.count("not done: web/app-") == 20 - made
    assert "run the same command again to continue" in done.err
    monkeypatch.setattr(batch, "ensure", real)
    assert line.run("apply", "-f", path).out.splitlines()[-1].startswith(f"{20 - made} created, ")


def test_policy_files_are_in_the_folder_of_the_manifest(line: CommandLine) -> None:
    path = write(line, manifest("a", {"file": "reader.json"}), name="roles/a.yaml")
    reader = Path("roles/reader.json")
    reader.write_text(json.dumps(document("s3:GetObject")))
    line.run("apply", "-f", path)
    (role,) = line.world.account.roles.values()
    assert list(line.world.account.inline[role.name]) == ["reader"]


def test_a_boundary_is_removed_only_if_that_is_confirmed(line: CommandLine) -> None:
    add_boundaries(line)
    line.run("apply", "-f", write(line, manifest("a", role={"permissionsBoundary": BOUNDARY})))
    line.world.account.age_record()
    path = write(line, manifest("a", role={"permissionsBoundary": None}))
    assert "add --remove-permissions-boundary" in line.refused("apply", "-f", path)
    assert line.run("apply", "-f", path, "--remove-permissions-boundary").out.startswith("web/a updated\n")
    (role,) = line.world.account.roles.values()
    assert role.permissions_boundary is None


def test_v_shows_where_values_come_from(line: CommandLine) -> None:
    assert "namespace" in line.run("apply", "-f", write(line, *THREE), "-v").err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "no manifest is given; add -f FILE or -k DIR"),
        (("-f", "a.yaml", "-k", "."), '-f cannot be combined with -k; see "kubectl iamsa apply --help"'),
        (("-k", ".", "-R"), '-k cannot be combined with -R; see "kubectl iamsa apply --help"'),
        (
            ("-f", "https://example.com/a.yaml"),
            'invalid value "https://example.com/a.yaml" for --filename: must not be a URL; download it and'
            " use the file's path",
        ),
    ],
)
def test_manifests_are_named_as_for_kubectl(line: CommandLine, words: tuple[str, ...], says: str) -> None:
    assert line.refused("apply", *words, code=2) == says


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("-f", "roles"), ["a"]),
        (("-f", "roles", "-R"), ["a", "b"]),
        (("-f", "roles/sub/b.yml", "-f", "roles/a.yaml"), ["b", "a"]),
        (("-f", "roles/a.yaml,roles/sub/b.yml"), ["a", "b"]),
    ],
)
def test_folders_are_read_as_by_kubectl(line: CommandLine, words: tuple[str, ...], found: list[str]) -> None:
    write(line, manifest("a"), name="roles/a.yaml")
    write(line, manifest("b"), name="roles/sub/b.yml")
    write(line, manifest("c"), name="roles/c.txt")
    lines = line.run("apply", *words, "--dry-run").out.splitlines()[:-1]
    assert lines == [f"web/{name} created (dry run)" for name in found]


@pytest.mark.parametrize("name", ["missing.yaml", "empty"])
def test_a_path_without_manifests_is_an_error(line: CommandLine, name: str) -> None:
    line.kubeconfig.with_name("empty").mkdir()
    says = {"missing.yaml": "does not exist", "empty": "contains no *.json, *.yaml, *.yml"}[name]
    assert says in line.refused("apply", "-f", name)

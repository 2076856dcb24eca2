"""`kubectl iamsa doctor`: what it checks, what it prints, and what it skips without permissions."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from breakages.patient import Patient
from e2e import permissions
from e2e.shop import ROLE_ARN, Done, Shop
from e2e.warm import Warm
from pocket_eks.control import Control

pytestmark = pytest.mark.warm


def checks_of(done: Done) -> dict[str, dict[str, Any]]:
    """The first result of each check."""
    found: dict[str, dict[str, Any]] = {}
    for one in json.loads(done.stdout)["status"]["diagnosis"]["checks"]:
        found.setdefault(one["check"], one)
    return found


@pytest.fixture
def examined(made: Shop) -> Iterator[Shop]:
    """The least permissions with which doctor runs all checks."""
    manifests = ("rbac-doctor.yaml", "rbac-verify.yaml")
    objects = [one for name in manifests for one in permissions.rbac(made.namespace, name)]
    text = "\n---\n".join(json.dumps(one) for one in objects)
    made.ok("apply", "-f", "-", stdin=text)
    yield made
    made.ok("delete", "-f", "-", stdin=text)


class TestAHealthyWorld:
    def test_nothing_is_warned_of_with_the_least_rights(self, examined: Shop) -> None:
        examined.start_pod()
        done = examined.iamsa("doctor", "shop", "-n", examined.namespace, "-o", "json")
        found = json.loads(done.stdout)["status"]["diagnosis"]
        assert found["well"] is True
        verdicts = {one["verdict"] for one in found["checks"]}
        assert verdicts <= {"ok", "skipped"}
        kept_from = [one for one in found["checks"] if one["verdict"] == "skipped"]
        assert {one["check"] for one in kept_from} <= {"pod-identity-agent", "pod-identity-association"}

    def test_one_line_says_so(self, examined: Shop) -> None:
        lines = examined.iamsa("doctor", "shop", "-n", examined.namespace).stdout.splitlines()
        whose = f"serviceaccount {examined.namespace}/shop"
        assert re.match(rf"No problems found for {whose}: \d+ checks passed", lines[-1])

    def test_verbose_shows_what_is_well_by_object(self, examined: Shop) -> None:
        pod = examined.start_pod()
        done = examined.iamsa("doctor", "shop", "-n", examined.namespace, "-v")
        titles = [line for line in done.stdout.splitlines()[:-1] if not line.startswith(" ")]
        assert titles == [
            f"Cluster {examined.world.cluster}",
            f"ServiceAccount {examined.namespace}/shop",
            f"Role {examined.role_name}",
            f"Pod {examined.namespace}/{pod['metadata']['name']}",
        ]

    def test_nothing_is_written(self, examined: Shop, control: Control) -> None:
        control.clear_calls()
        examined.iamsa("doctor", "shop", "-n", examined.namespace)
        assert not [call for call in control.calls() if call["write"]]
        pods = examined.ok("get", "pods", "-n", examined.namespace, "-o", "name")
        assert pods == ""

    @pytest.mark.usefixtures("cluster_admin")
    def test_what_is_shared_is_read_once_for_many(self, made: Shop, control: Control) -> None:
        for name in ("one", "two", "three"):
            made.iamsa("create", name, "-p", "AmazonS3ReadOnlyAccess", "-n", made.namespace)
        control.clear_calls()
        done = made.iamsa("doctor", "-n", made.namespace, "-o", "json")
        assert len(json.loads(done.stdout)["items"]) == 4
        called = [call["action"] for call in control.calls()]
        once = ("eks:DescribeCluster", "iam:ListOpenIDConnectProviders", "kube:list:pods")
        assert [called.count(action) for action in once] == [1, 1, 1]
        assert called.count("iam:GetRole") == 4


class TestWhatIsAskedAbout:
    @pytest.mark.usefixtures("cluster_admin")
    @pytest.mark.parametrize("target", ["deployment/app", "deploy/app", "Deployment.v1.apps/app", "pod"])
    def test_what_runs_under_the_service_account(self, patient: Patient, target: str) -> None:
        patient.deploy()
        name = patient.shop.ok("get", "pods", "-n", patient.shop.namespace, "-o", "name").strip()
        patient.target = (name if target == "pod" else target,)
        found = patient.document()
        assert (found["metadata"]["name"], found["metadata"]["namespace"]) == ("shop", patient.shop.namespace)
        assert name.removeprefix("pod/") in json.dumps(found)

    @pytest.mark.usefixtures("cluster_admin")
    def test_every_namespace(self, made: Shop, new_shop: Callable[[], Shop], warm_process: Warm) -> None:
        other = new_shop()
        other.create()
        # What other tests left may be broken.
        done = warm_process.run(["doctor", "-A", "-o", "json"], made.world.environ)
        assert done.returncode in (0, 1)
        items = json.loads(done.stdout)["items"]
        looked_at = {(item["metadata"]["namespace"], item["metadata"]["name"]) for item in items}
        assert looked_at >= {(made.namespace, "shop"), (other.namespace, "shop")}

    @pytest.mark.usefixtures("cluster_admin")
    @pytest.mark.parametrize("words", [("shop",), ()], ids=["one", "a namespace"])
    def test_a_list_of_pods_that_hangs_hides_nothing_else(
        self, made: Shop, control: Control, words: tuple[str, ...]
    ) -> None:
        control.fault("kube", "kube:list:pods", {"hang": True}, times=9)
        done = made.iamsa("doctor", *words, "-n", made.namespace, "-o", "json", "--timeout=20s")
        (document,) = json.loads(done.stdout).get("items") or [json.loads(done.stdout)]
        found = document["status"]["diagnosis"]
        verdicts = [check["verdict"] for check in found["checks"]]
        assert verdicts.count("ok") > 20
        assert "fail" not in verdicts
        assert any(
            "reading pods" in str(check) or "listing the pods" in str(check) for check in found["checks"]
        )

    @pytest.mark.usefixtures("cluster_admin")
    def test_a_trial_with_aws_that_hangs_hides_nothing_else(self, made: Shop, control: Control) -> None:
        control.fault("aws", "sts:AssumeRoleWithWebIdentity", {"hang": True}, times=9)
        done = made.iamsa("doctor", "shop", "-n", made.namespace, "-o", "json", "--timeout=16s")
        verdicts = [check["verdict"] for check in json.loads(done.stdout)["status"]["diagnosis"]["checks"]]
        assert verdicts.count("ok") > 20
        assert "fail" not in verdicts

    @pytest.mark.usefixtures("cluster_admin")
    def test_a_namespace_in_which_nobody_has_a_role(self, shop: Shop) -> None:
        said = shop.iamsa("doctor", "-n", shop.namespace).stdout.splitlines()[-1]
        assert said.startswith("No ServiceAccounts with a role found. No problems found for the cluster: ")

    @pytest.mark.usefixtures("cluster_admin")
    def test_a_namespace_that_is_not_there(self, shop: Shop) -> None:
        done = shop.iamsa("doctor", "-n", "nowhere", code=3)
        assert done.stderr == "error: namespace nowhere does not exist; check -n, or give -A for all\n"

    @pytest.mark.usefixtures("cluster_admin")
    def test_a_service_account_of_a_namespace_that_is_not_there(self, shop: Shop) -> None:
        done = shop.iamsa("doctor", "shop", "-n", "nowhere", "-o", "json", code=1)
        found = checks_of(done)["service-account-exists"]
        assert found["what"] == "namespace nowhere does not exist"
        assert found["remedy"].endswith("-n nowhere --create-namespace")

    @pytest.mark.usefixtures("cluster_admin")
    def test_a_role_in_another_account_is_proven_and_not_read(self, shop: Shop) -> None:
        shop.make_service_account({ROLE_ARN: "arn:aws:iam::999999999999:role/theirs"})
        done = shop.iamsa("doctor", "shop", "-n", shop.namespace, "-o", "json", code=1)
        found = checks_of(done)
        assert found["role-exists"]["verdict"] == "skipped"
        assert [name for name, one in found.items() if one["verdict"] == "fail"] == ["token-exchange"]


@pytest.mark.usefixtures("cluster_admin", "made")
def test_a_name_that_no_role_can_have_hides_no_other(shop: Shop) -> None:
    replace(shop, name="broken").make_service_account({ROLE_ARN: shop.arn_of("${ROLE}")})
    done = shop.iamsa("doctor", "-n", shop.namespace, "-o", "json", code=1)
    found = {
        item["metadata"]["name"]: {
            one["check"] for one in item["status"]["diagnosis"]["checks"] if one["verdict"] == "fail"
        }
        for item in json.loads(done.stdout)["items"]
    }
    assert found == {"shop": set(), "broken": {"annotation-form"}}


class TestWithoutPermission:
    def test_a_check_says_what_it_lacks_and_the_others_go_on(self, made: Shop) -> None:
        made.set_trust(made.statement(audience="example.com"))
        done = made.iamsa("doctor", "shop", "-n", made.namespace, "-o", "json", code=1)
        found = checks_of(done)
        assert found["trust-audience"]["verdict"] == "fail"
        assert found["webhook-present"]["verdict"] == "skipped"
        assert "list mutatingwebhookconfigurations" in found["webhook-present"]["what"]
        assert "rbac-doctor.yaml" in found["webhook-present"]["what"]

    def test_what_many_checks_lack_is_told_once(self, made: Shop) -> None:
        said = made.iamsa("doctor", "shop", "-n", made.namespace).stdout
        assert said.count("list mutatingwebhookconfigurations") == 1
        told = made.iamsa("doctor", "shop", "-n", made.namespace, "-v").stdout
        assert told.count("list mutatingwebhookconfigurations") > 1

    @pytest.mark.parametrize("granted", [("base",)], ids=["base"])
    def test_aws_names_the_document_that_is_lacking(self, made: Shop) -> None:
        done = made.iamsa("doctor", "shop", "-n", made.namespace, "-o", "json")
        what = checks_of(done)["provider-stale"]["what"]
        assert "iam:ListOpenIDConnectProviders" in what
        assert "doctor.json" in what or "provider.json" in what

    def test_a_service_account_that_may_not_be_read_cannot_be_looked_at(self, made: Shop) -> None:
        done = made.iamsa("doctor", "shop", "-n", "kube-system", code=3)
        assert done.stderr.startswith("error: ")


class TestMistakes:
    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            ("shop -A", "-A cannot be combined with a NAME"),
            ("secret/x", 'the kind of "secret/x" is not supported'),
            ("deployment.example.com/x", 'the kind of "deployment.example.com/x" is not supported'),
            ("deployment/", 'invalid value "" for the deployment\'s name'),
            ("pod/x --role-name y", "--role-name requires a ServiceAccount"),
            ("--role-name y", "--role-name requires a NAME"),
            ("Shop", 'invalid value "Shop" for the ServiceAccount\'s name'),
        ],
    )
    def test_argv_that_cannot_be_right(self, shop: Shop, words: str, sentence: str) -> None:
        done = shop.iamsa("doctor", *words.split(), "-n", shop.namespace, code=2)
        assert done.stderr.startswith(f"error: {sentence}")

    @pytest.mark.usefixtures("cluster_admin")
    def test_a_workload_that_is_not_there(self, shop: Shop) -> None:
        done = shop.iamsa("doctor", "deployment/nope", "-n", shop.namespace, code=3)
        assert f"deployment {shop.namespace}/nope does not exist" in done.stderr

    def test_no_cluster(self, shop: Shop, tmp_path: Path) -> None:
        environ = {**shop.world.environ, "KUBECONFIG": str(tmp_path / "none")}
        done = shop.iamsa("doctor", "shop", environ=environ, code=3)
        assert "Traceback" not in done.stderr


@pytest.mark.usefixtures("cluster_admin")
def test_what_fails_is_explained_with_the_command_that_mends_it(made: Shop) -> None:
    made.annotate(f"{ROLE_ARN}-")
    lines = made.iamsa("doctor", "shop", "-n", made.namespace, code=1).stdout.splitlines()
    at = lines.index(f"ServiceAccount {made.namespace}/shop")
    assert lines[at + 1].split(maxsplit=2) == [
        "fail",
        "annotation-present",
        "the annotation eks.amazonaws.com/role-arn is missing, so pods get no role",
    ]
    assert lines[at + 3].strip().startswith("to fix it, run: kubectl iamsa create shop -p arn:aws:iam::aws:")
    assert lines[at + 4].strip().startswith("see https://docs.aws.amazon.com/")
    assert re.match(r"\d+ problems? found for ", lines[-1])


@pytest.mark.usefixtures("cluster_admin")
def test_a_remedy_says_where_to_work_to_each_program_in_its_words(made: Shop) -> None:
    where = ("--region", made.world.region, "--context", made.world.cluster_arn)
    made.annotate("eks.amazonaws.com/token-expiration=1h", f"{ROLE_ARN}=x")
    done = made.iamsa("doctor", "shop", "-n", made.namespace, *where, "-o", "json", code=1)
    found = checks_of(done)
    assert found["annotation-form"]["remedy"].endswith(" ".join(where))
    assert "--region" not in found["token-expiration"]["remedy"]
    assert found["token-expiration"]["remedy"].endswith(" ".join(where[2:]))

"""The OIDC provider under real Ansible: predicted by check mode, done once, then left alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from collection.conftest import Ansible, Task
from collection.oidc import AUDIENCE, Issuer, issuer, least, under
from pocket_eks.control import Control
from pocket_eks.world import World

__all__ = ["issuer", "least", "under"]

Writes = Callable[[], "list[str]"]
Start = Callable[[Issuer], None]

NOTHING: Start = lambda _: None  # noqa: E731
CASES: dict[str, tuple[Start, dict[str, Any], list[str], dict[str, Any] | None]] = {
    "none yet": (
        NOTHING,
        {"tags": {"team": "web", "shared": True}},
        ["CreateOpenIDConnectProvider"],
        {"audiences": [AUDIENCE], "tags": {"team": "web", "shared": "true"}},
    ),
    "more is asked for": (
        lambda issuer: issuer.register("vault", team="web", Owner="me"),
        {"audiences": [AUDIENCE, "vault", "extra"], "tags": {"team": "shop"}},
        [*["AddClientIDToOpenIDConnectProvider"] * 2, "TagOpenIDConnectProvider"],
        {"audiences": ["extra", AUDIENCE, "vault"], "tags": {"team": "shop", "Owner": "me"}},
    ),
    "just that is asked for": (
        lambda issuer: issuer.register("vault", "old", team="web", Owner="me"),
        {"audiences": ["vault", "new"], "purge_audiences": True, "tags": {"a": "b"}, "purge_tags": True},
        [
            "AddClientIDToOpenIDConnectProvider",
            "RemoveClientIDFromOpenIDConnectProvider",
            "UntagOpenIDConnectProvider",
            "TagOpenIDConnectProvider",
        ],
        {"audiences": ["new", "vault"], "tags": {"a": "b"}},
    ),
    "absent": (
        lambda issuer: issuer.register(team="web"),
        {"state": "absent"},
        ["DeleteOpenIDConnectProvider"],
        None,
    ),
}
"""What is there, what is asked for, what is then called, and what is there afterwards."""


@pytest.mark.usefixtures("least")
@pytest.mark.parametrize("case", CASES)
def test_check_mode_predicts_the_run_and_a_second_run_changes_nothing(
    case: str, task: Task, issuer: Issuer, writes: Writes, control: Control
) -> None:
    start, options, calls, wanted = CASES[case]
    start(issuer)
    before = issuer.found()
    control.clear_calls()
    predicted = task("iam_oidc_provider", issuer_url=issuer.url, _check=True, _diff=True, **options)
    assert (writes(), issuer.found()) == ([], before)

    done = task("iam_oidc_provider", issuer_url=issuer.url, _diff=True, **options)
    assert done == predicted
    assert done["changed"]
    assert writes() == [f"iam:{call}" for call in calls]
    assert len(done["steps"]) == len(calls)
    assert done["oidc_provider"] == issuer.found()
    assert done["oidc_provider"] == (wanted and issuer.document(**wanted))
    assert done["oidc_provider_arn"] == (wanted and issuer.arn)

    control.clear_calls()
    again = task("iam_oidc_provider", issuer_url=issuer.url, _diff=True, **options)
    assert (again["changed"], again["steps"], again["diff"], writes()) == (False, [], [], [])
    assert again["oidc_provider"] == done["oidc_provider"]


@pytest.mark.usefixtures("least")
def test_the_difference_is_shown_and_check_mode_shows_the_same(ansible: Ansible, issuer: Issuer) -> None:
    issuer.register(team="web")
    options = json.dumps({"issuer_url": issuer.url, "audiences": ["vault"], "tags": {"team": "shop"}})
    words = ("localhost", "-m", "iamsa.eks.iam_oidc_provider", "-a", options, "--diff")
    predicted, done, again = (ansible.run("ansible", *words, *more).stdout for more in (["--check"], [], []))
    assert done == predicted
    title = f"oidc-provider/{issuer.url.removeprefix('https://')}"
    assert f"--- before: {title}\n+++ after: {title}\n" in done
    changes = [
        line.split()
        for line in done.splitlines()
        if line.startswith(("+", "-")) and "oidc-provider" not in line
    ]
    assert changes == [
        ["-", '"sts.amazonaws.com"'],
        ["+", '"sts.amazonaws.com",'],
        ["+", '"vault"'],
        ["-", '"team":', '"web"'],
        ["+", '"team":', '"shop"'],
    ]
    assert "before:" not in again


@pytest.mark.usefixtures("least")
def test_a_cluster_s_name_is_enough(
    task: Task, world: World, provider: str, iam: Any, control: Control
) -> None:
    iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=provider)
    control.clear_calls()
    done = task("iam_oidc_provider", cluster_name=world.cluster, region=world.region)
    assert done["changed"]
    assert (done["oidc_provider_arn"], done["oidc_provider"]["spec"]["url"]) == (provider, world.issuer)
    assert [call["action"] for call in control.calls()][:3] == [
        "eks:DescribeCluster",
        "iam:GetOpenIDConnectProvider",
        "iam:CreateOpenIDConnectProvider",
    ]


@pytest.mark.usefixtures("least")
def test_an_issuer_is_looked_for_without_asking_eks(task: Task, issuer: Issuer, control: Control) -> None:
    issuer.register()
    control.clear_calls()
    # The cluster's name, which may come from module_defaults, does not count beside it.
    done = task("iam_oidc_provider", issuer_url=issuer.url, cluster_name="other")
    assert not done["changed"]
    assert [call["action"] for call in control.calls()] == [
        "sts:GetCallerIdentity",
        "iam:GetOpenIDConnectProvider",
    ]


@pytest.mark.usefixtures("least")
@pytest.mark.parametrize("check", [True, False])
def test_a_provider_that_roles_trust_is_deleted_only_with_force(
    task: Task, issuer: Issuer, writes: Writes, control: Control, unique: Callable[[str], str], check: bool
) -> None:
    role = unique("trusting")
    issuer.register()
    issuer.trusted_by(role)
    control.clear_calls()
    failed = task("iam_oidc_provider", issuer_url=issuer.url, state="absent", _check=check, _fails=True)
    assert failed["error"]["kind"] == "refused"
    assert f"is trusted by role {role}; " in failed["msg"]
    assert "force: true" in failed["error"]["remedy"]
    assert writes() == []

    done = task("iam_oidc_provider", issuer_url=issuer.url, state="absent", force=True, _check=check)
    assert done["changed"]
    assert (issuer.found() is None) != check


def test_force_does_without_the_right_to_look(
    task: Task, issuer: Issuer, under: Callable[..., None], writes: Writes, control: Control
) -> None:
    issuer.register()
    under("provider")
    control.clear_calls()
    failed = task("iam_oidc_provider", issuer_url=issuer.url, state="absent", _fails=True)
    assert failed["error"]["kind"] == "denied"
    assert "AWS denied iam:GetAccountAuthorizationDetails" in failed["msg"]
    assert "docs/permissions/inventory.json" in failed["error"]["remedy"]
    assert "or set force: true" in failed["error"]["remedy"]
    assert writes() == []
    assert task("iam_oidc_provider", issuer_url=issuer.url, state="absent", force=True)["changed"]
    assert issuer.found() is None


@pytest.mark.parametrize("module", ["iam_oidc_provider", "iam_oidc_provider_info"])
@pytest.mark.parametrize("by", ["cluster", "issuer"])
def test_a_denial_names_the_document_for_providers(
    task: Task, world: World, issuer: Issuer, under: Callable[..., None], module: str, by: str
) -> None:
    under("inventory")
    asked = {"cluster": {"cluster_name": world.cluster}, "issuer": {"issuer_url": issuer.url}}[by]
    action = {"cluster": "eks:DescribeCluster", "issuer": "iam:GetOpenIDConnectProvider"}[by]
    error = task(module, region=world.region, **asked, _fails=True)["error"]
    assert error["kind"] == "denied"
    assert error["remedy"].startswith(f"allow {action}, for example with https://")
    assert error["remedy"].endswith("/docs/permissions/provider.json")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"cluster_name": "none"}, "EKS cluster none was not found in us-east-1"),
        (
            {"issuer_url": "oidc.example/id/A"},
            'invalid value "oidc.example/id/A" for issuer_url: must be the URL of an OIDC issuer',
        ),
        ({"issuer_url": "https://a", "audiences": []}, 'invalid value "[]" for audiences: must not be empty'),
        (
            {"issuer_url": "https://a", "tags": {"aws:x": "y"}},
            "must not begin with aws:, which is reserved for AWS",
        ),
        (
            {"issuer_url": "https://a", "timeout": "never"},
            'invalid value "never" for timeout: must be a duration',
        ),
        ({"region": "us-east-1"}, "one of the following is required: cluster_name, issuer_url"),
    ],
)
def test_what_cannot_be_right_is_refused_in_a_sentence(
    task: Task, writes: Writes, options: dict[str, Any], told: str
) -> None:
    assert told in task("iam_oidc_provider", _fails=True, **options)["msg"]
    assert writes() == []

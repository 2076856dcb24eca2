"""Somebody else's hands, between the reads and the writes and at all other times."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from e2e.shop import MARKER, ROLE_ARN, S3, SQS, Json, Shop, aws_managed, trusting_account
from e2e.trials import DOCUMENT, Files, create, start, words
from pocket_eks.control import Control

pytestmark = pytest.mark.warm

Writes = Callable[[], "list[str]"]


@contextmanager
def meanwhile(
    shop: Shop, control: Control, argv: list[str], upstream: str, action: str, skip: int = 0
) -> Iterator[list[tuple[int, str, str]]]:
    """The command, held right before that call; after the block it goes on, and the list has how it ended."""
    control.fault(upstream, action, {"hold": "before"}, skip=skip)
    run = start(shop, argv)
    control.wait_for_held()
    end: list[tuple[int, str, str]] = []
    yield end
    control.release()
    stdout, stderr = run.communicate(timeout=60)
    assert "Traceback" not in stderr
    end.append((run.returncode, stdout, stderr))


def remove(shop: Shop) -> None:
    """The role, with all that hangs on it."""
    for name in shop.attached():
        shop.iam.detach_role_policy(RoleName=shop.role_name, PolicyArn=aws_managed(name))
    shop.iam.delete_role(RoleName=shop.role_name)


# The second GetRole of a run on a role that is there is the look right before its first change.


def test_a_role_that_is_deleted_before_the_write_is_not_missed(made: Shop, control: Control) -> None:
    argv = words("create", made, "-p", S3, "-p", SQS)
    with meanwhile(made, control, argv, "aws", "iam:GetRole", skip=1) as end:
        remove(made)
    assert end[0][0] == 1
    assert f"role {made.role_name} was deleted by somebody else meanwhile" in end[0][2]
    made.create(policies=[S3, SQS])
    assert made.attached() == {S3, SQS}


@pytest.mark.parametrize("verb", ["create", "update", "delete"])
def test_a_role_that_is_given_to_somebody_else_before_the_write_gets_none(
    made: Shop, control: Control, writes: Writes, verb: str
) -> None:
    argv = words(verb, made, *(() if verb == "delete" else ("-p", SQS)))
    with meanwhile(made, control, argv, "aws", "iam:GetRole", skip=1) as end:
        tag = {"Key": "iamsa/service-account", "Value": "another"}
        made.iam.tag_role(RoleName=made.role_name, Tags=[tag])
        before = [action for action in writes() if action.startswith("iam:")]
    assert end[0][0] == 1
    assert [action for action in writes() if action.startswith("iam:")] == before
    assert made.attached() == {S3}


def test_a_trust_that_lets_somebody_in_before_the_write_stops_it(made: Shop, control: Control) -> None:
    argv = words("update", made, "-p", SQS)
    with meanwhile(made, control, argv, "aws", "iam:GetRole", skip=1) as end:
        made.set_trust(made.statement(), trusting_account(made.world.account))
    assert end[0][0] == 1
    assert "also holds: Allow sts:AssumeRole" in end[0][2]
    assert made.attached() == {S3}


def test_a_role_with_forged_tags_that_appears_before_ours_gets_no_policy(
    shop: Shop, control: Control
) -> None:
    with meanwhile(shop, control, create(shop), "aws", "iam:CreateRole") as end:
        shop.make_role(
            trust=[trusting_account(shop.world.account)],
            tags={**shop.tags, **shop.recorded(S3)},
            path="/iamsa/",
        )
    assert end[0][0] == 1
    assert shop.attached() == set()
    assert shop.service_account() is None


def test_a_role_that_goes_after_the_policies_were_attached_is_told(shop: Shop, control: Control) -> None:
    argv = create(shop, "--timeout=8s")
    with meanwhile(shop, control, argv, "kube", "kube:create:serviceaccounts", skip=1) as end:
        remove(shop)
    assert end[0][0] == 1
    assert f"IAM does not show role {shop.role_name}, which this command has made" in end[0][2]
    shop.create()
    assert shop.attached() == {S3}


def test_a_service_account_that_is_made_anew_under_its_name_is_not_deleted(
    made: Shop, control: Control
) -> None:
    argv = words("delete", made)
    with meanwhile(made, control, argv, "kube", "kube:delete:serviceaccounts", skip=1) as end:
        made.ok("delete", "serviceaccount", "shop", "-n", made.namespace)
        made.make_service_account({"team": "web"})
        uid = (made.service_account() or {})["metadata"]["uid"]
    assert end[0][0] == 0, end[0][2]
    assert end[0][1].splitlines()[-1] == (
        "serviceaccount/shop left unchanged: it was changed by somebody else meanwhile"
    )
    service_account = made.service_account()
    assert service_account
    assert (service_account["metadata"]["uid"], made.role()) == (uid, None)


def test_a_service_account_that_changes_during_delete_is_still_deleted(made: Shop, control: Control) -> None:
    argv = words("delete", made)
    with meanwhile(made, control, argv, "kube", "kube:delete:serviceaccounts", skip=1) as end:
        made.annotate("team=web")
    assert end[0][0] == 0, end[0][2]
    assert made.service_account() is None


def test_a_service_account_that_is_given_a_role_during_delete_stays(made: Shop, control: Control) -> None:
    other = f"arn:aws:iam::{made.world.account}:role/other"
    argv = words("delete", made)
    with meanwhile(made, control, argv, "kube", "kube:delete:serviceaccounts", skip=1) as end:
        made.annotate(f"{ROLE_ARN}={other}")
    assert end[0][0] == 0, end[0][2]
    assert "serviceaccount/shop deleted" not in end[0][1]
    assert made.annotations()[ROLE_ARN] == other


OTHERS = {
    "helm": {
        "labels": {"app.kubernetes.io/managed-by": "Helm", "helm.sh/chart": "shop-1.2.3"},
        "annotations": {"meta.helm.sh/release-name": "shop", "meta.helm.sh/release-namespace": "web"},
    },
    "argo": {
        "labels": {"app.kubernetes.io/instance": "shop"},
        "annotations": {"argocd.argoproj.io/tracking-id": "shop:/ServiceAccount:web/shop"},
    },
    "eksctl": {
        "labels": {"app.kubernetes.io/managed-by": "eksctl", "alpha.eksctl.io/cluster-name": "demo"},
        "annotations": {"alpha.eksctl.io/note": "ü \u202e \u200b"},
    },
    "terraform": {
        "labels": {"managed-by": "terraform"},
        "annotations": {"kubectl.kubernetes.io/last-applied-configuration": '{"a": 1}\n'},
    },
}


def kept(service_account: Json | None) -> Json:
    """What is not ours of a ServiceAccount's metadata, byte for byte."""
    assert service_account
    metadata = service_account["metadata"]
    ours = (ROLE_ARN, MARKER)
    annotations = {key: value for key, value in metadata.get("annotations", {}).items() if key not in ours}
    return {"labels": metadata.get("labels"), "annotations": annotations, "uid": metadata["uid"]}


@pytest.mark.parametrize("tool", OTHERS)
def test_what_other_tools_wrote_is_never_touched(shop: Shop, tool: str) -> None:
    metadata = OTHERS[tool]
    shop.make_service_account(dict(metadata["annotations"]), labels=metadata["labels"])
    before = kept(shop.service_account())
    for argv in (create(shop), words("update", shop, "-p", SQS), words("delete", shop)):
        shop.iamsa(*argv)
        assert kept(shop.service_account()) == before, argv[0]


def test_tags_of_other_tools_stay_on_a_role_that_is_taken_over(shop: Shop) -> None:
    theirs = {"Terraform": "true", "alpha.eksctl.io/cluster-name": "demo", "team": "ü @ x"}
    shop.make_role(trust=[shop.statement()], tags=theirs, path="/iamsa/")
    shop.create("--adopt")
    shop.iamsa(*words("update", shop, "-p", SQS, "--tag", "cost=7"))
    role = shop.role()
    assert role
    assert theirs.items() <= role["Tags"].items()


def test_an_inline_policy_of_somebody_else_is_not_overwritten(
    made: Shop, files: Files, writes: Writes
) -> None:
    theirs = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
    document = json.dumps(theirs)
    made.iam.put_role_policy(RoleName=made.role_name, PolicyName="reader", PolicyDocument=document)
    before = writes()
    refused = made.create("-p", files.reader, code=1).stderr
    assert "inline policy reader that iamsa did not put there and that says something else" in refused
    assert "rename the file, or add --force-conflicts to overwrite it" in refused
    assert writes() == before
    made.create("-p", files.reader, "--force-conflicts")
    assert made.inline() == {"reader": DOCUMENT}


def test_two_updates_at_the_same_time_both_record_what_they_attached(made: Shop, control: Control) -> None:
    argv = words("update", made, "-p", SQS)
    with meanwhile(made, control, argv, "aws", "iam:GetRole", skip=1) as end:
        made.iamsa(*words("update", made, "-p", "AmazonSNSReadOnlyAccess"))
    assert end[0][0] == 0, end[0][2]
    made.iamsa(*words("delete", made))
    assert made.role() is None


def test_no_part_of_a_policy_that_somebody_else_put_is_changed(made: Shop) -> None:
    document = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
    made.iam.put_role_policy(
        RoleName=made.role_name, PolicyName="by-hand", PolicyDocument=json.dumps(document)
    )
    made.create(policies=[S3, SQS])
    made.iamsa(*words("update", made, "-a", "delete", "-p", SQS))
    assert made.inline() == {"by-hand": document}

"""Concurrent changes that the servers judge. The rest is in unit/runs/test_concurrent_changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from e2e.shop import MARKER, ROLE_ARN, S3, SQS, Json, Shop, aws_managed
from e2e.trials import create, start, words
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
    assert f"role {made.role_name} was deleted by another process" in end[0][2]
    made.create(policies=[S3, SQS])
    assert made.attached() == {S3, SQS}


def test_a_service_account_that_is_made_anew_under_its_name_is_not_deleted(
    made: Shop, control: Control
) -> None:
    argv = words("delete", made)
    with meanwhile(made, control, argv, "kube", "kube:delete:serviceaccounts", skip=1) as end:
        made.ok("delete", "serviceaccount", "shop", "-n", made.namespace)
        made.make_service_account({"team": "web"})
        uid = (made.service_account() or {})["metadata"]["uid"]
    assert end[0][0] == 0, end[0][2]
    assert end[0][1].splitlines()[-1] == ("serviceaccount/shop left unchanged: it was changed concurrently")
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


def test_two_updates_at_the_same_time_both_record_what_they_attached(made: Shop, control: Control) -> None:
    argv = words("update", made, "-p", SQS)
    with meanwhile(made, control, argv, "aws", "iam:GetRole", skip=1) as end:
        made.iamsa(*words("update", made, "-p", "AmazonSNSReadOnlyAccess"))
    assert end[0][0] == 0, end[0][2]
    made.iamsa(*words("delete", made))
    assert made.role() is None

"""A ServiceAccount that is there already gets our annotations, and nothing else of it is touched."""

from __future__ import annotations

import copy
from collections.abc import Callable

import pytest
from e2e.shop import AUDIENCE, EXPIRATION, MARKER, REGIONAL, ROLE_ARN, Json, Shop
from pocket_eks.control import Control

pytestmark = pytest.mark.warm

Writes = Callable[[], "list[str]"]


def plain(shop: Shop) -> None:
    shop.ok("create", "serviceaccount", "shop", "-n", shop.namespace)


def rich() -> Json:
    return {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {
            "name": "shop",
            "labels": {"app": "shop", "app.kubernetes.io/managed-by": "Helm"},
            "annotations": {"meta.helm.sh/release-name": "shop", "example.com/owner": "me"},
        },
        "imagePullSecrets": [{"name": "registry"}],
        "automountServiceAccountToken": False,
    }


def made_by_kubectl_create(shop: Shop) -> None:
    shop.apply(rich(), "create")


def made_by_kubectl_apply(shop: Shop) -> None:
    shop.apply(rich())


def made_by_helm(shop: Shop) -> None:
    shop.apply(rich(), "apply", "--server-side", "--field-manager=helm")


def without_ours(service_account: Json | None) -> Json:
    """All of a ServiceAccount but our annotations and what the API server counts."""
    assert service_account
    rest = copy.deepcopy(service_account)
    for key in ("managedFields", "resourceVersion"):
        rest["metadata"].pop(key, None)
    annotations = rest["metadata"].pop("annotations", {})
    others = {key: value for key, value in annotations.items() if key != ROLE_ARN}
    return {**rest, "others": others}


@pytest.mark.parametrize("make", [plain, made_by_kubectl_apply, made_by_helm])
def test_an_existing_one_keeps_everything_else(
    shop: Shop, make: Callable[[Shop], None], control: Control, writes: Writes
) -> None:
    make(shop)
    before = without_ours(shop.service_account())
    done = shop.create()
    assert done.stdout.splitlines()[-2:] == ["serviceaccount/shop annotated", shop.role_arn]
    assert without_ours(shop.service_account()) == before
    assert shop.annotations()[ROLE_ARN] == shop.role_arn
    assert MARKER not in shop.annotations()  # iamsa did not make it, and will not delete it
    control.clear_calls()
    assert "serviceaccount/shop unchanged" in shop.create().stdout
    assert writes() == []


def test_who_made_it_can_apply_it_again_without_losing_the_role(shop: Shop) -> None:
    made_by_kubectl_apply(shop)
    shop.create()
    made_by_kubectl_apply(shop)
    assert shop.annotations()[ROLE_ARN] == shop.role_arn

    helm = Shop(shop.world, shop.namespace, shop.iam, shop.iamsa, shop.kubectl)
    made_by_helm_over = ("apply", "--server-side", "--field-manager=helm", "--force-conflicts")
    helm.apply(rich(), *made_by_helm_over)
    assert helm.annotations()[ROLE_ARN] == shop.role_arn


def test_the_webhook_s_other_annotations_are_written_when_asked_and_kept_when_not(shop: Shop) -> None:
    shop.create("--sts-regional-endpoints=false", "--token-expiration", "1h")
    annotations = shop.annotations()
    assert (annotations[REGIONAL], annotations[EXPIRATION]) == ("false", "3600")
    assert "serviceaccount/shop unchanged" in shop.create().stdout
    assert shop.annotations() == annotations

    # --sts-regional-endpoints alone means true, and takes no word after it.
    done = shop.create("--sts-regional-endpoints", "--token-expiration", "7200")
    assert done.stdout.splitlines() == ["serviceaccount/shop annotated", shop.role_arn]
    assert shop.annotations() == {**annotations, REGIONAL: "true", EXPIRATION: "7200"}
    volume = shop.start_pod()["spec"]["volumes"][0]
    assert volume["projected"]["sources"][0]["serviceAccountToken"]["expirationSeconds"] == 7200


def test_writing_one_annotation_never_takes_back_those_of_an_earlier_run(shop: Shop) -> None:
    plain(shop)  # an apply owns its fields, and drops those that it leaves out
    shop.create("--token-expiration", "1h")
    shop.create("--sts-regional-endpoints=true")
    assert shop.annotations() == {ROLE_ARN: shop.role_arn, EXPIRATION: "3600", REGIONAL: "true"}


def test_the_field_manager_has_the_name_that_was_asked_for(shop: Shop) -> None:
    shop.create("--field-manager", "platform-team", "--token-expiration", "1h")
    service_account = shop.service_account()
    assert service_account
    assert [entry["manager"] for entry in service_account["metadata"]["managedFields"]] == ["platform-team"]
    # Under another name the annotations are somebody else's.
    assert "platform-team" in shop.create("--token-expiration", "2h", code=1).stderr
    again = shop.create("--token-expiration", "2h", "--field-manager", "platform-team")
    assert again.stdout.splitlines()[0] == "serviceaccount/shop annotated"


@pytest.mark.usefixtures("provider")
def test_an_audience_of_its_own_stands_in_the_annotation(shop: Shop) -> None:
    shop.create("--audience", "bank", "--create-oidc-provider")
    assert shop.annotations()[AUDIENCE] == "bank"
    assert shop.trust() == [shop.statement(audience="bank")]
    # A run without the flag would loosen that: it is told what to give.
    assert "--audience bank" in shop.create(code=1).stderr


@pytest.mark.usefixtures("provider")
def test_going_back_to_the_usual_audience_needs_the_annotation_removed(shop: Shop) -> None:
    shop.create("--audience", "bank", "--create-oidc-provider")
    shop.annotate(f"{AUDIENCE}-")
    assert shop.create().stdout.splitlines()[0] == f"role/{shop.role_name} trust policy repaired"
    assert shop.trust() == [shop.statement()]


def test_one_that_changes_between_the_reads_and_the_write_still_gets_its_role(
    shop: Shop, control: Control
) -> None:
    made_by_kubectl_create(shop)
    control.fault("kube", "kube:patch:serviceaccounts", {"hold": "before"}, skip=1)  # the rehearsal passes
    run = shop.start_create()
    control.wait_for_held()
    shop.annotate("example.com/meanwhile=yes")
    control.release()
    _, stderr = run.communicate(timeout=30)
    assert (run.returncode, stderr) == (0, "")
    annotations = shop.annotations()
    assert (annotations[ROLE_ARN], annotations["example.com/meanwhile"]) == (shop.role_arn, "yes")


def test_one_that_somebody_creates_between_the_reads_and_the_write_is_annotated(
    shop: Shop, control: Control
) -> None:
    control.fault("aws", "iam:CreateRole", {"hold": "before"})
    run = shop.start_create()
    control.wait_for_held()
    plain(shop)
    control.release()
    _, stderr = run.communicate(timeout=30)
    assert (run.returncode, stderr) == (0, "")
    assert shop.annotations() == {ROLE_ARN: shop.role_arn}


def test_a_field_manager_that_applies_the_rest_of_it_is_refused(shop: Shop, writes: Writes) -> None:
    """An apply in its name that leaves out its labels and pull secrets would remove them."""
    made_by_helm(shop)
    before, written = shop.service_account(), writes()
    done = shop.create("--field-manager=helm", code=1)
    assert "the field manager helm also applies other fields" in done.stderr
    assert writes() == written
    assert shop.service_account() == before

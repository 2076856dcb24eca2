"""Breakages of pods and of their workloads."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from breakages.breakage import Breakage
from breakages.cluster import AUDIENCE
from breakages.patient import Patient
from e2e.shop import EXPIRATION, ROLE_ARN

SKIP_LABEL = "eks.amazonaws.com/skip-pod-identity-webhook"
SKIP_CONTAINERS = "eks.amazonaws.com/skip-containers"
TOKEN_FOLDER = "/var/run/secrets/eks.amazonaws.com/serviceaccount"
IN_TEMPLATE = "it is in the manifest of a bare pod"
BARE = "no controller recreates a bare pod"
ROLLING = json.dumps(
    {"spec": {"strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0}}}}
)
OTHER = "arn:aws:iam::123456789012:role/other"


def env(**values: Any) -> list[dict[str, Any]]:
    """The environment of a container; a dict is the source of a value."""
    return [
        {
            "env": [
                {"name": name, "valueFrom" if isinstance(value, dict) else "value": value}
                for name, value in values.items()
            ]
        }
    ]


def deploy(**template: Any) -> Callable[[Patient], None]:
    return lambda one: one.deploy(**template)


def under_service_account(name: str | None) -> Callable[[Patient], None]:
    def put(one: Patient) -> None:
        one.deploy(service_account=name)
        one.target = ("deployment/app",)

    return put


def old_pod(*stop: str) -> Callable[[Patient], None]:
    """The template names the ServiceAccount now, but the pod is older."""

    def put(one: Patient) -> None:
        place = ("-n", one.shop.namespace)
        one.deploy(service_account=None)
        one.shop.ok(*stop, *place)
        one.shop.ok("set", "serviceaccount", "deployment", "app", "shop", *place)
        one.target = ("deployment/app",)

    return put


def before_the_annotation(start: Callable[[Patient], None]) -> Callable[[Patient], None]:
    def put(one: Patient) -> None:
        one.shop.annotate(f"{ROLE_ARN}-")
        start(one)
        one.wait_a_second()
        one.shop.create()

    return put


def while_the_webhook_was_down(start: Callable[[Patient], None]) -> Callable[[Patient], None]:
    def put(one: Patient) -> None:
        one.wait_a_second()
        one.change_webhook(lambda _: False)
        start(one)
        one.put_back()

    return put


def told_alone(kind: str) -> Callable[[Patient], None]:
    """A pod in which one container has the role's variables, and another one of `kind` does not."""

    def start(one: Patient) -> None:
        role = {
            "AWS_ROLE_ARN": one.shop.role_arn,
            "AWS_WEB_IDENTITY_TOKEN_FILE": f"{TOKEN_FOLDER}/token",
            "AWS_REGION": "eu-west-1",
        }
        told = env(**role)[0]
        containers = [{"name": "c0", "image": "app", **told}]
        others = [{"name": "late", "image": "late"}]
        more = {kind: others} if kind == "initContainers" else {kind: [*containers, *others]}
        one.pod(spec={"containers": containers, **more})

    return start


def of_an_earlier_role(start: Callable[[Patient], None]) -> Callable[[Patient], None]:
    def put(one: Patient) -> None:
        start(one)
        one.wait_a_second()
        one.shop.create("--role-name", f"new-{one.shop.namespace}", "--force-conflicts")

    return put


def for_an_earlier_audience(one: Patient) -> None:
    one.deploy()
    one.shop.create("--audience", "bank", "--create-oidc-provider")


def for_an_audience_no_more(one: Patient) -> None:
    one.shop.create("--audience", "bank", "--create-oidc-provider")
    one.deploy()
    one.shop.annotate("eks.amazonaws.com/audience-")
    one.shop.create("--audience", AUDIENCE)


def in_deployment(one: Patient) -> None:
    one.deploy()


def bare(one: Patient) -> None:
    one.pod()


def only_with_label(selector: dict[str, Any]) -> Callable[[Patient], None]:
    def put(one: Patient) -> None:
        one.change_webhook(lambda hook: hook.update(objectSelector=selector))
        one.deploy()

    return put


def credentials_volume(path: str) -> Callable[[Patient], None]:
    volume = {"name": "keys", "secret": {"secretName": "keys"}}
    mounts = [{"volumeMounts": [{"name": "keys", "mountPath": path}]}]
    return deploy(containers=mounts, spec={"volumes": [volume]})


REFERENCE = {"secretKeyRef": {"name": "keys", "key": "key"}}

IDENTITY: tuple[Breakage, ...] = (
    Breakage("deployment-without-service-account", "workload-account", under_service_account(None)),
    Breakage("deployment-under-default", "workload-account", under_service_account("default")),
    Breakage(
        "rollout-stuck",
        "pod-account",
        old_pod("patch", "deployment", "app", "--type=merge", "-p", ROLLING),
        no_remedy="without a node no new pod becomes ready, so the old one stays",
    ),
    Breakage(
        "rollout-paused",
        "pod-account",
        old_pod("rollout", "pause", "deployment", "app"),
        no_remedy="the rollout is paused on purpose",
    ),
    Breakage("label-on-deployment", "pod-skip-label", deploy(labels={SKIP_LABEL: "true"})),
    Breakage(
        "label-on-pod",
        "pod-skip-label",
        lambda one: one.pod(labels={SKIP_LABEL: ""}),
        no_remedy=IN_TEMPLATE,
    ),
    Breakage(
        "webhook-wants-a-label",
        "pod-selected",
        only_with_label({"matchLabels": {"irsa": "enabled"}}),
    ),
    Breakage(
        "webhook-leaves-a-label-out",
        "pod-selected",
        only_with_label({"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["app"]}]}),
        no_remedy=IN_TEMPLATE,
    ),
    Breakage(
        "container-skipped",
        "pod-skip-containers",
        deploy(annotations={SKIP_CONTAINERS: "c0"}),
    ),
    Breakage(
        "containers-skipped",
        "pod-skip-containers",
        deploy(annotations={SKIP_CONTAINERS: "c0,c1"}, containers=[{}, {}]),
    ),
    Breakage("role-set-by-pod", "pod-own-variables", deploy(containers=env(AWS_ROLE_ARN=OTHER))),
    Breakage(
        "token-file-set-by-pod",
        "pod-own-variables",
        deploy(containers=env(AWS_WEB_IDENTITY_TOKEN_FILE="/token")),
    ),
    Breakage(
        "both-set-by-pod",
        "pod-own-variables",
        deploy(containers=env(AWS_ROLE_ARN=OTHER, AWS_WEB_IDENTITY_TOKEN_FILE="/token")),
    ),
    Breakage(
        "token-volume-of-its-own",
        "pod-token",
        deploy(spec={"volumes": [{"name": "aws-iam-token", "emptyDir": {}}]}),
        no_remedy=IN_TEMPLATE,
    ),
    Breakage(
        "token-mounted-elsewhere",
        "pod-token",
        deploy(
            containers=[{"volumeMounts": [{"name": "aws-iam-token", "mountPath": "/elsewhere"}]}],
            spec={"volumes": [{"name": "aws-iam-token", "emptyDir": {}}]},
        ),
        no_remedy=IN_TEMPLATE,
    ),
    Breakage(
        "container-skipped-by-a-line",
        "pod-skip-containers",
        deploy(annotations={SKIP_CONTAINERS: "c0\n"}),
    ),
    Breakage("deployment-before-annotation", "pod-age", before_the_annotation(in_deployment)),
    Breakage("pod-before-annotation", "pod-age", before_the_annotation(bare), no_remedy=BARE),
    Breakage("deployment-without-webhook", "pod-variables", while_the_webhook_was_down(in_deployment)),
    Breakage("pod-without-webhook", "pod-variables", while_the_webhook_was_down(bare), no_remedy=BARE),
    Breakage(
        "container-that-came-later",
        "pod-containers",
        while_the_webhook_was_down(told_alone("containers")),
        warns=True,
        no_remedy=IN_TEMPLATE,
    ),
    Breakage(
        "init-container-that-came-later",
        "pod-containers",
        while_the_webhook_was_down(told_alone("initContainers")),
        warns=True,
        no_remedy=IN_TEMPLATE,
    ),
    Breakage("deployment-with-earlier-role", "pod-role", of_an_earlier_role(in_deployment)),
    Breakage("pod-with-earlier-role", "pod-role", of_an_earlier_role(bare), no_remedy=BARE),
    Breakage("token-for-earlier-audience", "pod-audience", for_an_earlier_audience),
    Breakage("token-for-audience-no-more", "pod-audience", for_an_audience_no_more),
)

SETTINGS: tuple[Breakage, ...] = (
    Breakage(
        "keys-in-the-environment",
        "pod-keys",
        deploy(containers=env(AWS_ACCESS_KEY_ID="AKIA", AWS_SECRET_ACCESS_KEY="secret")),
    ),
    Breakage(
        "keys-from-a-secret",
        "pod-keys",
        deploy(containers=env(AWS_ACCESS_KEY_ID=REFERENCE, AWS_SECRET_ACCESS_KEY=REFERENCE)),
    ),
    Breakage("region-a-zone", "pod-region", deploy(containers=env(AWS_REGION="us-east-1a"))),
    Breakage("region-empty", "pod-region", deploy(containers=env(AWS_DEFAULT_REGION=""))),
    Breakage("profile-set", "pod-profile", deploy(containers=env(AWS_PROFILE="dev")), warns=True),
    Breakage(
        "credentials-file-set",
        "pod-profile",
        deploy(containers=env(AWS_SHARED_CREDENTIALS_FILE="/keys")),
        warns=True,
    ),
    Breakage(
        "credentials-mounted",
        "pod-files",
        credentials_volume("/root/.aws"),
        warns=True,
        no_remedy=IN_TEMPLATE,
    ),
    Breakage(
        "credentials-of-a-user-mounted",
        "pod-files",
        credentials_volume("/home/app/.aws/credentials"),
        warns=True,
        no_remedy=IN_TEMPLATE,
    ),
    Breakage(
        "host-network",
        "pod-host-network",
        deploy(spec={"hostNetwork": True}),
        warns=True,
    ),
    Breakage(
        "pod-expiration-with-a-unit",
        "pod-expiration",
        deploy(annotations={EXPIRATION: "1h"}),
        warns=True,
    ),
    Breakage(
        "pod-expiration-too-long",
        "pod-expiration",
        deploy(annotations={EXPIRATION: "864000"}),
        warns=True,
    ),
    Breakage(
        "endpoint-legacy",
        "pod-endpoint",
        deploy(containers=env(AWS_STS_REGIONAL_ENDPOINTS="legacy")),
        warns=True,
    ),
    Breakage(
        "endpoint-elsewhere",
        "pod-endpoint",
        deploy(containers=env(AWS_ENDPOINT_URL_STS="https://sts.example.com")),
        warns=True,
    ),
)

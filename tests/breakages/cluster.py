"""Breakages of what all ServiceAccounts share: the OIDC provider, the webhook and AWS STS."""

from __future__ import annotations

import base64
import datetime
from collections.abc import Callable
from typing import Any

from breakages.breakage import Breakage
from breakages.patient import Json, Patient
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

KEPT_BY_EKS = "EKS manages the webhook, so no command fixes it"
AUDIENCE = "sts.amazonaws.com"


def delete_provider(one: Patient) -> None:
    one.shop.iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=one.shop.world.provider_arn)


def another_issuers_provider(one: Patient) -> None:
    delete_provider(one)
    add_provider(one, "https://token.actions.githubusercontent.com")


def under_other_host(*audiences: str) -> Callable[[Patient], None]:
    def put(one: Patient) -> None:
        delete_provider(one)
        region, identifier = one.shop.world.region, one.shop.world.issuer.rpartition("/")[2]
        add_provider(one, f"https://oidc-eks.{region}.api.aws/id/{identifier}", *audiences)

    return put


def add_provider(one: Patient, url: str, *audiences: str, tags: Json | None = None) -> None:
    made = one.shop.iam.create_open_id_connect_provider(
        Url=url,
        ClientIDList=list(audiences or (AUDIENCE,)),
        Tags=[{"Key": key, "Value": value} for key, value in (tags or {}).items()],
    )
    arn = made["OpenIDConnectProviderArn"]

    def remove() -> None:
        one.shop.iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=arn)

    one.undo.append(remove)


def take_audience(one: Patient) -> None:
    one.shop.iam.remove_client_id_from_open_id_connect_provider(
        OpenIDConnectProviderArn=one.shop.world.provider_arn, ClientID=AUDIENCE
    )


def provider_for_another_audience(one: Patient) -> None:
    delete_provider(one)
    one.shop.iam.create_open_id_connect_provider(Url=one.shop.world.issuer, ClientIDList=["example.com"])


def left_behind(key: str) -> Callable[[Patient], None]:
    def put(one: Patient) -> None:
        world = one.shop.world
        value = {"iamsa/cluster": world.cluster_arn}.get(key, world.cluster)
        one.shop.iam.create_open_id_connect_provider(
            Url=f"https://oidc.eks.{world.region}.amazonaws.com/id/{key.partition('/')[0]}".replace(
                ".io", ""
            ),
            ClientIDList=[AUDIENCE],
            Tags=[{"Key": key, "Value": value}],
        )

    return put


def another_cluster(one: Patient) -> None:
    ca = base64.b64encode(certificate(days=1)).decode()
    # The documents of docs/permissions allow only the one cluster.
    one.control.settings(clusters={"twin": {"certificateAuthority": {"data": ca}}}, policy=None)
    one.undo.append(lambda: one.control.settings(clusters={}))
    one.target = ("shop", "--cluster-name", "twin")


def another_account(one: Patient) -> None:
    world = one.shop.world
    arn = world.cluster_arn.replace(world.account, "210987654321")
    one.control.settings(cluster={"arn": arn})
    one.undo.append(lambda: one.control.settings(cluster={}))


def webhook(change: Callable[[Json], Any]) -> Callable[[Patient], None]:
    return lambda one: one.change_webhook(change)


def set_rule(**changed: Any) -> Callable[[Patient], None]:
    return webhook(lambda hook: hook["rules"][0].update(changed))


def set_ca(make: Callable[[], bytes]) -> Callable[[Patient], None]:
    return webhook(lambda hook: hook["clientConfig"].update(caBundle=base64.b64encode(make()).decode()))


def call_service(namespace: str, name: str) -> Callable[[Patient], None]:
    def change(hook: Json) -> None:
        hook["clientConfig"].pop("url")
        hook["clientConfig"]["service"] = {"namespace": namespace, "name": name, "path": "/mutate"}

    return webhook(change)


def rename_webhook(one: Patient) -> None:
    """Register an unrelated webhook instead, in a configuration with another name."""

    def change(hook: Json) -> None:
        hook["name"] = "other.example.com"
        hook["failurePolicy"] = "Ignore"
        hook["clientConfig"]["url"] = "https://127.0.0.1:1/other"

    one.change_webhook(change, name="other")


def only_labelled(one: Patient) -> None:
    one.change_webhook(lambda hook: hook.update(namespaceSelector={"matchLabels": {"irsa": "enabled"}}))


def not_labelled(one: Patient) -> None:
    expression = {"key": "team", "operator": "DoesNotExist"}
    one.shop.ok("label", "namespace", one.shop.namespace, "team=web")
    one.change_webhook(lambda hook: hook.update(namespaceSelector={"matchExpressions": [expression]}))


def nobody_there(hook: Json) -> None:
    hook["clientConfig"]["url"] = "https://127.0.0.1:1/mutate"


def must_answer(hook: Json) -> None:
    nobody_there(hook)
    hook["failurePolicy"] = "Fail"


def certificate(*, days: int) -> bytes:
    """A CA certificate in PEM that expires in `days`."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "another CA")])
    until = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(until - datetime.timedelta(days=365))
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM)


def refuse_tokens(code: str, message: str | None = None) -> Callable[[Patient], None]:
    def put(one: Patient) -> None:
        effect = {"error": code, **({"message": message} if message else {})}
        one.control.fault("aws", "sts:AssumeRoleWithWebIdentity", effect, times=None)
        one.undo.append(one.control.clear_faults)

    return put


PROVIDER: tuple[Breakage, ...] = (
    Breakage("provider-deleted", "provider-exists", delete_provider),
    Breakage("provider-of-another-issuer", "provider-exists", another_issuers_provider),
    Breakage("provider-under-the-other-host", "provider-host", under_other_host()),
    Breakage(
        "provider-under-the-other-host-for-more", "provider-host", under_other_host(AUDIENCE, "example.com")
    ),
    Breakage("audience-taken-away", "provider-audience", take_audience),
    Breakage("provider-for-another-audience", "provider-audience", provider_for_another_audience),
    Breakage(
        "provider-left-by-eksctl", "provider-stale", left_behind("alpha.eksctl.io/cluster-name"), warns=True
    ),
    Breakage("provider-left-by-iamsa", "provider-stale", left_behind("iamsa/cluster"), warns=True),
    Breakage(
        "another-cluster", "cluster-context", another_cluster, no_remedy="the user has to select the cluster"
    ),
    Breakage(
        "another-account", "cluster-context", another_account, no_remedy="the user has to select the cluster"
    ),
)

TOKENS: tuple[Breakage, ...] = (
    Breakage(
        "role-not-known-everywhere-yet",
        "token-exchange",
        refuse_tokens("AccessDenied"),
        no_remedy="it resolves by itself",
    ),
    Breakage(
        "issuer-out-of-aws-reach",
        "token-exchange",
        refuse_tokens("IDPCommunicationError"),
        no_remedy="the cause is on the side of AWS",
    ),
    Breakage(
        "thumbprints-of-another-certificate",
        "token-exchange",
        refuse_tokens(
            "InvalidIdentityToken",
            "OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint",
        ),
        no_remedy="the user has to determine the thumbprint",
    ),
)

WEBHOOK: tuple[Breakage, ...] = (
    Breakage("webhook-deleted", "webhook-present", webhook(lambda _: False), no_remedy=KEPT_BY_EKS),
    Breakage(
        "webhook-of-somebody-else",
        "webhook-present",
        rename_webhook,
        no_remedy=KEPT_BY_EKS,
    ),
    Breakage("webhook-for-updates", "webhook-rules", set_rule(operations=["UPDATE"]), no_remedy=KEPT_BY_EKS),
    Breakage(
        "webhook-for-deployments",
        "webhook-rules",
        set_rule(apiGroups=["apps"], resources=["deployments"]),
        no_remedy=KEPT_BY_EKS,
    ),
    Breakage("webhook-ca-over", "webhook-ca", set_ca(lambda: certificate(days=-1)), no_remedy=KEPT_BY_EKS),
    Breakage(
        "webhook-ca-over-long-ago",
        "webhook-ca",
        set_ca(lambda: certificate(days=-900)),
        no_remedy=KEPT_BY_EKS,
    ),
    Breakage(
        "webhook-at-no-service",
        "webhook-address",
        call_service("kube-system", "pod-identity-webhook"),
        no_remedy=KEPT_BY_EKS,
    ),
    Breakage(
        "webhook-in-no-namespace",
        "webhook-address",
        call_service("eks", "pod-identity-webhook"),
        no_remedy=KEPT_BY_EKS,
    ),
    Breakage("webhook-for-labelled-namespaces", "webhook-namespace", only_labelled),
    Breakage("webhook-not-for-this-namespace", "webhook-namespace", not_labelled),
    Breakage("webhook-down", "webhook-answers", webhook(nobody_there), no_remedy=KEPT_BY_EKS),
    Breakage("webhook-down-that-must-answer", "webhook-answers", webhook(must_answer), no_remedy=KEPT_BY_EKS),
    Breakage(
        "webhook-under-another-ca",
        "webhook-answers",
        set_ca(lambda: certificate(days=9)),
        no_remedy=KEPT_BY_EKS,
    ),
    Breakage(
        "webhook-that-must-answer",
        "webhook-failure-policy",
        webhook(lambda hook: hook.update(failurePolicy="Fail")),
        warns=True,
        no_remedy=KEPT_BY_EKS,
    ),
)

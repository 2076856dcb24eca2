"""Breakages of the role's trust policy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from breakages.breakage import Breakage
from breakages.patient import Patient
from e2e.shop import Json, Shop, trusting_account

EARLIER = "https://oidc.eks.us-east-1.amazonaws.com/id/BEFORE"
WEB_IDENTITY = "sts:AssumeRoleWithWebIdentity"


def host(shop: Shop) -> str:
    return shop.world.issuer.removeprefix("https://")


def claims(shop: Shop, **changed: Any) -> Json:
    """The correct conditions on aud and sub, with changes."""
    right = {"aud": "sts.amazonaws.com", "sub": f"system:serviceaccount:{shop.namespace}:shop", **changed}
    return {f"{host(shop)}:{claim}": value for claim, value in right.items() if value is not None}


def statement(shop: Shop, condition: Json | None = None, **changed: Any) -> Json:
    made = {**shop.statement(), **changed}
    if condition is not None:
        made["Condition"] = condition
    return {key: value for key, value in made.items() if value != {}}


def trust(*make: Callable[[Shop], Json]) -> Callable[[Patient], None]:
    """Replace the trust policy."""
    return lambda one: one.shop.set_trust(*(each(one.shop) for each in make))


def ours(shop: Shop) -> Json:
    return shop.statement()


def equals(**changed: Any) -> Callable[[Shop], Json]:
    return lambda shop: statement(shop, {"StringEquals": claims(shop, **changed)})


def like(pattern: str) -> Callable[[Shop], Json]:
    return lambda shop: statement(
        shop,
        {
            "StringEquals": claims(shop, sub=None),
            "StringLike": {f"{host(shop)}:sub": pattern.format(namespace=shop.namespace)},
        },
    )


def also(operator: str, key: str, value: str) -> Callable[[Shop], Json]:
    """Our statement with one more condition."""

    def make(shop: Shop) -> Json:
        condition = {"StringEquals": claims(shop)}
        tests = condition.setdefault(operator, {})
        tests[key.format(host=host(shop))] = value
        return statement(shop, condition)

    return make


def with_earlier_provider(change: Callable[[Shop], Json]) -> Callable[[Patient], None]:
    """Set a statement while its provider is registered, because AWS accepts no other."""

    def put(one: Patient) -> None:
        shop = one.shop
        shop.iam.create_open_id_connect_provider(Url=EARLIER, ClientIDList=["sts.amazonaws.com"])
        arn = f"arn:aws:iam::{shop.world.account}:oidc-provider/{EARLIER.removeprefix('https://')}"
        try:
            shop.set_trust(change(shop))
        finally:
            shop.iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=arn)

    return put


def deny(condition: Callable[[Shop], Json]) -> Callable[[Shop], Json]:
    return lambda shop: statement(shop, condition(shop), Effect="Deny")


def service(name: str) -> Callable[[Shop], Json]:
    return lambda _: {"Effect": "Allow", "Principal": {"Service": name}, "Action": "sts:AssumeRole"}


CAUSES: tuple[Breakage, ...] = (
    Breakage("denied-by-provider", "trust-deny", trust(ours, deny(lambda _: {}))),
    Breakage(
        "denied-by-pattern",
        "trust-deny",
        trust(ours, deny(lambda shop: {"StringLike": {f"{host(shop)}:sub": "system:serviceaccount:*"}})),
    ),
    Breakage(
        "trusts-the-account", "trust-principal", trust(lambda shop: trusting_account(shop.world.account))
    ),
    Breakage("trusts-ec2", "trust-principal", trust(service("ec2.amazonaws.com"))),
    Breakage("trusts-pod-identity-alone", "trust-principal", trust(service("pods.eks.amazonaws.com"))),
    Breakage(
        "issuer-of-an-earlier-cluster",
        "trust-issuer",
        with_earlier_provider(lambda shop: shop.statement(EARLIER)),
    ),
    Breakage(
        "conditions-on-an-earlier-issuer",
        "trust-issuer",
        trust(lambda shop: statement(shop, shop.statement(EARLIER)["Condition"])),
    ),
    Breakage(
        "action-assume-role", "trust-action", trust(lambda shop: statement(shop, Action="sts:AssumeRole"))
    ),
    Breakage(
        "action-tag-session", "trust-action", trust(lambda shop: statement(shop, Action="sts:TagSession"))
    ),
    Breakage("audience-of-somebody-else", "trust-audience", trust(equals(aud="example.com"))),
    Breakage("audience-of-another-partition", "trust-audience", trust(equals(aud="sts.amazonaws.com.cn"))),
    Breakage("namespace-wrong", "trust-subject", trust(equals(sub="system:serviceaccount:default:shop"))),
    Breakage(
        "name-misspelt",
        "trust-subject",
        trust(lambda shop: equals(sub=f"system:serviceaccount:{shop.namespace}:shopp")(shop)),
    ),
    Breakage(
        "prefix-forgotten",
        "trust-subject",
        trust(lambda shop: equals(sub=f"{shop.namespace}:shop")(shop)),
    ),
    Breakage("pattern-of-another-namespace", "trust-subject", trust(like("system:serviceaccount:default:*"))),
    Breakage(
        "star-under-equals",
        "trust-wildcard",
        trust(lambda shop: equals(sub=f"system:serviceaccount:{shop.namespace}:*")(shop)),
    ),
    Breakage("star-for-the-audience", "trust-wildcard", trust(equals(aud="*"))),
    Breakage(
        "subject-excluded",
        "trust-condition",
        trust(lambda shop: also("StringNotEquals", "{host}:sub", claims(shop)[f"{host(shop)}:sub"])(shop)),
    ),
    Breakage(
        "key-of-another-provider",
        "trust-condition",
        trust(also("StringEquals", "token.actions.githubusercontent.com:sub", "repo:x/y:*")),
    ),
    Breakage(
        "claim-that-is-no-key",
        "trust-condition",
        trust(lambda shop: also("StringEquals", "{host}:kubernetes.io/namespace", shop.namespace)(shop)),
    ),
)

WARNINGS: tuple[Breakage, ...] = (
    Breakage("no-subject", "trust-open", trust(equals(sub=None)), warns=True),
    Breakage("no-condition", "trust-open", trust(lambda shop: statement(shop, {})), warns=True),
    Breakage("every-namespace", "trust-wide", trust(like("system:serviceaccount:*:shop")), warns=True),
    Breakage("every-service-account", "trust-wide", trust(like("system:serviceaccount:*")), warns=True),
    Breakage(
        "all-values-of-the-subject",
        "trust-absent",
        trust(
            lambda shop: statement(
                shop,
                {
                    "StringEquals": claims(shop, sub=None),
                    "ForAllValues:StringEquals": claims(shop, aud=None),
                },
            )
        ),
        warns=True,
    ),
    Breakage(
        "all-values-of-an-absent-claim",
        "trust-absent",
        trust(also("ForAllValues:StringEquals", "{host}:amr", "x")),
        warns=True,
    ),
    Breakage("address", "trust-depends", trust(also("IpAddress", "aws:SourceIp", "10.0.0.0/8")), warns=True),
    Breakage("network", "trust-depends", trust(also("StringEquals", "aws:SourceVpc", "vpc-1")), warns=True),
    Breakage(
        "more-actions",
        "trust-drift",
        trust(lambda shop: statement(shop, Action=[WEB_IDENTITY, "sts:TagSession"])),
        warns=True,
    ),
    Breakage("statement-twice", "trust-drift", trust(ours, ours), warns=True),
    Breakage(
        "account-beside-it",
        "trust-unmanaged",
        trust(ours, lambda shop: trusting_account(shop.world.account)),
        warns=True,
    ),
    Breakage(
        "another-account-beside-it",
        "trust-unmanaged",
        trust(ours, equals(sub="system:serviceaccount:default:other")),
        warns=True,
    ),
)

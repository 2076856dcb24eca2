"""What a ServiceAccount and its role may look like before a task, and the task for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from e2e.outside_changes import attached_by_hand
from e2e.shop import ROLE_ARN, SQS, Shop, aws_managed, trusting_account

Json = dict[str, Any]
Prepare = Callable[[Shop], None]
POWER = aws_managed("PowerUserAccess")
READER = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"}],
}

LARGE = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::" + "b" * 2_000}],
}


def nothing(_: Shop) -> None:
    """Neither a role nor a ServiceAccount."""


def made(shop: Shop) -> None:
    shop.create("-p", SQS, "--tag", "team=web")


def bounded(shop: Shop) -> None:
    shop.create("--permissions-boundary", POWER)


def drifted(shop: Shop) -> None:
    made(shop)
    shop.set_trust({**shop.statement(), "Action": "sts:AssumeRole"})
    shop.annotate(f"{ROLE_ARN}-")


def somebody_s_role(shop: Shop) -> None:
    shop.make_role(tags={"Terraform": "true"})
    attached_by_hand(shop)


def somebody_s_full_role(shop: Shop) -> None:
    """Its trust policy has no room for another statement."""
    shop.make_role(trust=[{**trusting_account(shop.world.account), "Sid": "s" * 1_700}])


def forged_tags(shop: Shop) -> None:
    shop.make_role(tags=shop.tags)


def annotated_with_it(shop: Shop) -> None:
    shop.make_service_account({ROLE_ARN: shop.make_role(tags={"Terraform": "true"}, path="/iamsa/")})


def annotated_with_another(shop: Shop) -> None:
    shop.make_service_account({ROLE_ARN: "arn:aws:iam::999988887777:role/theirs"})


def without_service_account(shop: Shop) -> None:
    made(shop)
    shop.ok("delete", "serviceaccount", shop.name, "-n", shop.namespace)


def after(*changes: Prepare) -> Prepare:
    """What others did after iamsa had made it."""

    def prepare(shop: Shop) -> None:
        shop.create()
        for change in changes:
            change(shop)

    return prepare


def asked(shop: Shop, options: Json) -> Json:
    """The task for the ServiceAccount; `{namespace}` in an option is its namespace."""
    given = {
        name: value.format(namespace=shop.namespace) if isinstance(value, str) else value
        for name, value in options.items()
    }
    return {"iam_serviceaccount": {"name": shop.name, "namespace": shop.namespace, **given}, "diff": True}

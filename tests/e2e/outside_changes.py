"""What others do to a ServiceAccount and its role once iamsa has made them."""

from __future__ import annotations

import json

from e2e.shop import ROLE_ARN, SQS, Shop, aws_managed, trusting_account
from e2e.trials import DOCUMENT


def attached_by_hand(shop: Shop) -> None:
    shop.iam.attach_role_policy(RoleName=shop.role_name, PolicyArn=aws_managed(SQS))


def put_by_hand(shop: Shop) -> None:
    document = json.dumps(DOCUMENT)
    shop.iam.put_role_policy(RoleName=shop.role_name, PolicyName="by-hand", PolicyDocument=document)


def crammed_by_hand(shop: Shop) -> None:
    """With an inline policy that leaves little room for another."""
    resource = "arn:aws:s3:::" + "b" * 9_000
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": resource}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    shop.iam.put_role_policy(RoleName=shop.role_name, PolicyName="large", PolicyDocument=document)


def trusted_besides(shop: Shop) -> None:
    shop.set_trust(shop.statement(), trusting_account(shop.world.account))


def of_an_earlier_cluster(shop: Shop) -> None:
    issuer = shop.world.issuer[:-1] + ("0" if shop.world.issuer[-1] != "0" else "1")
    shop.iam.tag_role(RoleName=shop.role_name, Tags=[{"Key": "iamsa/issuer", "Value": issuer}])
    provider = f"arn:aws:iam::{shop.world.account}:oidc-provider/{issuer.removeprefix('https://')}"
    known = shop.iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
    if not any(one["Arn"] == provider for one in known):
        shop.iam.create_open_id_connect_provider(Url=issuer, ClientIDList=["sts.amazonaws.com"])
    shop.set_trust(shop.statement(issuer))


def taken_over(shop: Shop) -> None:
    shop.iam.tag_role(RoleName=shop.role_name, Tags=[{"Key": "iamsa/adopted", "Value": "true"}])


def annotated_by_helm(shop: Shop) -> None:
    """With the same role; Helm is its field manager from now on."""
    for value in ("", shop.role_arn):
        shop.annotate("--field-manager=helm", f"{ROLE_ARN}={value}")

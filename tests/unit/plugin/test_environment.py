"""IAMSA_* variables: what holds where neither a flag nor the kubeconfig says it."""

from __future__ import annotations

import pytest
from kubectl_iamsa.requests.environment import new_role, where_defaults

from ansible_collections.iamsa.eks.plugins.module_utils.cluster.target import WhereDefaults
from ansible_collections.iamsa.eks.plugins.module_utils.errors import InvalidFile
from ansible_collections.iamsa.eks.plugins.module_utils.model.desired import NewRole

BOUNDARY = "arn:aws:iam::123456789012:policy/boundary"


def test_the_cluster_and_its_region() -> None:
    environ = {"IAMSA_CLUSTER_NAME": "demo", "IAMSA_REGION": "eu-west-1"}
    assert where_defaults(environ) == WhereDefaults("demo", "eu-west-1")


def test_a_new_role() -> None:
    environ = {
        "IAMSA_PATH": "/team/",
        "IAMSA_PERMISSIONS_BOUNDARY": BOUNDARY,
        "IAMSA_TAGS": "team=web,cost=7=8",
    }
    assert new_role(environ) == NewRole("/team/", BOUNDARY, {"team": "web", "cost": "7=8"})


NAMES = [
    *("IAMSA_CLUSTER_NAME", "IAMSA_REGION", "IAMSA_PATH", "IAMSA_PERMISSIONS_BOUNDARY", "IAMSA_TAGS"),
]


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_one_is_not_set(name: str) -> None:
    assert (where_defaults({name: ""}), new_role({name: ""})) == (WhereDefaults(), NewRole())


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        (
            "IAMSA_REGION",
            "mars",
            'invalid value "mars" for IAMSA_REGION: must be an AWS region; use a region such as us-east-1',
        ),
        (
            "IAMSA_CLUSTER_NAME",
            "a b",
            'invalid value "a b" for IAMSA_CLUSTER_NAME: must be the name of an EKS cluster',
        ),
        (
            "IAMSA_PATH",
            "x",
            'invalid value "x" for IAMSA_PATH: must begin and end with /; use "/x/"',
        ),
        ("IAMSA_PERMISSIONS_BOUNDARY", "b", 'invalid value "b" for IAMSA_PERMISSIONS_BOUNDARY: must'),
        (
            "IAMSA_TAGS",
            "team",
            'invalid value "team" for IAMSA_TAGS: must contain "="; use the form KEY=VALUE',
        ),
        (
            "IAMSA_TAGS",
            "team=web,",
            'invalid value "" for IAMSA_TAGS: must contain "="; use the form KEY=VALUE',
        ),
        ("IAMSA_TAGS", "iamsa/x=y", 'invalid value "iamsa/x'),
    ],
)
def test_one_that_cannot_be_right_is_named(name: str, value: str, sentence: str) -> None:
    with pytest.raises(InvalidFile) as caught:
        (where_defaults({name: value}), new_role({name: value}))
    assert str(caught.value).startswith(sentence)

# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names that the user types, and the names that roles are given."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.iamsa.eks.plugins.module_utils.errors import InvalidValue
from ansible_collections.iamsa.eks.plugins.module_utils.identity.subject import Subject
from ansible_collections.iamsa.eks.plugins.module_utils.model import names
from ansible_collections.iamsa.eks.plugins.module_utils.model.names import derived_role_name, gen3_role_name

Check = Callable[[str], str]

CHECKS = [
    names.check_namespace,
    names.check_service_account,
    names.check_role_name,
    names.check_path,
    names.check_cluster_name,
    names.check_region,
    names.check_boundary,
]


@pytest.mark.parametrize(
    ("check", "value"),
    [
        (names.check_namespace, "a"),
        (names.check_namespace, "kube-system"),
        (names.check_namespace, "0-9"),
        (names.check_namespace, "a" * 63),
        (names.check_service_account, "default"),
        (names.check_service_account, "app.kubernetes.io-x"),
        (names.check_service_account, "a" * 253),
        (names.check_role_name, "My_Role+=,.@-"),
        (names.check_role_name, "a" * 64),
        (names.check_path, "/"),
        (names.check_path, "/iamsa/"),
        (names.check_path, "/team/a!/"),
        (names.check_path, f"/{'a' * 510}/"),
        (names.check_cluster_name, "Prod_1-eu"),
        (names.check_cluster_name, "a" * 100),
        (names.check_region, "us-east-1"),
        (names.check_region, "ap-southeast-7"),
        (names.check_region, "us-gov-west-1"),
        (names.check_region, "cn-northwest-1"),
        (names.check_region, "us-iso-east-1"),
        (names.check_region, "us-isob-east-1"),
        (names.check_region, "eu-isoe-west-1"),
        (names.check_region, "eusc-de-east-1"),
        (names.check_boundary, "arn:aws:iam::123456789012:policy/boundary"),
        (names.check_boundary, "arn:aws-cn:iam::aws:policy/PowerUserAccess"),
    ],
)
def test_a_valid_value_is_returned_as_it_is(check: Check, value: str) -> None:
    assert check(value) == value


@pytest.mark.parametrize(
    ("check", "value", "says"),
    [
        pytest.param(
            names.check_namespace,
            "",
            '^invalid value "" for <namespace>: must not be empty',
            id="namespace-empty",
        ),
        pytest.param(
            names.check_namespace,
            "Web",
            '"Web" for .*: must be a valid Kubernetes name; use "web"',
            id="namespace-upper-case",
        ),
        pytest.param(names.check_namespace, "my_ns", 'use "my-ns"', id="namespace-underscore"),
        pytest.param(
            names.check_namespace, "a.b", "use lowercase letters, digits and '-'", id="namespace-dot"
        ),
        pytest.param(names.check_namespace, "-a", 'use "a"', id="namespace-leading-dash"),
        pytest.param(names.check_namespace, "a\n", 'use "a"', id="namespace-newline"),
        pytest.param(names.check_namespace, "café", "use lowercase", id="namespace-unicode"),
        pytest.param(names.check_namespace, "a٣", "use lowercase", id="namespace-digit-of-another-script"),
        pytest.param(names.check_namespace, "a/b", "use lowercase", id="namespace-slash"),
        pytest.param(names.check_namespace, "a:b", "use lowercase", id="namespace-colon"),
        pytest.param(names.check_namespace, "*", "use lowercase", id="namespace-wildcard"),
        pytest.param(
            names.check_namespace,
            "a" * 64,
            "must be at most 63 characters, got 64; shorten it",
            id="namespace-long",
        ),
        pytest.param(names.check_service_account, "", "must not be empty", id="service-account-empty"),
        pytest.param(names.check_service_account, "App", 'use "app"', id="service-account-upper-case"),
        pytest.param(names.check_service_account, "app.", 'use "app"', id="service-account-trailing-dot"),
        pytest.param(names.check_service_account, "a..b", "use lowercase", id="service-account-two-dots"),
        pytest.param(
            names.check_service_account, "a.-b", "use lowercase", id="service-account-dash-after-dot"
        ),
        pytest.param(names.check_service_account, "app\n", 'use "app"', id="service-account-newline"),
        pytest.param(names.check_service_account, "--help", 'use "help"', id="service-account-flag"),
        pytest.param(names.check_service_account, "ns:app", "use lowercase", id="service-account-colon"),
        pytest.param(
            names.check_service_account, "a" * 254, "characters, got 254", id="service-account-long"
        ),
        pytest.param(
            names.check_role_name, "", '^invalid value "" for <role_name>: must not be empty', id="role-empty"
        ),
        pytest.param(
            names.check_role_name, "a" * 65, "must be at most 64 characters, got 65", id="role-long"
        ),
        pytest.param(
            names.check_role_name, "my role", "must contain only letters, digits and", id="role-space"
        ),
        pytest.param(
            names.check_role_name, "rôle", "must contain only letters, digits and", id="role-unicode"
        ),
        pytest.param(
            names.check_role_name, "role\n", "must contain only letters, digits and", id="role-newline"
        ),
        pytest.param(names.check_role_name, "team/app", ", and use <path> for a path", id="role-with-path"),
        pytest.param(
            names.check_role_name,
            "arn:aws:iam::123456789012:role/t/app",
            'use "app"',
            id="role-arn",
        ),
        pytest.param(
            names.check_role_name,
            "arn:aws:iam::123456789012:role/${ROLE}",
            "must be a name, not an ARN; specify the role's name$",
            id="role-arn-without-a-name",
        ),
        pytest.param(
            names.check_cluster_name,
            "arn:aws:eks:eu-west-1:123456789012:cluster/${CLUSTER}",
            "must be a name, not an ARN; specify the EKS cluster's name$",
            id="cluster-arn-without-a-name",
        ),
        pytest.param(
            names.check_path, "", '^invalid value "" for <path>: must not be empty', id="path-empty"
        ),
        pytest.param(names.check_path, "team", '; use "/team/"', id="path-bare"),
        pytest.param(names.check_path, "/team", '; use "/team/"', id="path-not-closed"),
        pytest.param(names.check_path, "team/a/", '; use "/team/a/"', id="path-not-opened"),
        pytest.param(names.check_path, "/my team/", "must contain only printable ASCII", id="path-space"),
        pytest.param(names.check_path, "/équipe/", "must contain only printable ASCII", id="path-unicode"),
        pytest.param(names.check_path, "/a/\n", '; use "/a/"', id="path-newline"),
        pytest.param(names.check_path, f"/{'a' * 511}/", "characters, got 513", id="path-long"),
        pytest.param(
            names.check_path,
            "/aws-service-role/x/",
            "must not be a path that AWS reserves",
            id="path-reserved",
        ),
        pytest.param(
            names.check_cluster_name,
            "",
            '^invalid value "" for <cluster_name>: must not be empty',
            id="cluster-empty",
        ),
        pytest.param(
            names.check_cluster_name, "-prod", "must be the name of an EKS cluster", id="cluster-leading-dash"
        ),
        pytest.param(
            names.check_cluster_name, "a" * 101, "must be the name of an EKS cluster", id="cluster-long"
        ),
        pytest.param(
            names.check_cluster_name, "prod\n", "must be the name of an EKS cluster", id="cluster-newline"
        ),
        pytest.param(
            names.check_cluster_name, "prod.eu", "must be the name of an EKS cluster", id="cluster-dot"
        ),
        pytest.param(
            names.check_cluster_name,
            "arn:aws:eks:eu-west-1:123456789012:cluster/prod",
            'use "prod"',
            id="cluster-arn",
        ),
        pytest.param(
            names.check_region, "", '^invalid value "" for <region>: must not be empty', id="region-empty"
        ),
        pytest.param(names.check_region, "us-east-1a", "availability zone; use us-east-1$", id="region-zone"),
        pytest.param(names.check_region, "US-EAST-1", "; use us-east-1$", id="region-upper-case"),
        pytest.param(names.check_region, "us-east-1 ", "; use us-east-1$", id="region-space"),
        pytest.param(names.check_region, "virginia", "must be an AWS region", id="region-city"),
        pytest.param(names.check_region, "aws-global", "must be an AWS region", id="region-global"),
        pytest.param(
            names.check_region, "us-east-१", "must be an AWS region", id="region-digit-of-another-script"
        ),
        pytest.param(
            names.check_region, "x.evil.example/us-east-1", "must be an AWS region", id="region-host"
        ),
        pytest.param(
            names.check_boundary,
            "",
            '^invalid value "" for <permissions_boundary>: must not be empty',
            id="boundary-empty",
        ),
        pytest.param(names.check_boundary, "PowerUserAccess", "must be an ARN", id="boundary-name"),
        pytest.param(
            names.check_boundary, "arn:aws:iam::123456789012:role/x", "not of a role", id="boundary-role"
        ),
    ],
)
def test_a_value_that_cannot_be_right_is_refused(check: Check, value: str, says: str) -> None:
    with pytest.raises(InvalidValue, match=says) as refusal:
        check(value)
    assert refusal.value.remedy


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@given(value=st.text(max_size=70))
def test_any_text_is_returned_or_refused_on_one_printable_line(check: Check, value: str) -> None:
    sentence = ""
    try:
        assert check(value) == value
        assert value.isascii()
    except InvalidValue as refusal:
        sentence = str(refusal)
    assert sentence.isprintable()


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_a_long_value_is_cut_in_the_sentence(check: Check) -> None:
    with pytest.raises(InvalidValue) as refusal:
        check("é" * 5000)
    assert len(str(refusal.value)) < 400


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_field_can_be_named_as_the_front_end_names_it(check: Callable[..., str]) -> None:
    with pytest.raises(InvalidValue, match=r'^invalid value "" for option: '):
        check("", field="option")


def named(
    account: str = "123456789012",
    region: str = "eu-west-1",
    cluster: str = "prod",
    namespace: str = "web",
    name: str = "app",
) -> str:
    return derived_role_name(account, region, cluster, Subject(namespace, name))


def test_a_derived_name_is_readable_and_stable() -> None:
    assert re.fullmatch(r"iamsa-prod-web-app-[a-z2-7]{10}", named())
    assert named() == "iamsa-prod-web-app-lwkrv4z54b"


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"account": "210987654321"}, id="account"),
        pytest.param({"region": "eu-west-2"}, id="region"),
        pytest.param({"cluster": "prod2"}, id="cluster"),
        pytest.param({"cluster": "Prod"}, id="case-of-cluster"),
        pytest.param({"namespace": "web2"}, id="namespace"),
        pytest.param({"name": "app2"}, id="name"),
    ],
)
def test_whatever_tells_service_accounts_apart_tells_their_roles_apart(other: dict[str, str]) -> None:
    assert named(**other).lower() != named().lower()


def test_the_dash_between_namespace_and_name_is_not_ambiguous() -> None:
    assert named(namespace="a", name="b-c") != named(namespace="a-b", name="c")
    assert named(cluster="a-b", namespace="c") != named(cluster="a", namespace="b-c")
    assert named(name="a.b") != named(name="a-b")


def test_a_long_word_does_not_push_the_others_out() -> None:
    assert re.fullmatch(r"iamsa-c{30,}-web-app-[a-z2-7]{10}", named(cluster="c" * 100))


_LABEL = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", fullmatch=True)
_SUBJECTS = st.tuples(
    st.from_regex(r"[0-9A-Za-z][A-Za-z0-9_-]{0,99}", fullmatch=True),
    _LABEL,
    st.from_regex(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?", fullmatch=True),
)


@given(_SUBJECTS)
def test_a_derived_name_is_always_a_valid_lower_case_role_name(subject: tuple[str, str, str]) -> None:
    cluster, namespace, name = subject
    role = named(cluster=cluster, namespace=namespace, name=name)
    assert names.check_role_name(role) == role == role.lower()


@given(_SUBJECTS, _SUBJECTS)
def test_two_service_accounts_never_share_a_derived_name(
    a: tuple[str, str, str], b: tuple[str, str, str]
) -> None:
    assert (named("1", "r", *a) == named("1", "r", *b)) == (a == b)


def test_a_gen3_name_is_that_of_gen3s_script() -> None:
    assert gen3_role_name("prod", "app") == "prod-app-role"
    assert gen3_role_name("c" * 40, "s" * 40) == f"{'c' * 40}-{'s' * 22}"

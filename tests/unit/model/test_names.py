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
            names.check_namespace, "", '^invalid value "" for <namespace>: is empty', id="namespace-empty"
        ),
        pytest.param(
            names.check_namespace,
            "Web",
            "\"Web\" for .*: is no name .*; write 'web'",
            id="namespace-upper-case",
        ),
        pytest.param(names.check_namespace, "my_ns", "write 'my-ns'", id="namespace-underscore"),
        pytest.param(
            names.check_namespace, "a.b", "use lower-case letters, digits and '-'", id="namespace-dot"
        ),
        pytest.param(names.check_namespace, "-a", "write 'a'", id="namespace-leading-dash"),
        pytest.param(names.check_namespace, "a\n", "write 'a'", id="namespace-newline"),
        pytest.param(names.check_namespace, "café", "use lower-case", id="namespace-unicode"),
        pytest.param(names.check_namespace, "a٣", "use lower-case", id="namespace-digit-of-another-script"),
        pytest.param(names.check_namespace, "a/b", "use lower-case", id="namespace-slash"),
        pytest.param(names.check_namespace, "a:b", "use lower-case", id="namespace-colon"),
        pytest.param(names.check_namespace, "*", "use lower-case", id="namespace-wildcard"),
        pytest.param(
            names.check_namespace, "a" * 64, "has 64 characters, .* 63; shorten it", id="namespace-long"
        ),
        pytest.param(names.check_service_account, "", "is empty", id="service-account-empty"),
        pytest.param(names.check_service_account, "App", "write 'app'", id="service-account-upper-case"),
        pytest.param(names.check_service_account, "app.", "write 'app'", id="service-account-trailing-dot"),
        pytest.param(names.check_service_account, "a..b", "use lower-case", id="service-account-two-dots"),
        pytest.param(
            names.check_service_account, "a.-b", "use lower-case", id="service-account-dash-after-dot"
        ),
        pytest.param(names.check_service_account, "app\n", "write 'app'", id="service-account-newline"),
        pytest.param(names.check_service_account, "--help", "write 'help'", id="service-account-flag"),
        pytest.param(names.check_service_account, "ns:app", "use lower-case", id="service-account-colon"),
        pytest.param(names.check_service_account, "a" * 254, "has 254 characters", id="service-account-long"),
        pytest.param(
            names.check_role_name, "", '^invalid value "" for <role_name>: is empty', id="role-empty"
        ),
        pytest.param(names.check_role_name, "a" * 65, "has 65 characters, and IAM allows 64", id="role-long"),
        pytest.param(names.check_role_name, "my role", "is not a role name; use the", id="role-space"),
        pytest.param(names.check_role_name, "rôle", "is not a role name", id="role-unicode"),
        pytest.param(names.check_role_name, "role\n", "is not a role name", id="role-newline"),
        pytest.param(names.check_role_name, "team/app", ", and <path> for a path", id="role-with-path"),
        pytest.param(
            names.check_role_name,
            "arn:aws:iam::123456789012:role/t/app",
            "give the name alone: 'app'",
            id="role-arn",
        ),
        pytest.param(
            names.check_role_name,
            "arn:aws:iam::123456789012:role/${ROLE}",
            "is an ARN; give the role's name$",
            id="role-arn-without-a-name",
        ),
        pytest.param(
            names.check_cluster_name,
            "arn:aws:eks:eu-west-1:123456789012:cluster/${CLUSTER}",
            "is an ARN; give the EKS cluster's name$",
            id="cluster-arn-without-a-name",
        ),
        pytest.param(names.check_path, "", '^invalid value "" for <path>: is empty', id="path-empty"),
        pytest.param(names.check_path, "team", "; write '/team/'", id="path-bare"),
        pytest.param(names.check_path, "/team", "; write '/team/'", id="path-not-closed"),
        pytest.param(names.check_path, "team/a/", "; write '/team/a/'", id="path-not-opened"),
        pytest.param(names.check_path, "/my team/", "is not an IAM path", id="path-space"),
        pytest.param(names.check_path, "/équipe/", "is not an IAM path", id="path-unicode"),
        pytest.param(names.check_path, "/a/\n", "; write '/a/'", id="path-newline"),
        pytest.param(names.check_path, f"/{'a' * 511}/", "has 513 characters", id="path-long"),
        pytest.param(names.check_path, "/aws-service-role/x/", "is reserved by AWS", id="path-reserved"),
        pytest.param(
            names.check_cluster_name, "", '^invalid value "" for <cluster_name>: is empty', id="cluster-empty"
        ),
        pytest.param(
            names.check_cluster_name, "-prod", "is not an EKS cluster's name", id="cluster-leading-dash"
        ),
        pytest.param(names.check_cluster_name, "a" * 101, "is not an EKS cluster's name", id="cluster-long"),
        pytest.param(
            names.check_cluster_name, "prod\n", "is not an EKS cluster's name", id="cluster-newline"
        ),
        pytest.param(names.check_cluster_name, "prod.eu", "is not an EKS cluster's name", id="cluster-dot"),
        pytest.param(
            names.check_cluster_name,
            "arn:aws:eks:eu-west-1:123456789012:cluster/prod",
            "name alone: 'prod'",
            id="cluster-arn",
        ),
        pytest.param(names.check_region, "", '^invalid value "" for <region>: is empty', id="region-empty"),
        pytest.param(
            names.check_region, "us-east-1a", "availability zone; write us-east-1$", id="region-zone"
        ),
        pytest.param(names.check_region, "US-EAST-1", "; write us-east-1$", id="region-upper-case"),
        pytest.param(names.check_region, "us-east-1 ", "; write us-east-1$", id="region-space"),
        pytest.param(names.check_region, "virginia", "is not an AWS region", id="region-city"),
        pytest.param(names.check_region, "aws-global", "is not an AWS region", id="region-global"),
        pytest.param(
            names.check_region, "us-east-१", "is not an AWS region", id="region-digit-of-another-script"
        ),
        pytest.param(
            names.check_region, "x.evil.example/us-east-1", "is not an AWS region", id="region-host"
        ),
        pytest.param(
            names.check_boundary,
            "",
            '^invalid value "" for <permissions_boundary>: is empty',
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

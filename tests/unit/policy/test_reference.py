# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What `--policy` means: an ARN, a file or a name; and the inline policy that a file becomes."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moto.iam.aws_managed_policies import aws_managed_policies_data

from ansible_collections.iamsa.eks.plugins.module_utils.errors import InvalidValue
from ansible_collections.iamsa.eks.plugins.module_utils.identity.arn import Arn
from ansible_collections.iamsa.eks.plugins.module_utils.policy.aws_managed import (
    AWS_MANAGED_PATHS,
    COMMON_AWS_POLICIES,
    near,
)
from ansible_collections.iamsa.eks.plugins.module_utils.policy.reference import (
    PolicyArn,
    PolicyFile,
    PolicyName,
    check_policy_arn,
    classify,
    inline_name,
)
from ansible_collections.iamsa.eks.plugins.module_utils.wording.text import Option

S3 = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess", id="aws-managed"),
        pytest.param("arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy", id="aws-managed-path"),
        pytest.param("arn:aws:iam::123456789012:policy/read", id="customer-managed"),
        pytest.param("arn:aws:iam::123456789012:policy/team/a/read_=,.@+-", id="customer-managed-path"),
        pytest.param("arn:aws-cn:iam::aws:policy/AmazonS3ReadOnlyAccess", id="china"),
        pytest.param("arn:aws-us-gov:iam::123456789012:policy/read", id="govcloud"),
        pytest.param("arn:aws-iso-b:iam::123456789012:policy/read", id="isolated"),
        pytest.param("arn:aws:iam::123456789012:policy/read.json", id="a-name-that-looks-like-a-file"),
    ],
)
def test_an_arn_is_a_policy_arn(value: str) -> None:
    assert classify(value) == PolicyArn(Arn.parse(value))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ("file:///etc/p.json", "/etc/p.json"),
        ("file://p.json", "p.json"),
        ("FILE://p", "p"),
        ("p.json", "p.json"),
        ("P.JSON", "P.JSON"),
        ("./p", "./p"),
        ("dir/p", "dir/p"),
        ("dir/", "dir/"),
        ("C:\\policies\\p", "C:\\policies\\p"),
        ("sp ace.json", "sp ace.json"),
    ],
)
def test_a_path_is_a_file_and_is_not_read(value: str, path: str) -> None:
    assert classify(value) == PolicyFile(path)


@pytest.mark.parametrize("value", ["AmazonS3ReadOnlyAccess", "read_=,.@+-", "a,b", "a" * 128])
def test_anything_else_is_a_name(value: str) -> None:
    assert classify(value) == PolicyName(value)


@pytest.mark.parametrize(
    ("value", "says"),
    [
        pytest.param("", "must not be empty", id="empty"),
        pytest.param("  \n", "must not be empty", id="blank"),
        pytest.param("two words", "must be a policy name", id="space"),
        pytest.param("name\n", "must be a policy name", id="trailing-newline"),
        pytest.param("naïve", "must be a policy name", id="unicode"),
        pytest.param("a" * 129, "must be a policy name", id="too-long"),
        pytest.param("$(reboot)", "must be a policy name", id="shell"),
        pytest.param('{"Version": "2012-10-17"}', "not a policy document", id="document"),
        pytest.param("https://example.com/p.json", "must not be a URL", id="url"),
        pytest.param("s3://bucket/p.json", "must not be a URL", id="s3-url"),
        pytest.param("file://", "must name a file", id="no-path"),
        pytest.param("a/\x00.json", "control character", id="nul-in-path"),
        pytest.param(f"{S3},{S3}", "must be one policy, not a list", id="arns"),
        pytest.param(f"reader,{S3}", "must be one policy, not a list", id="name-and-arn"),
        pytest.param("a.json, b.json", "must be one policy, not a list", id="files"),
        pytest.param("arn:", "must be an ARN", id="bare-arn"),
        pytest.param("ARN:aws:iam::aws:policy/x", "must be an ARN", id="upper-case"),
        pytest.param("arn:aws:iam::aws:policy/x\n", "must be an ARN", id="arn-newline"),
        pytest.param("arn:aws:iam::12345678901:policy/x", "must be an ARN", id="short-account"),
        pytest.param("arn:aws:iam::१२३४५६७८९०१२:policy/x", "must be an ARN", id="digits-of-another-script"),
        pytest.param("arn:gcp:iam::123456789012:policy/x", "must be an ARN", id="partition"),
        pytest.param("arn:awsome:iam::123456789012:policy/x", "unknown AWS partition", id="like-a-partition"),
        pytest.param("arn:aws:s3:::bucket", 'must be iam, not "s3"', id="s3"),
        pytest.param(
            "arn:aws:iam:us-east-1:123456789012:policy/x",
            'region must be empty, not "us-east-1"',
            id="region",
        ),
        pytest.param("arn:aws:iam:::policy/x", "account must be 12 digits", id="no-account"),
        pytest.param("arn:aws:iam::123456789012:role/x", "of a policy, not of a role", id="role"),
        pytest.param("arn:aws:iam::123456789012:policy", "policy path and name", id="no-name"),
        pytest.param("arn:aws:iam::123456789012:policy/a/", "policy path and name", id="ends-in-slash"),
        pytest.param("arn:aws:iam::123456789012:policy//a", "policy path and name", id="double-slash"),
        pytest.param("arn:aws:iam::123456789012:policy/a*", "policy path and name", id="wildcard"),
        pytest.param("arn:aws:iam::123456789012:policy/" + "a" * 129, "path and name", id="arn-long-name"),
        pytest.param(f"arn:aws:iam::123456789012:policy/{'a/' * 300}b", "path and name", id="arn-long-path"),
        pytest.param(
            "arn:aws:iam::aws:policy/aws-service-role/AmazonEKSServiceRolePolicy",
            "cannot be attached",
            id="service-linked",
        ),
    ],
)
def test_a_value_that_cannot_be_a_policy_is_refused(value: str, says: str) -> None:
    with pytest.raises(InvalidValue, match=says) as refusal:
        classify(value)
    assert refusal.value.field == Option("policy")
    assert refusal.value.remedy


def test_a_pasted_document_is_not_printed() -> None:
    with pytest.raises(InvalidValue) as refusal:
        classify('{"Version": "2012-10-17", "Secret": "' + "x" * 500 + '"}')
    assert len(str(refusal.value)) < 250


@given(st.text(max_size=60))
def test_every_value_is_classified_or_refused_on_one_printable_line(value: str) -> None:
    sentence = ""
    try:
        classify(value)
    except InvalidValue as refusal:
        sentence = str(refusal)
    assert sentence.isprintable()


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("p.json", "p"),
        ("a/b/read-s3.json", "read-s3"),
        ("read.s3.json", "read.s3"),
        ("C:\\policies\\read.JSON", "read"),
        ("dir/policy", "policy"),
        ("dir/policy.txt", "policy"),
    ],
)
def test_a_file_becomes_an_inline_policy_named_after_its_stem(path: str, name: str) -> None:
    assert inline_name(path) == name


@pytest.mark.parametrize(
    "path", ["my policy.json", "dir/.json", "dir/", "å.json", "a" * 129 + ".json", "a*.json"]
)
def test_a_file_whose_stem_is_no_policy_name_must_be_renamed(path: str) -> None:
    with pytest.raises(InvalidValue, match="rename the file"):
        inline_name(path)


def test_the_field_can_be_named_as_the_front_end_names_it() -> None:
    with pytest.raises(InvalidValue, match=r'^invalid value "a b" for policies: '):
        classify("a b", field="policies")
    with pytest.raises(InvalidValue, match=r'^invalid value "x" for boundary: must be an ARN'):
        check_policy_arn("x", "boundary")


@pytest.mark.parametrize(
    ("typo", "meant"),
    [
        ("AmazonS3ReadOnlyAcess", "AmazonS3ReadOnlyAccess"),
        ("amazons3readonlyaccess", "AmazonS3ReadOnlyAccess"),
        ("AmazonEKSCNIPolicy", "AmazonEKS_CNI_Policy"),
        ("SecretManagerReadWrite", "SecretsManagerReadWrite"),
        ("AmazonEBSCSIDriver", "AmazonEBSCSIDriverPolicy"),
    ],
)
def test_a_slip_finds_the_name_that_was_meant_first(typo: str, meant: str) -> None:
    assert near(typo, COMMON_AWS_POLICIES)[0] == meant


def test_at_most_three_names_are_near() -> None:
    assert len(near("AmazonReadOnlyAccess", COMMON_AWS_POLICIES)) <= 3


def test_nothing_is_near_a_name_unlike_all() -> None:
    assert near("team-billing-export", COMMON_AWS_POLICIES) == ()


def test_the_names_suggested_exist_under_the_paths_that_are_tried() -> None:
    policies = json.loads(aws_managed_policies_data)
    assert {policies[name]["Path"] for name in COMMON_AWS_POLICIES} <= set(AWS_MANAGED_PATHS)

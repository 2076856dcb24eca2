"""Every value that cannot be right is refused from argv alone: field, value, remedy, and exit code 2."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from kubectl_iamsa.verb_tree import build_parser

LONG = "x" * 100_000

WRONG = [
    # names
    ("-n", "Web", 'invalid value "Web" for --namespace: ', "write 'web'"),
    ("-n", "a_b", 'invalid value "a_b" for --namespace: ', "write 'a-b'"),
    ("-n", "a.b", 'invalid value "a.b" for --namespace: ', "use lower-case"),
    ("-n", "x" * 64, 'invalid value "xxx', "shorten it"),
    ("--role-name", "a b", 'invalid value "a b" for --role-name: ', "use the characters"),
    ("--role-name", "team/a", 'invalid value "team/a" for --role-name: ', "--path for a path"),
    ("--role-name", "x" * 65, "has 65 characters", "shorten it"),
    ("--role-name", "arn:aws:iam::123456789012:role/a", "is an ARN", "'a'"),
    ("--path", "team", 'invalid value "team" for --path: ', "write '/team/'"),
    ("--path", "/a b/", 'invalid value "/a b/" for --path: ', "without spaces"),
    ("--path", "/aws-reserved/", "is reserved by AWS", "choose another"),
    ("--path", "/" + "x" * 511 + "/", "has 513 characters", "shorten it"),
    ("--cluster-name", "-dev", 'invalid value "-dev" for --cluster-name: ', "use up to 100"),
    ("--cluster-name", "x" * 101, 'invalid value "xxx', "use up to 100"),
    ("--cluster-name", "arn:aws:eks:eu-west-1:123456789012:cluster/dev", "is an ARN", "'dev'"),
    ("--region", "eu-west-1a", "is an availability zone", "write eu-west-1"),
    ("--region", "EU-West-1", 'invalid value "EU-West-1" for --region: ', "write eu-west-1"),
    ("--region", "Ireland", 'invalid value "Ireland" for --region: ', "such as us-east-1"),
    # ARNs
    ("-p", "arn:aws:s3:::bucket", 'must be iam, not "s3"', "use the ARN of an IAM policy"),
    (
        "-p",
        "arn:aws2:iam::123456789012:policy/a",
        'unknown AWS partition "aws2"',
        "use the ARN of an IAM policy",
    ),
    (
        "-p",
        "arn:aws:iam:eu-west-1:123456789012:policy/a",
        "the region must be empty",
        "use the ARN of an IAM policy",
    ),
    (
        "-p",
        "arn:aws:iam::12345:policy/a",
        'invalid value "arn:aws:iam::12345:policy/a" for --policy: ',
        "write one such as",
    ),
    ("-p", "arn:aws:iam:::policy/a", "the account must be 12 digits", "use the ARN of an IAM policy"),
    ("-p", "arn:aws:iam::123456789012:role/a", "not of a role", "use the ARN of an IAM policy"),
    ("-p", "arn:aws:iam", "must be an ARN", "write one such as"),
    ("-p", "arn:aws:iam::aws:policy/aws-service-role/X", "cannot be attached", "another path"),
    ("--permissions-boundary", "ReadOnlyAccess", "must be an ARN", "write one such as"),
    (
        "--permissions-boundary",
        "arn:aws:iam::123456789012:role/a",
        "must be the ARN of a policy",
        "use the ARN of an IAM",
    ),
    # policies by name or file
    ("-p", "a b", 'invalid value "a b" for --policy: ', "use a policy name"),
    ("-p", "https://example.com/a.json", "must not be a URL", "download it"),
    ("-p", '{"Version": "2012-10-17"}', "not a policy document", "save it to a file"),
    ("-p", "file://", "must name a file", "write file://"),
    ("-p", "./ä.json", "not a valid policy name", "rename the file"),
    # tags
    ("--tag", "team", 'invalid value "team" for --tag: ', "write key=value"),
    ("--tag", "=x", "has an empty key", "write key=value"),
    ("--tag", "aws:x=y", "begins with aws:", "choose another key"),
    ("--tag", "iamsa/x=y", "begins with iamsa/", "choose another key"),
    ("--tag", "x" * 129 + "=y", "a key of 129 characters", "use at most 128"),
    ("--tag", "x=" + "y" * 257, "a value of 257 characters", "use at most 256"),
    ("--tag", "a=b;c", "character in its value", "use letters"),
    # durations
    ("--max-session-duration", "30m", 'invalid value "30m" for --max-session-duration: ', "from 1h to 12h"),
    ("--max-session-duration", "13h", "is out of range", "from 1h to 12h"),
    ("--max-session-duration", "1 hour", "is not a duration", "such as 1h"),
    ("--max-session-duration", "-1h", "is not a duration", "such as 1h"),
    ("--max-session-duration", "1.5h", "is not a duration", "such as 1h"),
    ("--token-expiration", "599", "is out of range", "from 10m to 24h"),
    ("--token-expiration", "25h", "is out of range", "from 10m to 24h"),
    ("--timeout", "0", 'invalid value "0" for --timeout: ', "from 1s to 1h"),
    ("--timeout", "soon", "is not a duration", "from 1s to 1h"),
    ("--request-timeout", "2h", "is out of range", "from 1s to 1h"),
    # texts
    ("--audience", "a b", 'invalid value "a b" for --audience: ', "use printable ASCII"),
    ("--audience", "${aws:x}", "contains ${", "use another audience"),
    ("--audience", "x" * 256, "has 256 characters", "shorten it"),
    ("--description", "€", 'invalid value "€" for --description: ', "use Latin letters"),
    ("--description", "x" * 1001, "has 1001 characters", "shorten it"),
    ("--field-manager", "x" * 129, "has 129 characters", "use at most 128"),
    # the connection
    ("--server", "ftp://x", 'invalid value "ftp://x" for --server: ', "use the form https://"),
    ("--server", "https://a b", "must be an http or https URL", "use the form https://"),
    ("--server", "https://x:99999", "must be an http or https URL", "use the form https://"),
    ("--server", "https://x?y", "must be an http or https URL", "use the form https://"),
    ("--token", "a b", "must be printable ASCII without spaces", "specify the token"),
]


@pytest.mark.parametrize(("flag", "value", "problem", "remedy"), WRONG)
def test_a_wrong_value(create: Callable[..., Any], flag: str, value: str, problem: str, remedy: str) -> None:
    done = create(flag, value)
    assert done.code == 2
    said, _, instead = done.error.partition("; ")
    assert problem in done.error
    assert remedy in instead
    assert {"-n": "--namespace", "-p": "--policy"}.get(flag, flag) in said
    assert len(done.error) < 400


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("App", "write 'app'"),
        ("a_b", "write 'a-b'"),
        ("-app", "write 'app'"),
        ("", "use"),
        ("x" * 254, "shorten"),
    ],
)
def test_a_wrong_name(iamsa: Callable[..., Any], name: str, remedy: str) -> None:
    done = iamsa("create", "-p", "ReadOnlyAccess", "--", name)
    assert done.code == 2
    assert " for the ServiceAccount's name: " in done.error
    assert remedy in done.error


FLAGS = {
    flag: action
    for flag, action in build_parser().verbs()["create"].flags().items()
    if flag.startswith("--") and action.nargs != 0
}
STRANGE = {
    "control character": "a\x07b",
    "escape": "\x1b[31mred",
    "newline": "a\nerror: b",
    "trailing newline": "app\n",
    "NUL": "a\0b",
    "bytes that are not UTF-8": "a\udcffb",
    "far too long": LONG,
}
# What has its own alphabet of letters may hold these.
RIGHT_ALL_THE_SAME = {
    ("--description", "newline"),
    ("--description", "trailing newline"),
    ("--token", "trailing newline"),
    ("--token", "far too long"),
}


@pytest.mark.parametrize(
    ("flag", "what"),
    [(flag, what) for what in STRANGE for flag in sorted(FLAGS) if (flag, what) not in RIGHT_ALL_THE_SAME],
)
def test_no_flag_takes_strange_characters(create: Callable[..., Any], flag: str, what: str) -> None:
    done = create("--cluster-name", "dev", f"{flag}={STRANGE[what]}")
    assert done.code == 2
    assert flag in done.error
    assert done.error.isprintable()
    assert len(done.error) < 500


@pytest.mark.parametrize("flag", sorted(FLAGS.keys() - {"--description"}))
@pytest.mark.parametrize("empty", ["", " "])
def test_no_flag_may_be_empty(create: Callable[..., Any], flag: str, empty: str) -> None:
    done = create("--cluster-name", "dev", f"{flag}={empty}")
    assert done.code == 2
    assert flag in done.error


def test_tags_of_different_case_are_one(create: Callable[..., Any]) -> None:
    done = create("--tag", "Team=a", "--tag", "team=b")
    assert done.code == 2
    assert "repeats the key 'Team'" in done.error


def test_too_many_tags(create: Callable[..., Any]) -> None:
    done = create(*(f"--tag=k{number}=v" for number in range(46)))
    assert done.code == 2
    assert "give at most 45" in done.error


def test_a_ca_that_would_not_be_used(create: Callable[..., Any]) -> None:
    done = create("--insecure-skip-tls-verify", "--certificate-authority", "ca.pem")
    assert done.code == 2
    assert done.error.startswith('invalid value "ca.pem" for --certificate-authority: has no use')


@pytest.mark.parametrize(
    "words",
    [
        ("--token", "SECRET SECRET"),
        ("--token", "SECRET\x1b"),
        ("--server", "https://user:SECRET@host"),
        ("--server", "https://user:SECRET@[host"),
        ("--tokn=SECRET",),
    ],
)
def test_a_secret_is_never_shown(create: Callable[..., Any], words: tuple[str, ...]) -> None:
    done = create(*words)
    assert done.code == 2
    assert "SECRET" not in done.error

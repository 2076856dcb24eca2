"""Every value that cannot be right is refused from argv alone: field, value, remedy, and exit code 2."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from kubectl_iamsa.verb_tree import build_parser

LONG = "x" * 100_000

WRONG = [
    # names
    ("-n", "Web", 'invalid value "Web" for --namespace: ', 'use "web"'),
    ("-n", "a_b", 'invalid value "a_b" for --namespace: ', 'use "a-b"'),
    ("-n", "a.b", 'invalid value "a.b" for --namespace: ', "use lowercase"),
    ("-n", "x" * 64, 'invalid value "xxx', "shorten it"),
    ("--role-name", "a b", 'invalid value "a b" for --role-name: ', "remove the other characters"),
    ("--role-name", "team/a", 'invalid value "team/a" for --role-name: ', "--path for a path"),
    ("--role-name", "x" * 65, "characters, got 65", "shorten it"),
    ("--role-name", "arn:aws:iam::123456789012:role/a", "must be a name, not an ARN", 'use "a"'),
    ("--path", "team", 'invalid value "team" for --path: ', 'use "/team/"'),
    ("--path", "/a b/", 'invalid value "/a b/" for --path: ', "such as /team/"),
    ("--path", "/aws-reserved/", "must not be a path that AWS reserves", "choose another"),
    ("--path", "/" + "x" * 511 + "/", "characters, got 513", "shorten it"),
    ("--cluster-name", "-dev", 'invalid value "-dev" for --cluster-name: ', "use up to 100"),
    ("--cluster-name", "x" * 101, 'invalid value "xxx', "use up to 100"),
    (
        "--cluster-name",
        "arn:aws:eks:eu-west-1:123456789012:cluster/dev",
        "must be a name, not an ARN",
        'use "dev"',
    ),
    ("--region", "eu-west-1a", "must be a region, not an availability zone", "use eu-west-1"),
    ("--region", "EU-West-1", 'invalid value "EU-West-1" for --region: ', "use eu-west-1"),
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
    ("--tag", "team", 'invalid value "team" for --tag: ', "use the form KEY=VALUE"),
    ("--tag", "=x", "the key must not be empty", "use the form KEY=VALUE"),
    ("--tag", "aws:x=y", "must not begin with aws:", "choose another key"),
    ("--tag", "iamsa/x=y", "must not begin with iamsa/", "choose another key"),
    ("--tag", "x" * 129 + "=y", "must be at most 128 characters, got 129", "shorten it"),
    ("--tag", "x=" + "y" * 257, "must be at most 256 characters, got 257", "shorten it"),
    ("--tag", "a=b;c", "the tag's value contains a character", "use letters"),
    # durations
    (
        "--max-session-duration",
        "30m",
        'invalid value "30m" for --max-session-duration: ',
        "between 1h and 12h",
    ),
    ("--max-session-duration", "13h", "must be at", "between 1h and 12h"),
    ("--max-session-duration", "1 hour", "must be a duration", "such as 1h"),
    ("--max-session-duration", "-1h", "must be a duration", "such as 1h"),
    ("--max-session-duration", "1.5h", "must be a duration", "such as 1h"),
    ("--token-expiration", "599", "must be at", "between 10m and 24h"),
    ("--token-expiration", "25h", "must be at", "between 10m and 24h"),
    ("--timeout", "0", 'invalid value "0" for --timeout: ', "between 1s and 1h"),
    ("--timeout", "soon", "must be a duration", "between 1s and 1h"),
    ("--request-timeout", "2h", "must be at", "between 1s and 1h"),
    # texts
    ("--audience", "a b", 'invalid value "a b" for --audience: ', "remove the other characters"),
    ("--audience", "${aws:x}", "must not contain ${", "use another audience"),
    ("--audience", "x" * 256, "characters, got 256", "shorten it"),
    ("--description", "€", 'invalid value "€" for --description: ', "such as Latin letters"),
    ("--description", "x" * 1001, "characters, got 1001", "shorten it"),
    ("--field-manager", "x" * 129, "must be at most 128 characters, got 129", "shorten it"),
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
        ("App", 'use "app"'),
        ("a_b", 'use "a-b"'),
        ("-app", 'use "app"'),
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
    assert 'must not repeat the key "Team"' in done.error


def test_too_many_tags(create: Callable[..., Any]) -> None:
    done = create(*(f"--tag=k{number}=v" for number in range(46)))
    assert done.code == 2
    assert "must be at most 45" in done.error


def test_a_ca_that_would_not_be_used(create: Callable[..., Any]) -> None:
    done = create("--insecure-skip-tls-verify", "--certificate-authority", "ca.pem")
    assert done.code == 2
    assert done.error.startswith(
        'invalid value "ca.pem" for --certificate-authority: cannot be combined with'
    )


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

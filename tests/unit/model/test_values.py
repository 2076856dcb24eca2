# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tags, durations, the audience and texts that the user types."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.iamsa.eks.plugins.module_utils.errors import InvalidValue
from ansible_collections.iamsa.eks.plugins.module_utils.identity import keys
from ansible_collections.iamsa.eks.plugins.module_utils.model.values import (
    check_audience,
    check_description,
    check_text,
    parse_duration,
    parse_tags,
)


@pytest.mark.parametrize(
    ("texts", "tags"),
    [
        pytest.param([], {}, id="none"),
        pytest.param(["team=web", "stage=prod"], {"team": "web", "stage": "prod"}, id="two"),
        pytest.param(["flag="], {"flag": ""}, id="empty-value"),
        pytest.param(["url=https://a.b/"], {"url": "https://a.b/"}, id="url"),
        pytest.param(["a=b=c"], {"a": "b=c"}, id="equals-in-value"),
        pytest.param(["Kosten stelle=Straße 1"], {"Kosten stelle": "Straße 1"}, id="letters-and-spaces"),
        pytest.param(["k" * 128 + "=" + "v" * 256], {"k" * 128: "v" * 256}, id="longest"),
        pytest.param(["owner=aws:team"], {"owner": "aws:team"}, id="aws-in-value"),
        pytest.param(["iamsa=yes", "awsome=1"], {"iamsa": "yes", "awsome": "1"}, id="like-a-reserved-key"),
    ],
)
def test_tags_are_read(texts: list[str], tags: dict[str, str]) -> None:
    assert parse_tags(texts) == tags


@pytest.mark.parametrize(
    ("texts", "says"),
    [
        pytest.param(
            ["team"],
            '^invalid value "team" for <tag>: must contain "="; use the form KEY=VALUE',
            id="no-equals",
        ),
        pytest.param([""], 'must contain "="; use the form KEY=VALUE', id="empty"),
        pytest.param(["=web"], "the key must not be empty", id="no-key"),
        pytest.param([" =web"], "the key must not be empty", id="blank-key"),
        pytest.param(["k" * 129 + "=v"], "the key must be at most 128 characters, got 129", id="long-key"),
        pytest.param(["k=" + "v" * 257], "value must be at most 256 characters, got 257", id="long-value"),
        pytest.param(["a*b=c"], "the key contains a character", id="key-character"),
        pytest.param(["a=b,c"], "the tag's value contains a character", id="value-comma"),
        pytest.param(["a=b\n"], "the tag's value contains a character", id="newline"),
        pytest.param(["a=\x1b[31m"], "the tag's value contains a character", id="escape-sequence"),
        pytest.param(["a=🙂"], "the tag's value contains a character", id="emoji"),
        pytest.param(["aws:team=x"], "which is reserved for AWS", id="aws"),
        pytest.param(["AWS:team=x"], "which is reserved for AWS", id="aws-in-upper-case"),
        pytest.param([f"{keys.TAG_MANAGER}=x"], "which is reserved for iamsa", id="ours"),
        pytest.param(["IAMSA/cluster=x"], "which is reserved for iamsa", id="ours-in-upper-case"),
        pytest.param(["team=a", "team=b"], 'must not repeat the key "team"', id="twice"),
        pytest.param(["team=a", "Team=a"], 'must not repeat the key "team"', id="twice-regardless-of-case"),
        pytest.param([f"k{i}=v" for i in range(46)], "46 tags.* at most 45", id="too-many"),
    ],
)
def test_tags_that_cannot_be_right_are_refused(texts: list[str], says: str) -> None:
    with pytest.raises(InvalidValue, match=says) as refusal:
        parse_tags(texts)
    assert refusal.value.remedy


def test_as_many_tags_are_taken_as_iam_leaves_beside_those_that_every_role_has() -> None:
    assert len(parse_tags(f"k{i}=v" for i in range(45))) == 45


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("3600", 3600),
        ("3600s", 3600),
        ("60m", 3600),
        ("1h", 3600),
        ("1h30m", 5400),
        ("1h30m15s", 5415),
        ("1h15", 3615),
        ("12h", 43200),
        ("03600", 3600),
    ],
)
def test_a_duration_is_read_in_seconds(text: str, seconds: int) -> None:
    assert parse_duration(text, "--max-session-duration", 3600, 43200) == seconds


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "h",
        "1d",
        "1H",
        "1.5h",
        "-1h",
        "+3600",
        "1h ",
        "3600\n",
        "30m1h",
        "1h1h",
        "1e4",
        "٣٦٠٠",
        "9" * 5000,
    ],
)
def test_what_is_no_duration_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(
        InvalidValue, match="must be a duration; use a duration between 1h and 12h, such as 1h, 90m or 3600"
    ):
        parse_duration(text, "--max-session-duration", 3600, 43200)


@pytest.mark.parametrize("text", ["0", "3599", "43201", "13h", "99999h"])
def test_a_duration_out_of_range_is_refused_with_the_limits(text: str) -> None:
    with pytest.raises(InvalidValue, match=r"must be at .*; use a duration between 1h and 12h"):
        parse_duration(text, "--max-session-duration", 3600, 43200)


@pytest.mark.parametrize(("text", "seconds"), [("600", 600), ("10m", 600), ("24h", 86400)])
def test_the_limits_are_the_callers(text: str, seconds: int) -> None:
    assert parse_duration(text, "--token-expiration", 600, 86400) == seconds


def test_limits_below_an_hour_are_spelled_in_minutes() -> None:
    with pytest.raises(
        InvalidValue, match=r'^invalid value "1m" for --token-expiration: .* between 10m and 24h'
    ):
        parse_duration("1m", "--token-expiration", 600, 86400)


@pytest.mark.parametrize("value", ["sts.amazonaws.com", "https://example.com/a?b", "a" * 255])
def test_an_audience_is_returned_as_it_is(value: str) -> None:
    assert check_audience(value) == value


@pytest.mark.parametrize(
    ("value", "says"),
    [
        pytest.param(
            "", '^invalid value "" for <audience>: must not be empty; use sts.amazonaws.com', id="empty"
        ),
        pytest.param("a b", "must contain only printable ASCII", id="space"),
        pytest.param("a\n", "must contain only printable ASCII", id="newline"),
        pytest.param("\x1b[31m", "must contain only printable ASCII", id="escape-sequence"),
        pytest.param("é", "must contain only printable ASCII", id="unicode"),
        pytest.param("a" * 256, "characters, got 256", id="long"),
        pytest.param("${aws:username}", "which starts a policy variable", id="policy-variable"),
    ],
)
def test_an_audience_that_cannot_be_right_is_refused(value: str, says: str) -> None:
    with pytest.raises(InvalidValue, match=says):
        check_audience(value)


@pytest.mark.parametrize("value", ["", "Reads the bucket (très utile)", "two\nlines\t", "a" * 1000])
def test_a_description_is_returned_as_it_is(value: str) -> None:
    assert check_description(value) == value


@pytest.mark.parametrize(
    ("value", "says"),
    [
        pytest.param("a" * 1001, "must be at most 1,000 characters, got 1001", id="long"),
        pytest.param("“quoted”", "a character that IAM does not allow", id="curly-quotes"),
        pytest.param("日本", "a character that IAM does not allow", id="beyond-latin-1"),
        pytest.param("\x00", "a character that IAM does not allow", id="nul"),
        pytest.param("\xa0", "a character that IAM does not allow", id="no-break-space"),
    ],
)
def test_a_description_that_iam_refuses_is_refused(value: str, says: str) -> None:
    with pytest.raises(InvalidValue, match=says):
        check_description(value)


@pytest.mark.parametrize(
    "value", ["admin@prod.eu-west-1.eksctl.io", "arn:aws:eks:eu-west-1:1:cluster/x", "ünïcode ok"]
)
def test_a_text_is_returned_as_it_is(value: str) -> None:
    assert check_text(value, "--context") == value


@pytest.mark.parametrize(
    ("value", "says"),
    [
        pytest.param("", '^invalid value "" for --context: must not be empty', id="empty"),
        pytest.param(" \t", "must not be empty", id="blank"),
        pytest.param("a\x1b[31m", "must not contain control characters", id="escape-sequence"),
        pytest.param("a\n", "must not contain control characters", id="newline"),
        pytest.param("a" * 254, "must be at most 253 characters, got 254; shorten it", id="long"),
    ],
)
def test_a_text_that_nobody_means_is_refused(value: str, says: str) -> None:
    with pytest.raises(InvalidValue, match=says):
        check_text(value, "--context")


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused_on_one_printable_line(value: str) -> None:
    for read in (
        lambda: parse_tags([value, f"k={value}"]),
        lambda: parse_duration(value, "--token-expiration", 600, 86400),
        lambda: check_audience(value),
        lambda: check_description(value),
        lambda: check_text(value, "--context"),
    ):
        sentence = ""
        try:
            read()
        except InvalidValue as refusal:
            sentence = str(refusal)
        assert sentence.isprintable()

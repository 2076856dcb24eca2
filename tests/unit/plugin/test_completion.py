"""What may stand where TAB is pressed, as far as the command line itself tells."""

from __future__ import annotations

import pytest
from kubectl_iamsa.completion.__main__ import complete
from kubectl_iamsa.completion.candidates import FILES, LIVE, NO_FILES, Candidates
from kubectl_iamsa.completion.line import read_line
from kubectl_iamsa.completion.live import READERS


def offered(*words: str) -> list[str]:
    """The values that are offered; the last word is the one to complete."""
    return [value for value, _ in complete(words, {}).found]


@pytest.mark.parametrize(
    ("words", "values"),
    [
        pytest.param(["cr"], ["create"], id="verb"),
        pytest.param(["de"], ["delete", "describe"], id="two-verbs"),
        pytest.param(["-n", "web", "up"], ["update"], id="verb-after-a-flag"),
        pytest.param(["create", "--per"], ["--permissions-boundary"], id="flag"),
        pytest.param(["create", "app", "--ad"], ["--adopt"], id="flag-after-a-name"),
        pytest.param(["create", "--dry-run=s"], ["server"], id="value-after-equals"),
        pytest.param(["create", "-o", ""], ["text", "name", "json", "yaml"], id="value-of-a-short-flag"),
        pytest.param(["update", "--action", "d"], ["delete"], id="value-as-the-next-word"),
        pytest.param(["create", "--adopt="], ["true", "false"], id="value-of-a-switch"),
        pytest.param(["create", "--policy", "x", "--poli"], ["--policy"], id="a-flag-that-repeats"),
        pytest.param(["create", "--path", "/x/", "--pat"], [], id="a-flag-that-is-given"),
        pytest.param(["create", "--path=/x/", "--pat"], [], id="a-flag-that-is-given-with-equals"),
        pytest.param(["create", "-nweb", "--namesp"], [], id="a-short-flag-that-is-given"),
        pytest.param(["list", "-An", "web", "--all-"], [], id="switches-in-a-row"),
        pytest.param(["create", "--nonsense", "x", "--adop"], ["--adopt"], id="behind-an-unknown-flag"),
        pytest.param(["--namesp"], ["--namespace"], id="a-flag-before-the-verb"),
        pytest.param(["nonsense", ""], [], id="behind-an-unknown-verb"),
        pytest.param(["create", "app", "more", ""], [], id="a-name-too-many"),
        pytest.param(["create", "--", "--ad"], [], id="after-two-dashes"),
        pytest.param(["-c", "app", "--acti"], ["--action"], id="gen3s-form"),
        pytest.param(["-u", "app", "-a", "d"], ["d", "delete"], id="gen3s-values"),
        pytest.param([], [], id="no-word-at-all"),
    ],
)
def test_what_is_offered(words: list[str], values: list[str]) -> None:
    assert offered(*words) == values


@pytest.mark.parametrize(
    ("words", "directive"),
    [
        pytest.param(["create", "--kubeconfig", ""], FILES, id="a-file-flag"),
        pytest.param(["create", "-p", "./re"], FILES, id="a-policy-file"),
        pytest.param(["create", "-p", "file://re"], FILES, id="a-policy-url"),
        pytest.param(["create", "--pol"], NO_FILES, id="a-flag"),
        pytest.param(["create", "--description", ""], NO_FILES, id="free-text"),
    ],
)
def test_where_the_shell_offers_files(words: list[str], directive: int) -> None:
    assert complete(words, {}).directive == directive


def test_every_verb_is_described() -> None:
    assert all(description for _, description in complete([""], {}).found)


def test_a_line_is_a_value_and_its_description() -> None:
    assert list(Candidates([("web", "a namespace"), ("db", "")]).lines()) == ["web\ta namespace", "db", ":4"]


@pytest.mark.parametrize("value", ["", "two words", "two\nlines", "esc\x1b[0m", "tab\t"])
def test_what_is_no_single_word_is_not_offered(value: str) -> None:
    assert list(Candidates([(value, "")]).lines()) == [":4"]


def test_a_description_steers_no_terminal() -> None:
    assert list(Candidates([("web", "red\x1b[31m\n")]).lines()) == ["web\tred\\x1b[31m\\n", ":4"]


def test_the_last_value_of_a_flag_counts() -> None:
    assert read_line(["create", "-n", "a", "--namespace=b"]).given["namespace"] == ["b", "a"]


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["create", "--kubeconfig", "/nonexistent", "-n", ""], id="no-kubeconfig"),
        pytest.param(["create", "--server", "no url", "-n", ""], id="no-server"),
        pytest.param(["create", "--cluster-name", "a b", "-p", ""], id="no-cluster-name"),
    ],
)
def test_what_cannot_be_read_is_not_offered(words: list[str]) -> None:
    assert offered(*words) == []


def test_all_that_is_told_to_be_read_can_be_read() -> None:
    assert READERS.keys() == LIVE

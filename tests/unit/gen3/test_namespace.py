"""Which namespace the form of gen3 iam-serviceaccount works in, and that no other verb goes by its rule."""

from __future__ import annotations

import pytest
from unit.fakes.examples import SUBJECT
from unit.gen3.habit import S3, Habit

from ansible_collections.iamsa.eks.plugins.module_utils.identity.subject import Subject


@pytest.fixture
def somewhere(habit: Habit) -> Habit:
    """The namespaces `web`, `other` and `default` are there."""
    habit.world.kubernetes.namespaces.update(other="active", default="active")
    return habit


@pytest.mark.parametrize(
    ("words", "variable", "context", "wanted"),
    [
        ("-n web", "other", "other", "web"),
        ("--namepace=web", "other", "other", "web"),
        ("", "web", "other", "web"),
        ("", "web", None, "web"),
        ("", "", "web", "web"),
        ("", None, "web", "web"),
        ("", None, None, "default"),
    ],
)
def test_the_flag_wins_then_the_variable_then_the_context(
    somewhere: Habit, words: str, variable: str | None, context: str | None, wanted: str
) -> None:
    somewhere.line.context(**({} if context is None else {"namespace": context}))
    environ = {} if variable is None else {"KUBECTL_NAMESPACE": variable}
    somewhere.run(f"-c NAME -p S3 {words}", **environ)
    assert somewhere.world.kubernetes.service_accounts.keys() == {Subject(wanted, SUBJECT.name)}
    assert somewhere.run(f"-l NAME {words}", **environ).out == f"{S3}\n"
    somewhere.run(f"-u NAME -p S3 -a d {words}", **environ)
    assert somewhere.attached() == set()


def test_a_variable_that_is_no_namespace_is_named(habit: Habit) -> None:
    error = habit.refused("-l NAME", KUBECTL_NAMESPACE="Web")
    assert error.startswith('invalid value "Web" for KUBECTL_NAMESPACE: ')
    assert habit.world.wire.calls == []


@pytest.mark.parametrize(
    ("line", "out"),
    [
        ("create NAME -p S3", "serviceaccount/my-sa unchanged\n"),
        ("update NAME -p S3", "serviceaccount/my-sa unchanged\n"),
        ("list", "my-sa"),
        ("describe NAME", "web"),
        ("diff NAME -p S3", ""),
        ("delete NAME --yes", "serviceaccount/my-sa deleted\n"),
    ],
)
def test_no_verb_looks_at_the_variable(somewhere: Habit, line: str, out: str) -> None:
    somewhere.run("create NAME -p S3")
    done = somewhere.run(line, KUBECTL_NAMESPACE="other")
    assert out in done.out if out else not done.out
    assert Subject("other", SUBJECT.name) not in somewhere.world.kubernetes.service_accounts

"""A bug that nobody expected: told as one, with its place and without its text."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from kubectl_iamsa.gen3 import jobs as gen3_jobs
from kubectl_iamsa.render.progress import Progress
from kubectl_iamsa.runs import access
from kubectl_iamsa.terminal.console import Console
from unit.plugin.conftest import Done

from ansible_collections.iamsa.eks.plugins.module_utils.concurrency import bounded
from ansible_collections.iamsa.eks.plugins.module_utils.deadline import Deadline
from ansible_collections.iamsa.eks.plugins.module_utils.errors import ResourceRef
from ansible_collections.iamsa.eks.plugins.module_utils.model.steps.base import Phase
from ansible_collections.iamsa.eks.plugins.module_utils.model.steps.step import BindingStep

Iamsa = Callable[..., Done]

VERBS = [
    (("create", "app", "-p", "ReadOnlyAccess"), 1),
    (("update", "app", "-p", "ReadOnlyAccess"), 1),
    (("list",), 1),
    (("describe", "app"), 1),
    (("delete", "app", "--yes"), 1),
    (("version",), 1),
    (("-l", "app"), 1),
    (("diff", "app", "-p", "ReadOnlyAccess"), 3),
    (("doctor",), 3),
    (("verify", "app"), 3),
]


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Callable[[BaseException], None]:
    """`broken(error)`: looking for the cluster raises it, in a thread."""

    def set_up(error: BaseException) -> None:
        def look() -> None:
            raise error

        def locate(*_: object, **__: object) -> None:
            bounded("looking for the cluster", look, Deadline(5))

        monkeypatch.setattr(access, "locate", locate)
        monkeypatch.setattr(gen3_jobs, "locate", locate)

    return set_up


@pytest.mark.parametrize(
    ("argv", "code"), VERBS, ids=lambda value: " ".join(value) if isinstance(value, tuple) else ""
)
def test_each_verb_tells_of_it_in_one_sentence(
    iamsa: Iamsa, broken: Callable[[BaseException], None], argv: tuple[str, ...], code: int
) -> None:
    broken(KeyError("hidden"))
    done = iamsa(*argv)
    assert done.code == code
    assert done.error.startswith("internal error: KeyError at ")
    assert "test_unexpected_errors.py" in done.error
    assert "while looking for the cluster" in done.error
    assert "/issues" in done.error
    assert "hidden" not in done.error


def test_the_traceback_is_shown_on_request(iamsa: Iamsa, broken: Callable[[BaseException], None]) -> None:
    broken(KeyError("hidden"))
    done = iamsa("list", IAMSA_DEBUG="1")
    assert done.code == 1
    assert "Traceback (most recent call last):" in done.err
    assert "KeyError: 'hidden'" in done.err


def test_outside_of_a_thread_the_verb_is_named(iamsa: Iamsa, monkeypatch: pytest.MonkeyPatch) -> None:
    def locate(*_: object) -> None:
        raise RuntimeError("hidden")

    monkeypatch.setattr(access, "locate", locate)
    assert "while running kubectl iamsa describe; " in iamsa("describe", "app").error


def test_an_exit_is_let_through(iamsa: Iamsa, broken: Callable[[BaseException], None]) -> None:
    broken(SystemExit(7))
    with pytest.raises(SystemExit):
        iamsa("list")


def test_an_interrupt_is_one(iamsa: Iamsa, broken: Callable[[BaseException], None]) -> None:
    broken(KeyboardInterrupt())
    assert iamsa("list") == (130, "", "interrupted\n")


def test_in_the_middle_of_a_write_what_is_left_is_said() -> None:
    step = BindingStep(ResourceRef("role", "app"), Phase.TRUST, "first")
    err = io.StringIO()
    progress = Progress(Console(io.StringIO(), err), output="text", dry_run="none", diff=False)

    def fail() -> None:
        with progress:
            progress.planned((step,), {}, {})
            raise KeyError("hidden")

    with pytest.raises(KeyError):
        fail()
    assert err.getvalue().splitlines()[0] == "possibly done: first"

"""Which namespace the form of gen3 iam-serviceaccount works in, and that no other verb goes by its rule."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from e2e.gen3 import Habit, habit_of
from e2e.shop import S3, Shop
from pocket_eks.control import Control
from pocket_eks.world import World

Environ = Callable[..., "dict[str, str]"]

pytestmark = [pytest.mark.warm, pytest.mark.usefixtures("cluster_admin")]


@pytest.fixture
def habit(shop: Shop) -> Habit:
    return habit_of(shop)


@pytest.fixture
def environ(world: World, tmp_path: Path) -> Environ:
    """`environ(context, variable)`: with the namespace of the kubeconfig's context and KUBECTL_NAMESPACE."""

    def make(context: str | None, variable: str | None) -> dict[str, str]:
        config = json.loads(Path(world.variables["KUBECONFIG"]).read_text())
        if context is not None:
            config["contexts"][0]["context"]["namespace"] = context
        (tmp_path / "config").write_text(json.dumps(config))
        more: Mapping[str, str] = {} if variable is None else {"KUBECTL_NAMESPACE": variable}
        return {**world.environ, "KUBECONFIG": str(tmp_path / "config"), **more}

    return make


def namespaces_of(habit: Habit) -> list[str]:
    """Where there is a ServiceAccount of this name."""
    selector = f"--field-selector=metadata.name={habit.name}"
    return habit.shop.ok(
        "get", "serviceaccounts", "-A", selector, "-o", "jsonpath={.items[*].metadata.namespace}"
    ).split()


@pytest.mark.parametrize(
    ("words", "variable", "context", "wanted"),
    [
        (("-n", "own"), "other", "other", "own"),
        (("--namepace=own",), "other", "other", "own"),
        ((), "own", "other", "own"),
        ((), "own", None, "own"),
        ((), "", "own", "own"),
        ((), None, "own", "own"),
        ((), None, None, "default"),
    ],
)
def test_the_flag_wins_then_the_variable_then_the_context(
    habit: Habit,
    new_namespace: Callable[[], str],
    environ: Environ,
    words: tuple[str, ...],
    variable: str | None,
    context: str | None,
    wanted: str,
) -> None:
    names = {"own": habit.shop.namespace, "other": new_namespace()}
    around = environ(names.get(context or "", context), names.get(variable or "", variable))
    words = tuple(word.replace("own", names["own"]) for word in words)
    habit.shop.iamsa("-c", habit.name, "-p", S3, *words, environ=around)
    assert namespaces_of(habit) == [names.get(wanted, wanted)]
    assert habit.shop.iamsa("-l", habit.name, *words, environ=around).stdout == f"{S3}\n"
    habit.shop.iamsa("-u", habit.name, "-p", S3, "-a", "d", *words, environ=around)
    assert habit.attached() == set()


def test_a_variable_that_is_no_namespace_is_named(habit: Habit, environ: Environ, control: Control) -> None:
    done = habit.shop.iamsa("-l", habit.name, environ=environ(None, "Web"), code=1)
    assert done.stderr == (
        'error: invalid value "Web" for KUBECTL_NAMESPACE: '
        "is no name that Kubernetes accepts; write 'web'\n"
    )
    assert control.calls() == []


@pytest.mark.parametrize(
    "line", ["create NAME -p P", "update NAME -p P", "list", "describe NAME", "delete NAME"]
)
def test_no_verb_looks_at_the_variable(
    habit: Habit, new_namespace: Callable[[], str], environ: Environ, control: Control, line: str
) -> None:
    own, other = habit.shop.namespace, new_namespace()
    habit.run("create", "NAME", "-p", S3)
    control.clear_calls()
    words = habit.spelled(line.replace(" P", f" {S3}").split())
    habit.shop.iamsa(*words, environ=environ(own, other))
    paths = [call["path"] for call in control.calls() if call["upstream"] == "kube"]
    assert any(f"/namespaces/{own}/" in path for path in paths)
    assert not any(other in path for path in paths)


def test_diff_does_not_look_at_the_variable_either(
    habit: Habit, new_namespace: Callable[[], str], environ: Environ
) -> None:
    habit.run("create", "NAME", "-p", S3)
    around = environ(habit.shop.namespace, new_namespace())
    assert habit.shop.iamsa("diff", habit.name, "-p", S3, environ=around).stdout == ""

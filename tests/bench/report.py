"""docs/benchmarks.md, written by the run itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bench.creation import Row
from bench.growth import Growth
from bench.playbooks import LOOPED, MANY, Batch
from bench.stopwatch import Comparison

HEAD = """\
<!-- Written by make bench; change tests/bench, not this page. -->
# Benchmarks

`make bench` generates this page. It times whole processes, in one run, with a Kubernetes control plane and an AWS emulator on the same machine. Nothing was measured against AWS.
The two programs of a comparison run in turns (A B A B), after one run of each that is not timed. A figure is the median, with minimum and maximum in parentheses; a ratio is the median of the pairs' ratios.
On another machine, times differ, but ratios hardly do.
"""


@dataclass(frozen=True)
class Measured:
    """All that one run has found."""

    machine: Mapping[str, str]
    runs: int
    recipe: Sequence[Row]
    recipe_on_eks: Sequence[Row]
    floor: Sequence[Row]
    starts: Mapping[str, Comparison]
    least_play: Comparison
    task: Mapping[str, Comparison]
    batch: Mapping[str, Batch]
    growth: Sequence[Growth]


def page(found: Measured) -> str:
    """The Markdown of the whole page."""
    parts = [
        HEAD,
        *_table(("", ""), found.machine.items()),
        f"\nEach comparison has {found.runs} pairs of runs.\n",
        *_creation(found),
        *_floor(found),
        *_starts(found),
        *_playbooks(found),
        *_growth(found),
    ]
    return "\n".join(parts) + "\n"


def _creation(found: Measured) -> list[str]:
    return [
        "## One ServiceAccount, compared with gen3's recipe\n",
        "`kubectl iamsa create NAME -p ARN`, compared with the commands in gen3's documentation: five of `aws` and"
        " two of `kubectl` (`tests/bench/recipe.sh`).",
        "The recipe checks no provider, compares nothing, tries nothing beforehand and waits for nothing. Its second"
        " run fails because the role exists; that is ignored, in its favor.",
        "A latency is added to each call to AWS and to Kubernetes.",
        "",
        "With a kubeconfig from `aws eks update-kubeconfig`: every `kubectl` starts `aws` for its token, and iamsa"
        " makes the token itself:\n",
        *_rows("recipe", found.recipe_on_eks),
        "",
        "With a kubeconfig whose credential plugin takes 25 ms, which favors the recipe:\n",
        *_rows("recipe", found.recipe),
        "",
    ]


def _floor(found: Measured) -> list[str]:
    return [
        "## One ServiceAccount, compared with the minimum\n",
        "The minimum (`tests/bench/floor.py`) is a Python script with the same libraries that makes only the calls"
        " that have to wait for each other. It has no options, checks, plan, messages or parallel calls.",
        "Its first run is DescribeCluster, GetRole, CreateRole, AttachRolePolicy, the ServiceAccount, GetRole; with"
        " nothing to do, it is DescribeCluster and GetRole.\n",
        *_rows("minimum", found.floor, inverse=True),
        "",
    ]


def _starts(found: Measured) -> list[str]:
    rows = [
        (what, one.first.text(".3f"), one.second.text(".3f"), one.ratio.text(".1f"))
        for what, one in found.starts.items()
    ]
    return [
        "## Startup time\n",
        "Compared with the same Python doing nothing (`python -c pass`).\n",
        *_table(("", "python, s", "iamsa, s", "times as long"), rows),
        "",
    ]


def _playbooks(found: Measured) -> list[str]:
    rows = [
        (f"one, {what}", one.first.text(".2f"), one.second.text(".2f"), one.ratio.text(".1f"))
        for what, one in found.task.items()
    ]
    rows += [
        (
            f"{MANY}, {what}",
            f"{one.ours.seconds:.2f}",
            f"{one.looped.seconds * MANY / LOOPED:.0f} (scaled)",
            f"{one.ratio:.0f}",
        )
        for what, one in found.batch.items()
    ]
    least = found.least_play
    rows.append(
        ("none: one task of `ansible.builtin.ping`", least.first.text(".2f"), least.second.text(".2f"), "")
    )
    return [
        "## Ansible\n",
        "A play with one task of `iamsa.eks.iam_serviceaccount`, compared with a play that does the same with"
        " amazon.aws and kubernetes.core: `aws eks describe-cluster`, `aws_caller_info`, `iam_role`, `k8s`.",
        f"iamsa handles {MANY} ServiceAccounts in one task. The other tasks ran in a loop over {LOOPED}, and their time"
        f" was scaled to {MANY}.\n",
        *_table(("ServiceAccounts", "iamsa, s", "amazon.aws and kubernetes.core, s", "times as long"), rows),
        "",
    ]


def _growth(found: Measured) -> list[str]:
    rows = [
        (
            one.what,
            str(one.size),
            str(one.calls[0]),
            str(one.calls[1]),
            f"{one.run.seconds:.2f}",
            f"{one.run.megabytes:.0f}",
        )
        for one in sorted(found.growth, key=lambda one: _place(one, found.growth))
    ]
    return [
        "## Many ServiceAccounts\n",
        "All are in one namespace. Calls and seconds are those of the whole command; memory is the maximum of its"
        " processes. One run each.\n",
        *_table(("", "ServiceAccounts", "calls to AWS", "to Kubernetes", "seconds", "MB"), rows),
    ]


def _place(one: Growth, growth: Sequence[Growth]) -> tuple[int, int]:
    order = list(dict.fromkeys(other.what for other in growth))
    return order.index(one.what), one.size


def _rows(other: str, rows: Iterable[Row], *, inverse: bool = False) -> list[str]:
    cells = [
        (
            row.what,
            f"{row.latency} ms",
            row.comparison.first.text(".2f"),
            row.comparison.second.text(".2f"),
            f"{1 / row.comparison.ratio.median:.2f}" if inverse else row.comparison.ratio.text(".1f"),
        )
        for row in rows
    ]
    title = "iamsa takes … times as long" if inverse else "times as long"
    return _table(("", "latency", "iamsa, s", f"{other}, s", title), cells)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    return [
        f"| {' | '.join(head)} |",
        "|" + " --- |" * len(head),
        *(f"| {' | '.join(row)} |" for row in rows),
    ]

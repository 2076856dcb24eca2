"""(e) How calls, time and memory grow with the number of ServiceAccounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pocket_eks.control import Control

from bench.playbooks import Playbooks
from bench.stopwatch import Run

SIZES = (1, 10, 100, 500)
READS = {
    "list": ["kubectl", "iamsa", "list"],
    "verify --all": ["kubectl", "iamsa", "verify", "--all"],
    "doctor": ["kubectl", "iamsa", "doctor"],
}


@dataclass(frozen=True)
class Growth:
    """`calls` are those to AWS and to Kubernetes."""

    what: str
    size: int
    run: Run
    calls: tuple[int, int]


def grown(playbooks: Playbooks, control: Control, sizes: Sequence[int] = SIZES) -> list[Growth]:
    """For each size a namespace of its own, filled by one task, which then finds all done; then the reads."""
    found = []
    for size in sizes:
        namespace = f"grown-{size}"
        playbooks.plain(["kubectl", "create", "namespace", namespace]).run()
        service_accounts = [{"name": f"app-{number}"} for number in range(size)]
        task = playbooks.task(namespace, service_accounts)
        commands = {
            "task, first run": task,
            "task, nothing to do": task,
            **{what: playbooks.plain([*words, "-n", namespace]) for what, words in READS.items()},
        }
        for what, command in commands.items():
            control.clear_calls()
            run = command.run()
            sides = [call["upstream"] for call in control.calls()]
            found.append(Growth(what, size, run, (sides.count("aws"), sides.count("kube"))))
    return found

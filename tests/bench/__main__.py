"""`make bench`: all measurements in one world, and the page that tells them."""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from datetime import datetime, timezone
from pathlib import Path

from gates.bare import versions_of
from gates.tree import copy_collection
from pocket_eks.control import Control
from pocket_eks.world import World, start_world

from bench import creation, growth, startup
from bench.installed import ROOT, Installed, install
from bench.playbooks import Playbooks
from bench.report import Measured, page

PAGE = ROOT / "docs" / "benchmarks.md"


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--runs", type=int, default=9, help="pairs of runs of each comparison (9)")
    parser.add_argument("--output", type=Path, default=PAGE, help=f"the page ({PAGE.relative_to(ROOT)})")
    args = parser.parse_args()
    say("installing what is compared...")
    installed = install(ROOT / "build" / "bench")
    with (
        start_world() as world,
        tempfile.TemporaryDirectory(prefix="iamsa-bench-") as folder,
    ):
        found = measured(installed, world, Path(folder), args.runs)
    args.output.write_text(page(found))
    say(f"wrote {args.output}")


def measured(installed: Installed, world: World, folder: Path, runs: int) -> Measured:
    control = Control(world.control_url)
    environ = installed.environ(world)

    def latency(seconds: float) -> None:
        control.settings(latency=seconds)

    say("create against the recipe...")
    on_eks = creation.against_recipe(installed.as_on_eks(world), latency, runs)
    recipe = creation.against_recipe(environ, latency, runs)
    say("create against the floor...")
    floor = creation.against_floor(environ, latency, runs)
    say("starting up...")
    starts = startup.against_python(installed.python, environ, max(runs, 15))
    say("Ansible...")
    copy_collection(folder / "collections")
    playbooks = Playbooks(installed.python, installed.peers, folder, environ, world.cluster)
    least, task, batch = playbooks.least(runs), playbooks.one(runs), playbooks.many()
    say("many ServiceAccounts...")
    grown = growth.grown(playbooks, control)
    return Measured(
        machine=machine(installed),
        runs=runs,
        recipe=recipe,
        recipe_on_eks=on_eks,
        floor=floor,
        starts=starts,
        least_play=least,
        task=task,
        batch=batch,
        growth=grown,
    )


def machine(installed: Installed) -> dict[str, str]:
    """What was measured on, and with which versions."""
    ours = versions_of(installed.python, "iamsa", "boto3", "kubernetes", "ansible-core")
    theirs = versions_of(installed.peers, "ansible", "ansible-core", "boto3")
    return {
        "date": datetime.now(timezone.utc).strftime("%Y-%m-%d"),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "Python": platform.python_version(),
        "iamsa": ", ".join(f"{name} {version}" for name, version in ours.items()),
        "compared with": ", ".join(f"{name} {version}" for name, version in theirs.items()),
        "AWS CLI": installed.aws.parent.parent.name.removeprefix("awscli-"),
    }


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()

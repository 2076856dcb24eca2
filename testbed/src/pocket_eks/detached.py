"""`pocket-eks up`, `down` and `env`: a world that keeps running. Each directory has at most one."""

from __future__ import annotations

import fcntl
import json
import os
import shlex
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from pocket_eks.blueprint import Settings
from pocket_eks.environment import ADAPTED, in_world
from pocket_eks.errors import WorldError
from pocket_eks.rest import Json
from pocket_eks.world import open_world


@dataclass(frozen=True)
class Place:
    """Where a world is. `directory` has all of its files, and exists only while the world is up.

    `program` is the name of the command, for messages.
    """

    directory: Path
    program: str

    @property
    def state(self) -> Path:
        return self.directory / "state.json"


def up(place: Place, settings: Settings) -> int:
    """Start a world, and return when it is ready. Does nothing if it is already up."""
    with locked(place):
        if read_state(place):
            print("the world is already up", file=sys.stderr)
            return 0
        clear(place)
        place.directory.mkdir(mode=0o700)
        with open_world(settings, place.directory) as (world, servers):
            state = {
                "keeper": servers.keeper.pid,
                "variables": world.variables,
                "programs": [str(directory) for directory in world.programs],
            }
            write_state(place, state)
            # Until now, the world would end with this process.
            servers.stay()
    print(f'the world is up; for a shell in it: eval "$({place.program} env)"', file=sys.stderr)
    return 0


def down(place: Place, _: Settings) -> int:
    """Stop the world, and return when nothing remains. Does nothing if there is none."""
    with locked(place):
        state = read_state(place)
        if state:
            with (place.directory / "alive").open() as alive:
                os.kill(state["keeper"], signal.SIGTERM)
                fcntl.flock(alive, fcntl.LOCK_SH)  # the keeper releases the lock when it ends
        clear(place)
    return 0


def env(place: Place, settings: Settings) -> int:
    """Print `export NAME='value'` lines, and `unset NAME` for variables that must not be set.

    PATH has the directories of `up` and of this command.

    Raises:
        WorldError: there is no world.
    """
    state = read_state(place)
    if not state:
        raise WorldError(f"no world is up; start one with {place.program} up")
    programs = list(dict.fromkeys([*map(Path, state["programs"]), *settings.path]))
    inside = in_world(state["variables"], programs, os.environ)
    for name in sorted({*state["variables"], *ADAPTED}):
        print(f"export {name}={shlex.quote(inside[name])}")
    for name in sorted(set(os.environ) - set(inside)):
        print(f"unset {name}")
    return 0


def write_state(place: Place, state: Json) -> None:
    place.state.touch(mode=0o600)
    place.state.write_text(json.dumps(state))


def read_state(place: Place) -> Json | None:
    """Return the state that `up` wrote, or None if that world has ended.

    A lock shows whether it has ended, because a process ID can be reused.
    """
    try:
        with (place.directory / "alive").open() as alive:
            fcntl.flock(alive, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return cast(Json, json.loads(place.state.read_text())) if place.state.exists() else None
    except FileNotFoundError:
        pass
    return None


def clear(place: Place) -> None:
    """Remove the files of a world that ended with its machine.

    Raises:
        WorldError: the directory has other files in it.
    """
    if not place.directory.exists():
        return
    found = {entry.name for entry in place.directory.iterdir()}
    # The keeper creates `alive` first, after the directory for its log.
    if found - {"logs"} and "alive" not in found:
        raise WorldError(
            f"{place.directory} is not the directory of a world; use a directory that does not exist yet"
        )
    shutil.rmtree(place.directory, ignore_errors=True)


@contextmanager
def locked(place: Place) -> Iterator[None]:
    """Allow only one `up` or `down` at a time. Locks the parent directory, so that no lock file is needed."""
    place.directory.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(place.directory.parent, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)

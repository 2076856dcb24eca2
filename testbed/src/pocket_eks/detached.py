"""The world that stays: `pocket-eks up`, `down` and `env`. There is one for each directory."""

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
    """Where a world stays: `directory` holds all of it, and is there only while it is up. `program` is what
    the user calls this one by."""

    directory: Path
    program: str

    @property
    def state(self) -> Path:
        return self.directory / "state.json"


def up(place: Place, settings: Settings) -> int:
    """Start it and return when it is ready; nothing to do if there is one."""
    with locked(place):
        if read_state(place):
            print("the world is up already", file=sys.stderr)
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
            # Until here the world dies with this process, and its state with it.
            servers.stay()
    print(f'the world is up; for a shell in it: eval "$({place.program} env)"', file=sys.stderr)
    return 0


def down(place: Place, _: Settings) -> int:
    """End it and return when nothing is left; nothing to do if there is none."""
    with locked(place):
        state = read_state(place)
        if state:
            with (place.directory / "alive").open() as alive:
                os.kill(state["keeper"], signal.SIGTERM)
                fcntl.flock(alive, fcntl.LOCK_SH)  # the keeper's death lets go of it
        clear(place)
    return 0


def env(place: Place, settings: Settings) -> int:
    """Print `export NAME='value'` lines, and `unset NAME` for what of the caller's must not be in force. PATH
    has what `up` was given, and what this command was given.

    WorldError: there is none.
    """
    state = read_state(place)
    if not state:
        raise WorldError(f"no world is up: start one with {place.program} up")
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
    """What `up` wrote, if that world is still alive: a lock tells, since a process's number may be reused."""
    try:
        with (place.directory / "alive").open() as alive:
            fcntl.flock(alive, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return cast(Json, json.loads(place.state.read_text())) if place.state.exists() else None
    except FileNotFoundError:
        pass
    return None


def clear(place: Place) -> None:
    """Remove what a world left that died with its machine.

    WorldError: the directory has something else in it.
    """
    if not place.directory.exists():
        return
    found = {entry.name for entry in place.directory.iterdir()}
    # The keeper makes `alive` first of all, once there is a directory for its log.
    if found - {"logs"} and "alive" not in found:
        raise WorldError(f"{place.directory} is not a world's: give a directory that is not there yet")
    shutil.rmtree(place.directory, ignore_errors=True)


@contextmanager
def locked(place: Place) -> Iterator[None]:
    """One `up` or `down` at a time; the lock is the directory above, so no file is needed for it."""
    place.directory.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(place.directory.parent, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)

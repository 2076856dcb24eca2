"""The world that stays: `tests/world up`, `down` and `env`.

There is one for each checkout, in its .world/, or one for each directory that IAMSA_WORLD names.
"""

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
from pathlib import Path
from typing import cast

from testbed.blueprint import Settings
from testbed.environment import ADAPTED, in_world
from testbed.errors import WorldError
from testbed.rest import Json
from testbed.world import open_world

ROOT = Path(__file__).parents[2]
DIRECTORY = Path(os.environ.get("IAMSA_WORLD") or ROOT / ".world").absolute()
STATE = DIRECTORY / "state.json"


def up(settings: Settings) -> int:
    """Start it and return when it is ready; nothing to do if there is one."""
    with locked():
        if read_state():
            print("the world is up already", file=sys.stderr)
            return 0
        clear()
        DIRECTORY.mkdir(mode=0o700)
        with open_world(settings, DIRECTORY) as (world, servers):
            write_state({"keeper": servers.keeper.pid, "variables": world.variables})
            # Until here the world dies with this process, and its state with it.
            servers.stay()
    print('the world is up; for a shell in it: eval "$(tests/world env)"', file=sys.stderr)
    return 0


def down(_: Settings) -> int:
    """End it and return when nothing is left; nothing to do if there is none."""
    with locked():
        state = read_state()
        if state:
            with (DIRECTORY / "alive").open() as alive:
                os.kill(state["keeper"], signal.SIGTERM)
                fcntl.flock(alive, fcntl.LOCK_SH)  # the keeper's death lets go of it
        clear()
    return 0


def env(_: Settings) -> int:
    """Print `export NAME='value'` lines, and `unset NAME` for what of the caller's must not be in force.

    WorldError: there is none.
    """
    state = read_state()
    if not state:
        raise WorldError("no world is up: start one with tests/world up")
    inside = in_world(state["variables"], DIRECTORY, os.environ)
    for name in sorted({*state["variables"], *ADAPTED}):
        print(f"export {name}={shlex.quote(inside[name])}")
    for name in sorted(set(os.environ) - set(inside)):
        print(f"unset {name}")
    return 0


def write_state(state: Json) -> None:
    STATE.touch(mode=0o600)
    STATE.write_text(json.dumps(state))


def read_state() -> Json | None:
    """What `up` wrote, if that world is still alive: a lock tells, since a process's number may be reused."""
    try:
        with (DIRECTORY / "alive").open() as alive:
            fcntl.flock(alive, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return cast(Json, json.loads(STATE.read_text())) if STATE.exists() else None
    except FileNotFoundError:
        pass
    return None


def clear() -> None:
    """Remove what a world left that died with its machine."""
    shutil.rmtree(DIRECTORY, ignore_errors=True)


@contextmanager
def locked() -> Iterator[None]:
    """One `up` or `down` at a time; the lock is the checkout itself, so no file is needed for it."""
    descriptor = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)

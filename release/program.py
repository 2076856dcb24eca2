"""Builds kubectl-iamsa as one executable file with everything except Python, with shiv.

Source: https://shiv.readthedocs.io
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

from release.archive import epoch

# The AWS services that iamsa and credentials use. botocore has 400 more.
SERVICES = {"eks", "iam", "signin", "sso", "sso-oidc", "sts"}
REQUIREMENTS, START = Path(__file__).with_name("krew-requirements.txt"), Path(__file__).with_name("start.py")
# As on the oldest Python that is served, whichever builds. What is compiled for it is left out below: each of
# these packages does the same without.
PLATFORM = (
    *("--implementation", "cp", "--python-version", "3.10", "--only-binary", ":all:"),
    *("--platform", "manylinux2014_x86_64", "--platform", "manylinux_2_28_x86_64"),
)
ENTRY = "kubectl_iamsa.__main__:main"
# What pip notes of its own doing, with paths of the machine that builds.
NOTES = {"RECORD", "INSTALLER", "REQUESTED", "direct_url.json"}


def freeze(wheel: Path, scratch: Path, program: Path) -> None:
    """Build `program` from the wheel, identical byte for byte each time.

    `scratch` is a temporary folder. The file is compressed to a quarter of the size, and is unpacked once. It
    is
    built without --compile-pyc, which would compile everything at the first run, while Python compiles only
    what
    is used.

    Raises:
        subprocess.CalledProcessError: pip or shiv failed, and printed why.
    """
    site, raw = scratch / "site", scratch / "shiv"
    _gather(wheel, site)
    shiv = [sys.executable, "-m", "shiv", "--reproducible", "--compressed", "--site-packages", str(site)]
    entry = ["--entry-point", ENTRY, "--output-file", str(raw)]
    subprocess.run([*shiv, *entry], check=True, stdout=subprocess.DEVNULL)
    _settle(raw, program)


def _gather(wheel: Path, site: Path) -> None:
    """Install the wheel and its dependencies, without what is built for one Python or never used."""
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
    into = [*pip, "--target", str(site), "--no-deps"]
    subprocess.run([*into, *PLATFORM, "--require-hashes", "--requirement", str(REQUIREMENTS)], check=True)
    # pip would warn that the second package has these too.
    for name in ("bin", "share"):
        shutil.rmtree(site / name, ignore_errors=True)
    subprocess.run([*into, "--no-index", str(wheel)], check=True)
    for path in list(_useless(site)):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _useless(site: Path) -> Iterator[Path]:
    yield from (site / name for name in ("bin", "share", "_yaml"))
    yield from site.rglob("*.so")
    yield from site.glob("*/tests")
    yield from (path for path in site.glob("*.dist-info/*") if path.name in NOTES)
    services = [*(site / "botocore/data").iterdir(), *(site / "boto3/data").iterdir()]
    yield from (path for path in services if path.is_dir() and path.name not in SERVICES)
    yield from site.glob("botocore/data/*/*/examples-1.json")


def _settle(raw: Path, program: Path) -> None:
    """Rewrite shiv's archive with fixed file modes and our own start."""
    when = datetime.fromtimestamp(epoch(), timezone.utc).timetuple()[:6]
    program.write_bytes(b"#!/usr/bin/env python3\n")
    with zipfile.ZipFile(raw) as made, zipfile.ZipFile(program, "a", zipfile.ZIP_DEFLATED) as settled:
        build = json.loads(made.read("environment.json"))["build_id"]
        start = START.read_text().replace('BUILD = ""', f'BUILD = "{build}"')
        for name in made.namelist():
            entry = zipfile.ZipInfo(name, when)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o100644 << 16
            settled.writestr(entry, start if name == "__main__.py" else made.read(name))
    program.chmod(0o755)

"""A stand-in for the script that brings ansible-test its pip, where nothing but PyPI is in reach."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

# What ansible-test says when it cannot download the script; the path is the one that it looks at first.
FAILED = re.compile(
    r"The bootstrap script can be manually downloaded and saved to: (\S+/get_pip_([\d_]+)\.py)"
)

SCRIPT = '''\
"""Installs the pip beside this file. Written by iamsa's tests/gates: the real get-pip.py was out of reach.

Delete this file and the wheel, and ansible-test downloads the real one again.
"""

import sys
from pathlib import Path

wheel = str(Path(__file__).with_name("{wheel}"))
sys.path.insert(0, wheel)
from pip._internal.cli.main import main

sys.exit(main(["install", "--disable-pip-version-check", "--no-index", wheel]))
'''


def put_in_place(output: str) -> bool:
    """Whether `output` is of an ansible-test that missed its bootstrap script, which is there now.

    The wheel comes from the package index that pip is set up for; CalledProcessError if it has none.
    """
    missed = FAILED.search(output)
    if missed is None:
        return False
    script, version = Path(missed[1]), missed[2].replace("_", ".")
    script.parent.mkdir(parents=True, exist_ok=True)
    download = (sys.executable, "-m", "pip", "download", "--quiet", "--no-deps")
    subprocess.run([*download, "--dest", str(script.parent), f"pip=={version}"], check=True)
    script.write_text(SCRIPT.format(wheel=f"pip-{version}-py3-none-any.whl"))
    return True

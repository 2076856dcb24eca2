# The archive's __main__.py; BUILD is filled in when it is made. Every Python 3 must be able to read it.
"""Starts iamsa from the folder into which shiv unpacked the archive, or starts shiv to unpack it.

shiv's own start always loads the code for unpacking, which takes longer than all of --help.
Source: https://shiv.readthedocs.io/en/latest/history.html
"""

import os
import sys

BUILD = ""
# If one of these is set, the user wants shiv to do something else.
SETTINGS = {
    "SHIV_INTERPRETER",
    "SHIV_ENTRY_POINT",
    "SHIV_CONSOLE_SCRIPT",
    "SHIV_MODULE",
    "SHIV_FORCE_EXTRACT",
}


def start() -> None:
    """Never returns."""
    if sys.version_info < (3, 10):  # noqa: UP036
        found = ".".join(map(str, sys.version_info[:2]))
        sys.exit(f"error: python3 is Python {found} but iamsa requires 3.10 or later; put one first on PATH")
    root = os.path.expanduser(os.environ.get("SHIV_ROOT") or "~/.shiv")
    packages = os.path.join(
        root, os.path.basename(os.path.realpath(sys.argv[0])) + "_" + BUILD, "site-packages"
    )
    if os.path.isdir(packages) and SETTINGS.isdisjoint(os.environ):
        sys.path.insert(_place(), packages)
        from kubectl_iamsa.__main__ import main  # noqa: PLC0415

        sys.exit(main())
    _unpack(root, packages)


def _place() -> int:
    """Before the packages of the interpreter, which may have others of the same names, as shiv has it."""
    for index, path in enumerate(sys.path):
        if os.path.basename(path) in ("site-packages", "dist-packages"):
            return index
    return len(sys.path)


def _unpack(root: str, packages: str) -> None:
    import _bootstrap  # type: ignore[import-not-found]  # noqa: PLC0415

    try:
        _bootstrap.bootstrap()
    except OSError as error:
        if os.path.isdir(packages):
            raise
        reason = (error.strerror or "unknown reason").lower()
        sys.exit(f"error: iamsa cannot unpack itself into {root}: {reason}; set SHIV_ROOT to another folder")


start()

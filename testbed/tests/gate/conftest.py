"""The fixtures of `gate`."""

from __future__ import annotations

from gate.fixtures import *  # noqa: F403

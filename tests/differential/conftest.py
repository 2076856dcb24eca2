"""The fixtures of `e2e`."""

from __future__ import annotations

from e2e.fixtures import *  # noqa: F403

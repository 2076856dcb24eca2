"""The package's own fixtures, as its users have them."""

from __future__ import annotations

pytest_plugins = ["pocket_eks.pytest_plugin"]

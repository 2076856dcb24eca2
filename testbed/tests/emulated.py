"""Marks for tests that need one emulator in particular; all others run on whichever `--aws` says."""

from __future__ import annotations

import pytest

on_ministack = pytest.mark.parametrize("emulator_name", ["ministack"], indirect=True, ids=["ministack"])
"""In a world of its own that stands on ministack, always: for what only it has, which is
the simulation of policies. Cheapest on all tests of a module."""

on_moto = pytest.mark.parametrize("emulator_name", ["moto"], indirect=True, ids=["moto"])
"""On moto, always: for how a program copes with an AWS that lacks these."""

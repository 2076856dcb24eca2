"""Pods whose association came or went after them, on either emulator."""

from __future__ import annotations

import pytest
from e2e.breakages.associations import BREAKAGES
from e2e.breakages.breakage import Breakage, table
from e2e.breakages.patient import Patient

pytestmark = [pytest.mark.breakages, pytest.mark.warm, pytest.mark.usefixtures("cluster_admin", "provider")]


@pytest.mark.parametrize("breakage", table(BREAKAGES))
def test_the_cause_is_named_and_mended(patient: Patient, breakage: Breakage) -> None:
    breakage.show(patient)

"""Each way to break a chain: doctor names the check that fails, and its remedy fixes it."""

from __future__ import annotations

import pytest
from breakages import chain, trust
from breakages.breakage import Breakage, table
from breakages.patient import Patient

pytestmark = [pytest.mark.warm, pytest.mark.usefixtures("cluster_admin", "provider")]


@pytest.mark.parametrize("breakage", table((*chain.BREAKAGES, *trust.CAUSES, *trust.WARNINGS)))
def test_the_cause_is_named_and_mended(patient: Patient, breakage: Breakage) -> None:
    breakage.show(patient)

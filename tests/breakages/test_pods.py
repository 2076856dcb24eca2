"""Each way in which a pod can fail to get its role."""

from __future__ import annotations

import pytest
from breakages import pods
from breakages.breakage import Breakage, table
from breakages.patient import Patient

pytestmark = [pytest.mark.warm, pytest.mark.usefixtures("cluster_admin", "provider")]


@pytest.mark.parametrize("breakage", table((*pods.IDENTITY, *pods.SETTINGS)))
def test_the_cause_is_named_and_mended(patient: Patient, breakage: Breakage) -> None:
    breakage.show(patient)

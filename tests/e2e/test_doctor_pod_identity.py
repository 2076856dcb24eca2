"""Pod Identity beside the annotation, in a world whose AWS has associations."""

from __future__ import annotations

import pytest
from e2e.breakages.breakage import Breakage, table
from e2e.breakages.patient import Patient
from e2e.breakages.pod_identity import BREAKAGES
from emulated import on_ministack

pytestmark = [
    *(pytest.mark.breakages, pytest.mark.warm, pytest.mark.usefixtures("cluster_admin", "provider")),
    on_ministack,
]


@pytest.mark.parametrize("breakage", table(BREAKAGES))
def test_the_cause_is_named_and_mended(patient: Patient, breakage: Breakage) -> None:
    breakage.show(patient)

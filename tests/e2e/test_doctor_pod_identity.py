"""Pod Identity beside the annotation, in a world whose AWS has associations."""

from __future__ import annotations

import pytest
from e2e.breakages import pod_identity
from e2e.breakages.breakage import Breakage, table
from e2e.breakages.patient import Patient
from testbed.world import World

pytestmark = [
    pytest.mark.breakages,
    pytest.mark.warm,
    pytest.mark.usefixtures("cluster_admin", "provider", "pod_identity"),
]


@pytest.fixture
def pod_identity(world: World) -> None:  # noqa: F811
    if "ministack" not in str(world):
        pytest.skip("moto has no Pod Identity")


@pytest.mark.parametrize("breakage", table(pod_identity.BREAKAGES))
def test_the_cause_is_named_and_mended(patient: Patient, breakage: Breakage) -> None:
    breakage.show(patient)

"""Associations that override the annotation, and pods that are older than an association or its deletion."""

from __future__ import annotations

import pytest
from breakages.associations import BREAKAGES as ASSOCIATIONS
from breakages.breakage import Breakage, table
from breakages.patient import Patient
from breakages.pod_identity import BREAKAGES, TRUST, another_role, associate, install_add_on
from e2e.shop import ROLE_ARN

pytestmark = [pytest.mark.warm, pytest.mark.usefixtures("cluster_admin", "provider")]


@pytest.mark.parametrize("breakage", table((*BREAKAGES, *ASSOCIATIONS)))
def test_the_cause_is_named_and_mended(patient: Patient, breakage: Breakage) -> None:
    breakage.show(patient)


def test_a_chain_that_was_moved_to_pod_identity_is_well(patient: Patient) -> None:
    install_add_on(patient)
    associate(patient, another_role(patient))
    patient.shop.annotate(f"{ROLE_ARN}-")
    patient.shop.set_trust(TRUST)
    found = patient.examine()
    assert {one["verdict"] for one in found["checks"]} <= {"ok", "skipped"}

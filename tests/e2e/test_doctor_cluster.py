"""Each way to break what a cluster's ServiceAccounts share."""

from __future__ import annotations

import pytest
from e2e.breakages import cluster
from e2e.breakages.breakage import Breakage, table
from e2e.breakages.patient import Patient

pytestmark = [pytest.mark.breakages, pytest.mark.warm, pytest.mark.usefixtures("cluster_admin", "provider")]


@pytest.mark.parametrize("breakage", table((*cluster.PROVIDER, *cluster.TOKENS, *cluster.WEBHOOK)))
def test_the_cause_is_named_and_mended(patient: Patient, breakage: Breakage) -> None:
    breakage.show(patient)

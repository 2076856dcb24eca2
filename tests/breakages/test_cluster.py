"""Each way to break what all ServiceAccounts in a cluster share."""

from __future__ import annotations

import pytest
from breakages import cluster
from breakages.breakage import Breakage, table
from breakages.patient import Patient

pytestmark = [pytest.mark.warm, pytest.mark.usefixtures("cluster_admin", "provider")]


@pytest.mark.parametrize("breakage", table((*cluster.PROVIDER, *cluster.TOKENS, *cluster.WEBHOOK)))
def test_the_cause_is_named_and_mended(patient: Patient, breakage: Breakage) -> None:
    breakage.show(patient)

"""The simulation of policies through the gate, where the emulator has none."""

from __future__ import annotations

from gate.bench import ACCOUNT, Bench, refusal
from pocket_eks.pytest_plugin import on_moto


@on_moto
def test_moto_cannot_and_says_so(bench: Bench) -> None:
    role = f"arn:aws:iam::{ACCOUNT}:role/reader"
    asked = {"PolicySourceArn": role, "ActionNames": ["s3:GetObject"]}
    assert refusal(lambda: bench.aws("iam").simulate_principal_policy(**asked))[:2] == (
        "NotImplementedException",
        501,
    )

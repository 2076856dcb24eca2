"""The second emulator: what is said when it does not do as the first one did."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from pathlib import Path

import pytest
from gate.bench import ACCOUNT, CONFIG
from pocket_eks.emulators import EMULATORS
from pocket_eks.gate.config import Command
from pocket_eks.gate.emulator import fake_authorization
from pocket_eks.gate.message import Request
from pocket_eks.gate.present import Entry
from pocket_eks.gate.problem import Problem
from pocket_eks.gate.proxy import pool
from pocket_eks.gate.replica import Replica
from pocket_eks.ports import PortBlock, reserve


@pytest.fixture
def ports() -> PortBlock:
    """Free ports."""
    return reserve()


def advance(command: Command, journal: list[Entry]) -> None:
    """Have a second emulator that is started so repeat all of a journal."""

    async def run() -> None:
        async with pool() as client:
            await Replica(client, replace(CONFIG, replica=command)).advance(journal, time.monotonic())

    asyncio.run(run())


def test_an_emulator_that_does_not_come_up_is_said_with_its_last_words(
    ports: PortBlock, tmp_path: Path
) -> None:
    argv = ["sh", "-c", "echo starting; echo the disk is full; exit 3"]
    with pytest.raises(Problem) as caught:
        advance(Command(ports.take(), argv, {}, str(tmp_path / "log")), [])
    assert caught.value.sentence == "The second emulator ended with code 3: the disk is full."
    assert caught.value.status == 500


def test_a_write_that_only_the_first_emulator_takes_is_said(ports: PortBlock, tmp_path: Path) -> None:
    port, moto = ports.take(), EMULATORS["moto"]
    headers = [
        (b"authorization", fake_authorization(CONFIG, "iam").encode()),
        (b"content-type", b"application/x-www-form-urlencoded"),
    ]
    request = Request("POST", "/", b"/", headers, b"Action=DeleteRole&Version=2010-05-08&RoleName=missing")
    command = Command(port, moto.argv(port), moto.env(ACCOUNT, "us-east-1"), str(tmp_path / "log"))
    with pytest.raises(Problem) as caught:
        advance(command, [Entry(0.0, request, b"")])
    assert "rejects a call that the first one accepted" in caught.value.sentence
    assert "missing" in caught.value.sentence

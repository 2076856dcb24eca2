# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures for tests of whole runs in memory."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from unit.fakes.proofs import bound
from unit.fakes.world import clock, world

from ansible_collections.iamsa.eks.plugins.module_utils.wording.text import Phrase

# How fast examples are made tells of the machine's load, and nothing of the program.
settings.register_profile("any-machine", suppress_health_check=[HealthCheck.too_slow], deadline=None)
settings.load_profile("any-machine")


@pytest.fixture(autouse=True, scope="session")
def no_phrase_in_an_f_string() -> Iterator[None]:
    """It would lose the front end's words: `+` keeps them."""

    def refuse(phrase: Phrase, _spec: str) -> str:
        raise AssertionError(f"{phrase!s} is put into an f-string")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Phrase, "__format__", refuse)
        yield


__all__ = ["bound", "clock", "world"]

# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A bug that one ServiceAccount of many meets."""

from __future__ import annotations

from typing import Any

import pytest
from unit.fakes.examples import desired
from unit.fakes.world import Told, World

from ansible_collections.iamsa.eks.plugins.module_utils.errors import Unexpected
from ansible_collections.iamsa.eks.plugins.module_utils.identity.subject import Subject
from ansible_collections.iamsa.eks.plugins.module_utils.jobs import batch
from ansible_collections.iamsa.eks.plugins.module_utils.model.outcome import Outcome


def test_it_does_not_hide_what_came_of_the_others(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    real = batch.ensure

    def broken(wanted: Any, *rest: Any, **more: Any) -> Outcome:
        if wanted.subject.name == "app-1":
            raise KeyError("hidden")
        return real(wanted, *rest, **more)

    monkeypatch.setattr(batch, "ensure", broken)
    jobs = [batch.BatchItem(desired(subject=Subject("web", f"app-{number}")), Told()) for number in range(3)]
    results = batch.run_batch(jobs, world.access())
    assert [type(one) for one in results] == [Outcome, Unexpected, Outcome]
    assert "while processing serviceaccount web/app-1" in str(results[1])
    assert "hidden" not in str(results[1])

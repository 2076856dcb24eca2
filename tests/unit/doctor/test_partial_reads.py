# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Concurrent reads that can fail one by one."""

from __future__ import annotations

import threading

import pytest

from ansible_collections.iamsa.eks.plugins.module_utils.deadline import Deadline
from ansible_collections.iamsa.eks.plugins.module_utils.doctor.partial_reads import PartialReads
from ansible_collections.iamsa.eks.plugins.module_utils.errors import IamsaError, RemoteError, TimedOut


@pytest.mark.parametrize("error", [RemoteError("it failed"), TimedOut("no answer within 2 s")], ids=str)
def test_what_fails_is_kept_with_its_reason_and_the_others_are_read(error: IamsaError) -> None:
    def fail() -> None:
        raise error

    looks = PartialReads(Deadline(30))
    looks.add("pods", fail, ())
    looks.add("role", lambda: "role", None)
    assert looks.done("looking") == ((), "role")
    assert looks.unread == {"pods": str(error)}


def test_one_that_hangs_leaves_time_for_what_follows() -> None:
    deadline = Deadline(2)
    looks = PartialReads(deadline)
    looks.add("pods", lambda: threading.Event().wait(30), ())
    looks.add("role", lambda: "role", None)
    assert looks.done("looking") == ((), "role")
    assert list(looks.unread) == ["pods"]
    assert deadline.remaining

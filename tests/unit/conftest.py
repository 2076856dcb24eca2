# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures for tests of whole runs in memory."""

from hypothesis import HealthCheck, settings
from unit.fakes.proofs import bound
from unit.fakes.world import clock, world

# How fast examples are made tells of the machine's load, and nothing of the program.
settings.register_profile("any-machine", suppress_health_check=[HealthCheck.too_slow], deadline=None)
settings.load_profile("any-machine")

__all__ = ["bound", "clock", "world"]

# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A deadline that loses no time."""

from __future__ import annotations

from ansible_collections.iamsa.eks.plugins.module_utils.deadline import Deadline


class Hasty(Deadline):
    """Waits without losing time; `waits` is how long each wait would have been, in seconds."""

    def __init__(self) -> None:
        super().__init__(60)
        self.waits: list[float] = []

    def sleep(self, seconds: float, _doing: str) -> None:
        self.waits.append(seconds)

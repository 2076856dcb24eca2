# SPDX-License-Identifier: GPL-3.0-or-later

"""What a kind of binding keeps of its own beside the ServiceAccount."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class BindingRecord:
    """As it was read. `binding` names the kind, and only the kind knows what more it holds."""

    binding: ClassVar[str]

    @property
    def shown(self) -> Mapping[str, str]:
        """What a diff shows of it."""
        return {}

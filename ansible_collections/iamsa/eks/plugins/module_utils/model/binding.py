# SPDX-License-Identifier: GPL-3.0-or-later

"""What a kind of binding keeps of its own beside the ServiceAccount, and by what pods get their role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

# Links of the chain from pods to their role that only some kinds of binding have.
Link = Literal["oidcProvider", "webhook"]


@dataclass(frozen=True)
class BindingRecord:
    """As it was read. `binding` names the kind, and only the kind knows what more it holds."""

    binding: ClassVar[str]

    @property
    def shown(self) -> Mapping[str, str]:
        """What a diff shows of it."""
        return {}

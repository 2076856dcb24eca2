# SPDX-License-Identifier: GPL-3.0-or-later

"""The records that a kind of binding keeps, and the links that only some kinds have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

# Links of the chain from pods to their role that not all kinds of binding have.
Link = Literal["oidcProvider", "webhook"]


@dataclass(frozen=True)
class BindingRecord:
    """A record as it was read. `binding` is the name of its kind; subclasses are private to their kind."""

    binding: ClassVar[str]

    @property
    def shown(self) -> Mapping[str, str]:
        """The fields that a diff shows."""
        return {}

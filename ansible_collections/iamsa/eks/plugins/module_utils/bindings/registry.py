# SPDX-License-Identifier: GPL-3.0-or-later

"""All kinds of binding by their name in `via`; the first is the default."""

from __future__ import annotations

from .binding import Kinds
from .irsa.kind import IRSA

KINDS: Kinds = {IRSA.name: IRSA}

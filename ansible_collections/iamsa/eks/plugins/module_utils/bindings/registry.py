# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The kinds of binding that there are, by what `via` calls them; the first is the usual one."""

from __future__ import annotations

from .binding import Kinds
from .irsa.kind import IRSA

KINDS: Kinds = {IRSA.name: IRSA}

# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Commands that mend pods: they are made anew, or what makes them is changed."""

from __future__ import annotations

from ..pods import Pod
from .check import Finding


def restart(pod: Pod, what: str) -> Finding:
    """A finding that a restart mends; a pod that nothing makes anew has to be created again by hand."""
    if not pod.is_restartable:
        return Finding(f"{what}: create it again", mends=False)
    return Finding(what, remedy=("kubectl", "rollout", "restart", pod.owner, "-n", pod.namespace))


def set_words(pod: Pod, what: str, *words: str) -> tuple[str, ...]:
    """`kubectl set WHAT OWNER WORDS…`; none where nothing makes the pod anew."""
    if not pod.is_restartable:
        return ()
    return ("kubectl", "set", what, pod.owner, "-n", pod.namespace, *words)

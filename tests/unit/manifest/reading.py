# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Manifests as text, and what is read from them."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.iamsa.eks.plugins.module_utils.errors import InvalidFiles
from ansible_collections.iamsa.eks.plugins.module_utils.manifest.item import Item, Manifests
from ansible_collections.iamsa.eks.plugins.module_utils.manifest.reader import Source, read_manifests
from ansible_collections.iamsa.eks.plugins.module_utils.manifest.values import Defaults
from ansible_collections.iamsa.eks.plugins.module_utils.request.request import Request

NAME = "roles.yaml"
HEAD = "apiVersion: iamsa/v1alpha1\nkind: ServiceAccountRole\nmetadata: {name: shop}\n"


def read(text: str, folder: str = "", **options: Any) -> Manifests:
    defaults = Defaults(Request("default"), lambda field: f"--{field}")
    return read_manifests([Source(NAME, text, folder)], defaults, **options)


def items(text: str, folder: str = "", **options: Any) -> tuple[Item, ...]:
    return read(text, folder, **options).items


def faults(text: str, folder: str = "") -> list[str]:
    """Each fault, without the name of the file."""
    with pytest.raises(InvalidFiles) as caught:
        items(text, folder)
    return [str(one).removeprefix(f"{NAME}:") for one in caught.value.parts]

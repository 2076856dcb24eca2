"""The documents of docs/permissions, filled in for a world."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml
from pocket_eks.objects import NARROW
from pocket_eks.world import World

Json = dict[str, Any]
FOLDER = Path(__file__).parents[2] / "docs" / "permissions"
BOUNDARY = "iamsa-boundary"
ALL = ("base", "boundary", "adopt", "provider", "inventory", "doctor", "verify")


def merged(world: World, documents: Iterable[str]) -> Json:
    """One policy with the statements of these documents, for the world's account and cluster."""
    statements: list[Json] = []
    for name in documents:
        text = (FOLDER / f"{name}.json").read_text()
        for placeholder, own in (
            ("arn:aws:", f"arn:{world.partition}:"),
            ("123456789012", world.account),
            ("us-east-1", world.region),
            ("cluster/demo", f"cluster/{world.cluster}"),
        ):
            text = text.replace(placeholder, own)
        statements += json.loads(text)["Statement"]
    return {"Version": "2012-10-17", "Statement": statements}


def actions(documents: Iterable[str]) -> set[str]:
    """What these documents allow."""
    found: set[str] = set()
    for name in documents:
        for statement in json.loads((FOLDER / f"{name}.json").read_text())["Statement"]:
            if statement["Effect"] == "Allow":
                named = statement["Action"]
                found |= {named} if isinstance(named, str) else set(named)
    return found


def rbac(namespace: str, manifest: str = "rbac.yaml") -> list[Json]:
    """The objects of rbac.yaml, or of another manifest, for the world's narrow user in this namespace."""
    objects: list[Json] = list(yaml.safe_load_all((FOLDER / manifest).read_text()))
    for one in objects:
        if "namespace" in one["metadata"]:
            one["metadata"]["namespace"] = namespace
        for subject in one.get("subjects", ()):
            subject["name"] = NARROW
    return objects

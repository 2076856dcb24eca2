"""Maps the fields of a request to flags."""

from __future__ import annotations

from ansible_collections.iamsa.eks.plugins.module_utils.wording.text import Option

from ..spelling import spelled

# Repeatable flags are in the singular.
_KEYS = {
    "as_groups": "as_group",
    "policies": "policy",
    "policies_absent": "policy",
    "remove_tags": "remove_tag",
    "tags": "tag",
}


def key_of(field: str) -> str:
    """Return the attribute of parsed argv for `field`."""
    return _KEYS.get(field, field)


def named(field: str) -> str:
    """Return the name of the field for error messages."""
    if field == "name":
        return "the ServiceAccount's name"
    return spelled(Option("as" if field == "as_user" else key_of(field)))

"""What the command line calls the fields of a request."""

from __future__ import annotations

from ansible_collections.iamsa.eks.plugins.module_utils.wording.text import Option

from ..spelling import spelled

# In the singular where they repeat.
_KEYS = {
    "as_groups": "as_group",
    "policies": "policy",
    "policies_absent": "policy",
    "remove_tags": "remove_tag",
    "tags": "tag",
}


def key_of(field: str) -> str:
    """The attribute of parsed argv."""
    return _KEYS.get(field, field)


def named(field: str) -> str:
    """The name of the field in errors."""
    if field == "name":
        return "the ServiceAccount's name"
    return spelled(Option("as" if field == "as_user" else key_of(field)))

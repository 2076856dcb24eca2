"""Values that two emulators generated for the same thing: RoleId, PolicyId, AccessKeyId, their CreateDate.

Clients see only those of the first emulator, whatever the lag is, so that a RoleId stays the same. They are
learned from the two answers to one write. Values that are in no answer to a write still differ: the
CreateDate of OIDC providers and of versions of policies, UpdateDate, RoleLastUsed, and the PolicyId of AWS
managed policies.
"""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

from pocket_eks.gate.aws_errors import NAMESPACES
from pocket_eks.gate.message import Request

_ID = re.compile(r"[A-Za-z0-9]{16,128}")
_PARAMETER = re.compile(rb"(?<==)[A-Za-z0-9]{16,128}(?=&|$)")
_SIGNED = re.compile(rb"(?<=Credential=)\w+(?=/)")

# Keep the format of AWS's answers: a default namespace and no prefixes.
ElementTree.register_namespace("", NAMESPACES["iam"])


class MadeValues:
    """Maps the IDs of the first emulator to those of the second, and back."""

    def __init__(self) -> None:
        self._second: dict[bytes, bytes] = {}
        self._first: dict[str, str] = {}
        self._created: dict[str, str] = {}

    def learn(self, first: bytes, second: bytes) -> None:
        """Pair the values at the same place in two answers to the same write."""
        ours, theirs = list(elements(first)), list(elements(second))
        for one, other in zip(ours, theirs, strict=False):
            here, there = one.text or "", other.text or ""
            if here != there and one.tag == other.tag and _ID.fullmatch(here) and _ID.fullmatch(there):
                self._second[here.encode()] = there.encode()
                self._first[there] = here
        for element in ours:
            created = element.findtext("./{*}CreateDate")
            if created is not None:
                known = [child.text for child in element if (child.text or "").encode() in self._second]
                self._created |= {text: created for text in known if text}

    def for_second(self, request: Request) -> Request:
        """Return a request with the second emulator's IDs in place of the first one's."""

        def other(found: re.Match[bytes]) -> bytes:
            return self._second.get(found[0], found[0])

        headers = [(key, _SIGNED.sub(other, value)) for key, value in request.headers]
        return replace(request, headers=headers, body=_PARAMETER.sub(other, request.body))

    def from_second(self, body: bytes) -> bytes:
        """Return an answer of the second emulator with the values of the first one."""
        changed = False
        every = list(elements(body))
        for element in every:
            for child in element:
                first = self._first.get(child.text or "")
                if first is None:
                    continue
                child.text, changed = first, True
                date = element.find("./{*}CreateDate")
                if date is not None and first in self._created:
                    date.text = self._created[first]
        # A carriage return would be parsed as a line feed.
        return ElementTree.tostring(every[0]).replace(b"\r", b"&#13;") if changed else body


def elements(body: bytes) -> list[ElementTree.Element]:
    """Return all elements of an XML answer, its root first, or none if it is not XML."""
    try:
        return list(ElementTree.fromstring(body).iter())
    except ElementTree.ParseError:
        return []

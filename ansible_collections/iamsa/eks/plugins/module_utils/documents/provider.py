# SPDX-License-Identifier: GPL-3.0-or-later

"""The document of an OIDC provider."""

from __future__ import annotations

from ..identity.cluster import host_and_path
from ..model.provider import issuer_of
from ..model.role import Provider
from ..schema.kinds import API_VERSION, PROVIDER_KIND
from .document import Document


def provider_document(provider: Provider) -> Document:
    """Return an OIDCProvider, sorted because IAM returns audiences and tags in any order."""
    url = issuer_of(provider.arn)
    return {
        "apiVersion": API_VERSION,
        "kind": PROVIDER_KIND,
        "metadata": {"name": host_and_path(url)},
        "spec": {"url": url, **settings_part(provider)},
        "status": {"arn": provider.arn},
    }


def settings_part(provider: Provider) -> Document:
    return {"audiences": sorted(provider.audiences), "tags": dict(sorted(provider.tags.items()))}

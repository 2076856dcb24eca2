"""Which credentials of a user entry are sent, and which incomplete ones are ignored, as by kubectl."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.iamsa.eks.plugins.module_utils.deadline import Deadline
from ansible_collections.iamsa.eks.plugins.module_utils.errors import InvalidFile
from ansible_collections.iamsa.eks.plugins.module_utils.kube.config.context import select
from ansible_collections.iamsa.eks.plugins.module_utils.kube.config.credentials import (
    Credentials,
    from_kubeconfig,
)
from ansible_collections.iamsa.eks.plugins.module_utils.kube.config.kubeconfig import parse
from ansible_collections.iamsa.eks.plugins.module_utils.kube.config.options import ConnectionOptions

LIMIT = Deadline(3600)
KEY = {"client-key-data": "S0VZ"}


def of(user: dict[str, Any], options: ConnectionOptions | None = None) -> Credentials:
    document = {
        "current-context": "c",
        "contexts": [{"name": "c", "context": {"cluster": "c", "user": "c"}}],
        "clusters": [{"name": "c", "cluster": {"server": "https://c.example"}}],
        "users": [{"name": "c", "user": user}],
    }
    options = options or ConnectionOptions()
    entry = select(parse(yaml.safe_dump(document), Path("/k")), options, LIMIT)
    return from_kubeconfig(entry, options, {}, LIMIT)


def header(user: dict[str, Any]) -> str | None:
    fetch = of(user).fetch
    assert fetch
    return fetch().header


def test_a_token_file_precedes_the_token(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("from-file\n")
    assert header({"token": "own", "tokenFile": str(tmp_path / "token")}) == "Bearer from-file"


@pytest.mark.parametrize("content", [None, "", " \n"])
def test_the_token_is_used_while_its_file_is_missing_or_empty(content: str | None, tmp_path: Path) -> None:
    path = tmp_path / "token"
    if content is not None:
        path.write_text(content)
    assert header({"token": "own", "tokenFile": str(path)}) == "Bearer own"


def test_a_missing_token_file_alone_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InvalidFile, match="token file"):
        header({"tokenFile": str(tmp_path / "token")})


@pytest.mark.parametrize(
    "other", [{"token": "own"}, {"tokenFile": "/token"}, {"username": "me", "password": "own"}]
)
def test_a_key_without_a_certificate_is_ignored_beside_other_credentials(other: dict[str, str]) -> None:
    assert of({**KEY, **other}).client_pair is None


def test_a_key_without_a_certificate_is_ignored_beside_a_token_of_the_flag() -> None:
    assert of(KEY, ConnectionOptions(token="own")).client_pair is None


def test_a_key_alone_is_an_error() -> None:
    with pytest.raises(InvalidFile, match="has a client key without a client certificate"):
        of(KEY)


def test_a_certificate_without_a_key_is_an_error_beside_a_token() -> None:
    with pytest.raises(InvalidFile, match="has a client certificate without a client key"):
        of({"client-certificate-data": "UEVN", "token": "own"})

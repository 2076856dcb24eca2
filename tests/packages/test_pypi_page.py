"""What PyPI shows of the wheel is README.md, and its links lead to the files of that release."""

from __future__ import annotations

import re
import zipfile
from email.message import Message
from email.parser import BytesParser
from pathlib import Path

import pytest
from gates.tree import ROOT

LINK = re.compile(r"(!?)\[[^]]*\]\(([^)]+)\)")


@pytest.fixture(scope="module")
def metadata(built: Path) -> Message:
    (wheel,) = (built / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return BytesParser().parsebytes(archive.read(name))


@pytest.fixture(scope="module")
def page(metadata: Message) -> str:
    text = metadata.get_payload(decode=True)
    assert isinstance(text, bytes)
    return text.decode()


def test_it_is_markdown(metadata: Message) -> None:
    assert metadata["Description-Content-Type"] == "text/markdown"


def test_it_is_the_readme_but_for_the_links(page: str) -> None:
    readme = (ROOT / "README.md").read_text()
    assert LINK.sub("", page).strip() == LINK.sub("", readme).strip()


def test_each_link_leads_to_a_file_of_that_release(page: str, metadata: Message) -> None:
    """An image has to be the file itself, not a page about it."""
    links = LINK.findall(page)
    assert len(links) == len(LINK.findall((ROOT / "README.md").read_text())) > 10
    for image, link in links:
        host = "raw.githubusercontent.com/iamsa/iamsa" if image else "github.com/iamsa/iamsa/blob"
        start = f"https://{host}/v{metadata['Version']}/"
        assert link.startswith(start)
        assert (ROOT / link.removeprefix(start).split("#")[0]).is_file(), link

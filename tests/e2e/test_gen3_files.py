"""The form of gen3 iam-serviceaccount: what counts as a file, and what gen3 put from files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from e2e.gen3 import Habit, document, habit_of
from e2e.shop import S3, Shop
from pocket_eks.control import Control

pytestmark = pytest.mark.warm

Writes = Callable[[], "list[str]"]


@pytest.fixture
def habit(shop: Shop) -> Habit:
    """A user of the old form; nothing of the ServiceAccount exists."""
    return habit_of(shop)


@pytest.fixture
def settled(habit: Habit, control: Control) -> Habit:
    """The same, after a first -c; the call log begins empty."""
    habit.run("-c", "NAME", "-p", S3)
    control.clear_calls()
    return habit


class TestPolicyFile:
    @pytest.fixture
    def folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """The working directory of what is run."""
        monkeypatch.chdir(tmp_path)
        return tmp_path

    @pytest.mark.parametrize("file", ["reader.json", "reader", "reader.policy", S3, f"{S3}.json"])
    def test_that_exists_is_a_file_before_it_is_a_name(self, habit: Habit, folder: Path, file: str) -> None:
        (folder / file).write_text(json.dumps(document()))
        habit.run("-c", "NAME", "-p", file)
        assert (habit.attached(), habit.inline()) == (set(), {file.partition(".")[0]: document()})
        habit.run("-u", "NAME", "-p", file, "-a", "d")
        assert habit.inline() == {}

    @pytest.mark.parametrize("spelling", ["{}", "./{}", "{folder}/{}", "file://{}"])
    def test_in_each_spelling_of_its_path(self, habit: Habit, folder: Path, spelling: str) -> None:
        (folder / "reader.json").write_text(json.dumps(document()))
        habit.run("-c", "NAME", "-p", spelling.format("reader.json", folder=folder))
        assert habit.inline() == {"reader": document()}

    def test_is_no_directory(self, habit: Habit, folder: Path) -> None:
        (folder / S3).mkdir()
        habit.run("-c", "NAME", "-p", S3)
        assert habit.attached() == {S3}

    def test_of_the_new_verbs_is_a_name_before_it_is_a_file(self, habit: Habit, folder: Path) -> None:
        (folder / S3).write_text(json.dumps(document()))
        habit.run("create", "NAME", "-p", S3, "--role-name-style=gen3")
        assert (habit.attached(), habit.inline()) == ({S3}, {})


class TestTimestampedPolicy:
    """An inline policy `STEM-TIMESTAMP`, as gen3 put one for each run with a file."""

    @pytest.fixture
    def reader(self, tmp_path: Path) -> str:
        file = tmp_path / "reader.json"
        file.write_text(json.dumps(document()))
        return str(file)

    @pytest.fixture
    def stocked(self, settled: Habit, control: Control) -> Habit:
        """With two of the file's meaning, spelled otherwise, one of another, and one of another file."""
        for seconds in (0, 1):
            meant = document()
            meant["Statement"][0]["Action"] = ["s3:GetObject"]
            settled.gen3_puts(f"reader-170000000{seconds}", meant)
        settled.gen3_puts("reader-1700000002", document("s3:PutObject"))
        settled.gen3_puts("readers-1700000003", document())
        control.clear_calls()
        return settled

    @pytest.mark.parametrize("words", [("-c", "NAME"), ("-u", "NAME", "-a", "a")])
    def test_of_the_same_meaning_counts_as_the_file_s(
        self, stocked: Habit, reader: str, writes: Writes, words: tuple[str, ...]
    ) -> None:
        before = stocked.inline()
        stocked.run(*words, "-p", reader)
        assert (writes(), stocked.inline()) == ([], before)

    def test_of_the_same_meaning_is_deleted_by_the_file(self, stocked: Habit, reader: str) -> None:
        stocked.run("-u", "NAME", "-a", "d", "-p", reader)
        assert stocked.inline().keys() == {"reader-1700000002", "readers-1700000003"}

    def test_is_deleted_by_its_name_too(self, stocked: Habit) -> None:
        stocked.run("-u", "NAME", "-a", "d", "-p", "reader-1700000002")
        assert stocked.inline().keys() == {"reader-1700000000", "reader-1700000001", "readers-1700000003"}

    def test_of_another_meaning_stays_beside_the_file_s(self, settled: Habit, reader: str) -> None:
        settled.gen3_puts("reader-1700000002", document("s3:PutObject"))
        settled.run("-u", "NAME", "-a", "a", "-p", reader)
        assert settled.inline() == {"reader-1700000002": document("s3:PutObject"), "reader": document()}

    def test_is_found_where_the_file_s_name_has_several_dots(
        self, stocked: Habit, tmp_path: Path, writes: Writes
    ) -> None:
        file = tmp_path / "reader.v2.json"
        file.write_text(json.dumps(document()))
        stocked.run("-u", "NAME", "-a", "a", "-p", str(file))
        assert writes() == []

"""The form of gen3 iam-serviceaccount: what counts as a file, and what gen3 put from files."""

from __future__ import annotations

from pathlib import Path

import pytest
from unit.fakes.examples import document
from unit.gen3.habit import S3, Habit, write

GET, PUT = document(), document("s3:PutObject")


class TestPolicyFile:
    """In the working directory of what is run, which is the test's own."""

    @pytest.mark.parametrize("file", ["reader.json", "reader", "reader.policy", S3, f"{S3}.json"])
    def test_that_exists_is_a_file_before_it_is_a_name(self, habit: Habit, file: str) -> None:
        write(Path(file))
        habit.run(f"-c NAME -p {file}".replace(S3, "S3"))
        assert (habit.attached(), habit.inline()) == (set(), {file.partition(".")[0]: GET})
        habit.run(f"-u NAME -p {file} -a d".replace(S3, "S3"))
        assert habit.inline() == {}

    @pytest.mark.parametrize("spelling", ["{}", "./{}", "{folder}/{}", "file://{}"])
    def test_in_each_spelling_of_its_path(self, habit: Habit, spelling: str) -> None:
        write(Path("reader.json"))
        habit.run(f"-c NAME -p {spelling.format('reader.json', folder=Path.cwd())}")
        assert habit.inline() == {"reader": GET}

    def test_is_no_directory(self, habit: Habit) -> None:
        Path(S3).mkdir()
        habit.run("-c NAME -p S3")
        assert habit.attached() == {S3}

    def test_of_the_new_verbs_is_a_name_before_it_is_a_file(self, habit: Habit) -> None:
        write(Path(S3))
        habit.run("create NAME -p S3 --role-name-style=gen3")
        assert (habit.attached(), habit.inline()) == ({S3}, {})

    @pytest.mark.parametrize("line", ["-c NAME", "-u NAME -a a", "-u NAME -a d"])
    def test_that_is_not_json_is_never_submitted(self, habit: Habit, line: str) -> None:
        Path("reader.json").write_text('{"Version": "2012-10-17",}')
        error = habit.refused(f"{line} -p reader.json")
        assert "reader.json" in error
        assert "line 1" in error
        assert habit.world.wire.calls == []

    def test_means_the_same_inline_policy_in_every_run(self, habit: Habit) -> None:
        write(Path("reader.json"))
        habit.run("-c NAME -p reader.json")
        habit.unchanged("-c NAME -p reader.json")
        write(Path("reader.json"), PUT)
        habit.run("-u NAME -p reader.json -a a")
        assert habit.inline() == {"reader": PUT}


class TestTimestampedPolicy:
    """An inline policy `STEM-TIMESTAMP`, as gen3 put one for each run with a file."""

    @pytest.fixture
    def stocked(self, settled: Habit) -> Habit:
        """With two of the file's meaning, spelled otherwise, one of another, and one of another file."""
        write(Path("reader.json"))
        meant = document()
        meant["Statement"][0]["Action"] = ["s3:GetObject"]
        for name in ("reader-1700000000", "reader-1700000001"):
            settled.gen3_puts(name, meant)
        settled.gen3_puts("reader-1700000002", PUT)
        settled.gen3_puts("readers-1700000003", GET)
        return settled

    @pytest.mark.parametrize("line", ["-c NAME", "-u NAME -a a"])
    def test_of_the_same_meaning_counts_as_the_file_s(self, stocked: Habit, line: str) -> None:
        stocked.unchanged(f"{line} -p reader.json")

    @pytest.mark.parametrize(
        ("policy", "gone"),
        [
            ("reader.json", {"reader-1700000000", "reader-1700000001"}),
            ("reader-1700000002", {"reader-1700000002"}),
        ],
    )
    def test_is_deleted_by_the_file_of_its_meaning_and_by_its_name(
        self, stocked: Habit, policy: str, gone: set[str]
    ) -> None:
        before = stocked.inline().keys()
        stocked.run(f"-u NAME -a d -p {policy}")
        assert stocked.inline().keys() == before - gone

    def test_of_another_meaning_stays_beside_the_file_s(self, settled: Habit) -> None:
        settled.gen3_puts("reader-1700000002", PUT)
        settled.run(f"-u NAME -a a -p {write(Path('reader.json'))}")
        assert settled.inline() == {"reader-1700000002": PUT, "reader": GET}

    def test_is_found_where_the_file_s_name_has_several_dots(self, stocked: Habit) -> None:
        stocked.unchanged(f"-u NAME -a a -p {write(Path('reader.v2.json'))}")

    def test_of_a_role_that_gen3_made_is_deleted_by_its_file(self, habit: Habit) -> None:
        habit.gen3_makes(files={"reader": GET})
        habit.run(f"-u NAME -p {write(Path('reader.json'))} -a d --adopt")
        assert habit.inline() == {}

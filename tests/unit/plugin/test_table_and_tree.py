"""Tables and trees are whole lines, aligned, and never steer the terminal."""

from __future__ import annotations

import io

import pytest
from kubectl_iamsa.render.table import print_table, table
from kubectl_iamsa.render.tree import ASCII, Node, Signs, lines, signs_for
from kubectl_iamsa.terminal.console import Console, takes_color


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_columns_are_as_wide_as_their_widest_cell() -> None:
    assert list(table(("NAME", "B"), [("a", "1"), ("longer", "2")])) == [
        "NAME     B",
        "a        1",
        "longer   2",
    ]


def test_without_headers_columns_are_as_wide_as_the_cells() -> None:
    assert list(table(("NAME", "B"), [("a", "1")], headers=False)) == ["a   1"]


def test_an_empty_cell_is_none() -> None:
    assert list(table(("A", "B"), [("", "")], headers=False)) == ["<none>   <none>"]


def test_a_cell_is_one_line_without_control_characters() -> None:
    assert list(table(("A", "B"), [("a\n\x1b[1m", "b\tc")], headers=False)) == ["a\\n\\x1b[1m   b\\tc"]


def test_a_long_line_is_not_wrapped() -> None:
    (line,) = table(("A", "B"), [("a" * 200, "b")], headers=False)
    assert len(line) == 204


@pytest.fixture
def tree() -> Node:
    root = Node("root")
    first = root.add("first")
    first.add("inner").add("innermost")
    root.add("last").add("below")
    return root


def drawn(tree: Node, signs: Signs) -> list[str]:
    return [branch + node.text for branch, node in lines(tree, signs)]


def test_branches_show_what_hangs_where(tree: Node) -> None:
    assert drawn(tree, Signs()) == [
        "root",
        "├─ first",
        "│  └─ inner",
        "│     └─ innermost",
        "└─ last",
        "   └─ below",
    ]


def test_branches_in_ascii(tree: Node) -> None:
    assert drawn(tree, ASCII)[1:3] == ["|- first", "|  `- inner"]


@pytest.mark.parametrize(
    ("encoding", "signs"), [("utf-8", Signs()), ("ascii", ASCII), ("latin-1", ASCII), ("unknown", ASCII)]
)
def test_branches_are_what_the_stream_takes(encoding: str, signs: Signs) -> None:
    assert signs_for(encoding) == signs


@pytest.mark.parametrize(
    ("environ", "colors"),
    [({}, True), ({"NO_COLOR": ""}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)],
)
def test_a_terminal_takes_color_where_nobody_objects(environ: dict[str, str], colors: bool) -> None:
    assert takes_color(Terminal(), environ) is colors


def test_nothing_else_takes_color() -> None:
    assert not takes_color(io.StringIO(), {})
    assert not takes_color(None, {})


@pytest.mark.parametrize("stream", [Terminal(), io.StringIO(), None], ids=["terminal", "file", "none"])
@pytest.mark.parametrize(("when", "colors"), [("always", True), ("never", False)])
@pytest.mark.parametrize("environ", [{}, {"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=str)
def test_who_asks_for_color_gets_it_anywhere(
    environ: dict[str, str], when: str, colors: bool, stream: io.StringIO | None
) -> None:
    assert takes_color(stream, environ, when) is colors


def shown(*, colors: bool, headers: bool = True) -> list[str]:
    stdout = io.StringIO()
    console = Console(stdout, None)
    console.colors = colors
    rows = [("a", "bad", "x"), ("longer", "well", "y")]
    columns = ("NAME", "STATUS", "C")
    print_table(console, columns, rows, headers=headers, colors={"STATUS": {"bad": "31", "STATUS": "7"}})
    return stdout.getvalue().splitlines()


@pytest.mark.parametrize("headers", [True, False])
def test_a_table_without_color_is_the_plain_table(headers: bool) -> None:
    rows = [("a", "bad", "x"), ("longer", "well", "y")]
    assert shown(colors=False, headers=headers) == list(table(("NAME", "STATUS", "C"), rows, headers=headers))


def test_only_the_word_of_a_cell_is_colored() -> None:
    assert shown(colors=True) == [
        "NAME     STATUS   C",
        "a        \x1b[31mbad\x1b[0m      x",
        "longer   well     y",
    ]


def painted(*, colors: bool) -> str:
    stdout = io.StringIO()
    console = Console(stdout, None)
    console.colors = colors
    console.painted(("- ", ""), ("a\x1b[1m\nb", "31"))
    return stdout.getvalue()


def test_a_painted_line_has_our_color_alone() -> None:
    assert painted(colors=True) == "- \x1b[31ma\\x1b[1m\\nb\x1b[0m\n"


def test_without_colors_it_is_plain() -> None:
    assert painted(colors=False) == "- a\\x1b[1m\\nb\n"

"""What a kubeconfig file consists of: encodings, YAML, the fields at its top, and several files."""

from __future__ import annotations

import json

from differential.row import Row, Sample, top


def _and_cluster(entry: object) -> Row:
    return Row(f"an unused cluster {entry!r}", lambda sample: sample.document["clusters"].append(entry))


def _and_user(entry: object) -> Row:
    return Row(f"an unused user {entry!r}", lambda sample: sample.document["users"].append(entry))


def _and_context(entry: object) -> Row:
    return Row(f"an unused context {entry!r}", lambda sample: sample.document["contexts"].append(entry))


def _twice(section: str, *, first: bool) -> Row:
    def change(sample: Sample) -> None:
        kind = section.removesuffix("s")
        sample.document[section].insert(0 if first else 1, {"name": sample.name, kind: {}})

    return Row(f"{section}: a name twice, {'first' if first else 'last'}", change)


ENCODINGS = (
    Row("as it is"),
    Row("JSON", lambda sample: json.dumps(sample.document)),
    Row("JSON, indented with tabs", lambda sample: json.dumps(sample.document, indent="\t")),
    Row("UTF-8 with a byte order mark", lambda sample: sample.text().encode("utf-8-sig")),
    Row("UTF-16 with a byte order mark", lambda sample: sample.text().encode("utf-16")),
    Row("UTF-16, big endian", lambda sample: ("\ufeff" + sample.text()).encode("utf-16-be")),
    Row("UTF-16 without a byte order mark", lambda sample: sample.text().encode("utf-16-le")),
    Row("UTF-32", lambda sample: sample.text().encode("utf-32")),
    Row("Latin-1", lambda sample: b"# \xe9\n" + sample.text().encode()),
    Row("CRLF", lambda sample: sample.text().replace("\n", "\r\n")),
    Row("a NUL at the end", lambda sample: sample.text() + "\0"),
)
YAML = (
    Row("an empty file", lambda _sample: ""),
    Row("a comment alone", lambda _sample: "# nothing\n"),
    Row("null", lambda _sample: "null"),
    Row("an empty mapping", lambda _sample: "{}"),
    Row("a list", lambda _sample: "[]"),
    Row("a word", lambda _sample: "word"),
    Row("a bracket that is not closed", lambda _sample: "a: ["),
    Row("a tab as indentation", lambda _sample: "a:\n\tb: 2\n"),
    Row("a leading ---", lambda sample: "---\n" + sample.text()),
    Row("a %YAML directive", lambda sample: "%YAML 1.1\n---\n" + sample.text()),
    Row("a trailing ...", lambda sample: sample.text() + "...\n"),
    Row("two documents", lambda sample: sample.text() + "---\n" + sample.text()),
    Row("a second document that is broken", lambda sample: sample.text() + "---\na: [\n"),
    Row("an empty first document", lambda sample: "---\n---\n" + sample.text()),
    Row("an anchor", lambda sample: "x: &a 1\ny: *a\n" + sample.text()),
    Row("an unknown anchor", lambda sample: "x: *a\n" + sample.text()),
    Row("a key twice", lambda sample: sample.text() + "kind: Config\n"),
)
TOP = (
    top("an unknown field", foo=1),
    top("preferences", preferences={"colors": True}),
    top("no apiVersion", apiVersion=None),
    top("no kind", kind=None),
    top("another kind", kind="Pod"),
    top("another apiVersion", apiVersion="v2"),
    top("a group in apiVersion", apiVersion="config/v1"),
    top("apiVersion a number", apiVersion=1),
    top("contexts missing", contexts=None),
    top("users missing", users=None),
    top("clusters missing", clusters=None),
    top("clusters a mapping", clusters={}),
    top("users a word", users="x"),
    Row("contexts null", lambda sample: sample.document.update(contexts=None)),
    Row("users null", lambda sample: sample.document.update(users=None)),
    Row("clusters null", lambda sample: sample.document.update(clusters=None)),
)
UNUSED = (
    *map(_and_cluster, (None, {}, {"name": None}, {"name": ""}, {"name": 1}, {"name": "z"}, "z")),
    *map(_and_user, (None, {}, {"name": None}, {"name": ""}, {"name": 1}, {"name": "z", "user": None})),
    *map(
        _and_context, (None, {}, {"name": ""}, {"name": "z"}, {"name": "z", "context": {"cluster": "other"}})
    ),
    _and_user({"name": "z", "user": {"tokenFile": "/nowhere"}}),
    _and_user({"name": "z", "user": {"exec": {}}}),
    _and_user({"name": "z", "user": "word"}),
    _and_user({"name": "z", "user": {"client-certificate": "/nowhere"}}),
    _and_cluster({"name": "z", "cluster": {"server": "x:y:z"}}),
    _and_cluster({"name": "z", "cluster": {"certificate-authority": "/nowhere"}}),
    Row("two unused users without a name", lambda sample: sample.document["users"].extend(({}, {}))),
    *(
        _twice(section, first=first)
        for section in ("clusters", "users", "contexts")
        for first in (True, False)
    ),
)
SEVERAL = (
    Row("KUBECONFIG with a missing file first", environ={"KUBECONFIG": "/nowhere:@"}),
    Row("KUBECONFIG with a missing file last", environ={"KUBECONFIG": "@:/nowhere"}),
    Row("KUBECONFIG with the same file twice", environ={"KUBECONFIG": "@:@"}),
    Row("KUBECONFIG with empty parts", environ={"KUBECONFIG": ":@:"}),
    Row("KUBECONFIG with a directory", environ={"KUBECONFIG": "@:/tmp"}),
    Row("KUBECONFIG with a missing file alone", environ={"KUBECONFIG": "/nowhere", "HOME": "/nowhere"}),
    Row("--kubeconfig", flags="--kubeconfig @", environ={"KUBECONFIG": "/nowhere"}),
    Row("--kubeconfig missing", flags="--kubeconfig /nowhere"),
    Row("--kubeconfig a directory", flags="--kubeconfig /tmp"),
    Row("--kubeconfig /dev/null", flags="--kubeconfig /dev/null"),
)
ROWS = (*ENCODINGS, *YAML, *TOP, *UNUSED, *SEVERAL)

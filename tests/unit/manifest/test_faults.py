# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with a manifest, in one sentence with its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from unit.manifest.reading import HEAD, faults, items

ROLE = HEAD + "spec:\n  policies: []\n"
DOCUMENT = "{Version: 2012-10-17, Statement: [{Effect: Allow, Action: s3:GetObject, Resource: '*'}]}"


def spec(text: str) -> str:
    """A manifest whose spec, from line 5 on, has these lines after `policies`."""
    return ROLE + "".join(f"  {line}\n" for line in text.splitlines())


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        pytest.param(
            spec("purgee: true"), "6: spec.purgee: unknown field; did you mean purge?", id="misspelled"
        ),
        pytest.param(
            spec("x: 1"),
            "6: spec.x: unknown field; remove it, or use one of via, policies, purge, role, audience,"
            " serviceAccount, podIdentity, subjects, migration",
            id="unknown",
        ),
        pytest.param(
            spec("purge: yes"),
            "6: spec.purge: must be true or false, not a string; write true or false",
            id="no-boolean",
        ),
        pytest.param(
            spec("role: {tags: {a: 1}}"),
            "6: spec.role.tags.a: must be a string, not a number; write it in double quotes",
            id="number-as-tag",
        ),
        pytest.param(
            spec("role: [a]"), "6: spec.role: must be a mapping, not a list; write a mapping", id="list"
        ),
        pytest.param(
            spec("via: irs"),
            '6: spec.via: invalid value "irs": must be irsa or pod-identity; did you mean irsa?',
            id="enum",
        ),
        pytest.param(
            spec("role: {path: team}"),
            '6: spec.role.path: invalid value "team": must begin with /; write a path such as /team/',
            id="pattern",
        ),
        pytest.param(
            spec("role: {maxSessionDuration: 1 h}"),
            '6: spec.role.maxSessionDuration: invalid value "1 h": must be a duration; write 1h30m, 90m or a'
            " number of seconds",
            id="duration",
        ),
        pytest.param(
            spec("role: {maxSessionDuration: [1]}"),
            "6: spec.role.maxSessionDuration: must be a string or a whole number, not a list; write a string"
            " or a whole number",
            id="either-type",
        ),
        pytest.param(
            spec("role: {maxSessionDuration: 13h}"),
            '6: spec.role.maxSessionDuration: invalid value "13h": must be at most 12h; use a'
            " duration between 1h and 12h",
            id="value",
        ),
        pytest.param(
            spec("role:\n  description: a\n  tags:\n    'a\tb': 1"),
            '9: spec.role.tags["a\\tb"]: must be a string, not a number; write it in double quotes',
            id="odd-key",
        ),
        pytest.param(
            HEAD + "spec: {}\n",
            "4: spec.policies: is required; list the policies of the role, or write [] for none",
            id="no-policies",
        ),
        pytest.param(HEAD, "1: spec: is required; add it", id="no-spec"),
        pytest.param(
            HEAD.replace("name: shop", "namespace: web") + "spec: {policies: []}\n",
            "3: metadata.name: is required; write the name",
            id="no-name",
        ),
        pytest.param(
            spec("").replace("[]", "[{fle: reader.json}]"),
            "5: spec.policies[0].file: is required; add it\n"
            "5: spec.policies[0].fle: unknown field; did you mean file?",
            id="branch",
        ),
        pytest.param(
            spec("").replace("[]", "[reader.json]"),
            '5: spec.policies[0]: invalid value "reader.json": must be the name or ARN of a managed policy;'
            " for a file, write {file: reader.json}",
            id="file-as-name",
        ),
        pytest.param(
            spec("").replace("[]", "[{file: ../reader.json}]"),
            '5: spec.policies[0].file: "../reader.json" is not in the folder of the manifest; move the file,'
            " or add <allow_outside>",
            id="outside",
        ),
        pytest.param(
            spec("").replace(
                "[]", f"[{{name: a, document: {DOCUMENT}}}, {{name: b c, document: {DOCUMENT}}}]"
            ),
            '5: spec.policies[1]: invalid value "b c": must be a valid policy name;'
            " use 1 to 128 of A-Z a-z 0-9 _ + = , . @ -",
            id="policy-name",
        ),
        pytest.param(
            "a: [\n",
            "2: is not valid YAML: did not find expected node content; fix the YAML there",
            id="syntax",
        ),
        pytest.param(spec("purge: !x true"), '6: has the tag "!x"; remove it', id="tag"),
        pytest.param(
            spec("purge: true\npurge: true"),
            '7: has the duplicate key "purge"; keep one of the two, or merge their values',
            id="twice",
        ),
        pytest.param(
            ROLE.replace("v1alpha1", "v1"),
            '1: apiVersion: invalid value "iamsa/v1": must be iamsa/v1alpha1; write iamsa/v1alpha1',
            id="version",
        ),
        pytest.param(
            ROLE.replace("iamsa/v1alpha1", "v1"),
            '1: apiVersion: invalid value "v1": must be iamsa/v1alpha1; write iamsa/v1alpha1',
            id="group",
        ),
        pytest.param(
            ROLE.replace("AccountRole", "AcountRole"),
            '2: kind: invalid value "ServiceAcountRole": must be ServiceAccountRole or'
            " ServiceAccountRoleList; did you mean ServiceAccountRole?",
            id="kind",
        ),
        pytest.param(
            ROLE.replace("kind: ServiceAccountRole\n", ""),
            "1: kind: is required; write kind: ServiceAccountRole",
            id="no-kind",
        ),
        pytest.param(
            "- a\n", "1: must be a mapping with apiVersion and kind; write a ServiceAccountRole", id="a-list"
        ),
    ],
)
def test_a_fault_names_field_value_and_remedy(text: str, fault: str) -> None:
    assert "\n".join(faults(text)) == fault


@pytest.mark.parametrize(
    "line",
    [
        "via: pod-identity",
        "podIdentity: {targetRoleArn: a, sessionPolicy: {}, disableSessionTags: false, tags: {}}",
        "migration: finish",
        "subjects: []",
        "role: {arn: 'arn:aws:iam::123456789012:role/x'}",
        "serviceAccount: {manage: false}",
        "serviceAccount: {create: false}",
        "serviceAccount: {labels: {}}",
        "serviceAccount: {annotations: {}}",
        "serviceAccount: {imagePullSecrets: []}",
        "serviceAccount: {automountServiceAccountToken: true}",
    ],
)
def test_a_setting_of_a_later_version_is_refused_and_not_ignored(line: str) -> None:
    (fault,) = faults(spec(line))
    assert fault.endswith("is not supported yet; remove it")
    assert fault.startswith(f"6: spec.{line.partition(':')[0]}")


def test_a_template_is_refused_too() -> None:
    text = spec("").replace("[]", "[{template: external-dns, with: {}}]")
    assert faults(text) == ["5: spec.policies[0].template: is not supported yet; remove it"]


def test_all_faults_are_found() -> None:
    text = spec("purge: 1\nrole: {path: x, maxSesionDuration: 1h}") + "---\n" + ROLE.replace("shop", "A b")
    assert [one.split(":")[0] for one in faults(text)] == ["6", "7", "7", "11"]


def test_all_values_of_an_item_are_checked() -> None:
    text = spec(
        "role:\n  name: a b\n  path: /a\n  tags: {'aws:x': a}\n  maxSessionDuration: 1m\naudience: ''"
    )
    assert [one.split(":")[1] for one in faults(text.replace("''", "a b"))] == [
        " spec.role.name",
        " spec.role.path",
        " spec.role.tags",
        " spec.role.maxSessionDuration",
        " spec.audience",
    ]


class TestOtherKinds:
    def test_may_have_what_iamsa_does_not_read(self) -> None:
        deep = "[" * 40 + "]" * 40
        text = f"apiVersion: v1\nkind: ConfigMap\na: &x 1\nb: *x\nc: !y 1\nd: {deep}\na: 2\n---\n{ROLE}"
        assert [one.asked.request.name for one in items(text)] == ["shop"]

    def test_of_a_list_are_skipped(self) -> None:
        inner = "".join(f"  {line}\n" for line in ROLE.splitlines())
        text = "apiVersion: v1\nkind: List\nitems:\n- kind: Secret\n- " + inner.lstrip()
        assert [str(one.place) for one in items(text)] == ["roles.yaml:5"]

    def test_policy_documents_may_be_in_the_same_folder(self) -> None:
        assert len(items(f"{DOCUMENT}\n---\n{ROLE}")) == 1

    def test_empty_documents_are_no_documents(self) -> None:
        assert len(items(f"---\n# nothing\n---\n{ROLE}---\n")) == 1


def test_a_policy_file_is_read_from_the_folder(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "reader.json").write_text(
        '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}'
    )
    text = spec("").replace("[]", "[{file: reader.json}]")
    (item,) = items(text, folder=str(tmp_path))
    assert [one.name for one in item.asked.role.policies] == ["reader"]
    outside = text.replace("reader.json", "../reader.json")
    assert "is not in the folder" in faults(outside, folder=str(tmp_path / "sub"))[0]
    assert len(items(outside, folder=str(tmp_path / "sub"), allow_outside=True)) == 1


def test_a_link_out_of_the_folder_is_outside(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "reader.json").write_text("{}")
    (tmp_path / "sub/reader.json").symlink_to(tmp_path / "reader.json")
    text = spec("").replace("[]", "[{file: reader.json}]")
    assert "is not in the folder" in faults(text, folder=str(tmp_path / "sub"))[0]

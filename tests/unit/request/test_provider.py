# Copyright: the iamsa authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is asked of an OIDC provider."""

from __future__ import annotations

import pytest
from unit.fakes.examples import AUDIENCE

from ansible_collections.iamsa.eks.plugins.module_utils.errors import InvalidValue
from ansible_collections.iamsa.eks.plugins.module_utils.model.provider import ProviderSpec
from ansible_collections.iamsa.eks.plugins.module_utils.request.provider import ProviderRequest, provider_spec


def spec(audiences: list[str], tags: dict[str, str]) -> ProviderSpec:
    return provider_spec(ProviderRequest(audiences, tags=[*tags.items()]), str)


def test_an_audience_that_is_given_twice_counts_once() -> None:
    assert spec(["a", "b", "a"], {"k": "v"}) == ProviderSpec(("a", "b"), tags={"k": "v"})


def test_tags_whose_keys_differ_in_case_are_different_tags() -> None:
    assert spec(["a"], {"k": "v", "K": "w"}).tags == {"k": "v", "K": "w"}


@pytest.mark.parametrize(
    ("audiences", "tags", "told"),
    [
        ([], {}, 'invalid value "[]" for audiences: must not be empty'),
        ([""], {}, 'invalid value "" for audiences: must not be empty'),
        (["a b"], {}, "must contain only printable ASCII"),
        (
            [f"a{number}" for number in range(101)],
            {},
            'invalid value "101 audiences" for audiences: must be at most',
        ),
        ([AUDIENCE], {"aws:x": "y"}, "must not begin with aws:"),
        (
            [AUDIENCE],
            {f"k{number}": "v" for number in range(51)},
            'invalid value "51 tags" for tags: must be at most',
        ),
    ],
)
def test_what_iam_would_not_take_is_refused(audiences: list[str], tags: dict[str, str], told: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        spec(audiences, tags)
    assert told in caught.value.problem

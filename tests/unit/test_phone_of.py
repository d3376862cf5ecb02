# Copyright (c) 2026, the homelab.dualwan authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which phone goes with a router, by what the inventory says."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.homelab.dualwan.plugins.filter.phone_of import FilterModule

phone_of = FilterModule().filters()["phone_of"]


def groups(routers: int = 1, phones: int = 1) -> dict[str, list[str]]:
    found = {
        "asus_routers": [f"router-{number}" for number in range(routers)],
        "android_phones": [f"phone-{number}" for number in range(phones)],
    }
    return {"all": [*found["asus_routers"], *found["android_phones"], "nas"], **found}


@pytest.mark.parametrize(
    ("inventory", "named", "phone"),
    [
        pytest.param(groups(), True, "phone-0", id="one of each"),
        pytest.param(groups(phones=2), True, "phone-0", id="the first of two"),
        pytest.param(groups(phones=0), True, "", id="no phone"),
        pytest.param({"all": ["router"], "asus_routers": ["router"]}, True, "", id="no group of phones"),
        pytest.param({"all": ["phone"], "android_phones": ["phone"]}, True, "", id="no group of routers"),
        pytest.param(groups(routers=2, phones=2), True, "", id="none is guessed for several routers"),
        pytest.param(groups(routers=2, phones=2), "phone-1", "phone-1", id="its own of several"),
        pytest.param(groups(phones=2), "phone-1", "phone-1", id="another than the first"),
        pytest.param(groups(), "nas", "nas", id="any host will do"),
        pytest.param(groups(), "", "", id="left out"),
        pytest.param(groups(), None, "", id="left out by null"),
        pytest.param(groups(), False, "", id="left out by false"),
    ],
)
def test_which_phone_it_is(inventory: dict[str, list[str]], named: str | bool | None, phone: str) -> None:
    assert phone_of(inventory, named) == phone


def test_without_a_word_it_is_the_one_that_goes_with_the_router() -> None:
    assert phone_of(groups()) == "phone-0"


@pytest.mark.parametrize("named", ["atic", "android_phones", "true"])
def test_a_name_that_is_no_host_is_refused_with_what_to_do(named: str) -> None:
    with pytest.raises(AnsibleFilterError, match=rf"The phone is to be {named} \(backup_phone\).*-e backup_phone="):
        phone_of(groups(), named)

"""Money that makes no sense is refused with the rule, before anything is computed."""

from __future__ import annotations

import pytest
import samples


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("finance.residual_value", 1.2, ["at most 1"]),
        ("finance.life", 0.05, ["at least 0.5", "year"]),
        ("finance.discount_rate", -1.0, ["at least -0.2"]),
        ("returns.tax_rate", -0.1, ["at least 0"]),
    ],
)
def test_bad_money_is_refused_with_the_rule(
    name: str, value: float, words: list[str]
) -> None:
    with pytest.raises(ValueError, match=name) as error:
        samples.scenario().evaluate({name: value}, studies=["returns"])
    assert all(word in str(error.value) for word in words)

"""Pairs who decide on each other: which are close enough, and in which order."""

import pytest

from models.pairs import Count, Pair, Way, pairs

#: 1 and 2 decide on each other; 3 always on 4; 5 once on 1; 6 on himself.
COUNTS = [
    Count(1, 2, 6),
    Count(2, 1, 3),
    Count(5, 1, 1),
    Count(5, 2, 2),
    Count(3, 4, 9),
    Count(6, 6, 9),
]
MUTUAL = Pair(2, 1, Way(3, 4), Way(6, 8))
ALWAYS = Pair(3, 4, Way(9, 9), Way(0, 0))


@pytest.mark.parametrize(
    ("percent", "least", "one_sided", "found"),
    [
        (50, 3, False, [MUTUAL]),
        (75, 3, False, [MUTUAL]),
        (76, 3, False, []),
        (50, 4, False, []),
        (75, 3, True, [MUTUAL, ALWAYS]),
        (50, 4, True, [Pair(1, 2, Way(6, 8), Way(3, 4)), ALWAYS]),
        (100, 9, True, [ALWAYS]),
        (100, 10, True, []),
    ],
)
def test_a_pair_is_close_by_share_and_number(percent, least, one_sided, found):
    assert pairs(COUNTS, percent=percent, least=least, one_sided=one_sided) in (
        found,
        [flipped(found[0]), *found[1:]] if found else [],
    )


def flipped(pair):
    """The same pair, told from the other side."""
    return Pair(pair.other, pair.one, pair.back, pair.there)


def test_nobody_is_a_pair_with_himself_and_nothing_has_no_share():
    assert pairs([Count(6, 6, 9)], percent=1, least=1, one_sided=True) == []
    assert Way(0, 0).percent == 0
    assert pairs([], percent=1, least=1) == []

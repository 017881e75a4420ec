"""The pages' own fixtures, for attackers too."""

from tests.views.conftest import (  # noqa: F401 - fixtures are found by their names
    _in_indonesian,
    ani,
    app,
    bayu,
    browse,
    citra,
    deeds,
    eka,
    mira,
    rows,
    town,
    value,
    write,
)

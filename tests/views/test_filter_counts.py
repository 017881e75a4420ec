"""What stands beside the choices of a filter: as many records as choosing it would leave."""

import sqlalchemy as sa

from models.base import db
from panel.screens import tallying
from panel.screens.base import RecordView
from panel.screens.querying import key_of
from tests.site import ON_SQLITE
from tests.views.browser import Page


def lists(site):
    """The screens with filters, and each filter under its name."""
    screens = [view for admin in site.extensions["admin"] for view in admin._views]
    for screen in screens:
        if isinstance(screen, RecordView) and screen.filtered:
            yield screen


def sampled(rule, screen, counts):
    """Choices of a filter: one that leaves the fewest, and the three that leave most."""
    values = sorted((str(v) for v, _ in rule.get_options(screen)), key=lambda v: counts.get(v, 0))
    return dict.fromkeys([*values[:1], *values[-3:]])


def left_by(screen, index, value):
    """How many records a choice leaves, by the list itself."""
    keys = screen.matching(None, [(index, "", value)]).with_only_columns(key_of(screen.model))
    return db.session.scalar(sa.select(sa.func.count()).select_from(keys.subquery()))


def test_each_count_is_what_the_choice_leaves(site, client_of):
    counted, left = {}, {}
    with client_of("ani") as ani:
        ani.get("/tiers/")
        for screen in filter(RecordView.is_accessible, lists(site)):
            rules = enumerate(screen._filters)
            rules = {screen.get_filter_arg(i, rule): (i, rule) for i, rule in rules}
            for name, counts in screen.counts(None, ()).items():
                index, rule = rules[name]
                for value in sampled(rule, screen, counts):
                    counted[screen.endpoint, name, value] = counts.get(value, 0)
                    left[screen.endpoint, name, value] = left_by(screen, index, value)

    assert counted == left
    assert len(counted) > 100


#: The list of officials narrowed by a word and two filters; tier 9 is that of the lurah.
ASKED = "search=misal&flt0_appointments-position-tier_id-is=9&flt1_employment_type-is=asn_pns"


@ON_SQLITE
def test_choices_are_counted_beside_what_else_is_asked(client_of, monkeypatch):
    ani = client_of("ani")

    def listed(query):
        page = Page(ani.get(f"/officials/?{query}&page_size=100").text)
        return len(page.rows), page

    told = ani.get(f"/officials/counts/?{ASKED}").json
    found, page = listed(f"{ASKED}&counts=1")
    links = page.main.one("ul", **{"data-counted-as": "appointments-position-tier_id-is"})
    pressed = {link.text: link.given["href"] for link in links.all("a")}
    monkeypatch.setattr(tallying, "MOST", 3)
    many = ani.get("/officials/counts/").json

    assert dict(told["counts"])["appointments-position-tier_id-is"]["9"] == str(found)
    assert pressed[f"Lurah {found}"].count("tier_id-is=") == 1
    heads = next(text for text in pressed if text.startswith("Kepala OPD "))
    assert "counts" not in pressed[heads]
    assert listed(pressed[heads].partition("?")[2])[0] == int(heads.split()[-1]) > 0
    assert many["counts"] == []
    assert (
        many["said"]
        == "Lebih dari 3 catatan. Cari atau saring dahulu agar pilihannya dapat dihitung."
    )
    assert client_of("eka").get("/officials/counts/").status_code == 403

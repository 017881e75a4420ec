"""A small site with the theme alone: stock Flask-Admin views over three tables in memory."""

from __future__ import annotations

from datetime import date, datetime
from types import SimpleNamespace

import sqlalchemy as sa
from flask import Flask, Response, flash, jsonify, render_template, request
from flask_admin import Admin, AdminIndexView, expose
from flask_admin.actions import action
from flask_admin.contrib.sqla import ModelView
from flask_admin.contrib.sqla.filters import DateGreaterFilter, FilterEqual, FilterLike
from flask_admin.menu import MenuLink
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlalchemy.pool import StaticPool
from wtforms import RadioField
from wtforms.validators import Regexp

from panel.screens import catalogues, language, theme
from panel.screens.choices import Choice, DependentSelectField
from panel.screens.differences import Part
from panel.screens.language import short_date
from panel.screens.marks import badge, sub
from panel.screens.sheets import Section, rearranged
from panel.words import Label, Refused, say
from panel.workflow.definition import Process, State, Transition
from panel.workflow.rules import Objection, Offer

VAGUE = Label({"id": "Indikator belum terukur"})
NAMES = ("Badu", "Dadap", "Fulan", "Kenanga", "Melati")
KINDS = ("pns", "pppk", "other")
CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


class Base(DeclarativeBase):
    pass


class Unit(Base):
    __tablename__ = "unit"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]

    def __str__(self) -> str:
        return self.name


class Official(Base):
    __tablename__ = "official"
    id: Mapped[int] = mapped_column(primary_key=True)
    full_name: Mapped[str]
    kind: Mapped[str] = mapped_column(default="pns")
    phone: Mapped[str | None]
    born: Mapped[date | None]
    active: Mapped[bool] = mapped_column(default=True)
    note: Mapped[str | None] = mapped_column(sa.Text)
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey(Unit.id))
    unit: Mapped[Unit | None] = relationship()
    posts: Mapped[list[Post]] = relationship(
        back_populates="official", cascade="all, delete-orphan"
    )

    def __str__(self) -> str:
        return self.full_name


class Post(Base):
    __tablename__ = "post"
    id: Mapped[int] = mapped_column(primary_key=True)
    official_id: Mapped[int] = mapped_column(sa.ForeignKey("official.id"))
    title: Mapped[str]
    since: Mapped[date | None]
    official: Mapped[Official] = relationship(back_populates="posts")


class Home(AdminIndexView):
    @expose()
    def index(self) -> str:
        flash("Saved: Apel pagi tepat waktu", "success")
        flash("This was not saved.", "error")
        return self.render(self._template)


class OfficialView(ModelView):
    column_list = ("full_name", "unit", "kind", "born", "phone")
    column_labels = {
        "full_name": say("Full name"),
        "unit": say("Unit"),
        "kind": say("Kind"),
        "born": say("Date of birth"),
        "phone": say("Mobile phone"),
        "active": say("Active"),
        "note": say("Note"),
        "posts": say("Post"),
        "title": say("Title"),
        "since": say("Since"),
    }
    column_details_list = (*column_list, "active", "note")
    column_searchable_list = ("full_name",)
    column_sortable_list = ("full_name", "born")
    column_filters = (
        FilterLike(Official.full_name, say("Full name")),
        FilterEqual(Official.kind, say("Kind"), options=[(k, k.upper()) for k in KINDS]),
        DateGreaterFilter(Official.born, say("Date of birth")),
    )
    named_filter_urls = True
    column_formatters = {
        "full_name": lambda v, c, m, n: m.full_name + sub("•••• 001"),
        "kind": lambda v, c, m, n: badge("wait", "s-wait", m.kind.upper()),
    }
    column_type_formatters = {date: lambda view, day, name: short_date(day)}
    column_type_formatters_detail = {}
    can_view_details = True
    can_export = True
    export_types = ("csv", "xlsx")
    page_size = 10
    can_set_page_size = True
    page_size_options = (10, 20, 50)
    form_columns = ("full_name", "kind", "phone", "born", "active", "note", "unit", "posts")
    form_rules = (
        Section(say("Name"), say("Titles stand apart."), ["full_name", "kind"]),
        Section(say("Reach"), "", ["phone", "born", "unit", "active", "note"]),
        Section(say("Posts held"), say("One person may hold several."), ["posts"]),
    )
    form_overrides = {"kind": RadioField}
    form_args = {
        "kind": {"choices": [(kind, kind.upper()) for kind in KINDS]},
        "phone": {
            "validators": [Regexp(r"[0-9+ -]*$", message="Digits only.")],
            "description": say("Spaces and dashes are fine."),
        },
    }
    form_widget_args = {"full_name": {"w": 6}, "phone": {"w": 3, "opt": say("may follow")}}
    inline_models = ((Post, {"form_columns": ("id", "title", "since")}),)
    view_tabs = ((say("All"), {}), (say("PPPK"), {"flt0_kind_equals": "pppk"}))

    def validate_form(self, form: object) -> bool:
        if request.method == "POST" and "official_post" not in request.path and rearranged(form):
            return False
        return super().validate_form(form)

    @expose("/delete/", methods=("GET",))
    def delete_confirm(self) -> str:
        record = self.get_one(request.args["id"])
        return self.render(
            "panel/delete.html",
            records=[record],
            keys=[record.id],
            refused=None,
            reason="",
            return_url=self.get_url(".index_view"),
        )

    @expose("/history/")
    def history_view(self) -> str:
        record = self.get_one(request.args["id"])
        return self.render(
            "panel/changelog/history.html",
            model=record,
            deeds=deeds(),
            return_url=self.get_url(".index_view"),
        )

    @action("invite", say("Invite"), say("Invite them all?"))
    def invite(self, ids: list[str]) -> None:
        flash(f"Invited: {','.join(ids)}", "success")


class EmptyView(ModelView):
    can_view_details = True
    form_ajax_refs = {"official": {"fields": ("full_name",)}}
    form_widget_args = {"title": {"class": "mono"}, "official": {"class": "mono"}}

    def get_empty_list_message(self) -> tuple[object, object]:
        return say("No posts"), say("Posts appear here once they are written down.")


class LogView(ModelView):
    list_template = "panel/changelog/list.html"

    def render(self, template: str, **kwargs: object) -> str:
        kwargs["deeds"] = deeds()
        kwargs["chain"] = SimpleNamespace(
            sound=True, count=18204, checked_at=datetime(2025, 11, 20, 23), code="7F3A-91C2"
        )
        kwargs["asks"] = [
            ask("q", "Word", "search"),
            ask("who", "Everybody", "", [("1", "Ani"), ("2", "Bayu")]),
            ask("from", "From", "date"),
            ask("to", "Until", "date"),
        ]
        kwargs["older"] = "/log/?before=1"
        kwargs["newer"] = None
        return super().render(template, **kwargs)


class PostView(ModelView):
    form_columns = ("title", "official", "place")
    form_extra_fields = {
        "place": DependentSelectField(
            say("Place"), on="title", choices=lambda: [Choice(1, "A", "Lurah"), Choice(2, "B", "C")]
        )
    }
    lookups = {"official": ("full_name",)}

    def lookup_url(self, name: str) -> str:
        return self.get_url(".lookup", relation=name)

    @expose("/lookup/")
    def lookup(self) -> Response:
        like = Official.full_name.icontains(request.args["query"])
        found = self.session.session.scalars(sa.select(Official).where(like))
        return jsonify([[one.id, one.full_name] for one in found])


class PlanView(ModelView):
    details_template = "panel/workflow/decision.html"
    can_view_details = True
    column_details_list = ("full_name", "phone")

    def render(self, template: str, **kwargs: object) -> str:
        steps = PROCESS.leaving("submitted")
        duty = Objection("duty", say("You worked on this; it is the turn of Dewi."))
        kwargs.update(
            process=PROCESS,
            offers=[Offer(s, duty if s.name == "cancel" else None) for s in steps],
            closed=[Offer(PROCESS.transitions["close"], Objection("state", say("Too early.")))],
            turn=say("It is your turn, since %(since)s.", since=date(2025, 11, 12)),
            seen="a41f90c27be311d8" * 4,
            move_url=lambda step: f"/plan/1/move/{step}/",
            trod={("draft", "submitted"), ("submitted", "returned"), ("returned", "submitted")},
            changes=SimpleNamespace(
                note=say("Returned on %(day)s.", day=date(2025, 11, 10)),
                rows=[
                    ("Indicator", "On time", "95 of 100 before 07.30"),
                    ("Step 3", None, "Photo"),
                ],
            ),
            path=[
                SimpleNamespace(
                    at=datetime(2025, 11, 12, 2, 14), sentence="Ani submitted.", reason="", hash=""
                ),
                SimpleNamespace(
                    at=datetime(2025, 11, 10, 3), sentence="Bayu returned.", reason="No.", hash="a"
                ),
            ],
            late=say("1 day late"),
        )
        kwargs["model"].status = "submitted"
        return super().render(template, **kwargs)


def ask(name: str, label: str, kind: str, options: object = None) -> SimpleNamespace:
    return SimpleNamespace(name=name, label=label, value="", options=options, input=kind)


def deeds() -> list[SimpleNamespace]:
    common = {"address": "10.0.3.14", "request_id": "6f0c-22", "url": "/official/"}
    rows = [("Mobile phone", "0812-0000-••••", "0813-0000-••••"), ("Decree", None, "800/0412")]
    return [
        SimpleNamespace(
            at=datetime(2025, 11, 20, 2, 14),
            sentence=say("%(who)s changed %(what)s", who="Ani", what="Fulan Contoh"),
            reason="SK terlambat diterima",
            tag=None,
            parts=[Part(rows=rows)],
            number=18204,
            **common,
        ),
        SimpleNamespace(
            at=datetime(2025, 11, 19, 18, 0),
            sentence="Citra looked at a number",
            reason="",
            tag=("plum", "eye", "Personal data"),
            parts=[],
            number=18203,
            **common,
        ),
        SimpleNamespace(
            at=datetime(2025, 11, 18, 9, 0),
            sentence="Bayu was refused",
            reason="",
            tag=("stop", "s-over", "Refused"),
            parts=[],
            number=18202,
            **common,
        ),
    ]


def _process() -> Process:
    states = [
        ("draft", "Draf", "draft", ""),
        ("submitted", "Diajukan", "waiting", ""),
        ("returned", "Dikembalikan", "draft", "returned"),
        ("approved", "Disetujui", "active", ""),
        ("in_progress", "Berjalan", "active", ""),
        ("evidence_submitted", "Bukti diajukan", "waiting", ""),
        ("verified", "Terverifikasi", "done", ""),
        ("closed", "Ditutup", "done", ""),
        ("cancelled", "Dibatalkan", "cancelled", ""),
    ]
    steps = [
        ("submit", "Ajukan", ("draft", "returned"), "submitted", "main"),
        ("withdraw", "Tarik kembali", ("submitted",), "draft", "plain"),
        ("approve", "Setujui rencana", ("submitted",), "approved", "main"),
        ("return", "Kembalikan", ("submitted",), "returned", "negative"),
        ("start", "Mulai", ("approved",), "in_progress", "main"),
        ("submit_evidence", "Ajukan bukti", ("in_progress",), "evidence_submitted", "main"),
        ("send_back", "Bukti kurang", ("evidence_submitted",), "in_progress", "negative"),
        ("verify", "Verifikasi", ("evidence_submitted",), "verified", "main"),
        ("close", "Tutup", ("verified",), "closed", "main"),
        ("reopen", "Buka lagi", ("verified", "closed"), "in_progress", "negative"),
        (
            "cancel",
            "Batalkan",
            ("draft", "submitted", "returned", "approved", "in_progress", "evidence_submitted"),
            "cancelled",
            "negative",
        ),
    ]
    return Process(
        kind="action_plan",
        table="official",
        label=Label({"id": "Rencana tindak lanjut", "en": "Action plan"}),
        states={
            code: State(code, Label({"id": text}), category, tone or category)
            if code != "draft"
            else State(code, Label({"id": text}), category, category, initial=True)
            for code, text, category, tone in states
        },
        transitions={
            name: Transition(
                name,
                Label({"id": text}),
                sources,
                target,
                ("supervisor",),
                needs_reason=style == "negative",
                style=style,
                common_reasons=(VAGUE,) if name == "return" else (),
            )
            for name, text, sources, target, style in steps
        },
        role_names={"supervisor": Label({"id": "penyelia"})},
    )


PROCESS = _process()


def create_site(*, rows: int = 23, signed_in: bool = True) -> Flask:
    """The site; each call makes a database of its own."""
    app = Flask("theme_site")
    app.config.update(
        SECRET_KEY="theme",
        TESTING=True,
        SQLALCHEMY_DATABASE_URI="sqlite://",
        SQLALCHEMY_ENGINE_OPTIONS={
            "poolclass": StaticPool,
            "connect_args": {"check_same_thread": False},
        },
        PANEL_SEARCH_ENDPOINT="official.index_view",
    )
    db = SQLAlchemy(app, model_class=Base)
    CSRFProtect(app)
    language.init_app(app)
    catalogues.init_app(app)
    theme.init_app(app)
    admin = Admin(app, name="Jenjang", url="/", index_view=Home(url="/"), theme=theme.PanelTheme())
    admin.index_view.menu.icon_type, admin.index_view.menu.icon_value = "panel", "home"
    people, work = say("People and posts"), say("Oversight")
    icon = {"menu_icon_type": "panel"}
    admin.add_view(
        OfficialView(
            Official, db, say("Officials"), people, "official", menu_icon_value="people", **icon
        )
    )
    admin.add_view(
        EmptyView(Post, db, say("Posts"), people, "post", menu_icon_value="seat", **icon)
    )
    admin.add_view(PostView(Post, db, say("Seats"), people, "seat", menu_icon_value="seat", **icon))
    admin.add_view(LogView(Unit, db, say("Change log"), work, "log", menu_icon_value="log", **icon))
    admin.add_view(
        PlanView(Official, db, say("Plans"), work, "plan", menu_icon_value="target", **icon)
    )
    admin.add_link(MenuLink(name=say("Help"), url="/help/", icon_type="panel", icon_value="info"))
    for code in (400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503):
        app.add_url_rule(f"/error/{code}", f"error{code}", error_page, defaults={"code": code})
    app.add_url_rule("/refused", "refused", refused_page)
    account = SimpleNamespace(name="Ani") if signed_in else None
    shell = SimpleNamespace(
        account=account,
        role=say("clerk"),
        region_name="Kota Serang",
        region_sub="Inspektorat · 36.73",
        demo=True,
        inbox_count=5,
        language="",
        theme="",
    )
    app.context_processor(lambda: {"shell": shell})

    @app.after_request
    def strict(response):
        response.headers["Content-Security-Policy"] = CSP
        return response

    with app.app_context():
        Base.metadata.create_all(db.engine)
        fill(db, rows)
    return app


def fill(db: SQLAlchemy, rows: int) -> None:
    units = [Unit(name=f"Kelurahan {name}") for name in "ABCDEFGHIJKLMNOPQRST"]
    db.session.add_all(units)
    for n in range(rows):
        official = Official(
            full_name=f"{NAMES[n % 5]} Contoh {n + 1}, S.Sos.",
            kind=KINDS[n % 3],
            unit=units[n % 20],
            born=date(1980, 1, 1 + n % 28) if n % 4 else None,
            phone="0812-0000-1111" if n % 3 else None,
            posts=[Post(title="Lurah", since=date(2025, 10, 31))] if n % 2 else [],
        )
        db.session.add(official)
    db.session.commit()


def error_page(code: int) -> tuple[str, int]:
    return render_template(
        f"errors/{code}.html",
        incident="K-7F3A-2210" if code == 500 else None,
        at=datetime(2025, 11, 20),
    ), code


def refused_page() -> tuple[str, int]:
    refused = Refused("duty", say("Somebody else has to decide on it."))
    return render_template("panel/refused.html", refused=refused, status=403), 403

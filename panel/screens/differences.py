"""The differences of a deed, record by record: label, before and after, each by its type.

Of a long text the words that changed, of days how far apart they are, of links what came and what
went, of a file its name and the beginning of its hash.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from ..plugin import current_panel
from ..words import Sentence, say
from .archived import archived_rows
from .language import tell
from .sight import is_silent
from .stored import Known, entities, keys_in, kind_of, label_of, told
from .values import address_of, screen_of

#: Letters from which on a text is compared word by word, and words that are compared at most.
LONG, MOST_WORDS = 60, 3000
#: Words that stay around a change; what lies further away is left out.
AROUND = 6
#: Digits of a hash that tell one file from another.
HASH = 12
#: Columns that make the one line of a file.
FILE = frozenset({"name", "sha256", "size", "media_type"})

DONE = {
    "I": say("added"),
    "U": say("changed"),
    "D": say("deleted"),
}


@dataclass(frozen=True)
class Words:
    """A long text beside its other version: pieces of it, and whether each changed."""

    pieces: list[tuple[bool, str]]

    def __str__(self) -> str:
        return "".join(text for _, text in self.pieces)


@dataclass(frozen=True)
class Part:
    """What a deed did to one record: its name and address, what was done, and the values."""

    title: Any = ""
    url: str | None = None
    done: Any = ""
    #: Label, before and after.
    rows: list[tuple[Any, Any, Any]] = field(default_factory=list)


def parts_of(changes: Sequence[Any], subject: tuple[str, str], known: Known) -> list[Part]:
    """The differences of a deed: first of the record that it is about, then of each other one."""
    own = [one for one in changes if (one.tbl, one.pk) == subject]
    rest = [one for one in changes if (one.tbl, one.pk) != subject]
    found = [Part(rows=rows) for one in own if (rows := rows_of(one, known))]
    found += links_of([one for one in rest if is_link(one.tbl)], known)
    for one in rest:
        rows = [] if is_link(one.tbl) else rows_of(one, known)
        if rows:
            record = known.get(one.tbl, {}).get(one.pk)
            url = address_of(record) if record is not None else None
            found.append(Part(titled(one, record), url, DONE[one.op], rows))
    gone = archived_rows(list(changes))
    return [*found, Part(rows=gone)] if gone else found


def titled(change: Any, record: Any) -> Sentence:
    """The kind and the name of a record other than the one that its deed is about."""
    kind = kind_of(change.tbl)
    if record is None:
        return say("%(kind)s %(id)s", kind=kind, id=", ".join(keys_in(change.pk)))
    screen = screen_of(change.tbl)
    name = screen.title_of(record) if screen is not None else record
    return say("%(kind)s: %(name)s", kind=kind, name=name)


def rows_of(change: Any, known: Known) -> list[tuple[Any, Any, Any]]:
    """Label, before and after of every field of a captured row."""
    values = {
        column: both(change.op, value)
        for column, value in sorted(change.values.items())
        if not is_silent(change.tbl, column) and (column != "id" or change.op == "U")
    }
    if change.op != "U" and is_file(change.tbl):
        return [(kind_of(change.tbl), *file_told(change, values))]
    rows = []
    for column, (old, new) in values.items():
        if old != new:
            pair = compared(change.tbl, column, old, new, known)
            rows.append((label_of(change.tbl, column), *pair))
    return rows


def compared(
    table: str, column: str, old: str | None, new: str | None, known: Known
) -> tuple[Any, Any]:
    """Two stored values side by side, as their type is best read."""
    before, after = (told(table, column, text, known) for text in (old, new))
    if before is None or after is None:
        return before, after
    if days := days_between(table, column, old, new):
        return before, say("%(day)s (%(days)s)", day=after, days=days)
    if max(len(before), len(after)) >= LONG and " " in before.strip() and " " in after.strip():
        return by_words(before, after)
    return before, after


def days_between(table: str, column: str, old: str | None, new: str | None) -> Sentence | None:
    """How far a day was moved."""
    entity = entities().get(table)
    kind = getattr(entity.__table__.c.get(column), "type", None) if entity is not None else None
    if not isinstance(kind, sa.Date):
        return None
    try:
        moved = (date.fromisoformat(new or "") - date.fromisoformat(old or "")).days
    except ValueError:  # written past the application
        return None
    if abs(moved) == 1:
        return say("a day later") if moved > 0 else say("a day earlier")
    if moved > 0:
        return say("%(count)s days later", count=moved)
    return say("%(count)s days earlier", count=-moved)


def by_words(old: str, new: str) -> tuple[Any, Any]:
    """Two texts with the words marked that one of them does not have."""
    one, two = (re.findall(r"\s+|\S+", text) for text in (old, new))
    if max(len(one), len(two)) > MOST_WORDS:
        return old, new
    steps = difflib.SequenceMatcher(None, one, two, autojunk=False).get_opcodes()
    if all(step[0] != "equal" for step in steps):
        return old, new
    before, after = list[tuple[bool, str]](), list[tuple[bool, str]]()
    for number, (name, i, j, k, m) in enumerate(steps):
        if name == "equal":
            text = shortened(one[i:j], first=number == 0, last=number == len(steps) - 1)
            before.append((False, text))
            after.append((False, text))
            continue
        before += [(True, "".join(one[i:j]))] if i < j else []
        after += [(True, "".join(two[k:m]))] if k < m else []
    return Words(before), Words(after)


def shortened(words: list[str], *, first: bool, last: bool) -> str:
    """What is the same in both texts: of a long stretch the words beside the changes."""
    kept = 2 * AROUND  # every other piece is a blank
    if len(words) <= 2 * kept + 2 or (first and last):
        return "".join(words)
    head = "" if first else "".join(words[:kept])
    tail = "" if last else "".join(words[-kept:])
    return f"{head} … {tail}" if head or tail else "".join(words)


# Links and files


def is_link(table: str) -> bool:
    """Whether rows of a table only link records: a key of several columns, all of them keys."""
    known = current_panel().db.metadata.tables.get(table)
    if known is None or len(known.primary_key.columns) < 2:
        return False
    return all(column.foreign_keys for column in known.columns)


def links_of(changes: Sequence[Any], known: Known) -> list[Part]:
    """One line for each kind of link: what was linked before and is no more, and what is now."""
    found = []
    for table in dict.fromkeys(one.tbl for one in changes):
        lists: dict[str, list[str]] = {"D": [], "I": []}
        for one in changes:
            if one.tbl == table and one.op in lists:
                name = " · ".join(ends(one, known))
                if name not in lists[one.op]:
                    lists[one.op].append(name)
        gone, came = (", ".join(lists[op]) or None for op in ("D", "I"))
        if gone or came:
            found.append(Part(rows=[(kind_of(table), gone, came)]))
    return found


def ends(change: Any, known: Known) -> list[str]:
    """The names of the records that a link holds together, without that of a bookkeeping key."""
    table = current_panel().db.metadata.tables[change.tbl]
    names = []
    for column, text in change.values.items():
        keys = [key for key in table.c[column].foreign_keys if key.column.primary_key]
        if not keys or is_silent(change.tbl, column):
            continue
        kind = keys[0].column.table.name
        record = known.get(kind, {}).get(text)
        number = say("%(kind)s %(id)s", kind=kind_of(kind), id=text)
        names.append(tell(record if record is not None else number))
    return names


def is_file(table: str) -> bool:
    """Whether rows of a table are files, known by their hash."""
    entity = entities().get(table)
    return entity is not None and set(entity.__table__.c.keys()) >= FILE


def file_told(change: Any, values: dict[str, tuple[Any, Any]]) -> tuple[Any, Any]:
    """A file before and after: its name, and the beginning of its hash."""
    pairs = []
    for place in (0, 1):
        name, digest = (values.get(one, (None, None))[place] for one in ("name", "sha256"))
        shown = told(change.tbl, "name", name)
        missing = name is None and digest is None
        words = {"name": shown or say("without a name"), "hash": str(digest or "")[:HASH]}
        pairs.append(None if missing else say("%(name)s (SHA-256 %(hash)s…)", **words))
    return pairs[0], pairs[1]


def both(op: str, value: Any) -> tuple[str | None, str | None]:
    """A captured value as before and after."""
    if op == "I":
        return None, value
    if op == "D":
        return value, None
    return value[0], value[1]

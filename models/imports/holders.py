"""Who holds a post, held it or will: how that ends, and what stands against a new holder; pure."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from panel.words import Sentence, say

from .outcomes import Draft, Pair
from .people import Held, Known
from .posts import Post

if TYPE_CHECKING:
    from .officials import Directory

DAY = timedelta(days=1)


class Holders:
    """The recorded holders of posts, in words and as what is to be written of them."""

    def __init__(self, known: Directory) -> None:
        self.known = known

    def _objection(self, post: Post, ending: list[Held], begins: date | None) -> Sentence | None:
        """Why the post cannot begin then, or None."""
        if begins is None:
            if not ending:
                return None
            return say(
                "Since when? Fill in the day of this row (TMT), or one day for all rows on the "
                "page of the columns."
            )
        if post.valid_from is not None and begins < post.valid_from:
            return say("This post exists since %(day)s, not before.", day=post.valid_from)
        if post.valid_to is not None:
            return say("This post exists until %(day)s, not after.", day=post.valid_to)
        late = next((one for one in ending if one.started_on and begins <= one.started_on), None)
        if late is not None:
            return say(
                "%(name)s began as %(post)s on %(day)s. Choose a later day.",
                name=self._name_of(late),
                post=self._post_named(late),
                day=late.started_on,
            )
        return None

    def _met(
        self, post: Post, official: Known | None, status: str, begins: date | None
    ) -> Sentence | None:
        """Who had the post after that day already, or has it from a later day on; or None."""
        if begins is None:
            return None
        for one in self.known.former.get(post.id, []):
            mine = official is not None and one.official_id == official.id
            alike = one.status == status and (mine or status == "definitive")
            if alike and one.ended_on is not None and one.ended_on >= begins:
                return say(
                    "%(name)s had this post until %(day)s. Choose a later day.",
                    name=self._name_of(one),
                    day=one.ended_on,
                )
        if status != "definitive":
            return None
        coming = [*self.known.holders.get(post.id, []), *(official.held if official else [])]
        for one in coming:
            if one.status == "definitive" and one.started_on and one.started_on > begins:
                return say(
                    "%(name)s begins as %(post)s on %(day)s already. Change that appointment "
                    "first.",
                    name=self._name_of(one),
                    post=self._post_named(one),
                    day=one.started_on,
                )
        return None

    def _end(self, held: Held, begins: date | None, decree: str | None) -> Draft:
        last = (begins - DAY).isoformat() if begins else None
        was = held.ended_on.isoformat() if held.ended_on else None
        values: dict[str, Pair] = {"ended_on": (was, last)}
        if decree and decree != held.decree_no:
            values["end_decree_no"] = (None, decree)
        label = f"{self._name_of(held)} ({self._post_named(held)})"
        return Draft("appointment", held.id, "update", label, values)

    def _leaves(self, held: Held) -> Sentence:
        return say(
            "%(name)s leaves %(post)s.", name=self._name_of(held), post=self._post_named(held)
        )

    def _name_of(self, held: Held) -> str:
        return self.known.people.by_id[held.official_id].display_name

    def _post_named(self, held: Held) -> str:
        post = self.known.posts.by_id.get(held.position_id)
        return post.choice_name if post else ""

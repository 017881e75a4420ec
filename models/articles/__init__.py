"""The text of a news page: read without what surrounds it, and what it tells about a session.

Pure. `read_article` takes the furniture of the page away and says what it took; `propose` says
what the text tells, each with the words that it rests on. Nothing is stored and nothing made up.
"""

from __future__ import annotations

from .known import Known, Named, Person, Present
from .proposals import FIELDS, Proposal
from .proposing import propose
from .reading import Article, Dropped, put_back, read_article

__all__ = [
    "FIELDS",
    "Article",
    "Dropped",
    "Known",
    "Named",
    "Person",
    "Present",
    "Proposal",
    "propose",
    "put_back",
    "read_article",
]

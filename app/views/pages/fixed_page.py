"""Pages that belong to no item of the session, such as the training lab: one of each, opened by an action."""

from collections.abc import Callable
from dataclasses import dataclass

from app.views.pages.page import Page

PREFIX = "page:"  # of the ids of fixed pages; no item's id begins like this


@dataclass(frozen=True, kw_only=True, eq=False)
class FixedPage:
    """What `PageKeeper.add_fixed` is told of such a page.

    The page follows the document by itself: nobody calls its `show_result`. What its `view_state` says is kept with
    the session, and while the session is open also when the page is closed and opened again.
    """

    id: str  # ``page:training``
    title: str  # of its tab
    icon: str  # name of a file in resources/icons
    make: Callable[[], Page]  # called each time the page is opened; the page's `item_id` is this `id`

    def __post_init__(self) -> None:
        if not self.id.startswith(PREFIX):
            raise ValueError(f"The id of a fixed page begins with {PREFIX}, but this one is {self.id}.")

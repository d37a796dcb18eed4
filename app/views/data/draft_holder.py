"""What the pages of the table wizard share: the draft, as far as it has got."""

from core.data.tables.card_draft import CardDraft


class DraftHolder:
    """Holds the draft; each page puts its edited one back."""

    def __init__(self) -> None:
        self.draft: CardDraft | None = None

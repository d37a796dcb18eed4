"""What the whole window shares: the document, the selection, running results, settings. QtCore only."""

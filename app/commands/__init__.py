"""Every edit of the document as a small record, and the history that undoes them. QtCore only."""

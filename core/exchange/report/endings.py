"""What a report can be written as. Loads no library that draws."""

ENDINGS = (".pdf", ".html", ".htm")
FILTER = "PDF (*.pdf);;Web page (*.html)"

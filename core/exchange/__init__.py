"""Results for other tools and for paper: tables, arrays, figures and reports."""

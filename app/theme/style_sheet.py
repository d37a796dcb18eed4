"""What a palette cannot say: spacing and the titles of docks. Short on purpose; Fusion does the rest."""

from app.theme.colours import Colours
from app.theme.icons import FOLDER


def style_sheet(colours: Colours) -> str:
    """The style sheet of the whole application."""
    # Fusion draws the frame of a check box darker than the window, which cannot be seen in the dark. The mark is an
    # image, because a style sheet that frames a box must also fill it.
    marks = FOLDER.parent / "marks"
    check_mark, part_mark = (f"image: url({(marks / name).as_posix()});" for name in ("check.svg", "part.svg"))
    return f"""
QDockWidget {{ font-weight: 600; }}
QDockWidget::title {{
    text-align: left; padding: 5px 8px; background: {colours.window}; border-bottom: 1px solid {colours.border};
}}
QToolBar {{ border: none; border-bottom: 1px solid {colours.border}; padding: 3px; spacing: 4px; }}
QToolButton {{ padding: 3px 6px; }}
QStatusBar {{ border-top: 1px solid {colours.border}; }}
QStatusBar::item {{ border: none; }}
QMainWindow::separator {{ background: {colours.border}; width: 1px; height: 1px; }}
QMainWindow::separator:hover {{ background: {colours.accent}; }}
QCheckBox::indicator, QTableView::indicator, QTreeView::indicator {{
    width: 12px; height: 12px; border: 1px solid {colours.muted}; border-radius: 2px; background: {colours.base};
}}
QCheckBox::indicator:checked, QTableView::indicator:checked, QTreeView::indicator:checked {{
    background: {colours.accent}; border-color: {colours.accent}; {check_mark} }}
QCheckBox::indicator:indeterminate, QTreeView::indicator:indeterminate {{
    background: {colours.accent}; border-color: {colours.accent}; {part_mark} }}
QTreeView::indicator:selected {{ border-color: {colours.base}; }}
QCheckBox::indicator:focus {{ border: 2px solid {colours.accent}; }}
QToolTip {{
    color: {colours.text}; background: {colours.tooltip}; border: 1px solid {colours.border}; padding: 4px;
}}
"""

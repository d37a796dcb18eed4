"""What a palette cannot say: spacing and the titles of docks. Short on purpose; Fusion does the rest."""

from app.theme.colours import Colours


def style_sheet(colours: Colours) -> str:
    """The style sheet of the whole application."""
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
QToolTip {{
    color: {colours.text}; background: {colours.tooltip}; border: 1px solid {colours.border}; padding: 4px;
}}
"""

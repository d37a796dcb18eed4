"""What is judged while somebody drags: geometry on what was proved before, no network and no torch."""

"""What is written down when something goes wrong that nobody foresaw: errors, freezes, crashes."""

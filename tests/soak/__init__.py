"""A long day at the window, watched for what grows: ``packaging/dev.py soak --minutes 120 --seed 0``."""

"""What the cameras recorded: taken piece by piece, proven complete, kept, shown, dropped in time.

Read rules → models → store (the files) → actions → sealing → consumers.
"""

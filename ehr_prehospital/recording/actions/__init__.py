"""A recording arrives, is sealed, is held or dropped in time, and leaves in clips."""

"""The emergency department: its settings, its bays, and what hangs in its corridor."""

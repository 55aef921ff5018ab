"""What happened, once, in order: audit trail, outbox and live feed in one.

Rows hold ids and codes, never names, free text or clinical values, so that a
feed cannot leak health data. Each row carries the hash of the row before it.
"""

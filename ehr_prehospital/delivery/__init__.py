"""What leaves the house for other systems: queued first, sent in order, tried until it is answered.

Knows bytes, partners and answers; what the bytes say is the business of the adapter of their kind.
"""

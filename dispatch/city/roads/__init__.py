"""Roads: from OpenStreetMap ways to "how long until it is there".

Read `speeds` (what a way allows), `network` (ways become a graph), `snap` (a point
becomes a place on an edge), `router` (what others may ask), `csr` (the answer).
No Django here: the arrays must be usable from any process, and testable in microseconds.
"""

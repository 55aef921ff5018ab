"""`make chaos-uplink`: real vehicles and a real centre while everything between them breaks.

Read in this order: `device` (what is measured), `truth` (what is written down of it), `agent` (the
vehicle's process), `units` and `programs` (both from outside), `links` (the way between), `faults`
(what strikes), `field` (how), `judge` (what is in the database), `__main__` (one run).
"""

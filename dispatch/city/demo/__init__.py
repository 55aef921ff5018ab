"""A fictional riverside city of a million people, drawn from a seed.

Read `plan` (what the city is), `streets` (how blocks fill), `planar` (lines become a
network), `buildings`, `sites`, `write`. The result is an ordinary map extract plus
two tables, imported like any real city; nothing else may depend on this folder.
All lengths are metres on a plane, x east and y north of the city's centre.
"""

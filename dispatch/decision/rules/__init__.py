"""Which unit, which hospital: judged from what is passed in, with typed reasons. All pure.

Nothing is looked up here: policy, candidates, road times and the clock are given, so
that a stored input gives the same answer again, or another one under another policy.
"""

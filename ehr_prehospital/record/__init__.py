"""The structured record of one patient on one mission.

Entries are added or replaced, versions are closed; nothing is ever edited.
"""

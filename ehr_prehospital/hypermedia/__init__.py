"""The hypermedia record (超媒体病历): everything of one mission on one time line.

Read timeline (what may stand on it) → moments (what we put there) → queries → views. Other features
put their own there: each has its line in config/timeline.py.
"""

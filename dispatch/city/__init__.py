"""The city underneath: roads, places and the base map of one imported region.

`python manage.py import_city` fills it; `queries` is the door for everybody else.
It knows nothing of calls, ambulances or patients.
"""

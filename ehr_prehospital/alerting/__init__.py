"""Who of a hospital is told of an alert, through which channel, and when the next one is.

Knows hospitals, people and the queue of deliveries; no patient: a text that leaves the house names
the ambulance, the urgency and where to look, never who is in it or what they have.
"""

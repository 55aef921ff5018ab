"""A consult: who is called from the vehicle, who answers, what is drawn, ordered and done.

Read calls → duty → thread → drawing. Knows the record and the handover, never the exports.
"""

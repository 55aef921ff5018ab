"""A call becomes an ambulance on its way.

Read calls → decision → fleet → live. Below them lie city (roads and places),
journal (what happened, once, in order) and people (who may do it); uplink
brings in what the vehicles say. Nothing here knows of clinical data.
"""

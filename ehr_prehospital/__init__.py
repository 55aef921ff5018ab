"""From patient contact to handover: the clinical side.

Read vitals → record → handover; access lies below them all and is the only
door to a patient. This app imports dispatch, never the other way round: a
control room runs without clinical data.
"""

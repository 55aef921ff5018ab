"""Pathways (绿色通道): a suspicion, its versioned checklist, its clocks, the team that is called.

Read rules → files (checklists/*.toml) → actions → proposing. Crew, dispatcher and hospital look at
the same rows; what of them is clinical is kept from the dispatcher in items.
"""

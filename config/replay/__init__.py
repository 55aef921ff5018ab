"""A log of real incidents, lived through again with simulated crews.

Read table → places → durations → replay; rules and report do the arithmetic.
Everything that a person would do goes through the same actions as the screens;
simulated time is kept here and nowhere else.
"""

"""The record in the words of others: NEMSIS, FHIR, the Chinese forms. One folder a standard.

Every exporter is a pure mapping of one canonical record; each standard's table is data. The
folders know no database: what reads it is `reading.py`.
"""

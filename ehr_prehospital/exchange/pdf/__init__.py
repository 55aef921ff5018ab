"""The record and the handover sheet as PDF for A4, set by typst with fonts of our own."""

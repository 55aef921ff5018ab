"""What is wrong with a patient or with the signal, and what becomes of an alarm. All pure."""

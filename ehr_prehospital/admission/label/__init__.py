"""The wristband: who this is and by which number, to print on board or in the department."""

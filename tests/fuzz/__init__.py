"""Fuzzing: any text gives a verdict, quickly, and never an exception. Long runs by command."""

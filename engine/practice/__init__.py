"""The state of a lesson and of a quiz, without any screen."""

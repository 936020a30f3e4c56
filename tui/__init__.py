"""The terminal app: screens, widgets, the plain line mode and the command line."""

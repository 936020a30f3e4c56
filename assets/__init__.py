"""Problems and translations, shipped inside the wheel and read by `importlib.resources`."""

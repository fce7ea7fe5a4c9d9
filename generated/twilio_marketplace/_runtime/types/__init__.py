"""Models and the checks of values on their way in and out."""

"""Python source as text: literals, types, docstrings, imports."""

# Made with a template of our own.

"""How the parts of an API are called by rule, before the configuration has its say."""

"""The templates: where their texts come from, and what each is given."""

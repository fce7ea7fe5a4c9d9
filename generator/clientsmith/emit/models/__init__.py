"""The models module, made by datamodel-code-generator and checked."""

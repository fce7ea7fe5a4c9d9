"""The members of unions: which is which on the other side, what `oneOf` excludes, what discriminators say."""

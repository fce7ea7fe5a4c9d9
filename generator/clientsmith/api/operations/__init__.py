"""Operations of a document made into methods: arguments, bodies, responses, credentials."""

"""The recorded-response server: answers out of tapes and a document, with faults on demand."""

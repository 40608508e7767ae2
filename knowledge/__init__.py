"""The librarian: files in, answers out; sole writer of the content and of the index."""

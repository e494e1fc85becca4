"""A catalogue of books: HTTP in front, PostgreSQL behind."""

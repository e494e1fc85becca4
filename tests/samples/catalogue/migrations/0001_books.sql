CREATE TABLE books (
    book_id integer PRIMARY KEY,
    title text NOT NULL,
    shelf text
);
CREATE TABLE loans (
    book_id integer NOT NULL REFERENCES books,
    reader text NOT NULL,
    note text
);
INSERT INTO books VALUES (1, 'Emma', 'A7');

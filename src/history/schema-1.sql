-- Every audit as the lines of its own file (audit.bezet): `head` is the first, each `whole` a further one.
CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    sum TEXT NOT NULL UNIQUE,
    client TEXT,
    added_at INTEGER NOT NULL,
    head TEXT NOT NULL
) STRICT;
CREATE TABLE call (
    audit INTEGER NOT NULL REFERENCES audit (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    line TEXT NOT NULL,
    recorded_at TEXT,
    whole TEXT NOT NULL,
    PRIMARY KEY (audit, position)
) STRICT;

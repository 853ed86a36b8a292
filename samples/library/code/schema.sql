-- Orders of a small shop: a customer has orders, an order has lines.
CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT UNIQUE);
CREATE TABLE purchase (id INTEGER PRIMARY KEY, customer INTEGER REFERENCES customer, placed_at TEXT);
CREATE TABLE purchase_line (purchase INTEGER REFERENCES purchase, article TEXT, quantity INTEGER,
                            price_cents INTEGER, PRIMARY KEY (purchase, article));
CREATE INDEX purchase_by_customer ON purchase (customer, placed_at);

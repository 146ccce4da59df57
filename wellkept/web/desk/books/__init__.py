"""What the pages of a client's books are composed of: reports as documents, charts, choices of time. Counts nothing itself."""

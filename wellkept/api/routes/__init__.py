"""One module for each noun of the API; each loads through a `for_staff` and calls one action or shows one query."""

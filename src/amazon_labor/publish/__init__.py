"""From executed notebooks and claim records to self-contained HTML pages and the ledger.

The libraries that make HTML are imported when the first page is made, so that asking what is out of date costs nothing.
"""

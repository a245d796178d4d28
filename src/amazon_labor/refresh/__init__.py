"""Bringing tables up to date from their primary sources, as a new vintage beside the old one.

- `recipe` reads from the data package how a table is made of series; `plan` says which requests that takes;
- `fetch` is the only place that speaks HTTP; `fred`, `bls`, `edgar` know the shapes of three interfaces, `manual` the
  files that a person downloads;
- `assemble` makes a table of the series, `checks` and `identities` refuse it if it cannot be right;
- `store` writes the vintage whole or not at all; `revisions`, `moved`, `firsts` and `report` say what it changed.
"""

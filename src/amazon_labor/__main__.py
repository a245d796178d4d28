"""``python -m amazon_labor`` is the command ``amazon-labor``."""

from amazon_labor.cli import main

if __name__ == "__main__":
    main()

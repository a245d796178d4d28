"""``python -m amazon_labor`` is the command ``amazon-labor``."""


def main() -> None:
    """Run the command. Worker processes import the program they belong to once more: it must cost them nothing."""
    from amazon_labor import cli

    cli.main()


if __name__ == "__main__":
    main()

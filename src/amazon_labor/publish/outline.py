"""The collection as planned: four parts, twenty-three questions, so that the index can say what is still missing."""

PARTS: dict[str, tuple[tuple[int, str, str], ...]] = {
    "Amazon and the pandemic": (
        (1, "amazon_profits", "Amazon’s profits"),
        (2, "big_five_market_cap", "The market value of the Big Five"),
        (3, "easing_and_equities", "Monetary easing and share prices"),
        (4, "bezos_wealth", "One man’s wealth"),
        (5, "cloud_and_ai", "The cloud and artificial intelligence"),
        (6, "digital_boom", "The digital boom"),
    ),
    "The labour model": (
        (7, "workforce", "The workforce"),
        (8, "turnover", "Turnover"),
        (9, "injuries", "Injuries"),
        (10, "wages", "Wages"),
    ),
    "The decline of unions": (
        (11, "union_density_history", "A century of union density"),
        (12, "young_workers", "Young workers"),
        (13, "pandemic_members", "Members in the pandemic"),
        (14, "decline_decomposition", "Why density fell"),
        (15, "states", "The states"),
        (16, "wage_premium", "The wage premium"),
        (17, "labor_and_capital", "Labour and capital"),
        (18, "international", "Other countries"),
    ),
    "The victory and what next": (
        (19, "jfk8_election", "The vote at JFK8"),
        (20, "nlrb_elections", "All elections"),
        (21, "organizing_wave", "The organising wave"),
        (22, "job_quality_and_opinion", "Job quality and opinion"),
        (23, "first_contracts", "First contracts"),
    ),
}
TOTAL = sum(len(notebooks) for notebooks in PARTS.values())


def unwritten(written: set[str]) -> list[tuple[str, list[tuple[int, str]]]]:
    """Parts with the notebooks that do not exist yet, as (number, title)."""
    left = [(part, [(n, title) for n, name, title in items if name not in written]) for part, items in PARTS.items()]
    return [(part, items) for part, items in left if items]

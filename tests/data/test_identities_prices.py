"""Price tables: identities that the published numbers obey, with the exceptions spelled out."""

import pandas as pd
import pytest

from amazon_labor import catalog

# Annual index, monthly index whose mean it is, largest difference that rounding of the annual figure allows.
ANNUAL_AND_MONTHLY = [
    ("CPI-U", "CPI-U NSA", 0.05),
    ("CPI-U-RS", "CPI-U-RS NSA", 0.05),
    ("C-CPI-U", "C-CPI-U NSA", 0.05),
    ("C-CPI-U extended by EPI", "C-CPI-U extended by EPI, NSA", 0.05),
    ("PCE price index", "PCE price index SA", 0.001),
]
SHUTDOWN_MONTH = pd.Timestamp("2025-10-01")  # no prices were collected: federal shutdown
ROUNDING = 1e-6


@pytest.fixture(scope="module")
def monthly() -> pd.DataFrame:
    """Months by index."""
    table = catalog.load("prices/price_indexes_monthly")
    return table.pivot(index="date", columns="index_name", values="index_value")


@pytest.fixture(scope="module")
def annual() -> pd.DataFrame:
    """Years by index."""
    table = catalog.load("prices/price_indexes_annual")
    return table.pivot(index="year", columns="index_name", values="index_value")


@pytest.mark.parametrize(("yearly", "by_month", "tolerance"), ANNUAL_AND_MONTHLY)
def test_mean_of_the_months_is_the_annual_index(
    monthly: pd.DataFrame, annual: pd.DataFrame, yearly: str, by_month: str, tolerance: float
) -> None:
    """I29. Complete years only; 2025 has eleven months and its own test."""
    months = monthly[by_month].dropna()
    by_year = months.groupby(months.index.year)
    mean = by_year.mean()[by_year.count() == 12].drop(2025, errors="ignore")
    difference = (annual[yearly] - mean).dropna().abs()
    assert len(difference) >= 25
    assert difference.max() <= tolerance + ROUNDING


@pytest.mark.parametrize("index_name", ["CPI-U", "CPI-U-RS", "C-CPI-U", "C-CPI-U extended by EPI"])
def test_annual_index_of_2025_is_the_mean_of_eleven_months(
    monthly: pd.DataFrame, annual: pd.DataFrame, index_name: str
) -> None:
    """I29. October 2025 was filled in for the extended chained index alone, and even its annual figure leaves it out."""
    by_month = {yearly: name for yearly, name, _ in ANNUAL_AND_MONTHLY}[index_name]
    months = monthly.loc["2025", by_month].drop(SHUTDOWN_MONTH, errors="ignore").dropna()
    assert len(months) == 11
    assert annual.loc[2025, index_name] == pytest.approx(months.mean(), abs=0.05 + ROUNDING)


def test_extended_chained_index_alone_has_a_filled_value_for_october_2025(monthly: pd.DataFrame) -> None:
    """The mean of twelve months of that series misses the annual figure by 0.16: the month is not a measurement."""
    filled = monthly.loc[SHUTDOWN_MONTH].dropna().index.tolist() if SHUTDOWN_MONTH in monthly.index else []
    assert filled == ["C-CPI-U extended by EPI, NSA", "PCE price index SA"]


def test_every_index_is_positive_and_moves_less_than_six_percent_a_month(monthly: pd.DataFrame) -> None:
    """I29. The largest step is the end of price control, July 1946."""
    for name in monthly.columns:
        months = monthly[name].dropna()
        assert (months > 0).all(), name
        assert months.pct_change().abs().max() < 0.06, name
    assert monthly["CPI-U NSA"].dropna().pct_change().idxmax() == pd.Timestamp("1946-07-01")


@pytest.mark.parametrize("index_name", ["CPI-U NSA", "CPI-U SA", "CPI-U-RS NSA", "C-CPI-U NSA"])
def test_the_only_gap_in_a_consumer_price_series_is_october_2025(monthly: pd.DataFrame, index_name: str) -> None:
    """Real gap of the agency; no interpolated row."""
    months = monthly[index_name].dropna().index
    complete = pd.date_range(months[0], months[-1], freq="MS")
    assert complete.difference(months).tolist() == [SHUTDOWN_MONTH]


@pytest.mark.parametrize("index_name", ["C-CPI-U extended by EPI, NSA", "CPI-U-X1 NSA", "PCE price index SA"])
def test_other_price_series_have_no_gap(monthly: pd.DataFrame, index_name: str) -> None:
    """First to last month."""
    months = monthly[index_name].dropna().index
    assert months.equals(pd.date_range(months[0], months[-1], freq="MS", name=months.name))


@pytest.mark.parametrize(
    ("index_name", "first", "last"),
    [
        ("CPI-U NSA", "1982-01", "1984-12"),
        ("CPI-U SA", "1982-01", "1984-12"),
        ("PCE price index SA", "2017-01", "2017-12"),
    ],
)
def test_an_index_is_100_on_average_over_its_base_period(
    monthly: pd.DataFrame, index_name: str, first: str, last: str
) -> None:
    """The base labels were not read in a source: the values confirm them."""
    assert monthly.loc[first:last, index_name].mean() == pytest.approx(100, abs=0.05)


@pytest.mark.parametrize(("index_name", "month"), [("CPI-U-RS NSA", "1977-12-01"), ("C-CPI-U NSA", "1999-12-01")])
def test_an_index_is_100_in_its_base_month(monthly: pd.DataFrame, index_name: str, month: str) -> None:
    """December 1977 and December 1999."""
    assert monthly.loc[pd.Timestamp(month), index_name] == 100


def test_shiller_price_index_is_the_unadjusted_consumer_price_index(monthly: pd.DataFrame) -> None:
    """The file of 2023 holds provisional figures in three months: the last two, and one of March 2023."""
    shiller = catalog.load("markets/sp500_valuation_monthly").set_index("date")["cpi_index"]
    difference = (shiller - monthly["CPI-U NSA"]).dropna().abs()
    assert len(difference) > 1300
    assert difference[difference > 0.01].index.strftime("%Y-%m").tolist() == ["2023-03", "2023-08", "2023-09"]


@pytest.mark.parametrize(
    ("year", "parity", "words"),
    [
        ("2014", 122.3, "third of all metropolitan areas"),
        ("2015", 121.9, "highest of the large areas, tied"),
        ("2019", 125.7, "second of the large areas"),
    ],
)
def test_new_york_area_price_level_and_rank(year: str, parity: float, words: str) -> None:
    """X29. As the releases of the Bureau of Economic Analysis word it."""
    table = catalog.load("prices/regional_price_parities", vintage="all")
    row = table[(table["year"] == year) & table["area"].str.startswith("New York-Newark")]
    assert row["rpp_all_items"].tolist() == [parity]
    assert row["rank_note"].tolist() == [words]


def test_no_listed_area_of_a_release_contradicts_the_rank_it_prints() -> None:
    """X29. As many areas of the release lie above as the printed place says."""
    table = catalog.load("prices/regional_price_parities", vintage="all")
    places = {"highest": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "sixth": 5}
    checked = 0
    for (_, area_type), group in table.groupby(["vintage", "area_type"]):
        # The District of Columbia is ranked with the states in one note and apart from them in the others.
        group = group[~group["area"].eq("District of Columbia")]
        ranked = group[group["rank_note"].fillna("").str.split().str[0].isin(places)]
        for row in ranked.itertuples():
            above = (group["rpp_all_items"] > row.rpp_all_items).sum()
            assert above == places[row.rank_note.split()[0].rstrip(",")], (area_type, row.area)
            checked += 1
    assert checked >= 15

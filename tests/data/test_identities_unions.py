"""Sums, rates and second sources that the tables of data/unions must keep, with the documented exceptions written out.

Levels of the agency are printed in whole thousands and its rates with one decimal; UnionStats prints both with more.
A tolerance is the rounding of what is compared, unless the test says otherwise.
"""

import numpy as np
import pandas as pd
import pytest

from amazon_labor import catalog

AGES = ["16-24", "25-34", "35-44", "45-54", "55-64", "65 and over"]
LEVELS = ["employment_thousands", "members_thousands", "represented_thousands"]
STATE_LEVELS = ["employment_thousands", "members_thousands", "covered_thousands"]
ALL = "all wage and salary workers"
WAGES = ["union_wage_usd_per_hour", "nonunion_wage_usd_per_hour"]


@pytest.fixture(scope="module")
def national() -> pd.DataFrame:
    return catalog.load("unions/membership_national_bls")


@pytest.fixture(scope="module")
def characteristic() -> pd.DataFrame:
    return catalog.load("unions/membership_by_characteristic_bls")


@pytest.fixture(scope="module")
def groups() -> pd.DataFrame:
    return catalog.load("unions/membership_by_group_unionstats", vintage="all")


@pytest.fixture(scope="module")
def states() -> pd.DataFrame:
    return catalog.load("unions/membership_by_state_unionstats")


@pytest.fixture(scope="module")
def premium() -> pd.DataFrame:
    return catalog.load("unions/wage_premium_by_group")


def _rounding(frame: pd.DataFrame, rate: str, decimals: int = 1) -> "pd.Series[float]":
    """Largest gap that rounding allows between a printed rate and the quotient of two printed whole levels."""
    return 0.5 * 10.0**-decimals + 50 * (1 + frame[rate] / 100) / frame["employment_thousands"] + 1e-9


def _gap(frame: pd.DataFrame, level: str, rate: str) -> "pd.Series[float]":
    return (100 * frame[level] / frame["employment_thousands"] - frame[rate]).abs()


def _of(groups: pd.DataFrame, group: str, column: str = "members_thousands") -> "pd.Series[float]":
    return groups[groups["group"] == group].set_index("year")[column]


# Bureau of Labor Statistics, national


@pytest.mark.parametrize(
    ("level", "rate", "rows"),
    [("members_thousands", "density_percent", 120), ("represented_thousands", "coverage_percent", 86)],
)
def test_national_rates_are_levels_over_employment(national: pd.DataFrame, level: str, rate: str, rows: int) -> None:
    both = national.dropna(subset=["employment_thousands", level, rate])
    assert len(both) == rows
    assert (_gap(both, level, rate) <= _rounding(both, rate)).all()


@pytest.mark.parametrize("level", LEVELS)
def test_private_and_government_add_to_the_total_from_2000(national: pd.DataFrame, level: str) -> None:
    wide = national.pivot(index="year", columns="sector", values=level).loc[2000:].dropna()
    assert list(wide.index)[:23] == list(range(2000, 2023))
    assert (wide["private"] + wide["government"] - wide["total"]).abs().max() <= 1


def test_before_2000_the_sectors_fall_short_because_they_leave_out_agriculture(national: pd.DataFrame) -> None:
    wide = national.pivot(index="year", columns="sector", values="members_thousands").loc[1983:1999]
    short = wide["total"] - wide["private"] - wide["government"]
    assert len(short) == 17
    assert short.between(18, 49).all()


def test_derived_levels_reproduce_the_published_changes(national: pd.DataFrame) -> None:
    """Changes printed in the releases of January 2024 and 2025; the total of 2024 was read, not derived."""
    wide = national.pivot(index="year", columns="sector", values="members_thousands")
    change = wide.diff()
    assert change.loc[2023, "private"] == 191
    assert change.loc[2024, "private"] == -184
    assert change.loc[2024, "government"] == 15
    assert change.loc[2025, "total"] == 410
    assert wide.loc[2024, "private"] + wide.loc[2024, "government"] == wide.loc[2024, "total"] == 14255


def test_derived_levels_round_to_the_millions_the_releases_print(national: pd.DataFrame) -> None:
    level = national.set_index(["year", "sector"])["members_thousands"] / 1000
    printed = {(2024, "private"): 7.2, (2024, "government"): 7.0, (2024, "total"): 14.3, (2025, "total"): 14.7}
    assert {key: round(level[key], 1) for key in printed} == printed


def test_only_levels_from_2023_on_are_derived(national: pd.DataFrame) -> None:
    basis = national.set_index(["year", "sector"])["members_basis"]
    derived = [(2023, "government"), (2023, "private"), (2024, "government"), (2024, "private"), (2025, "total")]
    assert list(basis[basis == "derived"].index) == derived
    assert list(basis[basis.isna()].index) == [(2025, "government"), (2025, "private")]
    assert (basis.notna() == national.set_index(["year", "sector"])["members_thousands"].notna()).all()


def test_derived_private_levels_lie_within_six_thousand_of_unionstats(
    national: pd.DataFrame, groups: pd.DataFrame
) -> None:
    """Second source for 2023 and 2024: the UnionStats release of 2025, computed from the public files."""
    private = national[national["sector"] == "private"].set_index("year")["members_thousands"]
    gap = (_of(groups, "private sector: all") - private).loc[[2023, 2024]]
    assert gap.abs().max() <= 6


def test_the_total_is_the_same_in_both_bls_tables(national: pd.DataFrame, characteristic: pd.DataFrame) -> None:
    """Only the employment of 2024 and the derived members of 2025 stand in one of the two."""
    left = national[national["sector"] == "total"].set_index("year")
    right = characteristic[characteristic["dimension"] == "total"].set_index("year")
    one_sided = {}
    for column in [*LEVELS, "density_percent", "coverage_percent"]:
        assert ((left[column] - right[column]).dropna() == 0).all(), column
        one_sided[column] = list(left.index[left[column].notna() != right[column].notna()])
    assert {column: years for column, years in one_sided.items() if years} == {
        "employment_thousands": [2024],
        "members_thousands": [2025],
    }


# Bureau of Labor Statistics, by characteristic


@pytest.mark.parametrize(
    ("level", "rate"), [("members_thousands", "density_percent"), ("represented_thousands", "coverage_percent")]
)
def test_group_rates_are_levels_over_employment(characteristic: pd.DataFrame, level: str, rate: str) -> None:
    both = characteristic.dropna(subset=["employment_thousands", level, rate])
    assert len(both) > 900
    assert (_gap(both, level, rate) <= _rounding(both, rate)).all()


@pytest.mark.parametrize("level", LEVELS)
def test_men_and_women_and_the_six_ages_add_to_the_total(characteristic: pd.DataFrame, level: str) -> None:
    wide = characteristic.pivot(index="year", columns="group", values=level)
    total = wide["Total, 16 years and over"]
    by_sex = (wide["Men"] + wide["Women"] - total).dropna()
    by_age = (wide[AGES].sum(axis=1, skipna=False) - total).dropna()
    assert list(by_sex.index) == list(range(1983, 2023))
    assert set(by_age.index) - {1997} == set(range(2000, 2023))  # of 1997 only employment was found
    assert by_sex.abs().max() <= 2
    assert by_age.abs().max() <= 2


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("age", [*AGES, "25 and over"])
def test_men_and_women_of_an_age_add_to_the_age(characteristic: pd.DataFrame, level: str, age: str) -> None:
    wide = characteristic.pivot(index="year", columns="group", values=level).loc[2000:2022]
    assert (wide[f"Men {age}"] + wide[f"Women {age}"] - wide[age]).abs().max() <= 1


def test_full_and_part_time_do_not_add_because_some_are_unclassified(characteristic: pd.DataFrame) -> None:
    wide = characteristic.pivot(index="year", columns="group", values="employment_thousands").loc[2000:2022]
    unclassified = wide["Total, 16 years and over"] - wide["Full-time workers"] - wide["Part-time workers"]
    assert unclassified.between(171, 283).all()


def test_official_state_rates_are_levels_over_employment() -> None:
    """Levels are rounded to thousands, which is much in a small state; the District of Columbia in 2025 has the largest gap."""
    frame = catalog.load("unions/membership_by_state_bls").dropna(subset=["members_thousands", "density_percent"])
    frame = frame.dropna(subset=["employment_thousands"])
    gap = _gap(frame, "members_thousands", "density_percent")
    assert len(frame) == 101
    assert (gap <= _rounding(frame, "density_percent")).all()
    assert frame.loc[gap.idxmax(), ["state", "year"]].tolist() == ["DC", 2025]


# UnionStats


@pytest.mark.parametrize("level", STATE_LEVELS)
@pytest.mark.parametrize(
    "parts",
    [
        ("private sector: all", "public sector: all"),
        ("demographics: male", "demographics: female"),
        ("demographics: college or more", "demographics: less than college"),
    ],
)
def test_two_parts_add_to_all_workers(groups: pd.DataFrame, level: str, parts: tuple[str, str]) -> None:
    gap = (sum(_of(groups, part, level) for part in parts) - _of(groups, ALL, level)).dropna()
    assert len(gap) >= 45
    assert gap.abs().max() <= 0.001 + 1e-6


@pytest.mark.parametrize(
    ("level", "rate"), [("members_thousands", "density_percent"), ("covered_thousands", "coverage_percent")]
)
def test_unionstats_rates_are_levels_over_employment(groups: pd.DataFrame, level: str, rate: str) -> None:
    """The eight rows of the later release print levels with one decimal, so their quotient is less exact."""
    gap = _gap(groups, level, rate)
    assert gap[groups["vintage"] == "2023"].max() <= 0.0002
    assert gap[groups["vintage"] == "2025"].max() <= 0.001


def test_members_never_exceed_covered_workers(groups: pd.DataFrame, states: pd.DataFrame) -> None:
    for frame in (groups.dropna(subset=["covered_thousands"]), states):
        assert (frame["members_thousands"] <= frame["covered_thousands"]).all()


def test_there_is_no_1982_and_no_coverage_before_1977(groups: pd.DataFrame, premium: pd.DataFrame) -> None:
    for frame in (groups, premium):
        assert sorted(set(range(1973, 2023)) - set(frame["year"])) == [1982]
    assert groups.loc[groups["covered_thousands"].notna(), "year"].min() == 1977
    may = groups["survey"] == "CPS May supplement"
    assert set(groups.loc[may, "year"]) == set(range(1973, 1982))


def test_seven_industries_leave_out_agriculture_and_mining(groups: pd.DataFrame) -> None:
    industry = groups[(groups["group_type"] == "industry") & (groups["vintage"] == "2023")]
    for level, low, high in (("employment_thousands", 0.97, 0.99), ("members_thousands", 0.98, 0.997)):
        share = industry.groupby("year")[level].sum() / _of(groups, ALL, level)
        assert share.dropna().between(low, high).all(), level
    assert (industry.groupby("year").size() == 7).all()


@pytest.mark.parametrize("level", STATE_LEVELS)
def test_states_add_to_the_nation_in_every_sector(states: pd.DataFrame, groups: pd.DataFrame, level: str) -> None:
    sums = states.pivot_table(index="year", columns="sector", values=level, aggfunc="sum")
    nation = {
        "Total": ALL,
        "Private": "private sector: all",
        "Public": "public sector: all",
        "Priv. Construction": "private sector: construction",
        "Priv. Manufacturing": "private sector: manufacturing",
    }
    for sector, group in nation.items():
        assert (sums[sector] - _of(groups, group, level).loc[1983:2022]).abs().max() <= 0.01, sector


@pytest.mark.parametrize("level", STATE_LEVELS)
def test_private_and_public_add_to_the_total_of_every_state(states: pd.DataFrame, level: str) -> None:
    wide = states.pivot(index=["year", "state"], columns="sector", values=level)
    assert len(wide) == 51 * 40
    assert (wide["Private"] + wide["Public"] - wide["Total"]).abs().max() <= 0.001 + 1e-6


def test_cells_under_sixty_persons_are_all_construction_or_manufacturing(states: pd.DataFrame) -> None:
    small = states[states["sample_size"] < 60]
    assert len(small) == 129
    assert set(small["sector"]) == {"Priv. Construction", "Priv. Manufacturing"}


def test_detailed_industry_rates_are_levels_over_employment() -> None:
    frame = catalog.load("unions/membership_by_detailed_industry")
    assert _gap(frame, "members_thousands", "density_percent").max() <= 0.005
    assert _gap(frame, "covered_thousands", "coverage_percent").max() <= 0.005
    assert frame["employment_thousands"].sum() == pytest.approx(122_408, abs=1)  # true mean near 137 million


def test_logistics_industries_equal_the_sum_of_their_states() -> None:
    """Sums over the states of the same tabulation (204 rows, cells down to three persons, not kept as a table)."""
    frame = catalog.load("unions/membership_by_detailed_industry").set_index("census_industry_code")
    sums = {
        "6170": (1627.651, 140.707),
        "6370": (630.513, 398.344),
        "6380": (829.692, 192.585),
        "6390": (665.654, 35.869),
    }
    for code, (employment, members) in sums.items():
        assert frame.loc[code, "employment_thousands"] == pytest.approx(employment, abs=0.01)
        assert frame.loc[code, "members_thousands"] == pytest.approx(members, abs=0.01)


# Wages


def test_raw_premium_is_the_quotient_of_the_mean_wages(premium: pd.DataFrame) -> None:
    quotient = 100 * (premium[WAGES[0]] / premium[WAGES[1]] - 1)
    assert (quotient - premium["premium_raw_percent"]).abs().max() <= 0.0035  # wages are printed with four decimals


def test_mean_wage_lies_between_the_union_and_the_nonunion_wage(premium: pd.DataFrame) -> None:
    imputed = catalog.load("unions/wage_premium_with_imputed").dropna(subset=WAGES)
    for frame in (premium, imputed):
        mean = frame["mean_wage_usd_per_hour"]
        assert mean.between(frame[WAGES].min(axis=1), frame[WAGES].max(axis=1)).all()


def test_keeping_imputed_earners_lowers_the_premium_since_1996(premium: pd.DataFrame) -> None:
    """Imputation ignores union status; in 1994 and 1995 the imputed cannot be told apart in the public files."""
    without = _of(premium, ALL, "premium_raw_percent")
    kept = catalog.load("unions/wage_premium_with_imputed").set_index("year")["premium_raw_with_imputed_percent"]
    assert (without - kept).loc[1996:2022].min() > 0
    assert (without[2000], without[2022]) == pytest.approx((22.8, 6.5), abs=0.05)
    assert (kept[2000], kept[2022]) == pytest.approx((16.7, 3.8), abs=0.05)


def test_union_medians_exceed_nonunion_medians() -> None:
    frame = catalog.load("unions/median_weekly_earnings")
    union, nonunion, every = (frame[f"{who}_usd_per_week"] for who in ("union_members", "nonunion", "all_workers"))
    assert (union > nonunion).all()
    assert every.dropna().between(nonunion[every.notna()], union[every.notna()]).all()


def test_wage_panel_is_balanced_and_has_the_published_moments() -> None:
    """545 men, eight years, 24.4 percent union (Vella and Verbeek 1998, Wooldridge's wagepan)."""
    panel = catalog.load("unions/wage_panel")
    assert (panel.groupby("person").size() == 8).all()
    assert panel["person"].nunique() == 545
    assert panel["union"].mean() == pytest.approx(0.244, abs=0.0005)
    assert (panel["experience_years"] ** 2 == panel["experience_squared"]).all()
    constant = panel.groupby("person")[["schooling_years", "black", "hispanic"]].nunique()
    assert (constant == 1).all().all()


def test_wage_panel_equals_the_file_of_the_package() -> None:
    package = pytest.importorskip("linearmodels.datasets.wage_panel")
    theirs = package.load().sort_values(["nr", "year"]).reset_index(drop=True)
    ours = catalog.load("unions/wage_panel")
    names = {"person": "nr", "schooling_years": "educ", "experience_years": "exper", "log_hourly_wage": "lwage"}
    same = {"hispanic": "hisp", "hours_per_year": "hours", "experience_squared": "expersq"}
    for mine, name in {**names, **same, **{n: n for n in ("year", "union", "black", "married", "occupation")}}.items():
        assert np.allclose(ours[mine].astype(float), theirs[name], rtol=0, atol=1e-12), mine

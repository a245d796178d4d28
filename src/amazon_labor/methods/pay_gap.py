"""Why pay of typical workers grew less than output per hour: three parts that add up in logarithms.

Output per hour over typical pay is the product of three ratios: output over mean pay (the inverse of labour's share), mean
pay over typical pay (inequality of pay), and, where the two are deflated by different indexes, a ratio of prices. Their
log changes add up exactly (in the manner of Bivens and Mishel 2015, whose third part is called terms of trade).

Reference
---------
Bivens, J. and Mishel, L. (2015), Understanding the historic divergence between productivity and a typical worker's pay,
Economic Policy Institute Briefing Paper 406.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Year:
    """One year: output, mean pay and typical pay per hour in current prices, and the price levels that deflate them."""

    output: float
    mean_pay: float
    typical_pay: float
    output_price: float
    pay_price: float


@dataclass(frozen=True)
class Gap:
    """Log points (100 times the change of the logarithm); `labour_share` + `inequality` + `prices` = `total`."""

    productivity: float
    pay: float
    labour_share: float
    inequality: float
    prices: float

    @property
    def total(self) -> float:
        return self.productivity - self.pay

    @property
    def parts(self) -> Mapping[str, float]:
        return {"labour_share": self.labour_share, "inequality": self.inequality, "prices": self.prices}


def decompose(start: Year, end: Year) -> Gap:
    """Split the gap that opened between real output per hour and real typical pay.

    Raises
    ------
    ValueError
        If a value is not positive.
    """
    for year in (start, end):
        for name, value in vars(year).items():
            if not (math.isfinite(value) and value > 0):
                raise ValueError(f"{name} is {value!r}; a logarithm needs positive numbers.")
    output, mean, typical, output_price, pay_price = (
        100 * math.log(getattr(end, name) / getattr(start, name)) for name in vars(start)
    )
    return Gap(
        productivity=output - output_price,
        pay=typical - pay_price,
        labour_share=output - mean,
        inequality=mean - typical,
        prices=pay_price - output_price,
    )

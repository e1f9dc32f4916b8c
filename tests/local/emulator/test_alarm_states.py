"""An alarm's state by its data: the tables of CloudWatch's documentation, row by row.

AmazonCloudWatch/latest/monitoring, alarms-and-missing-data (awsdocs/amazon-cloudwatch-user-guide,
doc_source/AlarmThatSendsEmail.md). ``0`` is a data point that is well, ``X`` one that breaches, ``-`` one
that is missing; CloudWatch looks at five where three are evaluated.
"""

import pytest

from local.emulator.alarm_states import AlarmCondition, Point, enough_samples, state
from local.emulator.metric_math import ExpressionError, evaluate

TREATMENTS = ("missing", "ignore", "breaching", "notBreaching")
BEFORE = "the state before"
OK, ALARM, NO_DATA = "OK", "ALARM", "INSUFFICIENT_DATA"
POINTS: dict[str, Point] = {"0": 0.0, "X": 1.0, "-": None}

THREE_OF_THREE = {
    "0 - X - X": (OK, OK, OK, OK),
    "0 - - - -": (OK, OK, OK, OK),
    "- - - - -": (NO_DATA, BEFORE, ALARM, OK),
    "0 X X - X": (ALARM, ALARM, ALARM, ALARM),
    "- - - - X": (NO_DATA, BEFORE, ALARM, OK),
    "X - - - -": (ALARM, BEFORE, ALARM, OK),
    "- - X - -": (ALARM, BEFORE, ALARM, OK),
}
TWO_OF_THREE = {
    "0 - X - X": (ALARM, ALARM, ALARM, ALARM),
    "0 0 X 0 X": (ALARM, ALARM, ALARM, ALARM),
    "0 - X - -": (OK, OK, ALARM, OK),
    "- - - - 0": (OK, OK, ALARM, OK),
    "- - - - X": (NO_DATA, BEFORE, ALARM, OK),
    "- - - X -": (ALARM, BEFORE, ALARM, OK),
}
ROWS = [
    (datapoints, row, treatment, expected)
    for datapoints, table in ((3, THREE_OF_THREE), (2, TWO_OF_THREE))
    for row, states in table.items()
    for treatment, expected in zip(TREATMENTS, states, strict=True)
]


@pytest.mark.parametrize(("datapoints", "row", "treatment", "expected"), ROWS)
def test_missing_data_is_treated_as_cloudwatch_documents(
    datapoints: int, row: str, treatment: str, expected: str
) -> None:
    condition = AlarmCondition(
        "GreaterThanThreshold", 0.5, periods=3, datapoints=datapoints, missing=treatment
    )
    assert state(condition, [POINTS[word] for word in row.split()], BEFORE) == expected


@pytest.mark.parametrize(
    ("percentile", "samples", "enough"),
    [(99, 999, False), (99, 1000, True), (95, 199, False), (95, 200, True), (10, 99, False), (10, 100, True)],
)
def test_a_percentile_needs_ten_samples_beyond_it(percentile: float, samples: int, enough: bool) -> None:
    assert enough_samples(percentile, samples) is enough


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("m1 + m2", [11.0, None, None, 44.0]),
        ("100 * m1 / m2", [10.0, None, None, 10.0]),
        ("m1 / z", [None, None, None, None]),
        ("-m1", [-1.0, None, -3.0, -4.0]),
        ("FILL(m1, 0)", [1.0, 0.0, 3.0, 4.0]),
        ("FILL(m2, REPEAT)", [10.0, 20.0, 20.0, 40.0]),
        ("FILL(m1, m2)", [1.0, 20.0, 3.0, 4.0]),
        ("FILL(m1, 0) + FILL(m2, 0)", [11.0, 20.0, 3.0, 44.0]),
        ("IF(m1 > 2, 1, 0)", [0.0, None, 1.0, 1.0]),
        ("IF(FILL(m1, 0) > 2 AND FILL(m2, 0) >= 40, m1, 0)", [0.0, 0.0, 0.0, 4.0]),
        ("m1 < 2 || m1 == 4", [1.0, None, 0.0, 1.0]),
        ("(m1 + 1) * 2", [4.0, None, 8.0, 10.0]),
    ],
)
def test_an_expression_is_computed_period_by_period(expression: str, expected: list[Point]) -> None:
    series: dict[str, list[Point]] = {
        "m1": [1.0, None, 3.0, 4.0],
        "m2": [10.0, 20.0, None, 40.0],
        "z": [0.0, 0.0, 0.0, 0.0],
    }
    assert evaluate(expression, series) == expected


@pytest.mark.parametrize("expression", ["ANOMALY_DETECTION_BAND(m1)", "m1 +", "m9", "m1 ** 2"])
def test_what_is_not_understood_is_said(expression: str) -> None:
    with pytest.raises(ExpressionError):
        evaluate(expression, {"m1": [1.0]})

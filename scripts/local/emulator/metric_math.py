"""Evaluates metric math of alarms, as far as Slipway's alarms use it: arithmetic, comparisons, IF, FILL.

AmazonCloudWatch/latest/monitoring/using-metric-math. A series has one data point per period, the oldest
first; None is a missing one. A result of a missing point is missing too, unless FILL replaces it. A division
by zero gives no data point.
"""

import ast
import operator
import re
from collections.abc import Callable, Mapping, Sequence

from local.emulator.alarm_states import Point

Series = list[Point]
Value = Series | float
BINARY: dict[type[ast.AST], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.And: lambda left, right: bool(left) and bool(right),
    ast.Or: lambda left, right: bool(left) or bool(right),
}
WORDS = {"AND": "and", "&&": "and", "OR": "or", "||": "or"}


class ExpressionError(ValueError):
    """An expression that the evaluator does not support; the message shows the part."""


def names(expression: str) -> set[str]:
    """The identifiers in an expression; the ids of its series are among them."""
    return set(re.findall(r"[A-Za-z_]\w*", expression))


def evaluate(expression: str, series: Mapping[str, Sequence[Point]]) -> Series:
    """The series of an expression. series: those of its metrics by id. Raises ExpressionError."""
    text = re.sub(r"\bAND\b|\bOR\b|&&|\|\|", lambda word: f" {WORDS[word[0]]} ", expression)
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except SyntaxError as problem:
        raise ExpressionError(f"{expression}: {problem.msg}") from problem
    length = max(map(len, series.values()), default=0)
    value = _value(tree, {name: list(points) for name, points in series.items()})
    return value if isinstance(value, list) else [value] * length


def _value(node: ast.AST, series: Mapping[str, Series]) -> Value:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return float(node.value)
    if isinstance(node, ast.Name) and node.id in series:
        return series[node.id]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return _call(node.func.id, node.args, series)
    match node:
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return _both(operator.sub, 0.0, _value(operand, series))
        case (
            ast.BinOp(left=left, op=kind, right=right)
            | ast.Compare(left=left, ops=[kind], comparators=[right])
        ):
            return _of(kind, [left, right], series)
        case ast.BoolOp(op=kind, values=values):
            return _of(kind, values, series)
    raise ExpressionError(f"not supported: {ast.unparse(node)}")


def _of(kind: ast.AST, parts: Sequence[ast.AST], series: Mapping[str, Series]) -> Value:
    if type(kind) not in BINARY:
        raise ExpressionError(f"not supported: {type(kind).__name__}")
    found, *others = (_value(part, series) for part in parts)
    for other in others:
        found = _both(BINARY[type(kind)], found, other)
    return found


def _both(function: Callable[[float, float], float], left: Value, right: Value) -> Value:
    """Applies a function point by point; a number is treated as a constant series."""
    if not isinstance(left, list) and not isinstance(right, list):
        return float(function(left, right))
    size = len(left if isinstance(left, list) else right)  # type: ignore[arg-type]  # one of them is a list
    pairs = zip(_spread(left, size), _spread(right, size), strict=True)
    return [_point(function, *pair) for pair in pairs]


def _point(function: Callable[[float, float], float], left: Point, right: Point) -> Point:
    if left is None or right is None:
        return None
    try:
        return float(function(left, right))
    except ZeroDivisionError:
        return None


def _spread(value: Value, size: int) -> Series:
    return value if isinstance(value, list) else [value] * size


def _call(name: str, arguments: Sequence[ast.AST], series: Mapping[str, Series]) -> Value:
    if name == "FILL" and len(arguments) == 2:
        return _fill(_value(arguments[0], series), arguments[1], series)
    if name == "IF" and len(arguments) == 3:
        condition, yes, no = (_value(argument, series) for argument in arguments)
        if not isinstance(condition, list):
            return yes if condition else no
        chosen = zip(condition, _spread(yes, len(condition)), _spread(no, len(condition)), strict=True)
        return [None if test is None else left if test else right for test, left, right in chosen]
    raise ExpressionError(f"not supported: {name} with {len(arguments)} arguments")


def _fill(value: Value, filling: ast.AST, series: Mapping[str, Series]) -> Value:
    """Replaces missing points by a number, another series' point or, for REPEAT, the point before."""
    if not isinstance(value, list):
        return value
    if isinstance(filling, ast.Name) and filling.id == "REPEAT":
        last: Point = None
        return [last := point if point is not None else last for point in value]
    others = _spread(_value(filling, series), len(value))
    return [other if point is None else point for point, other in zip(value, others, strict=True)]

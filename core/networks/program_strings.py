"""The strings that a `.pt2` program may hold: names, operators of torch, and arithmetic over sizes. Nothing else."""

import ast
import json
import re

from core.errors import UnsupportedNetwork

NAME = re.compile(r"[\w.@+\-]*", re.ASCII)  # of nodes, parameters, devices, versions: no blank, bracket or quote
TEXT = re.compile(r"[\w .,>\-:+]*", re.ASCII)  # arguments such as "nearest", "bij,bjk->bik"
VERSION = re.compile(r"[\w.+<=\-]*", re.ASCII)
OPERATOR = re.compile(r"torch\.ops\.(aten|prims)\.\w+\.\w+|torch\.sym_\w+", re.ASCII)
# Arithmetic over sizes; other functions of these two modules can call whatever they are given.
PLAIN_FUNCTIONS = {
    *(f"_operator.{name}" for name in ("add", "sub", "mul", "floordiv", "truediv", "mod", "pow", "neg", "pos", "abs")),
    *(f"_operator.{name}" for name in ("eq", "ne", "lt", "le", "gt", "ge", "and_", "or_", "not_", "getitem")),
    *(f"math.{name}" for name in ("trunc", "ceil", "floor", "sqrt")),
}
REACHES_THE_DISK = re.compile(r"torch\.ops\.aten\.\w*file\w*\.\w+")  # from_file creates what it maps
REFUSED_KEYS = {  # subgraphs, script objects and effect tokens: no part of a network that classifies
    *("as_graph", "as_custom_obj", "custom_obj", "as_operator", "as_string_to_argument", "token", "as_token"),
}
EXPRESSIONS = {  # what torch writes for sizes: sympy's own notation, with these functions
    *("Symbol", "Integer", "Float", "Rational", "Add", "Mul", "Pow", "Mod", "Max", "Min", "true", "false"),
    *("FloorDiv", "ModularIndexing", "Where", "PythonMod", "CleanDiv", "CeilToInt", "FloorToInt", "RoundToInt"),
    *("Equality", "Unequality", "GreaterThan", "LessThan", "StrictGreaterThan", "StrictLessThan", "And", "Or", "Not"),
    *("Eq", "Ne", "Ge", "Le", "Gt", "Lt", "ToFloat", "IntTrueDiv", "FloatTrueDiv", "TruncToInt"),
}
PARTS_OF_EXPRESSIONS = (
    *(ast.Expression, ast.Call, ast.Name, ast.Load, ast.Constant, ast.keyword),
    *(ast.UnaryOp, ast.USub, ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow),
)
CONTAINERS = {None, "builtins.tuple", "builtins.list", "builtins.dict"}


def recognise(part: object, key: str = "") -> None:
    """Walk through a program's JSON and refuse any string that is not one of those known to be harmless.

    Raises
    ------
    UnsupportedNetwork
        Naming the first string, or kind of argument, that was not recognised.
    """
    if isinstance(part, dict):
        for name, value in part.items():
            if name in REFUSED_KEYS and value not in (None, [], {}):
                _refuse("uses", name)
            _recognise_text(name, "")
            recognise(value, name)
    elif isinstance(part, list):
        for value in part:
            recognise(value, key)
    elif isinstance(part, str):
        _recognise_text(part, key)


def _recognise_text(text: str, key: str) -> None:
    match key:
        case "target":
            if text not in PLAIN_FUNCTIONS and (not OPERATOR.fullmatch(text) or REACHES_THE_DISK.fullmatch(text)):
                _refuse("calls", text)
        case "expr_str":
            _recognise_expression(text)
        case "in_spec" | "out_spec":
            _recognise_structure(text)
        case "as_string" | "as_strings":
            if not TEXT.fullmatch(text):
                _refuse("passes the text", text)
        case "torch_version":
            if not VERSION.fullmatch(text):
                _refuse("names the version", text)
        case _:
            if not NAME.fullmatch(text):
                _refuse("uses the name", text)


def _recognise_expression(text: str) -> None:
    """Arithmetic over symbols such as ``s77``: torch evaluates these texts as Python."""
    try:
        nodes = list(ast.walk(ast.parse(text, mode="eval")))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        _refuse("computes a size by", text)
    for node in nodes:
        known = isinstance(node, PARTS_OF_EXPRESSIONS)
        if isinstance(node, ast.Name):  # the name itself, or what is called: a call of anything else is no Name
            known = node.id in EXPRESSIONS or re.fullmatch(r"[suzf]+\d+", node.id) is not None
        elif isinstance(node, ast.Call):
            known = isinstance(node.func, ast.Name)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            known = re.fullmatch(r"[\w.+\-]+", node.value, re.ASCII) is not None and "__" not in node.value
        if not known:
            _refuse("computes a size by", text)


def _recognise_structure(text: str) -> None:
    """How inputs and outputs are nested: other containers than Python's own would import their module."""
    try:
        waiting = [json.loads(text)[1]]
        while waiting:
            spec = waiting.pop()
            if spec["type"] not in CONTAINERS:
                _refuse("takes or gives", str(spec["type"]))
            context = json.loads(spec["context"]) if spec["context"] else None
            if context not in (None, []):
                _refuse("takes the named inputs", spec["context"])
            waiting += spec["children_spec"]
    except (ValueError, LookupError, TypeError):
        _refuse("takes or gives", text)


def _refuse(verb: str, what: str) -> None:
    raise UnsupportedNetwork(
        f'The program {verb} "{what[:120]}", which is not known to be harmless, so it is not loaded. '
        "Export a network made of torch's own layers that takes one tensor and gives one."
    )

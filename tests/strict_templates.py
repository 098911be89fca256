"""Our templates name only what their context holds.

Django renders an undefined variable as nothing, so that a typing mistake in a template goes unseen
for years. During the tests, a variable that a template of this project writes or loops over must
exist. What a template says on purpose stays allowed: `{% if note %}`, `{{ note|default:"" }}` and
`{% firstof %}` may name a variable that is missing. Templates of Django and of other packages are
left alone: they rely on Django's leniency.

Django's own `string_if_invalid` cannot do this: it is one value for every template of the engine,
and it switches the `default` filter off. So the parser is taught where each expression comes from.
"""

from copy import copy

from django.conf import settings
from django.template import VariableDoesNotExist
from django.template.base import FilterExpression, Parser
from django.template.defaultfilters import default, default_if_none
from django.template.defaulttags import ForNode


class UndefinedVariable(AssertionError):
    """A template of this project names a variable that its context does not hold."""


class StrictFilterExpression(FilterExpression):
    """`{{ variable|filter }}` as parsed in a template of this project."""

    required = False

    def __init__(self, token, parser):
        super().__init__(token, parser)
        self.origin_name = parser.origin.name

    def resolve(self, context, ignore_failures=False):
        has_default = bool(self.filters) and self.filters[0][0] in (default, default_if_none)
        if not self.is_var or has_default or (ignore_failures and not self.required):
            return super().resolve(context, ignore_failures)
        resolved = copy(self)
        try:
            resolved.var = self.var.resolve(context)
        except VariableDoesNotExist as error:
            raise UndefinedVariable(f"« {self.token} » is not defined in {self.origin_name}") from error
        resolved.is_var = False
        return resolved.resolve(context)


def is_ours(origin):
    """Whether a template lies under our `templates/` folder."""
    return origin is not None and str(origin.name).startswith(f"{settings.BASE_DIR / 'templates'}/")


def compile_filter(parser, token):
    return (StrictFilterExpression if is_ours(parser.origin) else FilterExpression)(token, parser)


def loop_over_what_exists(node, loopvars, sequence, *args, original=ForNode.__init__, **kwargs):
    """`{% for %}` asks Django to ignore a missing list; not in our templates."""
    if isinstance(sequence, StrictFilterExpression):
        sequence.required = True
    original(node, loopvars, sequence, *args, **kwargs)


def install(monkeypatch):
    """Hold every template compiled from now on to the rule; `monkeypatch` undoes it."""
    monkeypatch.setattr(Parser, "compile_filter", compile_filter)
    monkeypatch.setattr(ForNode, "__init__", loop_over_what_exists)

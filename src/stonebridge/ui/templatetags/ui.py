"""Small tags that the templates of every room may load with ``{% load ui %}``."""

from django import template
from django.template import Context

from stonebridge.ui.shell import Shell
from stonebridge.ui.shortcuts import Shortcut, shortcuts

register = template.Library()


@register.simple_tag(takes_context=True)
def shortcut_list(context: Context) -> tuple[Shortcut, ...]:
    """The shortcuts as the officer at the desk has chosen them."""
    shell = context.get("shell")
    return shortcuts(shell.keys if isinstance(shell, Shell) else None)

"""The small parts of a page as tags (a builtin, no `{% load %}`): icon, status, notice, why, field, sorter, pager …

What is larger stands in `kehou/templates/components/` and is included with plain values. Every part with its states is
shown at `/components/`; how to use them is told in `kehou/templates/components/README.md`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, Field, Form, ModelChoiceField, RadioSelect
from django.template import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from kehou.rules import sentences
from kehou.rules.clauses import clauses_of
from kehou.rules.verdicts import Refusal

register = template.Library()

DASHES = "---------"  # Django's first line of a list of rows
# kind → the icon that says the same thing without colour
_NOTICE_ICONS = {"info": "info-circle", "wait": "hourglass", "refusal": "hand-stop", "done": "circle-check"}
_STATUS_ICONS = {"done": "check", "live": "clock-play", "wait": "hourglass", "refused": "x", "plain": "circle-dot"}


# --- Icons, states, notices -------------------------------------------------------------------------------------------


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, label: str = "") -> SafeString:
    """Return one icon of the sprite; without a label it is decoration and screen readers pass over it."""
    href = f"{static('icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="icon" width="20" height="20" role="img" aria-label="{}"><use href="{}"/></svg>', label, href
        )
    return format_html('<svg class="icon" width="20" height="20" aria-hidden="true"><use href="{}"/></svg>', href)


@register.simple_tag
@lru_cache(maxsize=2048)  # a long list says the same few words fifty times
def status(kind: str, text: str, icon_name: str = "") -> SafeString:
    """Return where a thing stands: kind is one of done, live, wait, refused, plain."""
    drawn = icon(icon_name or _STATUS_ICONS[kind])
    return format_html('<span class="state state--{}">{}{}</span>', kind, drawn, text)


@register.simple_block_tag
def notice(content: str, kind: str = "info", title: str = "", live: bool = False) -> SafeString:
    """Return a sentence to the reader; kind is one of info, wait, refusal, done. `live` has it read out at once."""
    return _notice(mark_safe(content), kind=kind, title=title, live=live)


def _notice(body: str | SafeString, *, kind: str, title: str = "", live: bool = False) -> SafeString:
    role = mark_safe(' role="alert"') if live else ""
    head = format_html('<p class="notice__title">{}</p>', title) if title else ""
    return format_html(
        '<div class="notice notice--{}"{}>{}<div class="notice__body">{}{}</div></div>',
        kind, role, icon(_NOTICE_ICONS[kind]), head, body,
    )  # fmt: skip


@register.simple_tag
def basis(code: str) -> SafeString:
    """Return 点开看依据 with the words of the clauses behind a rule code; nothing where the policy is silent."""
    clauses = clauses_of(code)
    if not clauses:
        return mark_safe("")
    quoted = format_html_join(
        "",
        '<blockquote class="basis__clause">{}<cite>《实施意见》{}（{}）</cite></blockquote>',
        ((clause.words, clause.section, clause.id) for clause in clauses),
    )
    return format_html('<details class="basis"><summary>点开看依据</summary>{}</details>', quoted)


@register.simple_tag
def why(*refusals: Refusal | None, title: str = "现在还不能办") -> SafeString:
    """Return the refusals as one notice, each sentence with its clause; nothing if there are none."""
    standing = [refusal for refusal in refusals if refusal is not None]
    if not standing:
        return mark_safe("")
    said = format_html_join("", "<p>{}</p>{}", ((sentences.say(refusal), basis(refusal.code)) for refusal in standing))
    return _notice(said, kind="refusal", title=title)


@register.simple_tag
def button(
    label: str,
    refusal: Refusal | None = None,
    *,
    kind: str = "primary",
    icon_name: str = "",
    name: str = "",
    value: str = "",
    href: str = "",
    wide: bool = False,
    busy: str = "",
) -> SafeString:
    """Return a button of the form it stands in, or a link that looks like one if `href` is given.

    With a refusal it cannot be pressed, stays reachable for the keyboard and says why, with the clause.
    `busy` is what it says while the form is being sent.
    """
    css = f"button button--{kind}" + (" button--wide" if wide else "")
    inside = format_html("{}{}", icon(icon_name) if icon_name else "", label)
    if refusal is not None:
        return format_html(
            '<div class="refused"><button type="button" class="{}" aria-disabled="true">{}</button>'
            '<div class="refused__why"><p>{}</p>{}</div></div>',
            css, inside, sentences.say(refusal), basis(refusal.code),
        )  # fmt: skip
    if href:
        return format_html('<a class="{}" href="{}">{}</a>', css, href, inside)
    extra = format_html_join(
        "",
        ' {}="{}"',
        ((key, text) for key, text in (("name", name), ("value", value), ("data-busy-label", busy)) if text),
    )
    return format_html('<button type="submit" class="{}"{}>{}</button>', css, extra, inside)


@register.simple_block_tag
def blank(content: str, title: str, icon_name: str = "file-text") -> SafeString:
    """Return an empty state: the title says what will stand here, the content what must come first, with a link."""
    return format_html(
        '<div class="blank">{}<p class="blank__title">{}</p><div class="blank__body">{}</div></div>',
        icon(icon_name), title, mark_safe(content),
    )  # fmt: skip


@register.simple_block_tag(takes_context=True)
def page_header(context: Context, content: str, title: str, **facts: Any) -> SafeString:
    """Return the head of a page; its content is the buttons.

    Known facts: lead, deadline (a day or an instant), late (bool), waiting (who waits), state_kind and state.
    """
    values = {"title": title, "actions": mark_safe(content.strip()), "now": context.get("now"), **facts}
    return render_to_string("components/page_header.html", values)


# --- Navigation -------------------------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def nav_link(context: Context, url: str, label: str, icon_name: str, count: int = 0, exact: bool = False) -> SafeString:
    """Return one entry of a desk's navigation; `url` is a path or the name of a page.

    It is current when the page's address begins with it (`exact`: when it is the same). Where a page's name is not
    known yet the entry is left out, so that desks can grow one page at a time.
    """
    if not url.startswith("/"):
        try:
            url = reverse(url)
        except NoReverseMatch:
            return mark_safe("")
    request = context.get("request")
    path = request.path if request else ""
    here = path == url if exact else path.startswith(url)
    return format_html(
        '<a class="nav-item" href="{}"{}>{}<span>{}</span>{}</a>',
        url, mark_safe(' aria-current="page"') if here else "", icon(icon_name), label, _count(count),
    )  # fmt: skip


def _count(number: int) -> SafeString:
    if not number:
        return mark_safe("")
    shown = "99+" if number > 99 else str(number)
    return format_html('<span class="count">{}<span class="visually-hidden">件</span></span>', shown)


@register.simple_tag
def count(number: int) -> SafeString:
    """Return a round number beside a label, or nothing for none."""
    return _count(number)


# --- Forms ------------------------------------------------------------------------------------------------------------


@register.simple_tag
def field(bound: BoundField, *, optional: str = "选填", css: str = "") -> SafeString:
    """Return a field with its label, help and error; what was typed stays, the error is tied to the input."""
    _say_what_to_choose(bound.field)
    widget = bound.field.widget
    choice = isinstance(widget, (RadioSelect, CheckboxSelectMultiple))
    described = " ".join(
        part
        for part in (
            f"{bound.auto_id}_help" if bound.help_text else "",
            f"{bound.auto_id}_error" if bound.errors else "",
        )
        if part
    )
    attrs: dict[str, str | bool] = {"aria-describedby": described} if described and not choice else {}
    if bound.errors and not choice:
        attrs["aria-invalid"] = "true"
    if choice:
        shape = "choices"
    elif isinstance(widget, CheckboxInput):
        shape = "check"
    else:
        shape = "input"
    values = {
        "field": bound,
        "shape": shape,
        "control": "" if choice else bound.as_widget(attrs=attrs),
        "optional": "" if bound.field.required or shape == "check" else optional,
        "described": described,
        "css": css,
    }
    return render_to_string("components/field.html", values)


def _say_what_to_choose(chosen_from: Field) -> None:
    """Let a list begin with words where Django draws a row of dashes."""
    if isinstance(chosen_from, ModelChoiceField) and chosen_from.empty_label == DASHES:
        chosen_from.empty_label = "请选择" if chosen_from.required else "不选"
        chosen_from.widget.choices = chosen_from.choices  # type: ignore[attr-defined]


@register.simple_tag
def fields(form: Form) -> SafeString:
    """Return a whole form's fields, led by a list of its errors with links to them; `<form>` and button are yours."""
    return render_to_string("components/fields.html", {"form": form})


# --- Lists ------------------------------------------------------------------------------------------------------------


def _query(context: Context, **changes: Any) -> str:
    request = context.get("request")
    query = request.GET.copy() if request else None
    if query is None:
        from django.http import QueryDict

        query = QueryDict(mutable=True)
    for key, value in changes.items():
        if value is None:
            query.pop(key, None)
        else:
            query[key] = value
    return f"?{query.urlencode()}" if query else "?"


@register.simple_tag(takes_context=True)
def sorter(context: Context, key: str, label: str, css: str = "") -> SafeString:
    """Return a whole `<th>` that sorts by `key` (`?sort=key`, then `?sort=-key`) and keeps search and filters."""
    request = context.get("request")
    now = request.GET.get("sort", "") if request else ""
    up, down = now == key, now == f"-{key}"
    drawn = "chevron-up" if up else "chevron-down" if down else "arrows-sort"
    aria = mark_safe(' aria-sort="ascending"') if up else mark_safe(' aria-sort="descending"') if down else ""
    return format_html(
        '<th scope="col" class="{}"{}><a class="sorter" href="{}">{}{}</a></th>',
        css, aria, _query(context, sort=f"-{key}" if up else key, page=None), label, icon(drawn),
    )  # fmt: skip


@register.simple_tag(takes_context=True)
def pager(context: Context, page: Page[Any], unit: str = "条") -> SafeString:
    """Return the pages of a list with real links that keep search, filters and order."""
    paginator = page.paginator
    numbers = [
        (number, _query(context, page=number) if isinstance(number, int) else "")
        for number in paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    ]
    values = {
        "page": page,
        "unit": unit,
        "numbers": numbers if paginator.num_pages > 1 else [],
        "previous": _query(context, page=page.number - 1) if page.has_previous() else "",
        "next": _query(context, page=page.number + 1) if page.has_next() else "",
    }
    return render_to_string("components/pager.html", values)

from __future__ import annotations

import re

import pytest

from wellkept.connectors.email.parse import html_text, sanitise

ATTACKS = [
    "<script>alert(1)</script>x",
    "<img src=x onerror=alert(1)>x",
    "<svg><g/onload=alert(1)></svg>x",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">x",
    "<a href='java\nscript:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>x",
    "<form action=http://evil.example><input name=a><button>x</button></form>",
    "<meta http-equiv=refresh content='0;url=http://evil.example'>x",
    "<base href=http://evil.example/><a href=x>x</a>",
    "<link rel=stylesheet href=http://evil.example/x.css>x",
    "<style>@import url(http://evil.example)</style>x",
    "<p style='background:url(http://evil.example)'>x</p>",
    "<p style='background-color:red;background-image:u\\72l(http://evil.example)'>x</p>",
    "<p style='position:fixed;top:0;left:0;width:expression(alert(1))'>x</p>",
    "<table background=http://evil.example><tr><td>x</table>",
    "<img srcset='http://evil.example 2x'>x",
    "<video poster=http://evil.example><source src=http://evil.example></video>x",
    "<object data=http://evil.example><embed src=http://evil.example></object>x",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>x</noscript>x",
    "<img src=data:image/svg+xml;base64,PHN2Zz4=>x",
    "<p class=wk-quotation id=top name=top>x</p>",
    "<a href=x ping=http://evil.example>x</a>",
    "<xss contenteditable onfocus=alert(1) autofocus>x</xss>",
    "<!--[if gte IE 4]><script>alert(1)</script><![endif]-->x",
]  # fmt: skip
_ACTIVE = re.compile(
    r"<(?:script|style|iframe|object|embed|form|input|button|svg|math|meta|link|base|video|noscript|template)|\son\w+=|javascript:|srcset|url\(|expression|position|wk-|\sid=",
    re.IGNORECASE,
)


def safe(html: str) -> str:
    return sanitise.safe(html_text.read(html))[0]


@pytest.mark.parametrize("html", ATTACKS)
def test_nothing_that_runs_or_fetches_comes_through(html: str) -> None:
    result = safe(html)

    assert not _ACTIVE.search(result), result
    assert "evil.example" not in re.sub(r'data-remote-src="[^"]*"', "", result)


def test_cleaning_what_is_clean_changes_nothing() -> None:
    for html in ATTACKS:
        once = safe(html)
        assert sorted(safe(once).strip()) == sorted(once.strip())  # the order of attributes is nobody's promise


def test_honest_mail_keeps_its_look() -> None:
    html = '<h2 style="color: #333">Hi</h2><table border="1"><tr><td style="text-align: right">5</td></tr></table><a href="https://a.example/?b=1&amp;c=2">l</a>'
    result = safe(html)

    assert (
        'style="color: #333"' in result
        and 'style="text-align: right"' in result
        and "https://a.example/?b=1&amp;c=2" in result
    )
    assert 'rel="noopener noreferrer nofollow"' in result


def test_small_pictures_inside_the_mail_are_kept() -> None:
    assert 'src="data:image/png;base64,iVBORw0="' in safe('<img src="data:image/png;base64,iVBORw0=">')


def test_remote_images_wait_and_their_hosts_are_told() -> None:
    html, hosts = sanitise.safe(
        html_text.read('<img src="https://track.example/p.gif?u=1"><img src="//cdn.example/a.png">')
    )

    assert hosts == ("cdn.example", "track.example")
    assert " src=" not in html


def test_images_come_back_only_where_asked_for() -> None:
    html, _ = sanitise.safe(html_text.read('<img src="cid:logo@x"><img src="http://track.example/p.gif">'))

    blocked = sanitise.with_images(html, attached={"logo@x": "/files/1?a=1&b=2"}, remote=False)
    shown = sanitise.with_images(html, attached={}, remote=True)
    assert 'src="/files/1?a=1&amp;b=2"' in blocked and ' src="http' not in blocked
    assert ' src="http://track.example/p.gif" referrerpolicy="no-referrer"' in shown and "cid:" not in shown

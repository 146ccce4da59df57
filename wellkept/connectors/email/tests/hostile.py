"""Mails made to hurt a parser. Each must come back read, in little time, with no word lost that is meant to be read."""

from __future__ import annotations


def _mail(body: bytes, head: bytes = b"") -> bytes:
    return b"From: Mina <mina@client.example>\r\nSubject: Hostile\r\n" + head + b"\r\n" + body


def _nested(depth: int) -> bytes:
    out = [b"From: mina@client.example\r\nMIME-Version: 1.0\r\n"]
    for level in range(depth):
        out.append(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (level, level))
    out.append(b"Content-Type: text/plain\r\n\r\nfound\r\n")
    return b"".join(out)


def _nested_rfc822(depth: int) -> bytes:
    return _mail(b"Content-Type: message/rfc822\r\n\r\n" * depth + b"text", b"Content-Type: message/rfc822\r\n")


def _html(body: str) -> bytes:
    return _mail(body.encode(), b"Content-Type: text/html; charset=utf-8\r\n")


def _many_parts(count: int) -> bytes:
    return _mail(
        b"--x\r\nContent-Type: text/plain\r\n\r\nhi\r\n" * count + b"--x--\r\n",
        b"Content-Type: multipart/mixed; boundary=x\r\n",
    )


MAILS: dict[str, bytes] = {
    "nothing": b"",
    "only line ends": b"\r\n" * 1000,
    "no header": b"Hello, this is only text.\n" * 10,
    "nul bytes": _mail(b"a\x00b" * 1000, b"X-Nul: \x00\x00\r\n"),
    "random bytes": bytes(range(256)) * 500,
    "10,000 nested multiparts": _nested(10_000),
    "5,000 nested mails": _nested_rfc822(5_000),
    "20,000 parts": _many_parts(20_000),
    "200,000 headers": b"".join(b"X-%d: y\r\n" % n for n in range(200_000)) + b"\r\nbody",
    "3 million folded lines": b"Subject: x\r\n" + b" y\r\n" * 3_000_000 + b"\r\nbody",
    "a header of 20 MB": _mail(b"body", b"X-Long: " + b"a" * 20_000_000 + b"\r\n"),
    "100,000 encoded words": _mail(b"body", b"X-S: " + b"=?utf-8?q?a?= " * 100_000 + b"\r\n"),
    "encoded words without end": b"From: mina@client.example\r\nSubject: " + b"=?utf-8?b?" * 6_000 + b"\r\n\r\nbody",
    "encoded words in the subject": b"From: m@c.example\r\nSubject: " + b"=?utf-8?b?w6k=?= " * 3_500 + b"\r\n\r\nbody",
    "open brackets in From": b"From: " + b"(" * 60_000 + b"\r\n\r\nbody",
    "open quotes in From": b"From: " + b'"\\' * 30_000 + b"\r\n\r\nbody",
    "angles in From": b"From: " + b"<" * 60_000 + b"\r\n\r\nbody",
    "dots in From": b"From: " + b"a." * 190 + b"@b\r\n\r\nbody",
    "100,000 recipients": b"From: m@c.example\r\nTo: " + b"a@b.example, " * 100_000 + b"\r\n\r\nbody",
    "semicolons in Content-Type": _mail(b"body", b"Content-Type: multipart/mixed" + b";a=b" * 15_000 + b"\r\n"),
    "quotes in Content-Type": _mail(b"body", b"Content-Type: text/plain; a=" + b'"\\"' * 15_000 + b"\r\n"),
    "continued parameters": _mail(b"x", b"Content-Type: text/plain" + b"".join(b";a*%d*=''b" % n for n in range(500)) + b"\r\n"),
    "boundary in every line": _mail(b"--x y\r\n" * 500_000, b"Content-Type: multipart/mixed; boundary=x\r\n"),
    "unknown charset": _mail(b"gr\xfc\xdfe", b"Content-Type: text/plain; charset=klingon\r\n"),
    "a codec that is no charset": _mail(b"789c", b"Content-Type: text/plain; charset=zlib_codec\r\n"),
    "a codec of quadratic cost": _mail(b"a-" * 200_000, b"Content-Type: text/plain; charset=punycode\r\n"),
    "broken base64": _mail(b"SGVs*bG8$$gd29ybGQ", b"Content-Transfer-Encoding: base64\r\n"),
    "broken quoted-printable": _mail(b"=ZZ=\r\n=3", b"Content-Transfer-Encoding: quoted-printable\r\n"),
    "1 MB of quote marks": _mail(b">" * 1_000_000),
    "200,000 quoted lines": _mail(b"> a\r\n" * 200_000),
    "100,000 lines that end with a colon": _mail(b"On 3 May 2026 at 10:00, x\r\n" * 50_000 + b"wrote:\r\n" * 50_000),
    "a line of 2 MB": _mail(b"On " + b"1 " * 1_000_000 + b"wrote:\r\n"),
    "100,000 From lines in the text": _mail(b"From: a\r\nTo: b\r\n" * 50_000),
    "100,000 signature lines": _mail(b"-- \r\nx?\r\n" * 50_000),
    "100,000 separators": _mail(b"____________________\r\nhttp://x\r\n" * 50_000),
    "spaces": _mail(b" " * 1_000_000 + b"\r\n" + b"\t" * 1_000_000),
    "100,000 nested divs": _html("<div>" * 100_000 + "found"),
    "500 nested divs": _html("<div>" * 500 + "found" + "</div>" * 500),
    "100,000 open tags": _html("<b " * 100_000 + "found"),
    "open angles": _html("<" * 1_000_000),
    "one tag with 100,000 attributes": _html("<p " + " ".join(f"a{n}=b" for n in range(100_000)) + ">found"),
    "100,000 images": _html('<img src="http://x.example/a.gif">' * 50_000),
    "entities": _html("&amp;" * 300_000),
    "styles": _html(f'<p style="{"color:red;" * 100_000}">found</p>'),
    "nested tables": _html("<table><tr><td>" * 80 + "found"),
    "100,000 blockquotes in a row": _html("<blockquote type=cite>a</blockquote>b" * 20_000),
    "open comments": _html("<!--" * 200_000 + "found"),
    "5 MB of HTML": _html("<p>word word word</p>" * 250_000),
    "bounce without end": b"From: MAILER-DAEMON@x.example\r\nSubject: failure notice\r\n\r\n" + b"<a@b.example>:\r\n" * 100_000,
    "bounce of one line": b"From: MAILER-DAEMON@x.example\r\nSubject: failure notice\r\n\r\n" + b"to a@" * 200_000,
    "bounce of dots": b"From: postmaster@x.example\r\nSubject: Undeliverable\r\n\r\nto a@" + b"a." * 200_000,
    "report of blank lines": b"From: postmaster@x.example\r\nContent-Type: multipart/report; boundary=x\r\n\r\n--x\r\n"
    b"Content-Type: message/delivery-status\r\n\r\n" + b"Action: failed\r\n\r\n" * 100_000,
}  # fmt: skip

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest

from wellkept.connectors.email.parse.message import parse
from wellkept.connectors.email.parse.result import from_wire, to_wire

from .hostile import MAILS

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20


def mail(*lines: str, body: str = "Hello") -> bytes:
    return "\r\n".join(["From: Mina <mina@client.example>", *lines, "", body]).encode()


def multipart(*parts: tuple[str, str], kind: str = "mixed") -> bytes:
    cut = "".join(f"--cut\r\n{head}\r\n\r\n{body}\r\n" for head, body in parts)
    return mail(f"Content-Type: multipart/{kind}; boundary=cut", body=f"{cut}--cut--\r\n")


def test_the_fields_of_a_plain_mail() -> None:
    read = parse(
        mail(
            "To: Ana <ana@firm.example>, team@firm.example",
            "Cc: bo@client.example",
            "Reply-To: office@client.example",
            "Subject: =?utf-8?q?Fatura_de_mar=C3=A7o?=",
            "Date: Fri, 6 Mar 2026 16:00:00 +0100",
            "Message-ID: <one@client.example>",
            "In-Reply-To: <zero@firm.example>",
            "References: <root@firm.example>\r\n <zero@firm.example>",
            body="Hello Ana,\r\nplease see.\r\n",
        )
    )

    assert read.from_ and read.from_.address == "mina@client.example" and read.from_.name == "Mina"
    assert [found.address for found in read.to] == ["ana@firm.example", "team@firm.example"]
    assert [found.address for found in (*read.cc, *read.reply_to)] == ["bo@client.example", "office@client.example"]
    assert read.subject == "Fatura de março"
    assert read.date == datetime(2026, 3, 6, 15, 0, tzinfo=UTC)
    assert (read.message_id, read.message_id_given) == ("<one@client.example>", True)
    assert read.in_reply_to == ("<zero@firm.example>",)
    assert read.references == ("<root@firm.example>", "<zero@firm.example>")
    assert read.text == "Hello Ana,\nplease see."
    assert read.defects == () and read.automatic is None and read.bounce is None


def test_a_mail_without_id_gets_one_that_every_copy_of_it_shares() -> None:
    first = parse(b"Received: from a\r\n" + mail("Subject: Hi"))
    second = parse(b"Received: from b\r\nDelivered-To: x@firm.example\r\n" + mail("Subject: Hi"))

    assert first.message_id == second.message_id and not first.message_id_given
    assert parse(mail("Subject: Other")).message_id != first.message_id


def test_two_from_headers_are_named_and_nobody_is_the_sender() -> None:
    read = parse(b"From: ceo@client.example\r\n" + mail("Subject: Pay"))

    assert (read.from_, read.from_problem) == (None, "two-from-headers")


def test_alternatives_give_one_text_and_safe_html() -> None:
    read = parse(
        multipart(
            ("Content-Type: text/plain; charset=utf-8", "Plain é"),
            ("Content-Type: text/html", "<p onclick=x>Rich<script>alert(1)</script></p>"),
            kind="alternative",
        )
    )

    assert read.text == "Plain é" and not read.text_from_html
    assert read.safe_html.strip() == "<p>Rich</p>"


@pytest.mark.parametrize("plain", ["", "  \r\n", "Your mail program cannot show HTML."])
def test_the_text_comes_from_the_html_when_the_plain_text_only_excuses_itself(plain: str) -> None:
    html = "<h1>Question</h1><p>Which account takes the <b>hosting</b> invoice of March? " + "word " * 40 + "</p>"
    read = parse(multipart(("Content-Type: text/plain", plain), ("Content-Type: text/html", html), kind="alternative"))

    assert read.text_from_html
    assert read.text.startswith("Question\n\nWhich account takes the hosting invoice of March?")


def test_every_text_of_a_mixed_mail_is_kept_in_order() -> None:
    read = parse(
        multipart(
            ("Content-Type: text/plain", "first"),
            ("Content-Type: image/png\r\nContent-Transfer-Encoding: base64", base64.b64encode(PNG).decode()),
            ("Content-Type: text/html", "<p>second</p>"),
            ("Content-Type: text/plain", "third"),
        )
    )

    assert read.text.split() == ["first", "second", "third"]
    assert [(file.name, file.content_type, file.content) for file in read.attachments] == [
        ("attachment-2.png", "image/png", PNG)
    ] or [file.content for file in read.attachments] == [PNG]


ATTACHED = "Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename="


@pytest.mark.parametrize(
    ("content", "declared", "given", "name", "kind"),
    [
        (b"%PDF-1.7 x", "application/octet-stream", '"bill.pdf"', "bill.pdf", "application/pdf"),
        (PNG, "application/pdf", "x.pdf", "x.pdf", "image/png"),
        (b"MZ\x90\x00\x00", "image/png", "photo.png", "photo.png", "application/x-msdownload"),
        (b"<html><script>x</script>", "text/plain", "notes.txt", "notes.txt", "text/html"),
        (b'<?xml version="1.0"?><svg onload="x">', "image/png", "a.svg", "a.svg", "image/svg+xml"),
        (b"date,amount\n2026-03-01,5\n", "application/vnd.ms-excel", "bank.csv", "bank.csv", "text/csv"),
        (b"PK\x03\x04" + b"\x00" * 26 + b"[Content_Types].xml xl/workbook.xml", "x/y", "b.xlsx", "b.xlsx",
         "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (b"\x00\x01\x02", "text/html", "x.html", "x.html", "application/octet-stream"),
        (b"hi", "text/plain", '"../../etc/passwd"', "passwd", "text/plain"),
        (b"hi", "text/plain", '"C:\\\\Users\\\\x\\\\a.txt"', "a.txt", "text/plain"),
        (b"hi", "text/plain", "\"a\u202etxt.exe\"", "atxt.exe", "text/plain"),
        (b"hi", "text/plain", "\"=?utf-8?q?recibo_mar=C3=A7o.txt?=\"", "recibo março.txt", "text/plain"),
    ],
)  # fmt: skip
def test_attachments_are_what_their_bytes_say(content: bytes, declared: str, given: str, name: str, kind: str) -> None:
    read = parse(
        multipart(
            ("Content-Type: text/plain", "see file"),
            (f"Content-Type: {declared}\r\n{ATTACHED}{given}", base64.encodebytes(content).decode()),
        )
    )

    [file] = read.attachments
    assert (file.name, file.content_type, file.declared_type, file.content) == (name, kind, declared, content)


def test_a_continued_and_encoded_file_name_is_read() -> None:
    head = "Content-Type: application/pdf\r\nContent-Disposition: attachment; filename*0*=utf-8''fatura%20; filename*1*=mar%C3%A7o.pdf"
    [file] = parse(multipart((head, "%PDF-1.4"))).attachments

    assert file.name == "fatura março.pdf"


@pytest.mark.parametrize(
    ("charset", "encoded", "text"),
    [
        ("iso-8859-1", b"\x93gr\xfc\xdfe\x94", "“grüße”"),
        ("windows-1252", b"5 \x80", "5 €"),
        ("klingon", "grüße".encode(), "grüße"),
        ("utf-8", b"gr\xfc\xdfe", "grüße"),
        ("us-ascii", "naïve".encode(), "naïve"),
        ("gb2312", "你好".encode("gb18030"), "你好"),
        ("iso-2022-jp", "こんにちは".encode("iso2022_jp"), "こんにちは"),
        ("koi8-r", "Привет".encode("koi8-r"), "Привет"),
        ("zlib_codec", b"plain", "plain"),
    ],
)
def test_any_character_set_becomes_text(charset: str, encoded: bytes, text: str) -> None:
    assert (
        parse(mail(f"Content-Type: text/plain; charset={charset}", body="")[:-2] + b"\r\n" + encoded).text.strip()
        == text
    )


def test_format_flowed_is_joined_again() -> None:
    read = parse(
        mail("Content-Type: text/plain; format=flowed", body="One long \r\nline.\r\n> quoted \r\n> more\r\n-- \r\nMina")
    )

    assert read.text == "One long line.\n> quoted \n> more\n-- \nMina"


def test_text_after_a_broken_header_line_is_kept() -> None:
    read = parse(b"From: mina@client.example\r\nthis is no header\r\nand goes on\r\n")

    assert "this is no header" in read.text and "broken-header" in read.defects


def test_an_unclosed_multipart_keeps_its_last_part() -> None:
    read = parse(
        mail("Content-Type: multipart/mixed; boundary=cut", body="--cut\r\nContent-Type: text/plain\r\n\r\nlast words")
    )

    assert read.text == "last words" and read.defects == ("unclosed-mime",)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Fri, 6 Mar 2026 16:00:00 -0000", datetime(2026, 3, 6, 16, tzinfo=UTC)),
        ("yesterday", None),
        ("Fri, 6 Mar 1901 16:00:00 +0000", None),
        ("Fri, 6 Mar 2026 16:00:00 +9999", None),
        ("", None),
    ],
)
def test_a_date_is_an_instant_or_nothing(value: str, expected: datetime | None) -> None:
    found = parse(mail(f"Date: {value}")).date

    assert found == expected or (value.endswith("+9999") and (found is None or found.tzinfo is UTC))


@pytest.mark.parametrize("name", MAILS)
def test_a_hostile_mail_comes_back_read_and_survives_the_wire(name: str) -> None:
    read = parse(MAILS[name])

    head, files = to_wire(read)
    assert from_wire(head, b"".join(files)) == read
    assert "".join(read.text[span.start : span.end] for span in read.spans) == read.text
    assert "\x00" not in read.text and "\x00" not in read.subject

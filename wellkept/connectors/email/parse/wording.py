"""The words mail programs put around earlier mail and signatures, in the languages our clients write."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_VERBS = (
    r"wrote|writes|escreveu|escribi[óo]|a [ée]crit|schrieb|ha scritto|schreef|skrev|napisa[łl](?:\(a\)|a)?|napsal\(?a?\)?"
    r"|kirjoitti|a scris|yazd[ıi]|[íi]rta|написал\(?а?\)?|писал\(?а?\)?|пишет|έγραψε|写道|写|書きました|작성"
)
_VERB_LAST = re.compile(rf"(?:{_VERBS})[^\w]{{0,6}}[:：]$", re.IGNORECASE)
_VERB = re.compile(rf"(?<!\w)(?:{_VERBS})(?!\w)", re.IGNORECASE)
_OPENING = re.compile(
    r"^[-–—_*>\s]{0,8}(?:On|Le|Am|Em|No dia|El|Il|Op|Den|P[åa]|Dne|W dniu|Dnia|Pe|Tarih|La data|Στις)(?!\w)",
    re.IGNORECASE,
)
_DATE_FIRST = re.compile(
    r"^[-–—_*\s]{0,8}(?:[^\W\d_]{2,12}\.?,?\s+)?(?:\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{4}年|\d{1,2}\.?\s+[^\W\d_]{3,12}\.?,?\s+\d{4})"
)
# `On Monday I spoke to Ana and this is what she wrote:` is a sentence of the sender.
_TOLD = re.compile(
    r"(?<![\w.'-])(?:i|we|you|my|our|this|that|what|which|she|he|they|because|eu|nós|ela|ele|eles|isso|isto|que|você|ich|wir"
    r"|was|yo|nosotros|je|nous)(?![\w.'-])",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[^\s<>@]@[^\s<>@]+\.\w")
_BRACKETED = re.compile(r"[<\[(]\s*(?:mailto:)?[^\s<>@]+@[^\s<>@]+\s*[>\])]")
_TIME = re.compile(r"(?<!\d)\d{1,2}\s?[:.hH]\s?\d{2}(?!\d)")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|(?<!\d)\d{1,2}[./-]\d{1,2}[./-]\d{2}(?!\d)")

SEPARATOR = re.compile(r"^(?:[_=]{10,}|-{10,}|[-_]{5,}\s*|\*{10,})$")
ORIGINAL_MARK = re.compile(
    r"^[-_=*]{2,}\s*(?:Original Message|Mensagem original|Mensaje original|Urspr[üu]ngliche Nachricht|Original-?Nachricht"
    r"|Message d['’]origine|Messaggio originale|Oorspronkelijk bericht|Ursprungligt meddelande|Oprindelig meddelelse"
    r"|Opprinnelig melding|Исходное сообщение|Oryginalna wiadomo[śs][ćc]|P[ůu]vodn[íi] zpr[áa]va|原始邮件|元のメッセージ)"
    r"\s*[-_=*]{2,}$",
    re.IGNORECASE,
)
FORWARD_MARK = re.compile(
    r"^(?:[-_=*]{2,}\s*(?:Forwarded message|Forwarded by|Mensagem encaminhada|Mensagem reencaminhada|Mensaje reenviado"
    r"|Weitergeleitete Nachricht|Message transf[ée]r[ée]|Messaggio inoltrato|Doorgestuurd bericht|Пересылаемое сообщение)"
    r"[^\n]{0,80}|Begin forwarded message\s*:|In[íi]cio da mensagem (?:re)?encaminhada\s*:|Anfang der weitergeleiteten"
    r" Nachricht\s*:|D[ée]but du message (?:r[ée]exp[ée]di[ée]|transf[ée]r[ée])\s*:)",
    re.IGNORECASE,
)
FORWARD_SUBJECT = re.compile(r"^\s*(?:fw|fwd|enc|wg|tr|rv|doorst|vb|i|vs)\s*(?:\[\d+\])?\s*:", re.IGNORECASE)
ANSWERS_BELOW = re.compile(
    r"(?:\b(?:see|answer\w*|respon\w+|repl\w+|comment\w*|note\w*|question\w*|added|wrote|mine|remarks?|text)\b[^\n]{0,60}"
    r"\b(?:below|beneath|underneath|in-?line|in line|interleaved|in (?:red|blue|green|bold|caps|purple|colou?r))\b"
    r"|\b(?:below|in-?line|in (?:red|blue|green|bold|caps))\b[^\n]{0,40}\b(?:answer\w*|respon\w+|repl\w+|comment\w*)"
    r"|\b(?:abaixo|em (?:vermelho|azul|verde|negrito)|no corpo do e-?mail|a seguir)\b"
    r"|\b(?:abajo|en (?:rojo|azul|verde)|ci-dessous|en rouge|en bleu|siehe unten|unten|in rot|in blau)\b)",
    re.IGNORECASE,
)

_LABELS = {
    "from": "from de von da van fra från od от 发件人 差出人 寄件者 kimden lähettäjä desde",
    "date": "sent date enviado enviada enviado_em enviada_em enviado_el fecha data data_de_envio gesendet datum envoyé inviato"
    " verzonden skickat sendt wysłano отправлено дата 发送时间 日期 送信日時 lähetetty gönderildi sent_on data/hora",
    "to": "to para an à a aan till til do кому 收件人 宛先 destinatario destinatário vastaanottaja kime",
    "subject": "subject assunto asunto betreff objet oggetto onderwerp ämne emne temat тема 主题 件名 aihe konu",
    "other": "cc bcc cco kopie copie copia кopia копия 抄送 reply-to importance attachments anexos importância priority"
    " responder_a prioridade",
}
_KIND = {word.replace("_", " "): kind for kind, words in _LABELS.items() for word in words.split()}
_LABEL_LINE = re.compile(r"^[*_\s]{0,4}([^\W\d_][^:：*\n]{0,23}?)[*_\s]{0,4}[:：][*_]{0,2}\s*(.*)$")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff]")

_LIST_FOOTER = re.compile(r"^_{20,}$")
_MOBILE = re.compile(
    r"^(?:Sent from my (?:[\w’'-]+\s*){1,4}|Sent (?:from|via) (?:Mail for|Outlook|Yahoo|Samsung|Proton|my|AOL|Gmail|iPhone)[\w .]{0,40}"
    r"|Get Outlook for \w+[^\n]{0,60}|Obter o Outlook para \w+[^\n]{0,60}|Enviado (?:do|de|desde|a partir do) (?:meu|mi)"
    r" (?:[\w-]+\s*){1,4}|Enviado via [\w ]{1,30}|Envoy[ée] de mon (?:[\w-]+\s*){1,4}|Von meinem (?:[\w-]+\s*){1,4}gesendet"
    r"|Inviato da(?:l mio)? (?:[\w-]+\s*){1,4}|Verstuurd vanaf mijn (?:[\w-]+\s*){1,4}|Отправлено с (?:[\w-]+\s*){1,4})$",
    re.IGNORECASE,
)
_DASHED_NAME = re.compile(r"^[-–—]\s?([A-ZÀ-Þ][\w’'-]*(?:\s[A-ZÀ-Þ][\w’'.-]*){0,3})$")


@dataclass(frozen=True, slots=True)
class Attribution:
    """A line that introduces quoted text: `certain` beyond doubt, else only if quoted lines follow. `anchored` when it
    begins with what begins such a line (a date, `On`), so that nothing before it belongs to it."""

    certain: bool
    anchored: bool


def attribution(joined: str) -> Attribution | None:
    """What kind of introduction to quoted text these words are, or None."""
    line = _INVISIBLE.sub("", joined)
    email, time, year = bool(_EMAIL.search(line)), bool(_TIME.search(line)), bool(_YEAR.search(line))
    verb_last = bool(_VERB_LAST.search(line))
    if _TOLD.search(line):
        return None
    if verb_last and _OPENING.match(line) and (time or year or email):
        return Attribution(certain=email or (time and year), anchored=True)
    if line.endswith((":", "：")) and _DATE_FIRST.match(line) and (email or (verb_last and time)):
        return Attribution(certain=time and bool(_BRACKETED.search(line)), anchored=True)
    if _BRACKETED.search(line) and _VERB.search(line) and (verb_last or time):
        return Attribution(certain=time and year, anchored=False)
    return None


def opens_header_block(line: str) -> bool:
    """Whether a line begins with a label such as `From:`; cheap, asked of every line."""
    if ":" not in line[:40] and "：" not in line[:40]:
        return False
    match = _LABEL_LINE.match(_INVISIBLE.sub("", line[:400].replace("\xa0", " ")))
    return match is not None and match[1].strip().lower() in _KIND


def is_header_block(lines: Sequence[str], *, after_separator: bool) -> bool:
    """Whether these lines begin with the From / Sent / To / Subject a program writes over the earlier mail."""
    found = _header_block(lines)[0]
    kinds = set(found)
    if "from" not in kinds or len(kinds & {"from", "date", "to", "subject"}) < 3:
        return False
    if after_separator or _EMAIL.search(found["from"]):
        return True
    sent = found.get("date", "")
    return "subject" in kinds and bool(_TIME.search(sent)) and bool(_YEAR.search(sent))


def header_block_size(lines: Sequence[str]) -> int:
    """How many lines the block takes; one for a mark or an attribution that is no block."""
    return max(1, _header_block(lines)[1])


def _header_block(lines: Sequence[str]) -> tuple[dict[str, str], int]:
    found: dict[str, str] = {}
    size = continued = blanks = 0
    for index, text in enumerate(lines):
        if index == 0 and ORIGINAL_MARK.match(text):
            size = 1
            continue
        match = _LABEL_LINE.match(_INVISIBLE.sub("", text.replace("\xa0", " ")))
        kind = _KIND.get(match[1].strip().lower()) if match else None
        if match and kind:
            if kind in found and kind != "other":
                break
            found.setdefault(kind, match[2])
            size, continued, blanks = index + 1, 0, 0
        elif not text:
            blanks += 1
            if blanks > 1 or (found and len(found) >= 4):
                break
        elif not found or continued >= 6 or blanks:
            break
        else:
            continued += 1
            found = _continue(found, text)
    return found, size


def _continue(found: dict[str, str], text: str) -> dict[str, str]:
    last = next(reversed(found))
    return {**found, last: f"{found[last]} {text}"[:1_000]}


def may_open_signature(line: str) -> bool:
    """Cheap first look of `is_signature_line`."""
    return line in ("--", "—", "–") or line.startswith("____________________")


def is_signature_line(line: str, rest: Sequence[str]) -> bool:
    """Whether a line opens a signature, given the lines with words that follow it up to the end or the quotation."""
    size = sum(len(text) for text in rest)
    if line in ("--", "—", "–"):
        return (
            bool(rest)
            and len(rest) <= 30
            and size <= 2_000
            and not (len(rest) > 2 and any(t.endswith("?") for t in rest))
        )
    if _LIST_FOOTER.match(line):
        listed = any("mailing list" in text.lower() or "://" in text for text in rest)
        return listed and len(rest) <= 6
    return False


def is_closing_line(line: str, above: str, sender: Sequence[str]) -> bool:
    """Whether the last line is one a program or a habit puts there: `Sent from my phone`, `-Ana`."""
    if _MOBILE.match(line) and len(line) <= 90:
        return True
    match = _DASHED_NAME.match(line)
    if not match or above.startswith(("-", "–", "—")):
        return False
    words = [word.lower() for word in re.findall(r"[^\W\d_]+", match[1])]
    if sender:
        return any(word in sender for word in words)
    return not above and len(words) >= 2

"""How mail systems say that a mail was not delivered."""

from __future__ import annotations

import re

# Only with a dot in the domain: `user@host...` in a notice is a name cut short, not a recipient.
_ADDRESS = r"([^\s<>()\[\]\"',;:=@]{1,100}@(?:[A-Za-z0-9](?:[\w-]{0,62})?\.){1,8}[A-Za-z][A-Za-z0-9-]{0,62})(?![\w@])"

SENDER = re.compile(
    r"(?<![\w.-])(?:mailer[-_.]?daemon|postmaster|mail[-_. ]?(?:delivery|system)|double-bounce|delivery[-_. ]?(?:sub)?system"
    r"|antivirus[\w.-]{0,40}gateway\w*|\w{0,20}antivirus_for_smtp\w*|mdaemon)",
    re.IGNORECASE,
)
SUBJECT = re.compile(
    r"^(?!\s*(?:re|fwd?|aw|enc|res|tr)\s*:.{0,200}$)\s*.{0,20}?(?:undeliver|returned mail|failure notice|mail delivery fail"
    r"|delivery (?:status )?(?:notification|failure|report|problem|fail)|delivery has failed|failed mail|mail failed"
    r"|n[ãa]o entregue|falha na entrega|unzustellbar|no se pudo entregar|non remis)"
    r"|\(delivery failed\)\s*$|^(?:message|mail) (?:delayed|not delivered)",
    re.IGNORECASE,
)
FAILED = re.compile(
    r"undeliver|not (?:be |been )?(?:yet been )?delivered|deliver(?:y|ed) (?:has )?fail|delivery (?:status )?notification|fail(?:ed|ure) to deliver"
    r"|failure notice|returned mail|mail (?:delivery )?failed|could not be (?:delivered|reached)|unable to deliver|able to deliver"
    r"|cannot be delivered|not deliver message|did not reach|did not,? exactly match|rejected|user unknown|unknown user"
    r"|no such user|invalid final delivery|has been delayed|been delayed|delivery failure|processing error|encountered an error"
    r"|returning message to sender|del[ie]very to the following|error was detected while processing|failed addresses"
    r"|permanent (?:fatal )?error|quota violation|n[ãa]o (?:foi )?(?:pode ser )?entregue|falha na entrega|no se (?:ha )?pud\w+ entregar"
    r"|unzustellbar|nicht zugestellt|pas pu [êe]tre d[ée]livr|non remis|non [èe] stato (?:possibile )?(?:consegna|recapita)",
    re.IGNORECASE,
)
STILL_TRYING = re.compile(
    r"warning (?:message )?only|will be retried|still being retried|will continue (?:to be made|trying|for)|continue to try"
    r"|delivery attempts will continue|has been delayed|message delayed|not yet been delivered|delayed mail|is still awaiting"
    r"|you do not need to resend|ser[áa] tentad[ao] novamente",
    re.IGNORECASE,
)
RETURNED = re.compile(
    r"^[ \t>|*#=-]*(?:below (?:this|the next) line|original message|(?:this is|here is) a copy|a copy of (?:the|your) (?:original )?message"
    r"|returned (?:mail|message) follows|message (?:header|text) follows|start of returned message|the headers? (?:of|and top)"
    r"|forwarded message|message header|unsent message|undelivered message)"
    r"|^>?(?:Return-Path|Received|Delivered-To): |^-{2,}[^\n]{0,40}(?:RETURNED|ORIGINAL|copy)\b",
    re.IGNORECASE | re.MULTILINE,
)
# Lines that name people to ask, not recipients.
HELP_LINE = re.compile(
    r"contact|assistance|\bhelp\b|support|questions|abuse|report (?:this|it)|mail from|accepting mail|web ?site|write to"
    r"|postmaster@|\(\s*was addressed",
    re.IGNORECASE,
)
ECHOED_HEADER = re.compile(
    r"^\s*(?:to|cc|from|sender|reply-to|date|subject|sent|message-id|x-[\w-]+|original[- ]message-id|email)\s*:",
    re.IGNORECASE,
)
RECIPIENTS = (
    re.compile(rf"^[ \t*\-–•#|'\"]{{0,12}}<?(?:mailto:)?{_ADDRESS}>?[ \t:;.]*$", re.IGNORECASE),
    re.compile(rf"^[ \t]*<{_ADDRESS}>[ \t]*(?:\([^()\n]{{0,200}}\))?[ \t]*:", re.IGNORECASE),
    re.compile(rf"^[ \t]*{_ADDRESS}[ \t]+(?:\.\.\.|on [A-Z][a-z]{{2}}, )"),
    re.compile(rf"^[^@:\n]{{1,60}}:[ \t]*<?{_ADDRESS}>?[ \t.]*$"),
    re.compile(
        rf"(?:\bto|\baddressed,?|\bfor|\breached?|generated from|expanded from:?|SMTP=|recipient\w*|destinat[áa]rio)[ \t]*['\"<(]{{0,2}}{_ADDRESS}",
        re.IGNORECASE,
    ),
)
QMAIL_LINE = re.compile(r"^<[^\s<>@]+@[^\s<>@]+>:[ \t]*$", re.MULTILINE)
BARE_NAME = re.compile(r"^[ \t]+([A-Za-z0-9][\w.+-]{1,60})[ \t]*$")
CODE = re.compile(r"(?<![\d.])[45](?:\d\d[ -]|\.\d\.\d{1,3})")
MESSAGE_ID = re.compile(r"^[>\s]{0,4}(?:Original-)?Message-ID:\s*(<[^<>\s]{1,900}>)", re.IGNORECASE | re.MULTILINE)

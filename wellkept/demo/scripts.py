"""What clients write and what they are answered: invented, short, and about real work. Sent as they are, never translated."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Script:
    """One inquiry. `ask` of the client, where a paper is missing; `then` is a second question after the answer."""

    subject: str
    question: str
    promise: str
    answer: str
    ask: str = ""
    given: str = ""
    then: str = ""
    then_answer: str = ""
    note: str = ""
    file: str = ""


ENGLISH = (
    Script(
        "New pay rates from the first",
        "We are putting two people on the new rate from the first of the month. What do you need from me, and will this week's run have it?",
        "Confirm the new pay rates",
        "Both new rates are in and this week's run uses them. The pay slips say so in the first line.",
        ask="the signed letters with the new rates",
        given="Both letters are attached, signed yesterday.",
        note="Check that the leave balance follows the new rate too.",
    ),
    Script(
        "Supplier says we paid twice",
        "Tidemark say they were paid twice for the same delivery. Can you see it on your side, and do we get it back or leave it as a credit?",
        "Trace the double payment to Tidemark",
        "They are right: it went out on the 3rd and again on the 5th. They hold it as a credit, and the next two bills come off it.",
        then="Good. Can you make sure the next bill really uses the credit?",
        then_answer="Yes, the credit stands against the next bill and I will see it when it comes in.",
    ),
    Script(
        "Is the new sign an asset?",
        "The new sign over the door cost 2,340 plus GST. Do we write it off now or does it go on the asset list?",
        "Say how the sign is booked",
        "It goes on the asset list, because it lasts for years and costs more than the limit. I have booked it and set its life at ten years.",
        note="Above the low-value limit. Rate checked with Ruth.",
        file="sign-invoice.pdf",
    ),
    Script(
        "Which expenses can I claim for the van",
        "I use the van for work four days a week. Which costs can I put through, and do I need a log book?",
        "Explain the van and its log book",
        "Keep a log book for three months; the share it shows then holds for three years. Until then we book every cost and settle the share at the end.",
        then="Do I write down trips to the dump as well?",
        then_answer="Yes, every trip, with why. The dump counts as work when it is the workshop's waste.",
    ),
    Script(
        "Invoice to the council came back",
        "The council sent our invoice back because the purchase order number is missing. Can you send it again?",
        "Send the council its invoice again",
        "Sent again just now with the purchase order number in the reference. Their system has taken it this time.",
        ask="the purchase order number",
        given="It is PO 44718. Sorry, it was in my other inbox.",
    ),
    Script(
        "Statement for the bank",
        "The bank wants a statement of what we owe and are owed, as of the end of last month, for the overdraft review.",
        "Send the statement for the overdraft review",
        "The statement is on its way to you and to the bank, with the three largest debtors named as they asked.",
        note="They asked for the ageing by customer last time as well.",
    ),
    Script(
        "Fuel card statement",
        "The fuel card changed its statement format. Do you still get what you need from it?",
        "Check the new fuel card statement",
        "The new format is fine: the litres have moved to the last column and everything is still there.",
        file="fuel-card.pdf",
    ),
    Script(
        "Deposit from a customer who cancelled",
        "A customer cancelled and we keep half the deposit. How do we show that, and what about the GST on it?",
        "Work out the cancelled deposit",
        "The half you keep is income with GST, the half you give back is not. I made the credit note for the second half; it needs your yes.",
        then="Yes, send it please.",
        then_answer="Sent to them now, with a copy to you.",
        note="Second case this quarter. Worth a nuance on the client.",
    ),
    Script(
        "Staff drinks on Friday",
        "We take everybody out once a month. Is that entertainment and how much of it counts?",
        "Say how the Friday drinks are booked",
        "Half of it counts, because it is away from the premises. I have moved the last two receipts to the right account.",
    ),
    Script(
        "Customer pays in three parts",
        "We agreed with a customer that they pay in three parts. Can the reminders stop for this one?",
        "Stop the reminders and set the three dates",
        "The reminders for this customer now follow the three dates you agreed, and I will tell you if one is missed.",
    ),
    Script(
        "Old loan on the balance sheet",
        "There is a loan to an old partner on the balance sheet that nobody can explain. What is it and can it go?",
        "Find out what the old loan is",
        "It is from before the change of owners and was settled with the share transfer. The paper is in the file; it goes off this month.",
        ask="the agreement of the share transfer",
        given="Found it in the safe. The scan is attached.",
        note="Ruth decides whether it goes through equity. Facts are in the file.",
    ),
    Script(
        "Return due when?",
        "When exactly is the next return due and how much should I keep aside?",
        "Give the figure for the next return",
        "It is due at the end of next month. Keep aside 6,480; I will confirm the exact figure once the last week is coded.",
    ),
    Script(
        "Card terminal fees",
        "The fees on the card terminal look higher than last month for the same takings. Can you look?",
        "Look into the card terminal fees",
        "The rate is the same, but they started to charge the terminal rent on the same line: 39 a month. I have split the two.",
    ),
    Script(
        "Travel to the trade fair",
        "Two of us fly to the fair and stay a day longer for ourselves. How do we split the cost?",
        "Split the cost of the trip",
        "Flights count in full, the extra night and its meals do not. I will split the receipts when they come in.",
        file="tickets.pdf",
    ),
    Script(
        "Stock count differs",
        "Our count differs from your figure by about 1,200. Which one is right?",
        "Explain the difference in the stock",
        "Yours is right. One delivery was booked in the wrong month; with it in place the difference is 14.",
        then="And the 14?",
        then_answer="A rounding on one price list. It is gone with the next count.",
    ),
    Script(
        "New supplier wants payment in advance",
        "A new supplier wants the whole amount before they send anything. Anything I should know before we pay?",
        "Check the new supplier before you pay",
        "The company exists, but it is six weeks old. I would pay half now and half on delivery; they agreed to that in their own terms.",
        note="Bank details were confirmed by a call to the number on their register entry.",
    ),
)

PORTUGUESE = (
    Script(
        "Nota fiscal da farinha",
        "Oi Bruno, a nota da farinha veio com o CNPJ errado. Peço outra ao fornecedor ou dá para corrigir?",
        "Resolver a nota da farinha",
        "O fornecedor emitiu uma carta de correção hoje e a nota ficou certa. Já lancei no mês.",
        note="Segunda vez com este fornecedor.",
    ),
    Script(
        "Guia do Simples",
        "Quando vence a guia do Simples este mês e quanto devo separar?",
        "Enviar a guia do Simples",
        "A guia vence no dia 20. O valor é R$ 4.812,30 e o código Pix segue no e-mail.",
    ),
    Script(
        "Férias da Luana",
        "A Luana quer sair de férias no dia 10. O que preciso assinar e até quando?",
        "Preparar as férias da Luana",
        "O aviso precisa estar assinado 30 dias antes. Enviei o documento; falta só a assinatura dela.",
        ask="o aviso de férias assinado",
        given="Segue assinado.",
    ),
    Script(
        "Boleto em duplicidade",
        "Chegaram dois boletos do mesmo aluguel. Qual deles eu pago?",
        "Conferir os boletos do aluguel",
        "Pague o que termina em 7719. O outro foi cancelado pela imobiliária e já saiu das contas a pagar.",
        then="E se alguém pagar o outro por engano?",
        then_answer="O banco devolve em dois dias, porque o boleto foi baixado. Eu fico de olho.",
    ),
)
THANKS = {
    "en": ("Perfect, thank you.", "Thanks, that is all I needed.", "Great, thank you!"),
    "pt-br": ("Perfeito, obrigada!",),
}
ACKNOWLEDGED = {
    "en": (
        "Thank you, {first}. I am looking into it now.",
        "Good question, {first}. Let me check the papers first.",
        "Got it, {first}. I need to look at the bank lines before I answer.",
    ),
    "pt-br": (
        "Obrigado, {first}. Já estou vendo isso.",
        "Recebi, {first}. Vou conferir os documentos antes de responder.",
    ),
}
BY_THEN = {"en": "You will have the answer by {when}.", "pt-br": "Você terá a resposta até {when}."}
COME_BACK = {
    "en": "To finish this I need {what}. I come back to you by {when} either way.",
    "pt-br": "Para terminar, preciso de: {what}. Volto a falar com você até {when}, de qualquer forma.",
}
GREETING = {"en": "Hi {first},", "pt-br": "Oi {first},"}
HELLO = {"en": ("Hi {first},", "Morning {first}.", "Hello {first},"), "pt-br": ("Oi {first},", "Bom dia {first},")}
GOODBYE = {"en": "Kind regards", "pt-br": "Um abraço"}
WROTE = {"en": "On {day}, {name} wrote:", "pt-br": "Em {day}, {name} escreveu:"}
EXTENDED = (
    "The bank has not answered yet",
    "The supplier sent the wrong statement and sends another one tomorrow",
    "Two receipts are still missing",
)
NOTES = (
    "Called the bank: they need until tomorrow morning.",
    "Same question as in spring, the answer is in the thread of that time.",
    "Watch the date on the receipt, it falls into the month before.",
)
COLLEAGUE = (
    "Match the receipts of this one, {name}?",
    "Can you look whether the supplier has sent a statement, {name}?",
)
COLLEAGUE_DONE = ("Done, all of them are matched.", "Yes, it came on Tuesday. It is in the file.")

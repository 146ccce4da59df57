"""What templates say on every page is made once, and says the same as Django's own tags."""

import pytest
from django.template import Context, Template
from django.urls import NoReverseMatch, reverse
from django.utils import translation


def drawn(text: str, **values: object) -> str:
    return Template("{% load i18n shell %}" + text).render(Context(values))


def test_a_sentence_is_told_in_the_language_of_each_reader():
    template = Template('{% load i18n shell %}{% translate "Inbox" %}')
    for _again in range(2):
        assert template.render(Context()) == "Inbox"
        with translation.override("pt-br"):
            assert template.render(Context()) == translation.gettext("Inbox") != "Inbox"


def test_other_forms_of_the_tag_stay_django_s():
    assert drawn("{% translate word %}", word="<b>") == "&lt;b&gt;"
    assert drawn('{% translate "100% sure" %}') == "100% sure"
    assert drawn('{% translate "Inbox" as said %}[{{ said }}]') == "[Inbox]"


@pytest.mark.parametrize(
    ("tag", "name", "asked"),
    [
        ('{% url "inbox" %}', "inbox", []),
        ('{% url "conversation" id %}', "conversation", [12]),
        ('{% url "conversation_draft" id "note" %}', "conversation_draft", [12, "note"]),
        ("{% url name id %}", "conversation", [12]),
        ('{% url "conversation" id=id %}', "conversation", [12]),
        ('{% url "conversation" id as there %}{{ there }}', "conversation", [12]),
    ],
)
def test_an_address_is_the_page_s_own(tag, name, asked):
    for _again in range(2):
        assert drawn(tag, id=12, name="conversation") == reverse(name, args=asked)


def test_a_page_that_is_not_there_has_no_address():
    with pytest.raises(NoReverseMatch):
        drawn('{% url "nowhere" 3 %}')

"""Counts for the edges of a page stop where nobody reads on."""

from wellkept.core import counting, related
from wellkept.people.models import Staff


def test_several_are_counted_in_one_statement(world, django_assert_num_queries):
    everybody = Staff.objects.order_by("name")
    found = {"all": everybody, "ana": everybody.filter(pk=world.ana.pk), "nobody": Staff.objects.none()}

    with django_assert_num_queries(1):
        assert counting.up_to(2, found) == {"all": 2, "ana": 1, "nobody": 0}


def test_nothing_is_asked_about_what_cannot_be(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert counting.up_to(9, {"nobody": Staff.objects.none()}) == {"nobody": 0}


def test_rows_get_what_they_point_to_and_only_strangers_are_read(world, django_assert_num_queries):
    staff = list(Staff.objects.exclude(supervisor=None))
    known = {person.pk: person for person in Staff.objects.all()}
    with django_assert_num_queries(0):
        related.join(staff, "supervisor", known)
        assert all(person.supervisor is known[person.supervisor_id] for person in staff)

    learnt: dict[int, Staff] = {}
    with django_assert_num_queries(1):
        related.join(staff, "supervisor", learnt)
    assert learnt.keys() == {person.supervisor_id for person in staff}

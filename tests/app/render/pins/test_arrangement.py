from app.render.pins.pin import Pin, arrangement
from core.review.note import WholeItem


def pin(number, *, resolved=False):
    return Pin(note_id=f"note-{number}", number=number, anchor=WholeItem(), resolved=resolved)


def groups(pins, places, current="", wide=0.0):
    found = arrangement(tuple(pins), {f"note-{n}": place for n, place in places.items()}, current, 18.0, wide)
    return [[each.number for each in group] for group in found]


def test_pins_that_lie_apart_have_marks_of_their_own_and_near_ones_share_one():
    pins = [pin(1), pin(2), pin(3)]
    assert groups(pins, {1: (10, 10), 2: (20, 12), 3: (60, 10)}) == [[1, 2], [3]]
    assert groups(pins, {1: (10, 10), 2: (10, 29), 3: (60, 10)}) == [[1], [2], [3]]


def test_a_pin_under_the_wide_mark_of_several_goes_with_them_on_either_side():
    pins = [pin(1), pin(2), pin(3)]
    assert groups(pins, {1: (10, 10), 2: (40, 10), 3: (10, 10)}, wide=40) == [[1, 3, 2]]
    assert groups(pins, {1: (40, 10), 2: (10, 10), 3: (10, 10)}, wide=40) == [[1, 2, 3]]
    assert groups(pins, {1: (10, 10), 2: (40, 10), 3: (80, 10)}, wide=40) == [[1], [2], [3]]
    assert groups(pins, {1: (10, 10), 2: (40, 40), 3: (10, 10)}, wide=40) == [[1, 3], [2]]


def test_what_is_open_leads_before_what_is_settled_and_the_note_that_is_read_before_all():
    pins = [pin(1, resolved=True), pin(2), pin(3)]
    same = {1: (5, 5), 2: (5, 5), 3: (5, 5)}
    assert groups(pins, same) == [[2, 3, 1]]
    assert groups(pins, same, "note-1") == [[1, 2, 3]]


def test_a_pin_whose_place_is_not_seen_has_no_mark():
    assert groups([pin(1), pin(2)], {2: (0, 0)}) == [[2]]


def test_no_pin_is_lost_and_no_two_leads_are_near_among_five_hundred():
    pins = [pin(n) for n in range(1, 501)]
    places = {n: ((n * 37) % 400, (n * 91) % 300) for n in range(1, 501)}
    found = groups(pins, places)
    assert sorted(number for group in found for number in group) == list(range(1, 501))
    leads = [places[group[0]] for group in found]
    near = [(a, b) for i, a in enumerate(leads) for b in leads[:i] if abs(a[0] - b[0]) < 18 and abs(a[1] - b[1]) < 18]
    assert near == []

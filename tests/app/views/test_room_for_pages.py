"""A page of many pictures takes the whole area; what stands beside it comes back when it is left."""

from app.views.pages.surface_page import SurfacePage
from tests.app.views.conftest import Driver
from tests.documents import landscape_document


def test_the_comparison_is_not_squeezed_beside_a_surface(driver: Driver) -> None:
    driver.window.desk.state.open(landscape_document(), None)
    driver.window.pages.open_page("surface-0")
    driver.window.pages.open_page("surface-1", beside=True)
    area = driver.window.area
    assert [page.item_id for page in area.shown_pages()] == ["surface-0", "surface-1"]
    driver.trigger("comparison.page")
    (alone,) = area.shown_pages()
    assert not isinstance(alone, SurfacePage)
    assert not area.page("surface-1").isVisible()
    driver.window.pages.open_page("surface-0")
    assert [page.item_id for page in area.shown_pages()] == ["surface-0", "surface-1"]
    assert area.page("surface-1").isVisible()

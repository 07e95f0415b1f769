"""Power fails in the midst of a merge, at every moment when something reaches the disk: nothing acknowledged is lost."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from matching.matched_people import document, put
from matching.opened_gallery import found, opened


def merged_until(folder: Path, steps: int) -> int:
    """Merge in a process of its own that ends at a step of writing; its status: 9 if it came so far, 0 if it was done."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    left = steps

    def counted(call: Callable[..., Any]) -> Callable[..., Any]:
        def after(*arguments: Any, **named: Any) -> Any:
            nonlocal left
            left -= 1
            if left < 0:
                os._exit(9)  # as kill -9 and loss of power: nothing is flushed, closed or cleaned up
            return call(*arguments, **named)

        return after

    gallery = opened(folder)
    os.fsync, Path.rename, Path.unlink = counted(os.fsync), counted(Path.rename), counted(Path.unlink)  # type: ignore[method-assign]
    gallery.merge()
    os._exit(0)


def test_a_merge_killed_at_any_step_leaves_the_gallery_whole_and_the_next_merge_ends_it(tmp_path):
    folder, steps, status = tmp_path / "gallery", 0, 9
    made = opened(folder)
    made.apply([put(number) for number in range(20)], 20, since=0)
    made.merge()
    made.apply([put(number, 1) for number in range(5)], 25, since=20)
    made.close()
    while status == 9:
        status = merged_until(folder, steps)
        again = opened(folder)
        again.check()
        assert (again.position, len(again)) == (25, 20)
        assert [found(again, document(3, 1)), found(again, document(3)), found(again, document(7))] == [[3], [], [7]]
        again.close()
        assert not list(folder.glob("*.part"))
        steps += 1
    assert (status, steps > 5) == (0, True)


@pytest.mark.parametrize("place", [0.3, 0.6, 0.9])
@pytest.mark.parametrize("pattern", ["segment-*", "table-*"])
def test_a_byte_that_flipped_anywhere_since_the_start_is_found_by_the_check_of_a_running_gallery(
    tmp_path, pattern, place
):
    made = opened(tmp_path / "gallery")
    made.apply([put(number) for number in range(60)], 60, since=0)
    made.merge()
    path = max((tmp_path / "gallery").glob(pattern), key=lambda each: each.stat().st_size)
    content = bytearray(path.read_bytes())
    content[int(place * len(content))] ^= 4
    path.write_bytes(content)
    with pytest.raises(Exception, match=path.name):
        made.check()

"""Every constant of the fingerprint comparison that was chosen by measurement.

Chosen on the development half alone (see docs/developers/fingerprints.md).
"""

from typing import NamedTuple

CAPACITY = 64  # minutiae kept: the bits of one machine word
NEIGHBOURS = 8  # coded for each minutia of a gallery
PROBE_NEIGHBOURS = 12  # looked at for each minutia of a probe: some of the gallery's are missing there

DISTANCE_EDGES = (6.0, 18.0, 28.0, 38.0, 50.0, 64.0, 82.0, 105.0, 135.0)  # pixels
DISTANCE_BINS, BEARING_BINS, DIRECTION_BINS = 8, 32, 16
CODES = DISTANCE_BINS * BEARING_BINS * DIRECTION_BINS
NO_CODE = CODES  # stands for a neighbour that is not there

FILTER_MINUTIAE = 32  # of each template are looked at first: the best
SMALL = 5000  # templates: up to so many, all are compared exactly and none is passed over
LOOKS = 200  # templates that are compared exactly after the first look, and one more
LOOKS_SHARE = 1000  # for each so many in the gallery
FEW = 40  # minutiae: a probe with fewer is told apart worse at first, so more are compared, which then costs less each
FEWEST = 8  # minutiae for which the number still grows
AGAIN = 10  # of the best, and at least all that are asked for, are compared both ways


class Reach(NamedTuple):
    """How far two neighbours may differ and still agree, in the table of the probe."""

    distance: float = 4.0  # pixels
    stretch: float = 0.08  # pixels of distance, a pixel
    bearing: float = 0.12  # radians
    jitter: float = 4.0  # pixels across, which turn the bearing of a near neighbour
    direction: float = 0.35  # radians


class Growth(NamedTuple):
    """How an alignment grows from a seed. Lengths in pixels, angles in radians."""

    seeds: int = 3
    seed_share: float = 0.5  # of the first one's support that another seed needs
    candidates: int = 32
    least_support: float = 0.0  # that the best of them finds among the others; below, the fingers are not aligned
    edge_distance: float = 7.0  # by which the ways between two pairs may differ
    edge_stretch: float = 0.13  # more, for each pixel of the way
    edge_angle: float = 0.30
    edge_jitter: float = 5.0  # across, which turns a short way
    edge_turn: float = 0.50
    edge_reach: float = 200.0
    place: float = 9.0  # that a minutia may lie from where the pairs around it say
    place_stretch: float = 0.07  # more, for each pixel to the nearest of them
    place_most: float = 24.0
    direction: float = 0.50
    locality: float = 40.0  # within which pairs speak most
    inertia: float = 20.0  # how much the turns of the pairs themselves count
    reach: float = 150.0  # to the nearest pair
    rounds: int = 3


REACH, GROWTH = Reach(), Growth()
# A search of more than SMALL templates with a probe of FEW minutiae or more aligns only what could be a candidate.
SEARCH_GROWTH = GROWTH._replace(least_support=50.0)
FILTER_REACH = Reach(distance=2.5, stretch=0.05, bearing=0.07, jitter=3.0, direction=0.25)

"""Under which keys a name is found: consonant skeletons with their other readings, and the name less one letter.

Two names that share a key are compared; keys only propose. A skeleton keeps classes of
consonants (t d, s z sh, j ch, k q g, p b, f, m, n, l, r, first h, first v w) and drops
vowels, because scripts and clerks disagree about those first. Letters with two sounds
(ch in French, c in Turkish and Serbian, q in Arabic and Albanian, th, dh, j) give two
skeletons.
"""

from typing import Any

import numpy as np

from stonebridge.matching.kernels import kernel

READINGS = 8
_CLASSES = {"t": 1, "d": 1, "s": 2, "z": 2, "j": 3, "k": 4, "q": 4, "g": 4, "p": 5, "b": 5, "f": 6, "m": 7, "n": 8, "l": 9, "r": 10}  # fmt: skip
CLASS_OF = np.zeros(32, np.int64)
for _letter, _class in _CLASSES.items():
    CLASS_OF[ord(_letter) - 96] = _class
A, C, D, E, G, H, I, J, K, O, P, Q, S, T, U, V, W, X, Y, Z = (ord(letter) - 96 for letter in "acdeghijkopqstuvwxyz")  # noqa: E741


@kernel
def skeletons(word: Any, size: Any, start: int, out: Any) -> int:
    """Write up to ``READINGS`` skeletons of a Latin reading (codes 1 to 26), as digits of base 16 after a 1."""
    count = 1
    out[0] = 1
    last = np.zeros(8, np.int64)
    place = start
    while place < size:
        letter = word[place]
        second = word[place + 1] if place + 1 < size else 0
        third = word[place + 2] if place + 2 < size else 0
        fourth = word[place + 3] if place + 3 < size else 0
        first = place == start
        step = 1
        one = CLASS_OF[letter]
        other = -1
        if second == letter and letter != O:
            place += 1
            continue
        if (letter in (T, D)) and second == S and third == C and fourth == H:
            step, one = 4, 3
        elif letter == T and second == C and third == H:
            step, one = 3, 3
        elif letter == S and second == C and third == H:
            step, one = 3, 2
        elif letter == S and second == H:
            step, one = 2, 2
        elif letter == K and second == H:
            step, one, other = 2, 11 if first else 0, 4
        elif letter == G and second == H:
            step, one, other = 2, 4, 11 if first else 0
        elif letter == D and second == Z and third == H:
            step, one = 3, 3
        elif letter in (D, T) and second == J:
            step, one, other = 2, 3, 1
        elif letter == X and second == H:
            step, one = 2, 3
        elif (letter in (G, K)) and second == J:
            step, one, other = 2, 3, 4
        elif letter == D and second == Z:
            step, one, other = 2, 2, 3
        elif letter == P and second == H:
            step, one, other = 2, 6, 5
        elif (letter == T and second == S) or (letter == Z and second == H):
            step, one, other = 2, 2, 3
        elif letter == C and second == H:
            step, one, other = 2, 3, 2
            if first:
                other = 11 if third != A and third != E else 2
        elif (letter in (T, D)) and second == H:
            step, one, other = 2, 1, 2
        elif letter == J:
            one, other = 3, 0
        elif letter == C:
            one, other = 3, 4
        elif letter == Q:
            one, other = 4, 3
        elif letter == X:
            one, other = 11 if first else 0, 4
        elif letter == O and second == U and first and (third in (A, E, I)):
            step, one = 2, 12
        elif letter in (V, W):
            one = 12 if first else 0
        elif letter == H:
            one = 11 if first else 0
        alternatives = count
        if other >= 0 and count * 2 <= 8:
            for reading in range(count):
                out[count + reading] = out[reading]
                last[count + reading] = last[reading]
            alternatives = count * 2
        for reading in range(alternatives):
            chosen = one if reading < count else other
            if chosen and chosen != last[reading] and out[reading] < (1 << 36):
                out[reading] = out[reading] * 16 + chosen
            last[reading] = chosen
        count = alternatives
        place += step
    return count


@kernel
def keys_of(word: Any, size: Any, probing: int, out: Any) -> int:
    """Write the keys of a word: those under which it is kept, or those under which a probe looks.

    A key is a skeleton (tag 0), a skeleton less one consonant (tag 1), or a digest of the
    letters less one (tag 2). A probe also looks for itself where others have one more.
    ``probing``: 0 to keep, 1 to look narrowly (short skeletons less one consonant are left out), 2 to look widely.
    """
    readings = np.empty(16, np.int64)
    count = skeletons(word, size, 0, readings)
    if size > 5 and (word[0] == 1 or word[0] == 5) and word[1] == 12:
        count = count if count <= 4 else 4
        more = np.empty(8, np.int64)
        added = skeletons(word, size, 2, more)
        for reading in range(min(added, 4)):
            readings[count] = more[reading]
            count += 1
    written = 0
    for reading in range(count):
        code = readings[reading]
        known = False
        for earlier in range(reading):
            if readings[earlier] == code:
                known = True
        if known or written > 60:
            continue
        out[written] = code * 4
        written += 1
        digits = 0
        rest = code
        while rest > 1:
            rest >>= 4
            digits += 1
        if probing and digits >= 4 - probing:
            out[written] = code * 4 + 1
            written += 1
        if digits < (3 if probing == 0 else 5 - probing):
            continue
        for digit in range(digits):
            low = code & ((1 << (4 * digit)) - 1)
            less = ((code >> (4 * digit + 4)) << (4 * digit)) | low
            if probing:
                out[written] = less * 4
                written += 1
            if probing == 0 or digits >= 6 - probing:
                out[written] = less * 4 + 1
                written += 1
    if size >= 3 and size <= 9:
        for left_out in range(-1, size):
            digest = np.int64(1469598103)
            for place in range(size):
                if place != left_out:
                    digest = (digest * 31 + word[place]) & ((1 << 44) - 1)
            out[written] = digest * 4 + 2
            written += 1
    return written

"""Tests that need a node's database ask for ``node_database``; those of signatures and forms need none."""

from node_under_test import set_up_django

set_up_django()

"""How much Python a page runs: a number that moves by some per cent, where a duration moves by half."""

import cProfile
import pstats


def calls(client, address):
    """Function calls of one GET, once everything that a process keeps is there."""
    for _ in range(2):
        assert client.get(address).status_code == 200
    profile = cProfile.Profile()
    profile.enable()
    client.get(address)
    profile.disable()
    return pstats.Stats(profile).total_calls

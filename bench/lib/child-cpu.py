"""Runs programs in turns and prints what each run cost, as JSON, by wait4(2): all threads, to the very end.

Reads from stdin {"rounds": N, "env": {…}, "programs": [{"argv": […], "env": {…}, "empty": PATH or null}, …]}; `empty`
is a file that is emptied before each run. Prints, for each program, a list of [CPU ms, page faults], one a round.
Which comes first changes from round to round; the first round only warms the page cache, and is left out.
"""

import json
import os
import sys


def run(program, common, null):
    if program["empty"] is not None:
        open(program["empty"], "w").close()
    argv = program["argv"]
    outputs = [(os.POSIX_SPAWN_DUP2, null, 0), (os.POSIX_SPAWN_DUP2, null, 1)]
    pid = os.posix_spawn(argv[0], argv, {**common, **program["env"]}, file_actions=outputs)
    _, status, usage = os.wait4(pid, 0)
    if status != 0:
        sys.exit(f"{' '.join(argv)} ended with {os.waitstatus_to_exitcode(status)}")
    return [(usage.ru_utime + usage.ru_stime) * 1000, usage.ru_minflt]


def main():
    spec = json.load(sys.stdin)
    programs = spec["programs"]
    null = os.open(os.devnull, os.O_RDWR)
    found = [[] for _ in programs]
    for round_number in range(-1, spec["rounds"]):
        order = list(range(len(programs)))
        if round_number % 2:
            order.reverse()
        for index in order:
            cost = run(programs[index], spec["env"], null)
            if round_number >= 0:
                found[index].append(cost)
    json.dump(found, sys.stdout)


main()

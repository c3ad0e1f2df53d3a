#!/bin/sh
# The guard: holds the workspace's lock and brings the daemon back when it dies.
#
#   guard.sh LOCK NODE DAEMON WORKSPACE
#
# The lock belongs to the open file, which guard and daemon share (flock(2)): it is free only when both are gone.
# Exit 75 (EX_TEMPFAIL, sysexits.h): another guard has it. The daemon ends with 0 when it was asked to.
lock=$1
node=$2
daemon=$3
workspace=$4
exec 9>>"$lock" || exit 74
if command -v flock >/dev/null; then
  flock -n 9 || exit 75
elif command -v perl >/dev/null; then
  perl -e 'use Fcntl ":flock"; open(my $f, ">&=9"); flock($f, LOCK_EX | LOCK_NB) or exit 75' || exit 75
fi
# A small young generation. And no collecting for its own sake: V8 would wake an idle daemon, and all its threads with
# it, for half a minute after each piece of work. Known to every Node from 18 to 26.
heap='--max-semi-space-size=1 --no-memory-reducer --single-threaded-gc'
quick=0
while :; do
  began=$(date +%s)
  "$node" $heap "$daemon" "$workspace" && exit 0
  # Another daemon is there: one that has no lock, or whose lock was removed.
  if [ $? -eq 75 ]; then exit 75; fi
  # Only the first start is somebody's to wait for.
  exec 4>&-
  # A daemon that cannot live is not started for ever ever faster.
  if [ $(($(date +%s) - began)) -lt 2 ]; then quick=$((quick + 1)); else quick=0; fi
  if [ "$quick" -ge 10 ]; then exit 70; fi
  if [ "$quick" -ge 3 ]; then sleep 1; fi
done

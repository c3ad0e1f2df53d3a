#!/bin/sh
# The guard: holds the workspace's lock and brings the daemon back when it dies.
#
#   guard.sh LOCK NODE DAEMON WORKSPACE [boot]
#
# The lock belongs to the open file, which guard and daemon share (flock(2)): it is free only when both are gone.
# Exit 75 (EX_TEMPFAIL, sysexits.h): another guard has it. The daemon ends with 0 when it was asked to, and with 77
# (EX_NOPERM) when what it needs is not to be had.
#
# boot: started by systemd or launchd. Where another guard has the lock it stands by until that one and its daemon
# are gone, and takes over unless they ended on purpose. It ends with 0 whenever starting it again would not help:
# only one that was killed is to be started again.
lock=$1
node=$2
daemon=$3
workspace=$4
mode=$5
own=${lock%/*}

# A point at which the fault machine may have this guard die: see src/platform/reach.ts.
reach() {
  [ -n "$UPKEEP_FAULTS" ] && [ -e "$UPKEEP_FAULTS/$1" ] || return 0
  mv "$UPKEEP_FAULTS/$1" "$UPKEEP_FAULTS/$1.hit"
  kill -9 $$
}

give_up() {
  [ "$mode" = boot ] || exit "$1"
  echo "$2"
  exit 0
}

# Descriptor 9 gets the lock; `-n`: or not, at once.
take_lock() {
  if command -v flock >/dev/null; then
    flock $1 9
  elif command -v perl >/dev/null; then
    perl -e 'use Fcntl ":flock"; open(my $f, ">&=9"); flock($f, LOCK_EX | (@ARGV ? LOCK_NB : 0)) or exit 1' -- $1
  fi
}

if [ "$mode" = boot ]; then
  # Nothing was ever started here, or the workspace is gone.
  [ -d "$own" ] || exit 0
  (umask 077 && : >>"$own/daemon.log")
  exec </dev/null >>"$own/daemon.log" 2>&1 4>/dev/null
fi
reach guard-begun
[ -e "$lock" ] || (umask 077 && : >>"$lock")
exec 9>>"$lock" || exit 74
if ! take_lock -n; then
  [ "$mode" = boot ] || exit 75
  take_lock
  # It names a daemon that has not ended on purpose.
  [ -e "$own/daemon.json" ] || exit 0
fi
reach guard-locked
[ "$mode" != boot ] || [ -x "$node" ] || give_up 69 "upkeep boot: $node is gone; run \"upkeep boot enable\" again"
[ "$mode" != boot ] || [ -e "$daemon" ] || give_up 69 "upkeep boot: $daemon is gone; run \"upkeep boot enable\" again"
# A small young generation. And no collecting for its own sake: V8 would wake an idle daemon, and all its threads with
# it, for half a minute after each piece of work. Nor optimized code: that keeps 5 MB more of V8 in memory, and saves a
# daemon nothing that can be measured. All are known to every Node from 18 to 26. With these Node's own modules are
# compiled at each start, since the code that it brings along was made without: some 20 ms, for 5 MB of resident memory,
# most of it pages of Node's own file. One that has died is back sooner without them, and sets them itself when it is
# (src/daemon/spare-memory.ts).
flags='--max-semi-space-size=1 --no-memory-reducer --single-threaded-gc --no-opt --no-sparkplug'
flags_again='--no-memory-reducer --single-threaded-gc'

# Node 18 and 20 read the certificates that this names at their start, which is a third of it; the daemon needs none. It
# gives the name back to what it starts (src/daemon/spared-certificates.ts).
if [ -n "$NODE_EXTRA_CA_CERTS" ]; then
  export UPKEEP_EXTRA_CA_CERTS="$NODE_EXTRA_CA_CERTS"
  unset NODE_EXTRA_CA_CERTS
fi

# Seconds since any moment, in $now: by the shell alone where there is /proc, since a fork would keep a daemon waiting.
look_at_clock() {
  if read -r now _ 2>/dev/null </proc/uptime; then now=${now%.*}; else now=$(date +%s); fi
}
quick=0 killed=0
while :; do
  look_at_clock
  began=$now
  "$node" $flags "$daemon" "$workspace" $mode && exit 0
  code=$?
  flags=$flags_again
  reach guard-again
  case $code in
    # Another daemon is there: one that has no lock, or whose lock was removed.
    75) give_up 75 'upkeep boot: another daemon is there' ;;
    # It has said what is wrong, and that will be wrong the next time too.
    77) give_up 77 'upkeep boot: it cannot start' ;;
  esac
  # Only the first start is somebody's to wait for. Not closed: the daemon's next descriptor would take its number.
  exec 4>/dev/null
  # A daemon that cannot live is not started for ever ever faster. One that was killed (128 + SIGKILL) can, and is back
  # at once however often; only where it hardly ever lives does somebody (the kernel, out of memory) mean it.
  look_at_clock
  if [ $((now - began)) -ge 2 ]; then
    quick=0 killed=0
  elif [ "$code" = 137 ]; then
    killed=$((killed + 1))
    if [ "$killed" -ge 100 ]; then sleep 1; fi
  else
    quick=$((quick + 1))
    if [ "$quick" -ge 10 ]; then give_up 70 'upkeep boot: the daemon does not stay'; fi
    if [ "$quick" -ge 3 ]; then sleep 1; fi
  fi
done

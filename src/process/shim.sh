#!/bin/sh
# The shim: parent of one service's runs. It outlives the daemon, so that a daemon that was
# killed finds its services running and their exit codes on disk.
#
#   shim.sh SHIM-FOLDER RUNS-FOLDER [NUMBER SLOT]
#
# SHIM-FOLDER/cmd     FIFO of commands: "run NUMBER SLOT", "sync TOKEN", "end"
# SHIM-FOLDER/life.N  FIFOs by which a run's wrapper tells "pid STAT" and "exit CODE"; its end
#                     of file means that the wrapper is gone, whatever killed it
# Descriptors 4 to 6, or those from 17 on, may be sockets that are held for the runs, which inherit
# them: nothing here touches them, and the end of the shim lets go of them.
#
# RUNS-FOLDER/NUMBER  start (what to run), out (what it prints), pid, exit, taken
#
# Files are opened with <> and hold blanks beforehand: overwriting them needs no new block,
# so an exit code is kept even when the disk is full.
shim=$1
runs=$2
exec 3<>"$shim/cmd" </dev/null >/dev/null 2>&1
# What is written here is private, what services write is as their umask says.
mask=$(umask)

# A point of the protocol at which the fault machine may have this very process die (see src/platform/reach.ts).
# Without the variable that is one comparison.
reach() {
  [ -n "$UPKEEP_FAULTS" ] && [ -e "$UPKEEP_FAULTS/$1.${runs##*/}" ] || return 0
  mv "$UPKEEP_FAULTS/$1.${runs##*/}" "$UPKEEP_FAULTS/$1.hit"
  read -r self _ </proc/self/stat
  kill -9 "$self"
}

run() {
  dir=$runs/$1
  reach shim-told
  # Held by the shim until the wrapper holds it: whoever sees `taken` and listens takes its end for the wrapper's.
  {
    # Not `:`: a redirection that fails on a special built-in would end the shim.
    umask 077
    echo "$2" >"$dir/taken"
    umask "$mask"
    reach shim-taken
    wrap 3<&- &
  } 8<>"$shim/life.$2"
}

wrap() {
  reach wrapper-begun
  (
    # Opened by this very process, so it names the process that becomes the service.
    if [ "$UPKEEP_PLATFORM" != ps ] && read -r stat </proc/self/stat; then :; else stat=$(exec sh -c 'echo $PPID'); fi
    echo "$stat" 1<>"$dir/pid"
    echo "pid $stat" >&8
    reach run-named
    exec 8<&- >>"$dir/out" 2>&1
    . "$dir/start"
  )
  code=$?
  reach wrapper-coded
  echo "$code" 1<>"$dir/exit"
  reach wrapper-written
  echo "exit $code" >&8
}

[ $# -lt 4 ] || run "$3" "$4"
while read -r verb first second <&3; do
  # Reaps wrappers and orphans that ended meanwhile.
  jobs >/dev/null
  case $verb in
    run) run "$first" "$second" ;;
    sync) (umask 077 && echo "$first" >"$shim/synced") ;;
    end) exit 0 ;;
  esac
done

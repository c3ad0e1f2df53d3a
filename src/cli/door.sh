# `upkeep status` without Node, whose start is most of what a look takes: a daemon that lives here is asked through its
# named pipe (src/daemon/door/), and prints the same. Whatever else is wanted, or in any doubt, Node does it. tools/build.mjs puts
# this before the code of main.ts, where Node takes it for a comment: it must hold no end of one.

case "$# $*" in
'1 status') upkeep_form=table ;;
'2 status --json') upkeep_form=json ;;
*) exec node "$0" "$@" ;;
esac

upkeep_newline='
'

# The pipe of the daemon that lives: ask-PID-START-VERSION.
upkeep_find() {
  for upkeep_ask in .upkeep/ask-*-@VERSION@; do
    [ -p "$upkeep_ask" ] && [ -O "$upkeep_ask" ] && upkeep_lives "${upkeep_ask#.upkeep/ask-}" && return
  done
  return 1
}

# By pid and start time, see proc_pid_stat(5). One that is stopped, or ended, does not answer.
upkeep_lives() {
  upkeep_start=${1#*-}
  read -r upkeep_stat <"/proc/${1%%-*}/stat" || return
  set -- ${upkeep_stat##*) }
  case $1-${20} in
  [RSD]-"${upkeep_start%%-*}") ;;
  *) return 1 ;;
  esac
}

# As outputColours and terminalWidth see them. bash says TERM=dumb where there is none.
upkeep_look() {
  upkeep_colours=n
  upkeep_width=$COLUMNS
  if [ -t 1 ]; then
    { upkeep_width=$(stty size <&3) || return; } 3<&1
    upkeep_width=${upkeep_width#* }
  elif [ -n "$upkeep_width" ]; then
    [ "$upkeep_width" -gt 20 ] || return
  fi
  if [ -n "$NO_COLOR" ]; then return; fi
  if [ -n "$FORCE_COLOR" ]; then
    upkeep_colours=y
  elif [ -t 1 ]; then
    [ "$TERM" != dumb ] || return
    upkeep_colours=y
  fi
}

# Puts the answer into upkeep_text. The sleep keeps the pipe open for as long as an answer is waited for, so that opening
# it does not block, and its end is the end of the wait. Sending has a process of its own: a pipe that nobody empties
# holds up only that.
upkeep_await() {
  mkfifo -m 600 "$upkeep_answer" || return
  upkeep_text=
  {
    sleep 1 >&4 3<&- 4<&- &
    upkeep_clock=$!
    { exec 4<&- && printf '%s\n' "$upkeep_line" 1<>"$upkeep_ask"; } &
    upkeep_post=$!
    exec 4<&-
    while IFS= read -r upkeep_line; do
      case $upkeep_line in
      '|'*) upkeep_text=$upkeep_text${upkeep_line#?}$upkeep_newline ;;
      *) break ;;
      esac
    done <&3
    kill -9 "$upkeep_clock" "$upkeep_post"
    wait
    # Else bash may say of them later that they were killed.
    jobs >/dev/null
  } 4<>"$upkeep_answer" 3<"$upkeep_answer"
  # It has been removed by whoever answered.
  [ -n "$upkeep_line" ] || rm -f "$upkeep_answer"
  [ "$upkeep_line" = end ]
}

upkeep_ask() {
  [ -z "$UPKEEP_PLATFORM" ] && upkeep_find && upkeep_look || return
  case $upkeep_width in
  '') upkeep_width=- ;;
  *[!0-9]* | ??????*) return 1 ;;
  esac
  upkeep_line="1 $$ $upkeep_form $upkeep_width $upkeep_colours $PWD"
  # A pipe takes a line as a whole up to PIPE_BUF bytes, see pipe(7).
  case $upkeep_line in *"$upkeep_newline"*) return 1 ;; esac
  [ ${#upkeep_line} -le 500 ] && upkeep_await || return
  # Where nobody reads any more, or nothing can be written, Node says it.
  trap '' PIPE
  printf %s "$upkeep_text" && trap - EXIT && exit
  trap - PIPE
}

# bash puts the terminal's width into COLUMNS. At the end of this file, and where the shell itself gives up (no process
# is to be had).
trap '[ -z "$upkeep_columns" ] || COLUMNS=$upkeep_columns; exec node "$0" "$@"' EXIT
upkeep_columns=$COLUMNS
upkeep_answer=.upkeep/answer-$$
upkeep_ask 2>/dev/null
exit

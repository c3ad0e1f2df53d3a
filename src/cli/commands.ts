/** Every command with its one line; `commands/<name>.ts` holds the rest and is loaded when it is called. */
export const COMMANDS: Record<string, string> = {
  start: 'start services (all by default) and return when they are ready',
  stop: 'stop services (all by default; then the daemon ends too)',
  restart: 'restart services (all by default)',
  status: 'show what runs, what does not, and why',
  logs: 'show what services printed; without a name, list the logs',
  up: 'run services in the foreground with their logs; Ctrl-C stops them',
  wait: 'wait until services run what is on disk, or tell what stopped them',
  top: 'watch and steer services in the terminal ("upkeep" alone does it, too)',
  why: 'tell why a service was started, stopped or restarted',
  graph: 'show which files services loaded, and whom an edit of a file restarts',
  init: 'look at this project and write a configuration for it',
  doctor: 'check this machine and workspace and say how to mend what is wrong',
  clean: 'end what earlier runs left behind and remove stale files',
  open: 'open the dashboard in the browser',
  boot: 'have services that were running started again after a reboot',
  completion: 'print the completion script for bash, zsh or fish',
};

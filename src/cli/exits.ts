/** The exit codes of each command, as its `--help` tells them; its page in docs/ has the same ones. 70 is a bug, everywhere. */
export const EXITS: Record<string, string> = {
  start: '0 all are ready, 1 at least one is not, 2 unknown name or option, 3 configuration, 4 no daemon',
  stop: '0 stopped, 1 another command started one again, 2 unknown name or option, 3 no configuration, 4 no daemon',
  restart: '0 all are ready, 1 at least one is not, 2 unknown name or option, 3 configuration, 4 no daemon',
  status: '0 whatever the services do, 2 unknown name or option, 3 no configuration, 4 no daemon',
  logs: '0 also when there is nothing to show, 2 unknown name or option, 3 no configuration, 4 not yours to read',
  up: '0 it was asked to stop, 1 a service did not become ready, 2 unknown name or option, 3 configuration, 4 no daemon',
  wait: '0 it is live, or concerns nobody, 1 it failed or time was up, 2 unknown name, file or option, 3 no configuration, 4 no daemon',
  top: '0 it was left, 2 no terminal or a wrong option, 3 no configuration, 4 not yours to read',
  why: '0 it was told, 2 unknown name, run, file or option, 3 no configuration, 4 not yours to read',
  graph: '0 it was answered, 2 unknown name, file or option, 3 no configuration, 4 not yours to read',
  init: '0 written or shown, 1 you said no, 2 nobody to ask or a wrong option, 3 nothing to run, or a configuration is there',
  doctor: '0 nothing is broken, 1 something is (✖), 2 a wrong option',
  clean:
    '0 also when there was nothing to do, 2 a wrong option, 3 no configuration, 4 the records are not yours',
  open: '0 done, 2 a wrong option, 3 no configuration, 4 its server did not start, or is not yours to read',
  mcp: '0 the client has ended it, or install is done, 1 nothing could be written, 2 unknown client or option, 3 no configuration',
  boot: '0 done, 1 it cannot be had or would not work, 2 nobody to ask or a wrong option, 3 no configuration',
  completion: '0 printed, 2 unknown shell or option',
};

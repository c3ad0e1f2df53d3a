/** Facts in words: the one place where causes, exits and reasons become text. */
import type { Cause, Exit, ParkReason } from './facts.ts';
import type { HandoffReason } from './journal.ts';

export function describeExit(exit: Exit): string {
  if ('code' in exit) return `exit ${exit.code}`;
  if ('signal' in exit) return exit.signal;
  return 'an unknown exit';
}

/** `web restarted: …`, as in a table cell: short. */
export function describeCause(cause: Cause): string {
  switch (cause.kind) {
    case 'start':
    case 'restart':
    case 'stop':
      return cause.by === 'cli' ? cause.kind : `${cause.kind} (${cause.by})`;
    case 'edit':
      return `edit ${listFiles(cause.files)}`;
    case 'crash':
      return `crash (${describeExit(cause.exit)})`;
    case 'dependency':
      return `dependency ${cause.service}`;
    case 'config':
      return 'config change';
    case 'boot':
      return cause.machine === true ? 'reboot' : 'daemon came back';
  }
}

/** Whether no run was begun that could have printed anything. That its port is taken may have been found before one was. */
export function wasNotBegun(reason: ParkReason | undefined, lastLines: readonly string[]): boolean {
  return reason?.kind === 'cannot-start' || (reason?.kind === 'port-taken' && lastLines.length === 0);
}

export function describeReason(reason: ParkReason, exit: Exit | null): string {
  switch (reason.kind) {
    case 'failures': {
      const last = exit === null ? '' : `, last with ${describeExit(exit)}`;
      return `failed ${reason.count} times within ${reason.window / 1000} s${last}`;
    }
    case 'port-taken':
      return describeTaken(reason);
    case 'cannot-start':
      return `cannot be started: ${reason.message.replace(/\.$/, '')}`;
  }
}

type PortTaken = Extract<ParkReason, { kind: 'port-taken' }>;

function describeTaken(reason: PortTaken): string {
  const { port, listens, isFree } = reason;
  if (listens === false)
    return `port ${port} is in use, though nobody listens on it: by a connection, or by a process that has bound it`;
  return isFree === true
    ? `port ${port} was taken by ${describeOwner(reason)} and is free now`
    : `port ${port} is taken by ${describeOwner(reason)}`;
}

function describeOwner(reason: PortTaken): string {
  if (reason.pid === null) return "another user's process";
  const command = reason.command === null ? '' : ` (${reason.command.slice(0, 120)})`;
  const workspace = reason.workspace === null ? '' : `, of the workspace ${reason.workspace}`;
  return `pid ${reason.pid}${command}${workspace}`;
}

function listFiles(files: string[]): string {
  const [first = '', ...more] = files;
  return more.length === 0 ? first : `${first} and ${more.length} more`;
}

/** Why, as the second half of a sentence: "run 7 started: engine/scoring.js changed". */
export function explainCause(cause: Cause): string {
  switch (cause.kind) {
    case 'start':
    case 'restart':
    case 'stop':
      return `asked for ${byWhom(cause)}`;
    case 'edit':
      return `${listAll(cause.files)} changed${throughWhat(cause.via)}`;
    case 'crash':
      return `the run before ended with ${describeExit(cause.exit)}`;
    case 'dependency':
      return `on account of ${cause.service}`;
    case 'config':
      return 'its configuration changed';
    case 'boot':
      return `the ${cause.machine === true ? 'machine was started again' : 'daemon came back'} and it was wanted`;
  }
}

/** Nothing for an entry itself: it is plain why that concerns the service. */
function throughWhat(via: string[] | undefined): string {
  return via === undefined || via.length < 2 ? '' : ` (${via.join(' → ')})`;
}

/** A service may be called `api` or `dashboard`: those that ask are told as no service could be. */
function byWhom({ kind, by }: Extract<Cause, { by: string }>): string {
  switch (by) {
    case 'cli':
      return `by "upkeep ${kind}"`;
    case 'up':
      return 'by "upkeep up"';
    case 'top':
      return 'by "upkeep top"';
    case 'api':
      return 'through the API';
    case 'dashboard':
      return 'in the dashboard';
    case 'mcp':
      return 'by an agent, through MCP';
    default:
      return `by ${by}`;
  }
}

/** What a parked service waits for. */
export const UNPARK = 'an edit, "upkeep start" or "upkeep restart" tries again';

function listAll(files: string[]): string {
  const named = files.slice(0, 3);
  const more = files.length - named.length;
  return more === 0 ? named.join(', ') : `${named.join(', ')} and ${more} more`;
}

/** The second half of "run 8 cannot take over from a run that lives: …". */
export function explainHandoff(reason: HandoffReason): string {
  switch (reason.kind) {
    case 'alone':
      return 'the program does not stand a second run of itself (mode: "handoff" makes this the rule)';
    case 'address':
      return `it listens on ${addresses(reason.now)}, the run before on ${addresses(reason.before)}`;
    case 'ports':
      return `its port is ${reason.now.join(', ') || 'not declared'} now, that of the run before is ${reason.before.join(', ')}`;
    case 'unheld':
      return `its port cannot be held: ${reason.why}`;
  }
}

/** `3000/::1` as people write it: `[::1]:3000`. */
function addresses(held: string[]): string {
  if (held.length === 0) return 'no held port';
  return held
    .map((each) => {
      const [port = '', address = ''] = each.split('/');
      return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
    })
    .join(', ');
}

// Times as people read them.

/** 18:50:01 */
export function clockTime(date) {
  return date.toTimeString().slice(0, 8);
}

/** Milliseconds as "0.8 ms", "12 ms" or "1.5 s". */
export function duration(ms) {
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** Seconds as "42 s", "7 min", "3 h" or "2 d". */
export function uptime(seconds) {
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  return seconds < 86_400 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86_400)} d`;
}

/** What git should not see: run folders, logs, and the record of what is up. */
const IGNORED = ['.upkeep/', '.server-logs/', '.server-daemon-state.json'];

interface AddedLines {
  text: string;
  added: string[];
}

/** Lines that are there in another spelling (`/.upkeep`) count. */
export function addIgnored(source: string): AddedLines {
  const there = new Set(source.split(/\r?\n/).map(bare));
  const added = IGNORED.filter((line) => !there.has(bare(line)));
  if (added.length === 0) return { text: source, added };
  const newline = source.includes('\r\n') ? '\r\n' : '\n';
  const start = source === '' || source.endsWith('\n') ? source : `${source}${newline}`;
  return { text: `${start}${added.join(newline)}${newline}`, added };
}

function bare(line: string): string {
  return line.trim().replace(/^\//, '').replace(/\/$/, '');
}

/**
 * The simple commands in a line of shell text, each as its words. Good enough to find file names: words that the
 * shell would expand (`$`, backquotes, wildcards) are left out, and what is quoted is taken as it stands.
 */
export function simpleCommands(text: string): string[][] {
  const commands: string[][] = [[]];
  for (const [token] of text.matchAll(
    /\\\n|\s*#.*|[;&|()\n]+|(?:\\.|'[^']*'|"(?:\\.|[^"\\])*"|[^\s;&|()'"\\])+/g,
  )) {
    if (/^[;&|()\n]/.test(token)) commands.push([]);
    else if (!/^\s*#|^\\\n/.test(token) && !isExpanded(token)) commands.at(-1)?.push(unquote(token));
  }
  return commands.map(withoutAssignments).filter((words) => words.length > 0);
}

/**
 * The words of a text that no shell reads (PM2's `args`, compose's `command`): quotes hold together what belongs
 * together, and nothing else means anything. A quote that nobody closes is a letter.
 */
export function plainWords(text: string): string[] {
  return (text.match(/(?:\\.|'[^']*'|"(?:\\.|[^"\\])*"|\S)+/g) ?? []).map(unquote);
}

function isExpanded(token: string): boolean {
  return /[$`*?[]/.test(token.replace(/'[^']*'/g, '')) || /^\d*[<>]/.test(token);
}

function unquote(token: string): string {
  return token.replace(/'([^']*)'|"((?:\\.|[^"\\])*)"|\\(.)/g, (_, single, double, escaped) => {
    if (single !== undefined) return single;
    return double === undefined ? escaped : double.replace(/\\(["\\])/g, '$1');
  });
}

/** `A=b node x` runs node. */
function withoutAssignments(words: string[]): string[] {
  const first = words.findIndex((word) => !/^\w+=/.test(word));
  return first === -1 ? [] : words.slice(first);
}

/** A question that a person answers with yes or no. */
import { createInterface } from 'node:readline';

/** Whether there is anybody to ask. */
export function canAsk(): boolean {
  return process.stdin.isTTY === true && process.stdout.isTTY === true;
}

export function ask(question: string): Promise<boolean> {
  const prompt = createInterface({ input: process.stdin, output: process.stdout });
  return new Promise((answer) => {
    // Ctrl-D and Ctrl-C close it: no answer is a no.
    prompt.on('close', () => answer(false));
    prompt.question(question, (text) => {
      answer(/^\s*y(?:es)?\s*$/i.test(text));
      prompt.close();
    });
  });
}

/** Short messages in the corner: what became of what was asked for. */
import { createSignal } from 'solid-js';

export interface Message {
  id: number;
  tone: 'good' | 'bad';
  title: string;
  lines?: string[];
  /** Whom it is about. */
  service?: string;
}

/** ms that good news stays; bad news stays until it is read and closed. */
const STAYS = 4000;

const [messages, setMessages] = createSignal<readonly Message[]>([]);

export { messages };

let last = 0;

export function say(message: Omit<Message, 'id'>): void {
  last += 1;
  const id = last;
  setMessages((all) => [...all.slice(-4), { ...message, id }]);
  if (message.tone === 'good') setTimeout(() => dismiss(id), STAYS);
}

export function dismiss(id: number): void {
  setMessages((all) => all.filter((each) => each.id !== id));
}

import { mask } from '../contract/mask.ts';

/** Remarks about the workspace as a whole, one a topic, shown by `status` until they no longer hold. */
export interface Notes {
  /** Null takes the topic's remark back. */
  set(topic: string, text: string | null): void;
  list(): string[];
}

export function createNotes(onChange: () => void): Notes {
  const texts = new Map<string, string>();
  return {
    set(topic, text) {
      if ((texts.get(topic) ?? null) === text) return;
      if (text === null) texts.delete(topic);
      else texts.set(topic, mask(text));
      onChange();
    },
    list: () => [...texts.values()],
  };
}

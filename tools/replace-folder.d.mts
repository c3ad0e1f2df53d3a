export function replaceFolder(from: string, to: string, last: string): void;

/** The launchd agent of a workspace: launchd.plist(5). */
import { argvOf, type BootStart, startOf } from './start.ts';

export function agentText(label: string, start: BootStart): string {
  const strings = argvOf(start).map((word) => `    <string>${escaped(word)}</string>`);
  const env = Object.entries(start.env).flatMap(([name, value]) => [
    `    <key>${escaped(name)}</key>`,
    `    <string>${escaped(value)}</string>`,
  ]);
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<!-- Written by "upkeep boot enable"; "upkeep boot disable" removes it. -->
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>${escaped(label)}</string>
  <key>ProgramArguments</key>
  <array>
${strings.join('\n')}
  </array>
  <key>EnvironmentVariables</key>
  <dict>
${env.join('\n')}
  </dict>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <dict>
    <key>SuccessfulExit</key>
    <false/>
  </dict>
  <!-- Only the guard is launchd's to end: daemon and services outlive it. -->
  <key>AbandonProcessGroup</key>
  <true/>
</dict>
</plist>
`;
}

/** Null when it is not one of ours. */
export function readAgent(text: string): BootStart | null {
  const section = (key: string, tag: string) =>
    new RegExp(`<key>${key}</key>\\s*<${tag}>([\\s\\S]*?)</${tag}>`).exec(text)?.[1] ?? '';
  const argv = stringsIn(section('ProgramArguments', 'array'));
  const pairs = section('EnvironmentVariables', 'dict').matchAll(
    /<key>([^<]*)<\/key>\s*<string>([^<]*)<\/string>/g,
  );
  const env = [...pairs].map(([, name = '', value = '']) => [plain(name), plain(value)]);
  return startOf(argv, Object.fromEntries(env));
}

function stringsIn(xml: string): string[] {
  return [...xml.matchAll(/<string>([^<]*)<\/string>/g)].map(([, text = '']) => plain(text));
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function plain(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

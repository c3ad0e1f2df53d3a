/** `upkeep open`: the dashboard, and the API for tools. */
import { realpathSync } from 'node:fs';
import { defineCommand } from 'citty';
import { endGateway, ensureGateway, findGateway } from '../../client/gateway.ts';
import { findReadableRoot } from '../../client/workspace.ts';
import { LINK_LIFE, makeLink, tokenFile } from '../../platform/gateway-files.ts';
import { openBrowser } from '../open/browser.ts';

export default defineCommand({
  meta: { name: 'open', description: 'Open the dashboard in the browser, by a link that works once' },
  args: {
    browser: {
      type: 'boolean',
      default: true,
      description: 'open a browser, where there is a screen',
      negativeDescription: 'only print the link',
    },
    end: { type: 'boolean', default: false, description: 'instead: end the server of dashboard and API' },
    json: {
      type: 'boolean',
      default: false,
      description: 'print link, address and token file as JSON; opens nothing',
    },
  },
  async run({ args }) {
    const root = realpathSync(findReadableRoot());
    if (args.end) return end(root, args.json);
    // Before a gateway is looked for: one that would end now stays for the link.
    const code = makeLink(root, Date.now());
    const { port } = await ensureGateway(root);
    const address = `http://127.0.0.1:${port}`;
    const url = `${address}/open?code=${code}`;
    if (args.json) return print(JSON.stringify({ url, address, tokenFile: tokenFile(root) }, null, 2));
    const opened = args.browser && (await openBrowser(url, process.env, process.platform));
    if (opened) return print(`The dashboard is open: ${address}`);
    print(`${url}\n\nThe link works once, within ${LINK_LIFE / 60_000} minutes. After that: ${address}`);
  },
});

async function end(root: string, json: boolean): Promise<void> {
  const found = findGateway(root);
  if (found !== null) await endGateway(found);
  if (json) return print(JSON.stringify({ ended: found !== null }, null, 2));
  print(found === null ? 'Nothing served the dashboard.' : `http://127.0.0.1:${found.port} has ended.`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** A workspace with its gateway, and requests to it with every header as the test wants it. */

import { readFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { connectHttp, type HttpConnection } from '../../src/http/index.ts';
import type { Rig } from '../rig/rig.ts';

export interface Opened {
  url: string;
  address: string;
  token: string;
  upkeep: HttpConnection;
}

export async function openGateway(rig: Rig): Promise<Opened> {
  const { url, address, tokenFile } = (await rig.ok('open', '--json')).json<{
    url: string;
    address: string;
    tokenFile: string;
  }>();
  const token = readFileSync(tokenFile, 'utf8').trim();
  return { url, address, token, upkeep: connectHttp({ address, token }) };
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** `path` goes out as it is, `..` and all. */
export function ask(
  address: string,
  path: string,
  headers: Record<string, string> = {},
  { method = 'GET', body }: { method?: string; body?: string } = {},
): Promise<Answer> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, method, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

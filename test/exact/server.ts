/** A server of these tests, looked at from outside: it answers with its pid. */
import { get } from 'node:http';

/** What it answers; null: nobody listens, or the connection broke. @throws Error what the server says went wrong. */
export function ask(port: number, path = ''): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const request = get({ host: '127.0.0.1', port, path: `/${path}`, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      response.on('error', () => resolve(null));
      response.on('end', () => {
        if (response.statusCode === 200) resolve(text);
        else reject(new Error(text));
      });
    });
    request.setTimeout(10_000, () => request.destroy());
    request.on('error', () => resolve(null));
  });
}

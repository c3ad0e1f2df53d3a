import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readServiceEnv } from '../../src/config/env.ts';
import { ExitCode } from '../../src/contract/exit-codes.ts';
import { userError, workspace } from './workspace.ts';

const service = { name: 'api', env: {}, envFiles: [], ports: [] };

describe('readServiceEnv', () => {
  it('reads the files in order, env over them, and PORT below all', () => {
    const root = workspace({
      '.env': '# all\nA=1\nB="two words"\nexport C=3\n',
      '.env.local': 'A=10\nPORT=99',
    });
    const envFiles = [join(root, '.env'), join(root, '.env.local')];
    expect(readServiceEnv({ ...service, ports: [3000, 3001], envFiles, env: { C: 'c' } })).toEqual({
      A: '10',
      B: 'two words',
      C: 'c',
      PORT: '99',
    });
    expect(readServiceEnv({ ...service, ports: [3000, 3001] })).toEqual({ PORT: '3000' });
    expect(readServiceEnv({ ...service, ports: [3000], env: { PORT: '1' } })).toEqual({ PORT: '1' });
    expect(readServiceEnv(service)).toEqual({});
  });

  it('names a file that is missing', async () => {
    const file = join(workspace(), '.env');
    const error = await userError(() => readServiceEnv({ ...service, envFiles: [file] }));
    expect(error).toMatchObject({
      exitCode: ExitCode.config,
      message: `The env file ${file} of the service "api" does not exist.`,
      hint: 'Create it, or take it out of `envFile`.',
    });
  });

  it('names a file that cannot be read', async () => {
    const folder = workspace();
    const error = await userError(() => readServiceEnv({ ...service, envFiles: [folder] }));
    expect(error.message).toBe(
      `The env file ${folder} of the service "api" cannot be read: EISDIR: illegal operation on a directory, read.`,
    );
  });
});

// Builds dist/: the CLI (a small router and one bundle per command, CommonJS because it starts fastest),
// the daemon, the library in both module systems, its types, and the shell scripts as they are.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { build as buildPage } from 'vite';
import { hookBundle } from './hook-bundle.mjs';
import { replaceFolder } from './replace-folder.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
/** What a style sheet names is in no bundle's list. */
const FONTS = ['geist', 'geist-mono'].map((name) => `node_modules/@fontsource-variable/${name}/`);
/** Built beside the place where it belongs: services, daemons and tests go on with what is there. */
const dist = mkdtempSync(join(root, '.dist-'));
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const require = createRequire(import.meta.url);

const shared = {
  bundle: true,
  platform: 'node',
  target: 'node18',
  minifySyntax: true,
  minifyWhitespace: true,
  define: { __UPKEEP_VERSION__: JSON.stringify(version) },
  // Its main file asks for its parts by names that cannot be bundled.
  alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
  external: ['jiti', './config-loader.cjs', '../config-loader.cjs'],
  absWorkingDir: root,
  logLevel: 'warning',
  metafile: true,
};

process.once('exit', () => rmSync(dist, { recursive: true, force: true }));
mkdirSync(join(dist, 'commands'), { recursive: true });

/** Begun first: it takes the longest. */
const dashboard = buildPage({
  configFile: join(root, 'dashboard/vite.config.mjs'),
  logLevel: 'warn',
  build: { outDir: join(dist, 'dashboard') },
});

// The hook is loaded by every Node process of a service: one small file without dependencies.
await build({ ...hookBundle(root), outfile: join(dist, 'hook.cjs') });

copyFileSync(join(root, 'src/daemon/guard.sh'), join(dist, 'guard.sh'));
/** What runs depend on; the daemon carries it along (see src/daemon/kit.ts). */
const kit = kitOf({
  'hook.cjs': join(dist, 'hook.cjs'),
  'shim.sh': join(root, 'src/process/shim.sh'),
  'python/sitecustomize.py': join(root, 'src/languages/python/sitecustomize.py'),
  'python/_upkeep_report.py': join(root, 'src/languages/python/_upkeep_report.py'),
  'ruby/upkeep_report.rb': join(root, 'src/languages/ruby/upkeep_report.rb'),
});

const commonJs = { ...shared, format: 'cjs', outdir: dist, outExtension: { '.js': '.cjs' } };

/** What is loaded only when it is needed, by `await import`: name of the bundle → its source. */
const lazy = new Map();
/** Makes a bundle of its own of it: code that is read and compiled for nothing is most of what a look costs. */
const lazyBundles = (toDist) => ({
  name: 'lazy-bundles',
  setup(builder) {
    builder.onResolve({ filter: /./ }, ({ kind, path, resolveDir }) => {
      if (kind !== 'dynamic-import' || path.startsWith('node:')) return undefined;
      const name = basename(path, '.ts');
      lazy.set(name, path.startsWith('.') ? relative(root, resolve(resolveDir, path)) : path);
      return { path: `${toDist}/lazy/${name}.cjs`, external: true };
    });
  },
});

/**
 * The library is made when it is first asked, and mostly it is not: its expressions name classes of Unicode, which V8
 * looks up when they are made (a tenth of what `status` takes beyond `node` itself).
 */
const lateWidth = {
  name: 'late-width',
  setup(builder) {
    builder.onResolve({ filter: /^fast-string-width$/ }, ({ kind, path }) =>
      kind === 'import-statement' ? { path, namespace: 'late' } : undefined,
    );
    builder.onLoad({ filter: /./, namespace: 'late' }, ({ path }) => ({
      contents: `let width; export default (text) => (width ??= require('${path}').default)(text);`,
      resolveDir: root,
    }));
  },
};

/** Functions of Node's own modules that load these when they are first called. */
const LATE = {
  'node:crypto': ['createHash'],
  'node:child_process': ['spawn', 'spawnSync', 'execFile', 'execFileSync'],
};
/** Node takes 10 ms to load them, a twentieth of the time for which nobody answers after a daemon was killed. */
const lateBuiltins = {
  name: 'late-builtins',
  setup(builder) {
    builder.onResolve({ filter: /^node:/ }, ({ kind, path }) =>
      kind === 'import-statement' && path in LATE ? { path, namespace: 'late-builtin' } : undefined,
    );
    builder.onLoad({ filter: /./, namespace: 'late-builtin' }, ({ path }) => ({
      contents: LATE[path]
        .map((name) => `export const ${name} = (...args) => require('${path}').${name}(...args);`)
        .join('\n'),
    }));
  },
};

/** `import()` by require(), which is already there: the CLI imports bundles only, no module of a person's. */
const byRequire = { 'dynamic-import': false };

const commands = readdirSync(join(root, 'src/cli/commands'))
  .filter((name) => name.endsWith('.ts'))
  .map((name) => name.slice(0, -3));
/** `short`: short names as well, which cost a stack trace its words and save V8 looking up the long ones. */
const buildCommands = (names, short) =>
  build({
    ...commonJs,
    plugins: [lazyBundles('..'), lateWidth],
    supported: byRequire,
    minifyIdentifiers: short,
    entryPoints: names.map((name) => ({ in: `src/cli/commands/${name}.ts`, out: `commands/${name}` })),
  });
/**
 * Its entrance, which listens, and the rest, which it loads then. It must not meet the parts of another version after an
 * update: the rest is whole in one file, and the entrance knows that file's seal.
 */
async function buildDaemon() {
  const plugins = [lateWidth, lateBuiltins];
  const rest = await build({
    ...commonJs,
    plugins,
    define: { ...shared.define, __UPKEEP_KIT__: JSON.stringify(JSON.stringify(kit)) },
    entryPoints: [{ in: 'src/daemon/rest.ts', out: 'daemon-code' }],
  });
  const file = join(dist, 'daemon-code.cjs');
  wrap(file);
  const entrance = await build({
    ...commonJs,
    plugins,
    define: { ...shared.define, __UPKEEP_DAEMON_CODE__: JSON.stringify(seal(file)) },
    entryPoints: [{ in: 'src/daemon/main.ts', out: 'daemon' }],
  });
  return [rest, entrance];
}

const isQuick = (name) => name === 'status';
const bundles = [
  await buildCommands(commands.filter(isQuick), true),
  await buildCommands(
    commands.filter((name) => !isQuick(name)),
    false,
  ),
  await build({
    ...commonJs,
    plugins: [lazyBundles('.')],
    supported: byRequire,
    entryPoints: [{ in: 'src/config/index.ts', out: 'config-loader' }],
  }),
  await build({
    ...commonJs,
    plugins: [lazyBundles('.')],
    supported: byRequire,
    entryPoints: [{ in: 'src/cli/main.ts', out: 'upkeep' }],
  }),
  ...(await buildDaemon()),
  await build({
    ...commonJs,
    entryPoints: [
      { in: 'src/config/print.ts', out: 'print-config' },
      { in: 'src/client/index.ts', out: 'client' },
      { in: 'src/api/index.ts', out: 'api' },
      { in: 'src/gateway/main.ts', out: 'gateway' },
      { in: 'src/api/search/worker.ts', out: 'search' },
      { in: 'src/gateway/openapi.ts', out: 'openapi' },
      { in: 'src/index.ts', out: 'index' },
    ],
  }),
  await build({
    ...commonJs,
    entryPoints: [...lazy].map(([name, source]) => ({ in: source, out: `lazy/${name}` })),
  }),
];

// For browsers and tools, as a module: nothing of Node's in it.
await build({
  ...shared,
  platform: 'neutral',
  format: 'esm',
  outfile: join(dist, 'http.js'),
  entryPoints: ['src/http/index.ts'],
});

for (const name of [...commands.map((name) => `commands/${name}`), 'config-loader'])
  seal(join(dist, `${name}.cjs`));

// One implementation for both module systems.
const names = Object.keys(require(join(dist, 'index.cjs'))).join(', ');
writeFileSync(
  join(dist, 'index.js'),
  `import library from './index.cjs';\nexport const { ${names} } = library;\n`,
);

openDoor(join(dist, 'upkeep.cjs'));

const { configJsonSchema } = require(join(dist, 'config-loader.cjs'));
writeFileSync(join(dist, 'config.schema.json'), `${JSON.stringify(configJsonSchema(), null, 2)}\n`);

const { openApi } = require(join(dist, 'openapi.cjs'));
writeFileSync(join(dist, 'openapi.json'), `${JSON.stringify(openApi(version), null, 2)}\n`);
rmSync(join(dist, 'openapi.cjs'));

execFileSync(
  process.execPath,
  [
    join(dirname(require.resolve('typescript/package.json')), 'bin/tsc'),
    '-p',
    'tsconfig.types.json',
    '--outDir',
    join(dist, 'types'),
  ],
  {
    cwd: root,
    stdio: 'inherit',
  },
);

writeFileSync(
  join(dist, 'THIRD-PARTY.txt'),
  licences([
    ...bundles.flatMap(({ metafile }) => Object.keys(metafile.inputs)),
    ...(await dashboard).output.flatMap((file) => Object.keys(file.modules ?? {})),
    ...FONTS,
  ]),
);

chmodSync(dist, 0o755);
replaceFolder(dist, join(root, 'dist'), 'upkeep.cjs');

function kitOf(files) {
  const texts = Object.fromEntries(
    Object.entries(files).map(([name, file]) => [name, readFileSync(file, 'utf8')]),
  );
  return { hash: hashOf(JSON.stringify(texts)), texts };
}

function hashOf(text) {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/**
 * Makes the CLI a program for the shell and for Node: the shell does not get beyond src/cli/door.sh, and for Node that
 * is a comment, behind an expression that means as little to the one as to the other.
 */
function openDoor(file) {
  const door = readFileSync(join(root, 'src/cli/door.sh'), 'utf8')
    .replaceAll('@VERSION@', version)
    .replace(/^\s*#.*\n/gm, '');
  if (door.includes('*/')) throw new Error('src/cli/door.sh holds the end of a comment of JavaScript');
  const code = readFileSync(file, 'utf8');
  writeFileSync(file, `#!/bin/sh\n":" /*\n${door}*/;\n${code}`);
  chmodSync(file, 0o755);
}

/** As Node does with a CommonJS module: then only loadCompiled loads it. */
function wrap(file) {
  const code = readFileSync(file, 'utf8');
  writeFileSync(file, `(function (exports, require, module, __filename, __dirname) {${code}\n})`);
}

/** Ends a bundle with a hash of itself, by which its compiled code is known: see src/platform/compiled/load.ts. Returns it. */
function seal(file) {
  const text = readFileSync(file, 'utf8');
  if (Buffer.byteLength(text) !== text.length)
    throw new Error(`${file} holds more than ASCII, which it is read as`);
  const hash = hashOf(text);
  writeFileSync(file, `${text}\n//${hash}\n`);
  return hash;
}

/** The licence texts of the libraries that are bundled into dist/. */
function licences(inputs) {
  const names = new Set(
    inputs
      .map((input) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1])
      .filter((name) => name !== undefined),
  );
  return [...names]
    .sort()
    .map((name) => {
      const folder = join(root, 'node_modules', name);
      const { version: its, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
      const text =
        file !== undefined && existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8') : '';
      return `${name} ${its} (${license})\n\n${text.trim()}\n`;
    })
    .join(`\n${'-'.repeat(78)}\n\n`);
}

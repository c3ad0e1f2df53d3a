/**
 * What is known about languages: by which programs they are recognised, and what to watch where what a program
 * loads cannot be known. `!` takes back: generated files would restart a service that builds itself.
 */
export type Language =
  | 'node'
  | 'python'
  | 'ruby'
  | 'go'
  | 'rust'
  | 'php'
  | 'deno'
  | 'bun'
  | 'java'
  | 'dotnet'
  | 'elixir';

export interface Row {
  readonly language: Language;
  /** Of a program's name. */
  readonly name: RegExp;
  /** Of the word by which it is called, where its name does not tell. */
  readonly path?: RegExp;
  /** Globs relative to the service's folder; empty: the hook or the toolchain tells. */
  readonly include: readonly string[];
  /** A command line (the words joined by blanks) that watches for itself, or reads its files at each request. */
  readonly byItself?: RegExp;
}

const PHP = ['**/*.php', '.env', 'composer.lock', '!vendor/**', '!storage/**', '!var/cache/**'];
const JVM_SOURCES = 'src/**/*.{java,kt,kts,scala,groovy,clj,xml,properties,yml,yaml}';

export const LANGUAGES: readonly Row[] = [
  {
    language: 'node',
    name: /^(node|nodejs|tsx|ts-node|ts-node-esm|ts-node-dev|tsnd|nodemon|esr|jiti|vite-node|babel-node)$/,
    path: /\.[cm]?[jt]sx?$/,
    include: [],
  },
  {
    language: 'python',
    name: /^((python|pypy)[\d.]*|uvicorn|gunicorn|hypercorn|granian|flask|fastapi|django-admin|celery|streamlit)$/,
    path: /\.py$/,
    include: [],
  },
  {
    language: 'ruby',
    name: /^(ruby[\d.]*|rails|rackup|puma|sidekiq|unicorn|rake)$/,
    path: /\.rb$/,
    include: [],
  },
  { language: 'go', name: /^go$/, include: [] },
  {
    language: 'rust',
    name: /^cargo$/,
    path: /(^|\/)target\/([\w-]+\/)?(debug|release)\//,
    include: ['**/*.rs', '**/Cargo.toml', 'Cargo.lock', '!target/**'],
    byItself: /^cargo watch\b/,
  },
  {
    language: 'php',
    name: /^(php[\d.]*|artisan|symfony|frankenphp)$/,
    path: /(\.php|\/artisan)$/,
    include: PHP,
    byItself: /( -S |\bartisan serve\b|^symfony (server:start|serve)\b| --watch\b)/,
  },
  {
    language: 'deno',
    name: /^deno$/,
    include: ['**/*.{ts,tsx,mts,js,jsx,mjs,json,jsonc}', 'deno.lock'],
    byItself: / --watch(-hmr)?\b/,
  },
  {
    language: 'bun',
    name: /^bun$/,
    include: ['**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs,json}', 'bunfig.toml', '!dist/**'],
    byItself: / --(watch|hot)\b/,
  },
  {
    language: 'java',
    name: /^(java|mvnw?|gradlew?)$/,
    include: [JVM_SOURCES, '**/pom.xml', '**/*.gradle', '**/*.gradle.kts', 'gradle.properties'],
    byItself: /\bquarkus:dev\b|\bquarkusDev\b| (-t|--continuous)\b/,
  },
  {
    language: 'dotnet',
    name: /^dotnet$/,
    include: ['**/*.{cs,fs,vb,cshtml,razor,csproj,fsproj,vbproj}', 'appsettings*.json', '!**/{bin,obj}/**'],
    byItself: /^dotnet watch\b/,
  },
  {
    language: 'elixir',
    name: /^(elixir|mix|iex)$/,
    include: ['{lib,config,apps}/**/*.{ex,exs}', 'mix.exs', 'mix.lock', '!**/{_build,deps}/**'],
    byItself: /\bphx\.server\b/,
  },
];

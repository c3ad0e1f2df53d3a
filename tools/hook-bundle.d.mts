import type { BuildOptions } from 'esbuild';

export function hookBundle(root: string): BuildOptions;

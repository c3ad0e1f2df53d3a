/** By name: of a bundle that comes by require(), `default` means one thing under esbuild and another under Node. */
export { default as liveScreen } from 'log-update';

/**
 * The guard hides NODE_EXTRA_CA_CERTS from the daemon (see guard.sh), whose own Node would read those certificates for
 * nothing. Everything that the daemon starts gets the variable as it was.
 */

/** In `env`, as if the guard had done nothing. */
export function giveBackCertificates(env: NodeJS.ProcessEnv): void {
  const { UPKEEP_EXTRA_CA_CERTS: hidden } = env;
  if (hidden === undefined) return;
  env['NODE_EXTRA_CA_CERTS'] = hidden;
  delete env['UPKEEP_EXTRA_CA_CERTS'];
}

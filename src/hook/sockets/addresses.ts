/** Which addresses of a port are in each other's way, and how they are written. Pure. */

/** As the kernel sees it: `::` takes IPv4 in too, 0.0.0.0 all of IPv4. */
export function overlaps(one: string, other: string): boolean {
  return one === other || covers(one, other) || covers(other, one);
}

function covers(wide: string, narrow: string): boolean {
  return wide === '::' || (wide === '0.0.0.0' && !narrow.includes(':'));
}

/** `0:0:0:0:0:0:0:1` → `::1`. */
export function canonical(address: string): string {
  if (!address.includes(':') || address === '::' || address === '::1') return address;
  try {
    return new URL(`http://[${address}]`).hostname.slice(1, -1);
  } catch {
    // With a zone (`fe80::1%eth0`).
    return address;
  }
}

/** What a client on this machine that called this address shows as, and what it called. */
export function loopback(address: string): { address: string; family: string } {
  if (address === '::') return { address: '::ffff:127.0.0.1', family: 'IPv6' };
  if (address === '::1') return { address, family: 'IPv6' };
  return { address: '127.0.0.1', family: 'IPv4' };
}

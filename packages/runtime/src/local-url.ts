const anywhere = new Set(['0.0.0.0', '::', '']);

/** An address that this machine reaches a server by that listens on the host. */
export function localUrl(host: string, port: number): string {
  const reachable = anywhere.has(host) ? 'localhost' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

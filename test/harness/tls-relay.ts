import type { Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import { openRelay, type Relay } from './relay.ts';

/** Its own, for localhost and 127.0.0.1; nobody trusts it. Until 2126. */
const certificate = `-----BEGIN CERTIFICATE-----
MIIBmjCCAUGgAwIBAgIUKpWwGn4DU5jfUtIJdWbbF8bGPFwwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyOTIzMTUwNFoYDzIxMjYxMTA1
MjMxNTA0WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAR66y2kWfsS6Ensmiuk16s8FMIP8Rzet/zd5vs7h8yONZL7xiLQNxVq
+lYtOW28tK2SkcjwmZNS9wV5JCl/Rl35o28wbTAdBgNVHQ4EFgQU9EysHYLo3T1O
KLzom9i9r2fi0AUwHwYDVR0jBBgwFoAU9EysHYLo3T1OKLzom9i9r2fi0AUwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDRwAwRAIgZtFzy5aaA2srCcLddZr9JPK49NomfLayFecX09mVwgMCIHZ3
NiuCsixuCigbHICse4c2AKSqW3XBnFsNGiNbUiQN
-----END CERTIFICATE-----
`;

/** Of `certificate`, and so no secret. */
const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgbdwb2ziKud0fDkCu
KyRiYfDXlF4s6wXA/AFafGC+/DmhRANCAAR66y2kWfsS6Ensmiuk16s8FMIP8Rze
t/zd5vs7h8yONZL7xiLQNxVq+lYtOW28tK2SkcjwmZNS9wV5JCl/Rl35
-----END PRIVATE KEY-----
`;

/** The protocol's SSLRequest. */
const requestForTls = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

/** Stands before a PostgreSQL of the loopback interface that speaks no TLS itself. */
export interface TlsRelay extends Relay {
  /** The server's URL by way of the relay, without `sslmode`. */
  url: string;
  /** Connections over TLS, until now. */
  readonly secured: number;
  /** Ends all connections at the same moment. */
  endAll(): void;
}

/** @param speaksTls Where it does not, it says so, as a server without a certificate does. */
export async function openTlsRelay(serverUrl: string, { speaksTls }: { speaksTls: boolean }): Promise<TlsRelay> {
  const url = new URL(serverUrl);
  const clients = new Set<Socket>();
  const secureContext = createSecureContext({ cert: certificate, key });
  let secured = 0;
  const { port, close } = await openRelay(Number(url.port), (socket, reach) => {
    socket.once('data', (first) => {
      const asksForTls = first.equals(requestForTls);
      if (asksForTls) socket.write(speaksTls ? 'S' : 'N');
      const client = asksForTls && speaksTls ? new TLSSocket(socket, { isServer: true, secureContext }) : socket;
      client.on('error', () => {});
      client.once('secure', () => {
        secured += 1;
      });
      const target = reach();
      if (!asksForTls) target.write(first);
      client.pipe(target);
      target.pipe(client);
      clients.add(client);
      client.on('close', () => {
        clients.delete(client);
        target.destroy();
      });
      target.on('close', () => client.end());
    });
  });
  url.port = String(port);
  return {
    port,
    close,
    url: url.href,
    get secured() {
      return secured;
    },
    endAll() {
      for (const client of clients) client.end();
    },
  };
}

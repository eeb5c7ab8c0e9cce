import net from 'node:net';

const readBytes = 1_048_576;

export interface GottenBytes {
  /** Of headers and body. */
  bytes: number;
  seconds: number;
}

/**
 * Downloads an address and drops what comes, with as little work as this process can do: into the same memory again and
 * again, and nothing looks at it. Rejects where the answer is not 200.
 */
export function getBytes(address: string): Promise<GottenBytes> {
  const { hostname, port, pathname } = new URL(address);
  const start = performance.now();
  return new Promise((resolve, reject) => {
    let bytes = 0;
    const socket = net.connect({
      host: hostname,
      port: Number(port),
      onread: {
        buffer: Buffer.allocUnsafeSlow(readBytes),
        callback(length, buffer) {
          if (bytes === 0) {
            const status = Buffer.from(buffer.buffer, buffer.byteOffset, 12).toString('latin1');
            if (status !== 'HTTP/1.1 200') socket.destroy(new Error(`The answer is ${status}.`));
          }
          bytes += length;
          return true;
        },
      },
    });
    socket.once('error', reject);
    socket.once('close', () => resolve({ bytes, seconds: (performance.now() - start) / 1_000 }));
    socket.write(`GET ${pathname} HTTP/1.1\r\nhost: ${hostname}\r\nconnection: close\r\n\r\n`);
  });
}

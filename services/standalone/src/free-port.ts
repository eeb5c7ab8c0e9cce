import { once } from 'node:events';
import { createServer } from 'node:net';
import { AppError } from '@sheaf/domain/app-error';

/**
 * The port, when it can be listened on now; for 0 a free one. Another process may still take it first.
 * Throws `resource.conflict` when it is in use, `input.invalid` when the address or port cannot be listened on.
 */
export async function freePort(host: string, port = 0): Promise<number> {
  const server = createServer();
  try {
    server.listen({ host, port, exclusive: true });
    await once(server, 'listening');
  } catch (cause) {
    throw portError(host, port, cause as NodeJS.ErrnoException);
  }
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : port;
}

function portError(host: string, port: number, cause: NodeJS.ErrnoException): AppError {
  if (cause.code === 'EADDRINUSE') {
    return new AppError('resource.conflict', `Port ${port} on ${host} is in use. Set PORT to another one.`, { cause });
  }
  const why = cause.code === 'EACCES' ? 'permission denied' : cause.message;
  return new AppError('input.invalid', `Sheaf cannot listen on ${host}, port ${port}: ${why}. Set HOST or PORT.`, {
    cause,
  });
}

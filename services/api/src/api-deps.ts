import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { Database } from '@sheaf/db/database';
import type { Clock } from '@sheaf/runtime/clock';
import type { Logger } from '@sheaf/runtime/logger';
import type { Sealer } from '@sheaf/runtime/seal';
import type { Settings } from '@sheaf/runtime/settings';
import type { Storage } from '@sheaf/storage/file-storage';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';

/** Sealers of the instance's key, one for each use. */
export interface Sealers {
  /** Tokens of default links. */
  link: Sealer;
  /** Signing secrets of webhooks. */
  webhook: Sealer;
  /** Messages that are kept for want of a mail server. */
  mail: Sealer;
  /** Private keys that sign receipts. */
  signing: Sealer;
  /** Answers kept for repeated requests, where they hold a secret. */
  answer: Sealer;
}

/** Everything the API needs, made by `main.ts` or by a test. */
export interface ApiDeps {
  settings: Settings;
  db: Database;
  storage: Storage;
  logger: Logger;
  clock: Clock;
  sealers: Sealers;
  /** Asked by `/readyz` only: the API never adds jobs itself, it writes to the outbox. */
  queue: { ping(): Promise<void> } | null;
  /** The built dashboard, where there is one. */
  dashboardFolder: string | null;
}

export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** One operation of the API; a file in `routes/` each. */
export type ApiRoute = (app: App, deps: ApiDeps) => void;

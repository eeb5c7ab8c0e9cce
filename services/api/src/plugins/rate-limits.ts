import rateLimit from '@fastify/rate-limit';
import { AppError } from '@sheaf/domain/app-error';
import type { FastifyRequest } from 'fastify';
import type { App } from '../api-deps.ts';

const minute = 60_000;

/** Makes `limitRate` possible. Once, before the scopes that use it. */
export async function prepareRateLimits(app: App): Promise<void> {
  await app.register(rateLimit, { global: false });
}

/**
 * Counts the requests of each caller in this scope, from here on: users by their id, everybody else by address.
 * Add it after `resolveActor` and before what refuses requests. Over the limit: `rate.limited` with the seconds to wait.
 */
export function limitRate(app: App, maxPerMinute: number): void {
  const count = app.createRateLimit({ max: maxPerMinute, timeWindow: minute, keyGenerator: callerOf });
  app.addHook('onRequest', async (request) => {
    const state = await count(request);
    if (!state.isAllowed && state.isExceeded) {
      throw new AppError('rate.limited', `More than ${maxPerMinute} requests in a minute.`, {
        retryable: true,
        detail: { retryAfter: state.ttlInSeconds, limit: maxPerMinute },
      });
    }
  });
}

function callerOf(request: FastifyRequest): string {
  return request.actor?.id ?? request.ip;
}

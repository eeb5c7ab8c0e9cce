import type { Actor, Role } from '@sheaf/domain/actor';
import { AppError } from '@sheaf/domain/app-error';
import { mayChange, seesEverything } from '@sheaf/domain/sees-everything';
import type { FastifyRequest } from 'fastify';

/** Whoever sends a request, and how they proved it. */
export interface CurrentUser extends Actor {
  email: string;
  name: string;
  preferences: { emailNotifications: boolean; language: string };
  via: 'session' | 'token';
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Null for nobody: see `requireActor`. Set under `/api/v1` only. */
    actor: CurrentUser | null;
  }

  interface FastifyContextConfig {
    /** Open to auditors though its method is one that changes: it only computes, or touches their own account. */
    auditorMay?: true;
  }
}

/** The sender of a request behind `requireActor`. */
export function currentUser(request: FastifyRequest): CurrentUser {
  if (request.actor === null) throw new AppError('auth.required', 'Sign in, or send a personal API token.');
  return request.actor;
}

/**
 * Guard, for `onRequest`: somebody has to be signed in. Auditors are let through to what reads, and to routes that say
 * `auditorMay`: a route that changes something is closed to them unless it was thought about.
 */
export async function requireActor(request: FastifyRequest): Promise<void> {
  const user = currentUser(request);
  const reads = request.method === 'GET' || request.method === 'HEAD';
  if (!(reads || mayChange(user) || request.routeOptions.config.auditorMay)) {
    throw new AppError('auth.forbidden', 'An auditor may look at everything and change nothing.');
  }
}

/** Guard, for `onRequest`: administrators, and auditors where nothing is changed. */
export async function requireReader(request: FastifyRequest): Promise<void> {
  await requireActor(request);
  if (!seesEverything(currentUser(request))) {
    throw new AppError('auth.forbidden', 'This takes the role auditor or administrator.');
  }
}

/** Guard, for `onRequest`: somebody with one of these roles. An administrator may do what a contributor may. */
export function requireRole(...roles: Role[]): (request: FastifyRequest) => Promise<void> {
  return async (request) => {
    if (!roles.includes(currentUser(request).role)) {
      throw new AppError('auth.forbidden', `This takes the role ${roles.join(' or ')}.`);
    }
  };
}

import type { Actor, Role } from '@sheaf/domain/actor';
import { AppError } from '@sheaf/domain/app-error';
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
}

/** The sender of a request behind `requireActor`. */
export function currentUser(request: FastifyRequest): CurrentUser {
  if (request.actor === null) throw new AppError('auth.required', 'Sign in, or send a personal API token.');
  return request.actor;
}

/** Guard, for `onRequest`: somebody has to be signed in. */
export async function requireActor(request: FastifyRequest): Promise<void> {
  currentUser(request);
}

/** Guard, for `onRequest`: somebody with one of these roles. An administrator may do what a contributor may. */
export function requireRole(...roles: Role[]): (request: FastifyRequest) => Promise<void> {
  return async (request) => {
    if (!roles.includes(currentUser(request).role)) {
      throw new AppError('auth.forbidden', `This takes the role ${roles.join(' or ')}.`);
    }
  };
}

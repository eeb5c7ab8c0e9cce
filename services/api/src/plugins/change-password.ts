import { passwordChangeSchema } from '@sheaf/contract/me';
import { appendAuditEvent } from '@sheaf/db/audit/append-audit-event';
import type { Executor } from '@sheaf/db/database';
import { lockAccount } from '@sheaf/db/users/find-account';
import { AppError } from '@sheaf/domain/app-error';
import type { ApiDeps, App } from '../api-deps.ts';
import { auditEvent } from '../audit-event.ts';
import { invalidInput } from '../schema-validator.ts';
import type { SignInService } from '../sign-in-service.ts';
import { findSession } from './find-session.ts';
import { forward, Refusal, sendForwarded } from './forward.ts';

/**
 * Changing one's own password takes a session and the current password; API tokens do not count here. Every session
 * ends, and this browser gets a new one. All of it is better-auth's, in one transaction with its record.
 */
export function mountChangePassword(
  app: App,
  { db, clock }: Pick<ApiDeps, 'db' | 'clock'>,
  signInWithin: (tx: Executor) => SignInService,
): void {
  app.post('/change-password', { schema: { hide: true, body: passwordChangeSchema } }, async (request, reply) => {
    const answer = await db
      .transaction(async (tx) => {
        const signIn = signInWithin(tx);
        // Whoever resets the password, or disables the user, meanwhile has the last word.
        const session = await findSession(request.headers.cookie, signIn, clock);
        if (session) await lockAccount(tx, session.user.id);
        const forwarded = await forward(request, signIn, { body: { ...request.body, revokeOtherSessions: true } });
        const userId = (forwarded.json.user as { id: string }).id;
        const event = { at: clock(), action: 'user.password_changed', actorId: userId, detail: { userId } } as const;
        await appendAuditEvent(tx, auditEvent(request, event));
        return forwarded;
      })
      .catch((error: unknown) => {
        throw explained(error);
      });
    return sendForwarded(reply, answer);
  });
}

function explained(error: unknown): unknown {
  if (!(error instanceof Refusal)) return error;
  if (error.reason === 'INVALID_PASSWORD') return invalidInput([{ path: '/currentPassword', message: 'is not right' }]);
  if (error.reason === 'CREDENTIAL_ACCOUNT_NOT_FOUND') {
    return new AppError('resource.conflict', 'You sign in with the identity provider, and have no password here.');
  }
  return error;
}

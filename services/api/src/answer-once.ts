import { createHash } from 'node:crypto';
import { appendAuditEvents } from '@sheaf/db/audit/append-audit-event';
import type { Executor } from '@sheaf/db/database';
import { claimIdempotencyKey, type StoredAnswer } from '@sheaf/db/idempotency/claim-idempotency-key';
import { storeIdempotentAnswer } from '@sheaf/db/idempotency/store-idempotent-answer';
import type { AuditEvent } from '@sheaf/domain/audit-event';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiDeps } from './api-deps.ts';
import { currentUser } from './current-user.ts';
import { invalidInput } from './schema-validator.ts';

export interface Answer<B> {
  status: number;
  headers?: Record<string, string>;
  body: B;
  /** What the audit log is to say of the work. Appended last, since others who append wait from then on. */
  events?: readonly AuditEvent[];
}

export interface AnswerOnceOptions {
  /** What stands for the body where there is no JSON one, such as the fields and hashes of a multipart form. */
  body?: unknown;
  /** The answer holds a secret that is shown once: it is kept sealed. */
  secret?: boolean;
}

type Deps = Pick<ApiDeps, 'db' | 'clock' | 'sealers'>;

/**
 * Runs the work of a POST that creates in one transaction and sends its answer. With an `Idempotency-Key`, the same
 * request gets the same answer without the work being done again: key, work and answer are committed together, so that
 * a failure or a crash leaves the key free. Repeated requests wait for the first. Errors are not remembered.
 */
export async function answerOnce<B>(
  deps: Deps,
  request: FastifyRequest,
  reply: FastifyReply,
  work: (tx: Executor) => Promise<Answer<B>>,
  options: AnswerOnceOptions = {},
): Promise<B> {
  const answer = await deps.db.transaction((tx) => answerWithin(tx, deps, request, () => work(tx), options));
  return useAnswer(reply, answer);
}

/** `answerOnce` for work that has a transaction already. Commit before the answer is used. */
export async function answerWithin<B>(
  tx: Executor,
  deps: Omit<Deps, 'db'>,
  request: FastifyRequest,
  work: () => Promise<Answer<B>>,
  options: AnswerOnceOptions = {},
): Promise<Answer<B>> {
  const key = idempotencyKey(request);
  if (key === null) {
    const answer = await work();
    await appendAuditEvents(tx, answer.events ?? []);
    return answer;
  }
  const claim = {
    userId: currentUser(request).id,
    key,
    requestHash: requestHash(request, options.body ?? request.body),
    now: deps.clock(),
  };
  const stored = await claimIdempotencyKey(tx, claim);
  if (stored) return opened(deps, stored) as Answer<B>;
  const { status, headers = {}, body, events = [] } = await work();
  const kept = options.secret ? { sealed: deps.sealers.answer.seal(JSON.stringify(body)).toString('base64') } : body;
  await storeIdempotentAnswer(tx, claim, { status, headers, body: kept });
  await appendAuditEvents(tx, events);
  return { status, headers, body };
}

/** Sets an answer's status and headers, and hands its body to Fastify. */
export function useAnswer<B>(reply: FastifyReply, answer: Answer<B>): B {
  reply.code(answer.status).headers(answer.headers ?? {});
  return answer.body;
}

function opened({ sealers }: Omit<Deps, 'db'>, { status, headers, body }: StoredAnswer): Answer<unknown> {
  const sealed = (body as { sealed?: unknown } | null)?.sealed;
  if (typeof sealed !== 'string') return { status, headers, body };
  return { status, headers, body: JSON.parse(sealers.answer.open(Buffer.from(sealed, 'base64'))) };
}

function idempotencyKey(request: FastifyRequest): string | null {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return null;
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw invalidInput([{ path: 'Idempotency-Key', message: 'must be 1 to 255 visible ASCII characters' }]);
  }
  return key;
}

function requestHash(request: FastifyRequest, body: unknown): string {
  return createHash('sha256')
    .update(`${request.method} ${request.url.split('?', 1)[0]}\n${JSON.stringify(body ?? null)}`)
    .digest('hex');
}

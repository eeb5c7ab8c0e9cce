import { finished } from 'node:stream';
import type { Executor } from '@sheaf/db/database';
import type { Access } from '@sheaf/db/downloads/record-access';
import { newId } from '@sheaf/db/schema/columns';
import { AppError } from '@sheaf/domain/app-error';
import type { AuditAction } from '@sheaf/domain/audit-event';
import type { Clock } from '@sheaf/runtime/clock';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { auditEvent } from '../audit-event.ts';
import { beginAccess } from '../use-cases/begin-access.ts';

/** Follows one answer to its end. */
export interface AccessLog {
  /**
   * Before the first byte: writes down what is about to be sent, and charges it. Throws `quota.exceeded`; whoever is
   * refused so is sent nothing, which is not recorded.
   */
  begin(answer: IntendedAnswer): Promise<void>;
  /** Bytes of the file that were handed to the network. */
  sent(bytes: number): void;
  /** Why the answer will be an error: told in the audit log. */
  refused(error: unknown): void;
}

export interface IntendedAnswer {
  status: 200 | 206;
  /** Of the first range that is sent; null for the whole. */
  rangeStart: number | null;
  /** Of the file, without what a multipart answer has around them. */
  bytes: number;
}

type AccessSubject = Pick<Access, 'linkId' | 'downloadId' | 'part' | 'assetId' | 'renditionId' | 'userId' | 'charged'>;

/** Of a header that callers may make as long as they like. */
const rangeLength = 100;

/**
 * Records who is answered with what: before the first byte, with the bytes that are about to be sent, and again when
 * the answer has ended, also where the connection broke off, with those that were handed to the network until then. The
 * audit log is told at the end. Where the end cannot be recorded, that is logged and fails nothing.
 */
export function logAccess(
  { clock, executor }: { clock: Clock; executor: Executor },
  request: FastifyRequest,
  reply: FastifyReply,
  subject: AccessSubject,
): AccessLog {
  const id = newId();
  const at = clock();
  // Now, because a socket that is gone has no address any more.
  const told = auditEvent(request, {
    at,
    action: subject.linkId ? 'bundle.accessed' : 'file.accessed',
    actorId: subject.userId ?? null,
    downloadId: subject.downloadId,
    assetId: subject.assetId,
  });
  const { ipAddress = null, userAgent = null } = told;
  let bytesSent = 0;
  let rangeStart: number | null = null;
  let refusal: { code?: string } = {};
  let state: 'asked' | 'begun' | 'not begun' = 'asked';
  // What the portal draws its lists with is no handing out.
  const isThumbnail = subject.charged === false;

  finished(reply.raw, () => {
    if (state === 'not begun') return;
    const status = reply.raw.statusCode;
    const { linkId, part, renditionId } = subject;
    const action = actionOf(told.action, status);
    // What began has a row that must be corrected, whatever came of it.
    const mayRepeat = action === 'bundle.refused' && state === 'asked';
    if (mayRepeat && !request.server.recentRefusals.isNew(`${linkId} ${refusal.code}`, at)) return;
    const range = request.headers.range?.slice(0, rangeLength);
    const detail = {
      ...told.detail,
      accessId: id,
      linkId,
      part,
      renditionId,
      status,
      range,
      rangeStart,
      bytesSent,
      ...refusal,
    };
    const event = isThumbnail ? null : { ...told, action, detail };
    const access = { id, ...subject, ipAddress, userAgent, status, rangeStart, bytesSent, at };
    request.server.accessRecorder.record({ access, event }, (error) =>
      request.log.error({ err: error }, 'how an access ended could not be recorded'),
    );
  });
  return {
    async begin(answer) {
      rangeStart = answer.rangeStart;
      // Not worth that a page full of them waits for the database.
      if (isThumbnail) return;
      const { status, bytes } = answer;
      try {
        const intended = { id, ...subject, ipAddress, userAgent, status, rangeStart, bytesSent: bytes, at };
        await beginAccess(executor, intended);
        state = 'begun';
      } catch (error) {
        state = 'not begun';
        throw error;
      }
    },
    sent(bytes) {
      bytesSent += bytes;
    },
    refused(error) {
      refusal = refusalOf(error);
    },
  };
}

function actionOf(action: AuditAction, status: number): AuditAction {
  return action === 'bundle.accessed' && status === 410 ? 'bundle.refused' : action;
}

/** The code, and for assets that may no longer be had, how many there are and the first few with their reasons. */
function refusalOf(error: unknown): { code: string } {
  if (!(error instanceof AppError)) return { code: 'internal' };
  const { counts, outcomes } = (error.detail ?? {}) as { counts?: object; outcomes?: OutcomeReason[] };
  const reasons = outcomes?.map(({ assetId, reason }) => ({ assetId, reason }));
  return { code: error.code, ...{ counts, reasons } };
}

type OutcomeReason = { assetId: string; reason: string | null };

import { AppError } from '@sheaf/domain/app-error';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiDeps, App } from '../api-deps.ts';
import { type CurrentUser, currentUser } from '../current-user.ts';
import { EventStream } from './event-stream.ts';
import type { Watch } from './watches.ts';

/** Comments keep the line open; and whether the reader still may read is checked as often. */
const beatMs = 15_000;
/** A check lasts so long where nothing says that access has changed. */
const checkedForMs = 5_000;
/** Streams of one process, whoever they belong to. */
const mostStreams = 5_000;
/** After a lost connection, spread so that not all come back at once. */
const retryMs = () => 1_000 + Math.floor(Math.random() * 1_000);

export interface LiveStreamOptions {
  subject: Watch['subject'];
  /** Whether this person may still read, as they are now. */
  allowed(actor: CurrentUser): boolean;
  onView?(stream: EventStream, ...args: Parameters<Watch['onView']>): void;
  onMissed?(stream: EventStream, cursor: string): void;
  onTopics?(stream: EventStream, ...args: Parameters<Watch['onTopics']>): void;
  /** What a reader has to be told first. False where there is nothing to tell, now or later. */
  begin(stream: EventStream): Promise<boolean>;
}

const openOf = new WeakMap<App['server'], Map<string, number>>();

/**
 * Answers with server-sent events until the reader leaves, may no longer read, or the process ends; with 204, which tells
 * readers not to come back, where there is nothing to tell.
 */
export async function openLiveStream(
  app: App,
  { settings, logger }: Pick<ApiDeps, 'settings' | 'logger'>,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  options: LiveStreamOptions,
): Promise<FastifyReply> {
  const { id: userId } = currentUser(request);
  const free = takePlace(app, userId, settings.EVENT_STREAMS_PER_USER);
  const stream = new EventStream({ retryMs: retryMs() });
  let checkedAt = performance.now();
  let checking: Promise<void> | null = null;

  async function check(): Promise<void> {
    try {
      const actor = await app.findActor(request.headers);
      checkedAt = performance.now();
      if (actor === null || actor.id !== userId) stream.cut('signed-out');
      else if (!options.allowed(actor)) stream.cut('not-allowed');
    } catch (err) {
      // Without the database there is nothing to tell either.
      logger.warn({ err }, 'live events: access could not be checked');
    }
  }

  function checkOnce(): Promise<void> {
    checking ??= check().finally(() => {
      checking = null;
    });
    return checking;
  }

  /** Events come as they are where the reader was checked a moment ago, and after the check otherwise. */
  function whenAllowed(tell: () => void): void {
    if (checking === null && performance.now() - checkedAt < checkedForMs) tell();
    else void checkOnce().then(tell);
  }

  const watch: Watch = {
    userId,
    subject: options.subject,
    onView: (view, cursor) => whenAllowed(() => options.onView?.(stream, view, cursor)),
    onMissed: (cursor) => whenAllowed(() => options.onMissed?.(stream, cursor)),
    onTopics: (topics) => whenAllowed(() => options.onTopics?.(stream, topics)),
    // One that is under way may have looked before the change.
    onAccess: () => void (checking ?? Promise.resolve()).then(checkOnce),
    onClose: () => stream.cut(),
  };
  const timer = setInterval(() => {
    stream.beat();
    void checkOnce();
  }, beatMs);
  stream.on('close', () => {
    clearInterval(timer);
    app.liveHub.remove(watch);
    free();
  });

  try {
    await app.liveHub.add(watch);
    if (!(await options.begin(stream))) {
      stream.destroy();
      return reply.code(204).send();
    }
  } catch (error) {
    stream.destroy();
    throw error;
  }
  stream.release();
  reply
    .header('content-type', 'text/event-stream')
    .header('cache-control', 'no-store')
    .header('x-accel-buffering', 'no');
  return reply.send(stream);
}

/** Counts a stream; the result gives its place back. Throws `rate.limited` where the user or the process has too many. */
function takePlace(app: App, userId: string, most: number): () => void {
  const open = openOf.get(app.server) ?? new Map<string, number>();
  openOf.set(app.server, open);
  const own = open.get(userId) ?? 0;
  const all = open.values().reduce((sum, count) => sum + count, 0);
  if (own >= most || all >= mostStreams) {
    const message = own >= most ? `More than ${most} open event streams.` : 'Too many open event streams.';
    throw new AppError('rate.limited', message, { retryable: true, detail: { retryAfter: 10, limit: most } });
  }
  open.set(userId, own + 1);
  let taken = true;
  return () => {
    if (!taken) return;
    taken = false;
    const left = (open.get(userId) ?? 1) - 1;
    if (left === 0) open.delete(userId);
    else open.set(userId, left);
  };
}

import { ApiError, api } from './api.ts';
import { createEventParser, type StreamEvent } from './event-stream.ts';

export interface LiveOptions {
  path: string;
  onevent(event: StreamEvent): void;
  /** `open` while the stream is there; `waiting` between two attempts; `closed` once the server ended it for good. */
  onstate?(state: 'open' | 'waiting' | 'closed'): void;
  /** The id to go on after, where something was read before. */
  lastEventId?: string;
}

const firstDelay = 500;
const longestDelay = 30_000;
/** A server that sends nothing, not even a comment, for this long is taken for gone. */
const silence = 45_000;

/**
 * Follows server-sent events until the returned function is called. Like the browser's EventSource, it resumes after the
 * last event by `Last-Event-ID`; unlike it, it stops while the tab is hidden, waits longer after each failure but not once the
 * machine is on a network again, and goes through `api`, so that an ended session asks for a sign-in and a refusal ends it.
 */
export function followEvents({ path, onevent, onstate, lastEventId = '' }: LiveOptions): () => void {
  let lastId = lastEventId;
  let failures = 0;
  let attempt: AbortController | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let ended = false;

  async function follow(): Promise<void> {
    const own = new AbortController();
    attempt = own;
    let quiet: ReturnType<typeof setTimeout> | undefined;
    try {
      const response = await api.open(path, {
        headers: { accept: 'text/event-stream', ...(lastId && { 'last-event-id': lastId }) },
        signal: own.signal,
      });
      // 204 is how a server says that there is nothing more to follow.
      if (response.status === 204 || response.body === null) return end();
      onstate?.('open');
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      const parse = createEventParser();
      for (;;) {
        quiet = setTimeout(() => own.abort(), silence);
        const { done, value } = await reader.read();
        clearTimeout(quiet);
        if (done) break;
        for (const event of parse(value)) {
          failures = 0;
          lastId = event.id || lastId;
          onevent(event);
        }
      }
    } catch (error) {
      clearTimeout(quiet);
      if (error instanceof ApiError && error.status < 500 && error.status !== 429) return end();
    }
    if (attempt === own) wait();
  }

  function wait(): void {
    attempt = undefined;
    if (ended || document.hidden) return;
    onstate?.('waiting');
    const delay = Math.min(longestDelay, firstDelay * 2 ** failures);
    failures += 1;
    // Not all at once, when a server comes back that many were waiting for.
    timer = setTimeout(follow, delay * (0.5 + Math.random() / 2));
  }

  function stop(): void {
    clearTimeout(timer);
    const own = attempt;
    attempt = undefined;
    own?.abort();
  }

  function leave(): void {
    ended = true;
    document.removeEventListener('visibilitychange', look);
    window.removeEventListener('online', look);
  }

  function end(): void {
    leave();
    onstate?.('closed');
  }

  function look(): void {
    stop();
    if (document.hidden || ended) return;
    failures = 0;
    void follow();
  }

  document.addEventListener('visibilitychange', look);
  window.addEventListener('online', look);
  look();
  return () => {
    leave();
    stop();
  };
}

import type { ChangedJson } from '@sheaf/contract/live-events';
import type { QueryClient } from '@tanstack/svelte-query';
import { followEvents } from './live.ts';
import { liveUpdates } from './live-updates.svelte.ts';

/** What a query shows, in its `meta`: `{ live: ['queues'] }` is read anew when the server says that queues have changed. */
export type LiveTopic = ChangedJson['topics'][number];

/** At most so often, whatever happens: screens are read, not watched like films. */
const pauseMs = 1_000;

/** Has what administrators see follow the server's hints for as long as the component that calls this is there. */
export function followAdminChanges(queries: QueryClient): void {
  $effect(() => {
    if (liveUpdates.paused) return;
    const waiting = new Set<LiveTopic>();
    let timer: ReturnType<typeof setTimeout> | undefined;

    function readAnew(): void {
      timer = undefined;
      const topics = [...waiting];
      waiting.clear();
      void queries.invalidateQueries({
        predicate: ({ meta }) => topics.some((topic) => (meta?.live as LiveTopic[] | undefined)?.includes(topic)),
      });
    }

    const stop = followEvents({
      path: '/api/v1/admin/events',
      onevent(event) {
        if (event.event !== 'changed') return;
        for (const topic of (JSON.parse(event.data) as ChangedJson).topics) waiting.add(topic);
        timer ??= setTimeout(readAnew, pauseMs);
      },
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  });
}

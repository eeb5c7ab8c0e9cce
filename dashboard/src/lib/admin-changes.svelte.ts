import type { ChangedJson } from '@sheaf/contract/live-events';
import type { QueryClient } from '@tanstack/svelte-query';
import { followEvents } from './live.ts';
import { liveUpdates } from './live-updates.svelte.ts';

/** What a query shows, in its `meta`: `{ live: ['queues'] }` is read anew when the server says that queues have changed. */
export type LiveTopic = ChangedJson['topics'][number];

/**
 * Has what administrators see follow the server's hints, which come at most twice in a second, for as long as the component
 * that calls this is there.
 */
export function followAdminChanges(queries: QueryClient): void {
  $effect(() => {
    if (liveUpdates.paused) return;
    return followEvents({
      path: '/api/v1/admin/events',
      onevent({ event, data }) {
        if (event !== 'changed') return;
        const { topics } = JSON.parse(data) as ChangedJson;
        void queries.invalidateQueries({
          predicate: ({ meta }) => topics.some((topic) => (meta?.live as LiveTopic[] | undefined)?.includes(topic)),
        });
      },
    });
  });
}

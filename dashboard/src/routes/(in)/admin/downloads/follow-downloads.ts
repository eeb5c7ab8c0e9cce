import type { ChangedJson } from '@sheaf/contract/live-events';
import { followEvents } from '#lib/live.ts';
import { liveUpdates } from '#lib/live-updates.svelte.ts';

const quietMs = 250;

/**
 * Calls back shortly after downloads have changed, until the returned function is called. To be called inside of an
 * effect: it ends while live updates are paused, and `followEvents` rests while the tab is hidden.
 */
export function followDownloads(onchange: () => unknown): () => void {
  if (liveUpdates.paused) return () => {};
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = followEvents({
    path: '/api/v1/admin/events',
    onevent({ event, data }) {
      if (event !== 'changed') return;
      const { topics } = JSON.parse(data) as ChangedJson;
      if (!topics.includes('downloads')) return;
      timer ??= setTimeout(() => {
        timer = undefined;
        onchange();
      }, quietMs);
    },
  });
  return () => {
    clearTimeout(timer);
    stop();
  };
}

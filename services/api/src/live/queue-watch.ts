import type { DownloadView } from '@sheaf/db/downloads/download-view';
import type { Watches } from './watches.ts';

export interface QueueWatch {
  /** Views that were shown to somebody: those that wait are followed. */
  note(views: readonly DownloadView[]): void;
  /** Something entered or left the queue. */
  moved(): void;
  /** Reads the places of what is followed again where they may have changed, and tells those that have. */
  refresh(load: (ids: string[]) => Promise<DownloadView[]>, watches: Watches): Promise<void>;
}

/** Followed at a time; the others learn their places from what changes. */
const most = 1_000;
/** Without anything having moved: the estimates change with the time. */
const idleRefreshes = 5;

/**
 * A download moves up in the queue because others leave it, without any change of its own. Its place is told when it is
 * another one than was told before.
 */
export function createQueueWatch(): QueueWatch {
  const told = new Map<string, { requesterId: string; place: string }>();
  let hasMoved = false;
  let idle = 0;
  let refreshing = false;

  function note(views: readonly DownloadView[]): DownloadView[] {
    return views.filter((view) => {
      const before = told.get(view.id);
      told.delete(view.id);
      const place = placeOf(view);
      if (place === null) return before !== undefined;
      if (told.size < most) told.set(view.id, { requesterId: view.requester.id, place });
      return before?.place !== place;
    });
  }

  return {
    note: (views) => void note(views),
    moved() {
      hasMoved = true;
    },
    async refresh(load, watches) {
      idle += 1;
      if (refreshing || told.size === 0 || (!hasMoved && idle < idleRefreshes)) return;
      refreshing = true;
      hasMoved = false;
      idle = 0;
      try {
        for (const [id, { requesterId }] of told) {
          if (watches.of({ id, requesterId }).length === 0) told.delete(id);
        }
        for (const view of note(await load([...told.keys()]))) {
          for (const watch of watches.of({ id: view.id, requesterId: view.requester.id })) watch.onView(view, null);
        }
      } finally {
        refreshing = false;
      }
    },
  };
}

/** Null for one that does not wait. An estimate is told anew when it is another one by more than a little. */
function placeOf({ queuePosition, waitsForOwn, etaSeconds }: DownloadView): string | null {
  if (queuePosition === null) return null;
  return `${queuePosition} ${waitsForOwn} ${etaSeconds === null ? '' : Number(etaSeconds.toPrecision(2))}`;
}

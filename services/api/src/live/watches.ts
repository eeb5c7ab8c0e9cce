import type { ChangeTopic } from '@sheaf/db/changes/change-notices';
import type { DownloadView } from '@sheaf/db/downloads/download-view';

/** What one stream is told of. */
export interface Watch {
  /** Whose stream it is. */
  userId: string;
  subject: { downloadId: string } | { requesterId: string } | 'topics';
  /** `cursor`: see `readDownloadChanges`; null where the view was read for another reason than a change. */
  onView(view: DownloadView, cursor: string | null): void;
  /** There were more changes than can be told one by one. */
  onMissed(cursor: string): void;
  onTopics(topics: readonly ChangeTopic[]): void;
  /** The user's session, token or rights may have ended. */
  onAccess(): void;
  /** The process is about to end. */
  onClose(): void;
}

interface DownloadRef {
  id: string;
  requesterId: string;
}

export interface Watches {
  size(): number;
  all(): Watch[];
  of(download: DownloadRef): Watch[];
  ofUser(userId: string): Watch[];
  add(watch: Watch): void;
  remove(watch: Watch): void;
}

/** All that is watched in this process, found by what it is about. */
export function createWatches(): Watches {
  const all = new Set<Watch>();
  const byUser = new Map<string, Set<Watch>>();
  /** Ids are UUIDs: those of downloads and of requesters cannot be taken for each other. */
  const bySubject = new Map<string, Set<Watch>>();
  return {
    size: () => all.size,
    all: () => [...all],
    of: ({ id, requesterId }) => [...(bySubject.get(id) ?? []), ...(bySubject.get(requesterId) ?? [])],
    ofUser: (userId) => [...(byUser.get(userId) ?? [])],
    add(watch) {
      all.add(watch);
      put(byUser, watch.userId, watch);
      put(bySubject, subjectKey(watch), watch);
    },
    remove(watch) {
      all.delete(watch);
      drop(byUser, watch.userId, watch);
      drop(bySubject, subjectKey(watch), watch);
    },
  };
}

function subjectKey({ subject }: Watch): string {
  if (subject === 'topics') return subject;
  return 'downloadId' in subject ? subject.downloadId : subject.requesterId;
}

function put(sets: Map<string, Set<Watch>>, key: string, watch: Watch): void {
  const known = sets.get(key);
  if (known === undefined) sets.set(key, new Set([watch]));
  else known.add(watch);
}

function drop(sets: Map<string, Set<Watch>>, key: string, watch: Watch): void {
  const known = sets.get(key);
  known?.delete(watch);
  if (known?.size === 0) sets.delete(key);
}

import { liveQuerySchema } from '@sheaf/contract/live-events';
import { readChangesSinceCursor, readDownloadChanges } from '@sheaf/db/changes/read-download-changes';
import type { DownloadView } from '@sheaf/db/downloads/download-view';
import { listDueDownloads } from '@sheaf/db/downloads/list-due-downloads';
import { listOpenDownloads } from '@sheaf/db/downloads/list-open-downloads';
import { loadDownloadViews } from '@sheaf/db/downloads/load-download-views';
import type { ApiRoute } from '../../api-deps.ts';
import { currentUser, requireActor } from '../../current-user.ts';
import { documentedStream } from '../../live/documented-stream.ts';
import type { EventStream } from '../../live/event-stream.ts';
import { lastEventId } from '../../live/last-event-id.ts';
import { openLiveStream } from '../../live/open-live-stream.ts';
import { downloadJson } from '../../use-cases/download-json.ts';

/** Downloads that wait for a slow reader, and that a reader is told of on opening. Beyond, it reads the list anew. */
const mostWaiting = 200;

export const getDownloadsEvents: ApiRoute = (app, deps) => {
  const { db, clock, sealers } = deps;
  app.get(
    '/downloads/events',
    {
      onRequest: requireActor,
      exposeHeadRoute: false,
      config: { lasting: true, documented: documentedStream('download', 'open', 'missed', 'end') },
      schema: {
        tags: ['downloads'],
        summary: "All of the caller's downloads while they change",
        description:
          'Sends what is under way at once, and every download after each of its changes, new ones too. Resumed, it ' +
          'begins with everything that has changed since the last event.',
        querystring: liveQuerySchema,
      },
    },
    async (request, reply) => {
      const { id: requesterId } = currentUser(request);
      const since = lastEventId(request);

      const missed = (stream: EventStream, cursor: string | null) =>
        stream.replaceAll('missed', { name: 'missed', id: cursor ?? undefined, data: () => ({}) });

      function tell(stream: EventStream, view: DownloadView, cursor: string | null): void {
        if (stream.waiting >= mostWaiting) {
          missed(stream, cursor);
          return;
        }
        stream.offer(view.id, {
          name: 'download',
          id: cursor ?? undefined,
          version: view.version,
          data: () => downloadJson(view, { viewerId: requesterId, linkSealer: sealers.link, now: clock() }),
        });
      }

      async function begin(stream: EventStream): Promise<boolean> {
        const { cursor } = await readDownloadChanges(db.prepared, { since: null, limit: 0 });
        const [underWay, due, changed] = await Promise.all([
          listOpenDownloads(db.orm, { requesterId, limit: mostWaiting }),
          listDueDownloads(db.orm, { after: null, until: clock(), requesterId, limit: mostWaiting }),
          since === null ? [] : readChangesSinceCursor(db.orm, { cursor: since, requesterId, limit: mostWaiting }),
        ]);
        const ids = new Set([...underWay, ...due.map(({ id }) => id), ...(changed ?? [])]);
        const views = ids.size < mostWaiting && changed !== null ? await loadDownloadViews(db.orm, [...ids]) : null;
        if (views === null) missed(stream, cursor);
        for (const view of views ?? []) tell(stream, view, cursor);
        app.liveHub.noteShown(views ?? []);
        // Also where there is nothing to tell yet: whoever comes back has an id to go on from.
        stream.offer('open', { name: 'open', id: cursor, data: () => ({}) });
        return true;
      }

      return openLiveStream(
        app,
        deps,
        { request, reply },
        {
          subject: { requesterId },
          allowed: () => true,
          begin,
          onView: tell,
          onMissed: missed,
        },
      );
    },
  );
};

import { liveQuerySchema } from '@sheaf/contract/live-events';
import type { DownloadView } from '@sheaf/db/downloads/download-view';
import { findDownload } from '@sheaf/db/downloads/find-download';
import { isFinal } from '@sheaf/domain/download-state';
import { seesEverything } from '@sheaf/domain/sees-everything';
import { noSuchDownload, scopeOf } from '@sheaf/downloads/download-scope';
import type { ApiRoute } from '../../api-deps.ts';
import { currentUser, requireActor } from '../../current-user.ts';
import { documentedStream } from '../../live/documented-stream.ts';
import type { EventStream } from '../../live/event-stream.ts';
import { lastEventId } from '../../live/last-event-id.ts';
import { openLiveStream } from '../../live/open-live-stream.ts';
import { downloadJson, shownState } from '../../use-cases/download-json.ts';
import { idParamsSchema } from '../id-params.ts';

export const getDownloadEvents: ApiRoute = (app, deps) => {
  const { db, clock, sealers } = deps;
  app.get(
    '/downloads/:id/events',
    {
      onRequest: requireActor,
      exposeHeadRoute: false,
      config: {
        lasting: true,
        documented: {
          ...documentedStream('download', 'end'),
          204: { description: 'It has ended and nothing has changed since: do not come back', type: 'null' },
        },
      },
      schema: {
        tags: ['downloads'],
        summary: 'A download while it changes, until it has ended',
        description:
          'Sends the download at once, unless the reader has seen it as it is, and after every change; ends with its ' +
          'last state. The id of an event is the `version` of the download.',
        params: idParamsSchema,
        querystring: liveQuerySchema,
      },
    },
    async (request, reply) => {
      const downloadId = request.params.id;
      const viewer = currentUser(request);
      const seen = lastEventId(request);
      let requesterId = '';

      function tell(stream: EventStream, view: DownloadView): void {
        stream.offer('download', {
          name: 'download',
          id: String(view.version),
          version: view.version,
          data: () => downloadJson(view, { viewerId: viewer.id, linkSealer: sealers.link, now: clock() }),
        });
        if (isFinal(shownState(view, clock()))) stream.finish('final');
      }

      async function begin(stream: EventStream): Promise<boolean> {
        const view = await findDownload(db.orm, scopeOf(viewer, downloadId));
        if (view === null) throw noSuchDownload();
        requesterId = view.requester.id;
        app.liveHub.noteShown([view]);
        const state = shownState(view, clock());
        const known = seen === String(view.version) && state === view.state && view.queuePosition === null;
        if (known && isFinal(state)) return false;
        if (!known) tell(stream, view);
        return true;
      }

      return openLiveStream(
        app,
        deps,
        { request, reply },
        {
          subject: { downloadId },
          allowed: (actor) => seesEverything(actor) || actor.id === requesterId,
          begin,
          onView: tell,
          onMissed: (stream) => void begin(stream).catch(() => stream.destroy()),
        },
      );
    },
  );
};

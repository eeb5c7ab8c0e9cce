import { type ChangeTopic, changeTopics } from '@sheaf/db/changes/change-notices';
import { seesEverything } from '@sheaf/domain/sees-everything';
import type { ApiRoute } from '../../api-deps.ts';
import { requireReader } from '../../current-user.ts';
import { documentedStream } from '../../live/documented-stream.ts';
import type { EventStream } from '../../live/event-stream.ts';
import { openLiveStream } from '../../live/open-live-stream.ts';

export const getAdminEvents: ApiRoute = (app, deps) => {
  app.get(
    '/admin/events',
    {
      onRequest: requireReader,
      exposeHeadRoute: false,
      config: { lasting: true, documented: documentedStream('changed', 'end') },
      schema: {
        tags: ['administration'],
        summary: 'Hints that something has changed',
        description:
          'Names what should be read anew: all of it at once on opening, then what has changed, at most twice in a ' +
          'second. A hint may come without a change, and tells nothing of what it is; what a slow reader has not taken ' +
          'yet is one hint. There is nothing to resume.',
      },
    },
    async (request, reply) => {
      const waiting = new Set<ChangeTopic>(changeTopics);

      function hint(stream: EventStream, topics: readonly ChangeTopic[]): void {
        for (const topic of topics) waiting.add(topic);
        stream.offer('changed', {
          name: 'changed',
          data: () => {
            const told = changeTopics.filter((topic) => waiting.has(topic));
            waiting.clear();
            return { topics: told };
          },
        });
      }

      return openLiveStream(
        app,
        deps,
        { request, reply },
        {
          subject: 'topics',
          allowed: (actor) => seesEverything(actor),
          async begin(stream) {
            hint(stream, changeTopics);
            return true;
          },
          onTopics: hint,
        },
      );
    },
  );
};

import { liveEventSchemas } from '@sheaf/contract/live-events';
import { documentedProblem, documentedTooMany } from '../plugins/open-api.ts';

/** The answers of an event stream with these events, for the documentation. */
export function documentedStream(...events: (keyof typeof liveEventSchemas)[]): Record<number, object> {
  const names = events.map((name) => `\`${name}\``).join(', ');
  return {
    200: {
      description: `Server-sent events: ${names}. The schema is that of each event's \`data\`.`,
      content: { 'text/event-stream': { schema: { anyOf: events.map((name) => liveEventSchemas[name]) } } },
    },
    429: documentedTooMany('Too many streams are open'),
    503: documentedProblem('The database cannot be reached'),
  };
}

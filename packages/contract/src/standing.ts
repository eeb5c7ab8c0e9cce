import { type Static, Type } from 'typebox';
import { outcomeSchema } from './outcome.ts';

/** Whether everything in a bundle may still be had by whoever requested it. */
export const standingSchema = Type.Object({
  stands: Type.Boolean(),
  counts: Type.Object({ refused: Type.Integer({ minimum: 0 }) }),
  outcomes: Type.Array(outcomeSchema, { description: 'The first few of what may no longer be had, and why.' }),
});
export type StandingJson = Static<typeof standingSchema>;

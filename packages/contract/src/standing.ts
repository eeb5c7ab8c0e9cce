import { type Static, Type } from 'typebox';
import { outcomeSchema } from './outcome.ts';

/** Whether everything in a bundle may still be had by whoever requested it, and can be. */
export const standingSchema = Type.Object({
  stands: Type.Boolean(),
  counts: Type.Object({ refused: Type.Integer({ minimum: 0 }) }),
  outcomes: Type.Array(outcomeSchema, { description: 'The first few of what may no longer be had, and why.' }),
  faultyParts: Type.Integer({
    minimum: 0,
    description: 'Archives whose stored file was found missing or damaged: their links are refused until a retry.',
  }),
});
export type StandingJson = Static<typeof standingSchema>;

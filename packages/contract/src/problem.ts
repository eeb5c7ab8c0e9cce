import { errorCodes } from '@sheaf/domain/app-error';
import { type Static, Type } from 'typebox';
import { outcomeSchema } from './outcome.ts';
import { quotaExcessSchema } from './quota.ts';

const countSchema = Type.Optional(Type.Integer({ minimum: 0 }));

/** Of assets, but for `entries`; which of them are there depends on the error. */
const countsSchema = Type.Object({
  assets: countSchema,
  included: countSchema,
  excluded: countSchema,
  entries: countSchema,
  renamed: countSchema,
  refused: Type.Optional(
    Type.Integer({ minimum: 0, description: 'Assets of an archive that its owner may no longer have.' }),
  ),
});

const { quota, subject, used, asked, left } = quotaExcessSchema.properties;

/** RFC 9457. `code` is for programs, `detail` for people; `errors` says what is wrong with which field. */
export const problemSchema = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    code: Type.Enum([...errorCodes]),
    detail: Type.String(),
    requestId: Type.String(),
    errors: Type.Optional(Type.Array(Type.Object({ path: Type.String(), message: Type.String() }))),
    outcomes: Type.Optional(Type.Array(outcomeSchema)),
    counts: Type.Optional(countsSchema),
    reason: Type.Optional(
      Type.String({
        description: 'Why one file is kept back, as in `outcomes`; of a file that was sent, what is wrong with it.',
      }),
    ),
    retry: Type.Optional(
      Type.String({
        description: 'Path for a POST that asks anew for what may still be had, by whoever requested it.',
      }),
    ),
    limit: Type.Optional(
      Type.Integer({
        minimum: 0,
        description: 'The most of what there is too much of: assets, requests, or what `quota` names.',
      }),
    ),
    quota: Type.Optional(quota),
    subject: Type.Optional(subject),
    used: Type.Optional(used),
    asked: Type.Optional(asked),
    left: Type.Optional(left),
    retryAfter: Type.Optional(Type.Integer({ minimum: 0, description: 'Seconds to wait, also in `Retry-After`.' })),
  },
  { additionalProperties: true, description: 'application/problem+json' },
);
export type ProblemJson = Static<typeof problemSchema>;

import { errorCodes } from '@sheaf/domain/app-error';
import { type Static, Type } from 'typebox';

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
  },
  { additionalProperties: true, description: 'application/problem+json' },
);
export type ProblemJson = Static<typeof problemSchema>;

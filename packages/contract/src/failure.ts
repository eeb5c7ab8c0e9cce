import { type Static, Type } from 'typebox';
import { idSchema, nullable, sizeSchema, timeSchema } from './scalars.ts';

export const failureQuerySchema = Type.Object(
  {
    from: Type.Optional(
      Type.String({ format: 'date-time', description: 'Included; seven days before `to` when absent.' }),
    ),
    to: Type.Optional(Type.String({ format: 'date-time', description: 'Not included; now when absent.' })),
  },
  { additionalProperties: false },
);

/** What goes wrong, by what it has in common. */
export const failuresSchema = Type.Object({
  from: timeSchema,
  to: timeSchema,
  downloads: Type.Array(
    Type.Object({
      failure: Type.String({ description: 'What to filter downloads and bulk actions by.' }),
      code: Type.String(),
      step: Type.String(),
      cause: nullable(Type.String({ description: 'A rendition, or the reason that most assets were refused for.' })),
      count: Type.Integer(),
      people: Type.Integer(),
      firstAt: timeSchema,
      lastAt: timeSchema,
      sample: Type.Object({ id: idSchema, name: Type.String(), message: nullable(Type.String()) }),
    }),
    { description: 'Downloads that failed in the window and were not retried since.' },
  ),
  renditions: Type.Array(
    Type.Object({
      kind: Type.String(),
      name: Type.String(),
      error: nullable(Type.String()),
      count: Type.Integer(),
      firstAt: timeSchema,
      lastAt: timeSchema,
      sample: Type.Object({ assetId: idSchema, title: Type.String() }),
    }),
    { description: 'Renditions that could not be made, whenever that was.' },
  ),
  storage: Type.Array(
    Type.Object({
      fault: Type.Enum(['missing', 'corrupt']),
      files: Type.Integer(),
      bytes: sizeSchema,
      assets: Type.Integer(),
      checkedAt: nullable(timeSchema),
    }),
    { description: 'Stored files that are missing or damaged now.' },
  ),
});
export type FailuresJson = Static<typeof failuresSchema>;

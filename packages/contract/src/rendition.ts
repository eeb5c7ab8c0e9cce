import { renditionKinds, renditionStates } from '@sheaf/domain/rendition';
import { type Static, Type } from 'typebox';
import { idSchema, nullable, sha256Schema, sizeSchema } from './scalars.ts';

/** One file of an asset. `size` and `sha256` are null until it is ready. */
export const renditionSchema = Type.Object({
  id: idSchema,
  kind: Type.Enum([...renditionKinds]),
  name: Type.String(),
  title: nullable(Type.String({ description: 'Of an image preset or smart crop.' })),
  state: Type.Enum([...renditionStates]),
  mediaType: Type.String(),
  fileName: Type.String(),
  width: nullable(Type.Integer()),
  height: nullable(Type.Integer()),
  size: nullable(sizeSchema),
  sha256: nullable(sha256Schema),
  url: Type.String({ description: 'Where its bytes are, for callers that may have them.' }),
  previewUrl: nullable(Type.String({ description: 'A small picture of it.' })),
});
export type RenditionJson = Static<typeof renditionSchema>;

import { reasons } from '@sheaf/domain/outcome';
import { renditionKinds, renditionStates } from '@sheaf/domain/rendition';
import { type Static, Type } from 'typebox';
import { idSchema, nullable } from './scalars.ts';
import { groupRuleSchema, visibilityConfigurationSchema } from './visibility.ts';

/** About whom and what; under a configuration that is only thought of, or the one in force. */
export const visibilityQuestionSchema = Type.Object(
  { userId: idSchema, assetId: idSchema, configuration: Type.Optional(visibilityConfigurationSchema) },
  { additionalProperties: false },
);
export type VisibilityQuestion = Static<typeof visibilityQuestionSchema>;

export const explainedRenditionSchema = Type.Object({
  id: idSchema,
  kind: Type.Enum([...renditionKinds]),
  name: Type.String(),
  title: nullable(Type.String()),
  state: Type.Enum([...renditionStates]),
  listed: Type.Boolean({ description: 'Whether the user is shown that there is such a file.' }),
  allowed: Type.Boolean({ description: 'Whether the user may have it now.' }),
  reason: nullable(Type.Enum([...reasons])),
  decidedBy: Type.Enum(['switch', 'rule', 'entitlement', 'asset', 'licence', 'rendition', 'blob']),
  switch: nullable(
    Type.Object({ name: Type.Enum(['originalsDownloadable', 'renditionsAvailable']), on: Type.Boolean() }),
  ),
  rule: nullable(
    Type.Object({
      ...groupRuleSchema.properties,
      index: Type.Integer({ minimum: 0, description: 'In `groupRules`.' }),
      groupName: nullable(Type.String()),
    }),
  ),
  explanation: Type.String({ description: 'The same as a sentence.' }),
});
export type ExplainedRenditionJson = Static<typeof explainedRenditionSchema>;

export const visibilityExplanationSchema = Type.Object({
  /** Null under a configuration that is only thought of. */
  version: nullable(Type.Integer({ minimum: 0 })),
  user: Type.Object({
    id: idSchema,
    name: Type.String(),
    disabled: Type.Boolean({ description: 'Then nothing can be had; the answer is as if it were not so.' }),
  }),
  asset: Type.Object({ id: idSchema, title: Type.String() }),
  renditions: Type.Array(explainedRenditionSchema),
});
export type VisibilityExplanationJson = Static<typeof visibilityExplanationSchema>;

import { Type } from 'typebox';

export const oversizedSchema = Type.Boolean({
  description: 'Larger than the parts that were asked for: the files of one asset are never separated.',
});

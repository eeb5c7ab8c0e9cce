import { idSchema } from '@sheaf/contract/scalars';
import { Type } from 'typebox';

export const memberParamsSchema = Type.Object({ id: idSchema, userId: idSchema });

import { idSchema } from '@sheaf/contract/scalars';
import { Type } from 'typebox';

export const idParamsSchema = Type.Object({ id: idSchema });

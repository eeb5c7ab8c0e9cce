import type { ApiRoute } from '../../../api-deps.ts';
import { getUser } from './get-user.ts';
import { getUsers } from './get-users.ts';
import { patchUser } from './patch-user.ts';
import { postPassword } from './post-password.ts';
import { postUser } from './post-user.ts';

export const userRoutes: ApiRoute[] = [getUsers, postUser, getUser, patchUser, postPassword];

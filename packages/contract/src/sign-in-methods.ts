import { type Static, Type } from 'typebox';
import { nullable } from './scalars.ts';

/** How people can sign in. `oidc.url` is a page to go to, which takes `returnTo`: a path of this site. */
export const signInMethodsSchema = Type.Object({
  password: Type.Boolean(),
  oidc: nullable(Type.Object({ name: Type.String(), url: Type.String() })),
});
export type SignInMethodsJson = Static<typeof signInMethodsSchema>;

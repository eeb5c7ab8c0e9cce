import type { SignInMethodsJson } from '@sheaf/contract/sign-in-methods';
import { api } from '#lib/api.ts';

export const sessionKeys = { methods: ['sign-in-methods'] as const };

export const sessionApi = {
  signIn: (email: string, password: string) =>
    api.post<unknown>('/api/auth/sign-in/email', { body: { email, password }, anonymous: true }),
  changePassword: (currentPassword: string, newPassword: string) =>
    api.post<unknown>('/api/auth/change-password', { body: { currentPassword, newPassword } }),
  signOut: () => api.post<unknown>('/api/auth/sign-out', { body: {}, anonymous: true }),
  methods: () => api.get<SignInMethodsJson>('/api/v1/sign-in-methods', { anonymous: true }),
};

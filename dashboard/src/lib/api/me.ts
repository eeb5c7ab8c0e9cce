import type { MeJson, PreferencesChanges, PreferencesJson } from '@sheaf/contract/me';
import { api } from '#lib/api.ts';

export const meKeys = { me: ['me'] as const };

export const meApi = {
  me: () => api.get<MeJson>('/api/v1/me'),
  /** Whether somebody is signed in, without asking anybody to. */
  probe: () => api.get<MeJson>('/api/v1/me', { anonymous: true }),
  changePreferences: (changes: PreferencesChanges) =>
    api.patch<PreferencesJson>('/api/v1/me/preferences', { body: changes }),
};

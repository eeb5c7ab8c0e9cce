import { createQuery } from '@tanstack/svelte-query';
import { untrack } from 'svelte';
import { visibilityApi, visibilityKeys } from '#lib/api/visibility.ts';
import { ConfigurationDraft } from './configuration-draft.svelte.ts';

/** The configuration in force and a draft of it, for as long as the component that calls this is there. */
export function useConfigurationDraft() {
  const inForce = createQuery(() => ({ queryKey: visibilityKeys.inForce, queryFn: visibilityApi.inForce }));
  let draft = $state.raw<ConfigurationDraft>();
  $effect.pre(() => {
    const now = inForce.data;
    if (!now) return;
    untrack(() => {
      if (draft) draft.follow(now);
      else draft = new ConfigurationDraft(now);
    });
  });
  return {
    inForce,
    get draft() {
      return draft;
    },
  };
}

import type { Component } from 'svelte';

/** Short messages in the corner, whose code comes after the page's. What must not be missed belongs into the page. */
class Toasts {
  Toaster = $state.raw<Component>();

  async load(): Promise<typeof import('svelte-sonner')> {
    const [sonner, { default: Toaster }] = await Promise.all([
      import('svelte-sonner'),
      import('./components/Toaster.svelte'),
    ]);
    this.Toaster = Toaster;
    return sonner;
  }
}

export const toasts = new Toasts();

export const toast = {
  success: (text: string) => void toasts.load().then(({ toast }) => toast.success(text)),
  error: (text: string) => void toasts.load().then(({ toast }) => toast.error(text)),
};

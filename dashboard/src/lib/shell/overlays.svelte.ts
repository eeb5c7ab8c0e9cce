import type { Component } from 'svelte';

/** What opens over any screen. Its code is fetched when it is first asked for. */
class Overlays {
  palette = $state(false);
  shortcuts = $state(false);
  Palette = $state.raw<Component<{ open: boolean }>>();
  Shortcuts = $state.raw<Component<{ open: boolean }>>();

  async openPalette(): Promise<void> {
    this.Palette ??= (await import('./Palette.svelte')).default;
    this.palette = true;
  }

  async openShortcuts(): Promise<void> {
    this.Shortcuts ??= (await import('./ShortcutList.svelte')).default;
    this.shortcuts = true;
  }
}

export const overlays = new Overlays();

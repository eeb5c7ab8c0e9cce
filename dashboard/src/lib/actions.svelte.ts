import { type Component, untrack } from 'svelte';

/** Something that can be done from the palette, from the keyboard, or both. */
export interface Action {
  id: string;
  label: string;
  /** Under which heading the palette and the list of shortcuts show it. */
  group: string;
  /** Other words by which the palette finds it. */
  keywords?: string;
  icon?: Component<{ size?: number | string; class?: string; 'aria-hidden'?: 'true' }>;
  /** `?`, `/`, `g d` (one after the other), `mod+k` (⌘ or Ctrl). */
  keys?: string;
  run(): void;
}

/** What every part of the screen offers at the moment. */
class Actions {
  #offers = $state.raw<(() => Action[])[]>([]);
  /** What belongs to the screen at hand comes before what is offered everywhere. */
  all = $derived(this.#offers.toReversed().flatMap((offer) => offer()));

  offer(offer: () => Action[]): () => void {
    this.#offers = [...this.#offers, offer];
    return () => {
      this.#offers = this.#offers.filter((other) => other !== offer);
    };
  }
}

export const actions = new Actions();

/** Offers actions for as long as the component that calls this is there. They may depend on its state. */
export function useActions(offer: () => Action[]): void {
  $effect(() => untrack(() => actions.offer(offer)));
}

import type { Component } from 'svelte';

export interface NavItem {
  href: string;
  label: string;
  icon: Component<{ size?: number | string; class?: string; 'aria-hidden'?: 'true' }>;
  /** Only this address itself, not what lies below it. */
  exact?: boolean;
  /** Shown beside the label where not 0; `badgeLabel` says what is counted. */
  badge?: number;
  badgeLabel?: string;
  /** `g d`: also a shortcut. */
  keys?: string;
}

export interface NavSection {
  /** Above its items; none for the first. */
  label?: string;
  items: NavItem[];
}

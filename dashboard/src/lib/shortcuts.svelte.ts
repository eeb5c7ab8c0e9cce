import { actions } from './actions.svelte.ts';

const key = 'single-key-shortcuts';

/** Single keys can be switched off: speech input and switches press them by accident (WCAG 2.1.4). */
class ShortcutSettings {
  single = $state(localStorage.getItem(key) !== 'off');

  choose(on: boolean): void {
    this.single = on;
    localStorage.setItem(key, on ? 'on' : 'off');
  }
}

export const shortcutSettings = new ShortcutSettings();

/** How long the second key of a pair (`g d`) may take. */
const pairPatience = 1_200;

let first = '';
let pressedAt = 0;

/** Runs the action whose shortcut this key ends: `?`, `/`, `g d`, `mod+k`. */
export function pressKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || event.altKey) return;
  const mod = event.metaKey || event.ctrlKey;
  if (!mod && (!shortcutSettings.single || isTyping(event.target) || isInDialog(event.target))) return;
  const pressed = mod ? `mod+${event.key.toLowerCase()}` : event.key;
  const pair = event.timeStamp - pressedAt < pairPatience ? `${first} ${pressed}` : pressed;
  const found = actions.all.find(({ keys }) => keys === pair) ?? actions.all.find(({ keys }) => keys === pressed);
  first = pressed;
  pressedAt = event.timeStamp;
  if (!found) return;
  first = '';
  event.preventDefault();
  found.run();
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  const isButton = target instanceof HTMLInputElement && ['checkbox', 'radio', 'button'].includes(target.type);
  return target.isContentEditable || (!isButton && target.matches('input, textarea, select'));
}

/** A dialog and a menu have keys of their own. */
const isInDialog = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('[role="dialog"], [role="menu"]') !== null;

/** The keys of a shortcut, as this machine's keyboard names them. */
export function keyNames(keys: string): string[] {
  const mod = /mac|iphone|ipad/i.test(navigator.platform) ? '⌘' : 'Ctrl';
  return keys.split(' ').map((one) =>
    one
      .split('+')
      .map((name) => (name === 'mod' ? mod : name.length === 1 ? name.toUpperCase() : name))
      .join(' '),
  );
}

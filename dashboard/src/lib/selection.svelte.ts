import type { AssetSummaryJson } from '@sheaf/contract/asset';

/** An asset that is chosen; of those chosen by a filter alone, only the id is known. */
type Chosen = Pick<AssetSummaryJson, 'id' | 'size'>;

interface Kept {
  ids: string[];
  sizes: [string, number | null][];
  size: number | null;
}

const place = 'selection';

/** More are not kept through a reload: a browser keeps some megabytes for a site. */
const mostKept = 25_000;

/**
 * The assets that are chosen for a download. It outlives the page, and its reload: whoever looks at one asset comes back
 * to it.
 */
class Selection {
  #ids = $state.raw<ReadonlySet<string>>(new Set());
  /** Bytes of the originals; null where not every size is known. */
  size = $state<number | null>(0);
  #sizes = new Map<string, number | null>();

  constructor() {
    const kept = JSON.parse(sessionStorage.getItem(place) ?? '{}') as Partial<Kept>;
    if (kept.ids === undefined) return;
    this.#ids = new Set(kept.ids);
    this.#sizes = new Map(kept.sizes);
    this.size = kept.size ?? null;
  }
  /** Where a range that is chosen next begins. */
  anchor: string | null = null;

  get count(): number {
    return this.#ids.size;
  }

  /** In the order in which they were chosen. */
  get ids(): string[] {
    return [...this.#ids];
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  set(assets: readonly Chosen[], chosen: boolean): void {
    const ids = new Set(this.#ids);
    for (const { id, size } of assets) {
      if (chosen) {
        ids.add(id);
        this.#sizes.set(id, size);
      } else {
        ids.delete(id);
        this.#sizes.delete(id);
      }
    }
    this.#ids = ids;
    this.#sum();
    this.#keep();
  }

  /**
   * Chooses or drops one asset, and with `extend` all from the one that was touched last up to it.
   * @param shown What is on the screen, in its order.
   */
  toggle(asset: Chosen, shown: readonly Chosen[], extend: boolean): void {
    const chosen = !this.has(asset.id);
    const from = extend ? shown.findIndex(({ id }) => id === this.anchor) : -1;
    const to = shown.findIndex(({ id }) => id === asset.id);
    const range = from < 0 || to < 0 ? [asset] : shown.slice(Math.min(from, to), Math.max(from, to) + 1);
    this.set(range, extend && from >= 0 ? true : chosen);
    this.anchor = asset.id;
  }

  /** Chooses exactly these, of which only the size in all is known. */
  replace(ids: readonly string[], size: number | null): void {
    this.#ids = new Set(ids);
    this.#sizes = new Map();
    this.size = size;
    this.anchor = null;
    this.#keep();
  }

  clear(): void {
    this.replace([], 0);
  }

  #keep(): void {
    if (this.count === 0 || this.count > mostKept) {
      sessionStorage.removeItem(place);
      return;
    }
    const kept: Kept = { ids: this.ids, sizes: [...this.#sizes], size: this.size };
    sessionStorage.setItem(place, JSON.stringify(kept));
  }

  #sum(): void {
    let sum = 0;
    for (const id of this.#ids) {
      const size = this.#sizes.get(id);
      if (size === undefined || size === null) {
        this.size = null;
        return;
      }
      sum += size;
    }
    this.size = sum;
  }
}

export const selection = new Selection();

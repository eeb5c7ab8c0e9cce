import type { AssetSummaryJson } from '@sheaf/contract/asset';

/** An asset that is chosen; of those chosen by a filter alone, only the id is known. */
type Chosen = Pick<AssetSummaryJson, 'id' | 'size'>;

interface Kept {
  ids: string[];
  sizes: [string, number | null][];
  size: number | null;
}

/** More are not kept through a reload: a browser keeps some megabytes for a site. */
const mostKept = 25_000;

/** Assets that are chosen, one by one, by range or by a filter. */
export class AssetSelection {
  #ids = $state.raw<ReadonlySet<string>>(new Set());
  /** Bytes of the originals; null where not every size is known. */
  size = $state<number | null>(0);
  #sizes = new Map<string, number | null>();
  /** Where a range that is chosen next begins. */
  anchor: string | null = null;
  #place: string | null;

  /** @param place Where it is kept through a reload of the page, in the session's storage. */
  constructor(place: string | null = null) {
    this.#place = place;
    const kept = place === null ? null : sessionStorage.getItem(place);
    if (kept === null) return;
    const { ids, sizes, size } = JSON.parse(kept) as Kept;
    this.#ids = new Set(ids);
    this.#sizes = new Map(sizes);
    this.size = size;
  }

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
    if (this.#place === null) return;
    if (this.count === 0 || this.count > mostKept) {
      sessionStorage.removeItem(this.#place);
      return;
    }
    const kept: Kept = { ids: this.ids, sizes: [...this.#sizes], size: this.size };
    sessionStorage.setItem(this.#place, JSON.stringify(kept));
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

export interface SavedView {
  name: string;
  /** Of the address. */
  query: string;
}

const place = 'admin-download-views';

/** Filters that somebody comes back to, kept by their browser. The address of each says all of it, so that it can be sent on. */
class SavedViews {
  all = $state<SavedView[]>(read());

  add(name: string, query: string): void {
    this.#keep([...this.all.filter((view) => view.name !== name), { name, query }]);
  }

  remove(name: string): void {
    this.#keep(this.all.filter((view) => view.name !== name));
  }

  #keep(views: SavedView[]): void {
    this.all = views;
    localStorage.setItem(place, JSON.stringify(views));
  }
}

function read(): SavedView[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(place) ?? '[]');
    return Array.isArray(kept)
      ? kept.filter((view) => typeof view?.name === 'string' && typeof view?.query === 'string')
      : [];
  } catch {
    return [];
  }
}

export const savedViews = new SavedViews();

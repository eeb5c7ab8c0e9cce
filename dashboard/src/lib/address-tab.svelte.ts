import { goto } from '$app/navigation';
import { page } from '$app/state';

/** The tab that the address names (`?tab=`), so that a reload and a link keep it; the first one goes without a name. */
export function addressTab<T extends string>(tabs: readonly [T, ...T[]]): { value: T } {
  return {
    get value() {
      return tabs.find((tab) => tab === page.url.searchParams.get('tab')) ?? tabs[0];
    },
    set value(tab) {
      const url = new URL(page.url.href);
      if (tab === tabs[0]) url.searchParams.delete('tab');
      else url.searchParams.set('tab', tab);
      void goto(url, { replace: true, reset: false });
    },
  };
}

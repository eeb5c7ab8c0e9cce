import type { DownloadJson } from '@sheaf/contract/download';
import type { EndJson } from '@sheaf/contract/live-events';
import type { InfiniteData, QueryClient } from '@tanstack/svelte-query';
import { downloadKeys, downloadsApi } from './api/downloads.ts';
import { inboxKeys } from './api/inbox.ts';
import { freshest, stateChange } from './freshest-download.ts';
import { followEvents } from './live.ts';

type Pages = InfiniteData<{ items: DownloadJson[]; nextCursor: string | null }>;

/** What the streams know, for all screens that show downloads. */
class LiveDownloads {
  /** Whether changes arrive by themselves at the moment; else screens look again now and then. */
  open = $state(false);
  /** The last change of a state, for those who listen: what is said once, politely. */
  changed = $state.raw<DownloadJson>();
}

export const live = new LiveDownloads();
stateChange.told = (download) => {
  live.changed = download;
};

/** Keeps everything that is shown of the viewer's own downloads as it is now, until the returned function is called. */
export function followOwnDownloads(client: QueryClient): () => void {
  return follow(client, downloadsApi.eventsPath, { wasList: true });
}

/** The same for one download, whoever it belongs to. Ends by itself with the download. */
export function followDownload(client: QueryClient, id: string): () => void {
  return follow(client, downloadsApi.eventsPathOf(id), { wasList: false });
}

function follow(client: QueryClient, path: string, { wasList }: { wasList: boolean }): () => void {
  let seenAny = false;
  const readAnew = () => void client.invalidateQueries({ queryKey: downloadKeys.lists });
  const stop = followEvents({
    path,
    onstate: (state) => {
      live.open = state === 'open';
    },
    onevent({ event, data }) {
      if (event === 'download') show(client, JSON.parse(data) as DownloadJson);
      // What changed between the list's answer and the first event of the stream.
      else if (event === 'missed' || (event === 'open' && !seenAny)) readAnew();
      else if (event === 'end' && (JSON.parse(data) as EndJson).reason === 'final') stop();
      if (event === 'open') seenAny = true;
    },
  });
  return () => {
    stop();
    if (wasList) live.open = false;
  };
}

/** Puts a download into every answer that shows it. */
export function show(client: QueryClient, arrived: DownloadJson): void {
  const download = freshest(arrived);
  let before: DownloadJson | undefined = client.getQueryData<DownloadJson>(downloadKeys.detail(download.id));
  if (before !== undefined) client.setQueryData(downloadKeys.detail(download.id), download);
  for (const [key, data] of client.getQueriesData<Pages>({ queryKey: downloadKeys.lists })) {
    if (data === undefined) continue;
    const listed = data.pages.flatMap(({ items }) => items).find(({ id }) => id === download.id);
    before ??= listed;
    const { state } = (key[2] ?? {}) as { state?: string };
    const fits = state === undefined || state === download.state;
    // One that is new, or comes into or leaves what is filtered by, changes what else is on the page.
    if ((listed === undefined) === fits) void client.invalidateQueries({ queryKey: key, exact: true });
    if (listed === undefined) continue;
    client.setQueryData<Pages>(key, {
      ...data,
      pages: data.pages.map((page) => ({
        ...page,
        items: page.items.map((item) => (item.id === download.id ? download : item)),
      })),
    });
  }
  if (before === undefined || before.state === download.state) return;
  void client.invalidateQueries({ queryKey: downloadKeys.links(download.id) });
  void client.invalidateQueries({ queryKey: downloadKeys.standing(download.id) });
  void client.invalidateQueries({ queryKey: ['downloads', 'items', download.id] });
  void client.invalidateQueries({ queryKey: inboxKeys.all });
}

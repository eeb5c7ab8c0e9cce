import type { PageJson } from '@sheaf/contract/page';
import type {
  CropSizeJson,
  ImageParametersJson,
  ImagePresetJson,
  OutputParametersJson,
  SmartCropProfileJson,
} from '@sheaf/contract/preset';
import { api, idempotent } from '#lib/api.ts';

/** `images`: one rendition each; `crops`: profiles of several sizes. */
export type PresetKind = 'images' | 'crops';
export type PresetJson = ImagePresetJson | SmartCropProfileJson;

export interface PresetFields {
  name: string;
  title: string;
  parameters?: ImageParametersJson | OutputParametersJson;
  sizes?: CropSizeJson[];
}

export const presetKeys = {
  all: ['presets'] as const,
  list: (kind: PresetKind) => ['presets', 'list', kind] as const,
};

const paths = { images: '/api/v1/admin/image-presets', crops: '/api/v1/admin/smart-crop-profiles' };

export const presetsApi = {
  list: (kind: PresetKind, cursor: string | null) => api.get<PageJson<PresetJson>>(paths[kind], { query: { cursor } }),
  add: (kind: PresetKind, body: PresetFields, key: string) =>
    api.post<PresetJson>(paths[kind], { body, headers: idempotent(key) }),
  change: (kind: PresetKind, id: string, body: Partial<PresetFields> & { approved?: boolean }) =>
    api.patch<PresetJson>(`${paths[kind]}/${id}`, { body }),
  remove: (kind: PresetKind, id: string) => api.delete(`${paths[kind]}/${id}`),
  /** A small picture. Rejects with 503 and `retryAfter` while it is being made. */
  preview: async (body: { assetId: string; parameters: ImageParametersJson }, signal: AbortSignal): Promise<Blob> => {
    const answer = await api.openPosted('/api/v1/admin/image-presets/preview', { body, signal });
    return answer.blob();
  },
};

import type { ApiRoute } from '../../../api-deps.ts';
import { deleteImagePreset } from './delete-image-preset.ts';
import { deleteSmartCropProfile } from './delete-smart-crop-profile.ts';
import { getImagePreset } from './get-image-preset.ts';
import { getImagePresets } from './get-image-presets.ts';
import { getSmartCropProfile } from './get-smart-crop-profile.ts';
import { getSmartCropProfiles } from './get-smart-crop-profiles.ts';
import { patchImagePreset } from './patch-image-preset.ts';
import { patchSmartCropProfile } from './patch-smart-crop-profile.ts';
import { postImagePreset } from './post-image-preset.ts';
import { postPresetPreview } from './post-preset-preview.ts';
import { postSmartCropProfile } from './post-smart-crop-profile.ts';

export const presetRoutes: ApiRoute[] = [
  getImagePresets,
  getImagePreset,
  postImagePreset,
  patchImagePreset,
  deleteImagePreset,
  postPresetPreview,
  getSmartCropProfiles,
  getSmartCropProfile,
  postSmartCropProfile,
  patchSmartCropProfile,
  deleteSmartCropProfile,
];

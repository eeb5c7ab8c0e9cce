import type { ImagePresetJson, SmartCropProfileJson } from '@sheaf/contract/preset';
import type { PresetRecord } from '@sheaf/db/presets/preset-record';
import { cropSizes, outputParameters, presetParameters } from './preset-definitions.ts';

export function imagePresetJson(preset: PresetRecord): ImagePresetJson {
  return { ...presetFacts(preset), parameters: presetParameters(preset) };
}

export function smartCropProfileJson(preset: PresetRecord): SmartCropProfileJson {
  return { ...presetFacts(preset), sizes: cropSizes(preset), parameters: outputParameters(preset) };
}

/** A preset or profile as callers are shown it, and as the audit log keeps it. */
export function presetJson(preset: PresetRecord): ImagePresetJson | SmartCropProfileJson {
  return preset.kind === 'dynamic' ? imagePresetJson(preset) : smartCropProfileJson(preset);
}

function presetFacts({ id, name, title, approved, createdBy, createdAt, updatedAt }: PresetRecord) {
  return {
    id,
    name,
    title,
    approved,
    createdBy,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}

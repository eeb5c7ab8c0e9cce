import { createRenderer, type Renderer } from '@sheaf/imaging/renderer';
import type { Settings } from '@sheaf/runtime/settings';

type RenderSettings = Pick<Settings, 'RENDER_PROCESSES' | 'RENDER_MEMORY_MB' | 'RENDER_SECONDS'>;

/** A renderer within the limits that the settings give. Nothing of it runs before there is a picture to make. */
export function openRenderer(settings: RenderSettings): Renderer {
  return createRenderer({
    processes: settings.RENDER_PROCESSES,
    memoryBytes: settings.RENDER_MEMORY_MB * 1_000_000,
    seconds: settings.RENDER_SECONDS,
  });
}

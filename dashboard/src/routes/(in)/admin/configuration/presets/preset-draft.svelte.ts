import type { CropSizeJson, ImageParametersJson, OutputParametersJson } from '@sheaf/contract/preset';
import type { PresetFields, PresetJson, PresetKind } from '#lib/api/presets.ts';

type Parameters = Required<ImageParametersJson>;

interface SizeDraft {
  key: number;
  name: string;
  title: string;
  width: string;
  height: string;
}

const sideOf = (text: string): number | null => (text.trim() === '' ? null : Number(text));
const textOf = (value: number | null | undefined): string => (value == null ? '' : String(value));

/** A preset as it stands in its form: text until it is sent. */
export class PresetDraft {
  readonly kind: PresetKind;
  name = $state('');
  title = $state('');
  width = $state('');
  height = $state('');
  fit = $state<Parameters['fit']>('cover');
  position = $state<Parameters['position']>('attention');
  format = $state<Parameters['format']>('jpeg');
  quality = $state('');
  colourSpace = $state<Parameters['colourSpace']>('srgb');
  background = $state('');
  enlarge = $state(false);
  sharpen = $state(false);
  sizes = $state<SizeDraft[]>([]);
  /** The size of a profile that the preview shows. */
  shownSize = $state('0');
  #nextKey = 0;

  constructor(kind: PresetKind, preset: PresetJson | null) {
    this.kind = kind;
    if (preset) {
      this.name = preset.name;
      this.title = preset.title;
      this.#takeOutput(preset.parameters);
      if ('sizes' in preset) for (const size of preset.sizes) this.addSize(size);
      else this.#takeFrame(preset.parameters);
    } else if (kind === 'crops') {
      this.addSize();
    }
  }

  #takeOutput(parameters: Required<OutputParametersJson>): void {
    this.format = parameters.format;
    this.quality = textOf(parameters.quality);
    this.colourSpace = parameters.colourSpace;
    this.background = parameters.background ?? '';
    this.enlarge = parameters.enlarge;
    this.sharpen = parameters.sharpen;
  }

  #takeFrame({ width, height, fit, position }: Parameters): void {
    this.width = textOf(width);
    this.height = textOf(height);
    this.fit = fit;
    this.position = position;
  }

  addSize(size?: CropSizeJson): void {
    const { name = '', title = '', width, height } = size ?? {};
    this.sizes.push({ key: this.#nextKey++, name, title, width: textOf(width), height: textOf(height) });
  }

  removeSize(key: number): void {
    this.sizes = this.sizes.filter((size) => size.key !== key);
    this.shownSize = String(this.sizes[0]?.key ?? 0);
  }

  get output(): Required<OutputParametersJson> {
    const { enlarge, format, colourSpace, sharpen } = this;
    const background = this.background.trim() === '' ? null : this.background.trim();
    return { enlarge, format, quality: sideOf(this.quality), colourSpace, background, sharpen };
  }

  get parameters(): Parameters {
    const { fit, position } = this;
    return { width: sideOf(this.width), height: sideOf(this.height), fit, position, ...this.output };
  }

  /** What the preview shows: of a profile, one of its sizes. */
  get previewed(): Parameters {
    if (this.kind === 'images') return this.parameters;
    const size = this.sizes.find(({ key }) => String(key) === this.shownSize);
    const frame = { width: sideOf(size?.width ?? ''), height: sideOf(size?.height ?? '') };
    return { ...frame, fit: 'cover', position: 'attention', ...this.output };
  }

  get fields(): PresetFields {
    const { name, title } = this;
    if (this.kind === 'images') return { name, title, parameters: this.parameters };
    const sizes = this.sizes.map((size) => ({
      name: size.name,
      ...(size.title.trim() !== '' && { title: size.title }),
      width: Number(size.width),
      height: Number(size.height),
    }));
    return { name, title, sizes, parameters: this.output };
  }
}

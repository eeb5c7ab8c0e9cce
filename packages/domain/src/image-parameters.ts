export const imageFits = ['cover', 'contain', 'fill', 'inside', 'outside'] as const;
export type ImageFit = (typeof imageFits)[number];
export const imageFormats = ['jpeg', 'png', 'webp', 'avif', 'tiff'] as const;
export type ImageFormat = (typeof imageFormats)[number];
export const colourSpaces = ['srgb', 'p3', 'cmyk', 'gray'] as const;
export type ColourSpace = (typeof colourSpaces)[number];

/** Most pixels of an output's side, and of the whole output: 64 megapixels are 8,000 by 8,000. */
export const maxOutputSide = 16_384;
export const maxOutputPixels = 64_000_000;

/** How a rendition is made from an original. Complete: what an administrator leaves out is filled in before it is stored. */
export interface ImageParameters {
  /** Pixels; null: as the other side and the picture's proportions give it. At least one of the two is set. */
  width: number | null;
  height: number | null;
  fit: ImageFit;
  /** Where `cover` cuts: the point of interest, or the middle. */
  position: 'attention' | 'centre';
  /** Whether a picture that is smaller is made larger. */
  enlarge: boolean;
  format: ImageFormat;
  /** 1 to 100; null: the format's own default. Without effect for PNG. */
  quality: number | null;
  /** CMYK in JPEG and TIFF only; P3 and sRGB with their ICC profile. */
  colourSpace: ColourSpace;
  /** `#rrggbb`: what shows where there is no picture; null: nothing, or white in a format without transparency. */
  background: string | null;
  sharpen: boolean;
}

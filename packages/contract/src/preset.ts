import { colourSpaces, imageFits, imageFormats, maxOutputSide } from '@sheaf/domain/image-parameters';
import { type Static, Type } from 'typebox';
import { pageSchema } from './page.ts';
import { idSchema, nullable, timeSchema } from './scalars.ts';

const nameSchema = (description: string) =>
  Type.String({ minLength: 1, maxLength: 64, pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', description });
const titleSchema = Type.String({ minLength: 1, maxLength: 200 });
const sideSchema = Type.Integer({ minimum: 1, maximum: maxOutputSide });

/** How the pixels are written, whatever the size. */
const outputFields = {
  enlarge: Type.Optional(Type.Boolean({ description: 'Whether a picture that is smaller is made larger.' })),
  format: Type.Optional(Type.Enum([...imageFormats])),
  quality: Type.Optional(
    nullable(Type.Integer({ minimum: 1, maximum: 100, description: "Null: the format's own default." })),
  ),
  colourSpace: Type.Optional(Type.Enum([...colourSpaces], { description: 'CMYK in JPEG and TIFF only.' })),
  background: Type.Optional(
    nullable(Type.String({ pattern: '^#[0-9a-fA-F]{6}$', description: 'What shows where there is no picture.' })),
  ),
  sharpen: Type.Optional(Type.Boolean()),
};

/** What is absent is filled in: the answer has all of them. */
export const imageParametersSchema = Type.Object(
  {
    width: Type.Optional(nullable(sideSchema)),
    height: Type.Optional(nullable(sideSchema)),
    fit: Type.Optional(Type.Enum([...imageFits])),
    position: Type.Optional(
      Type.Enum(['attention', 'centre'], {
        description: 'Where `cover` cuts: around the point of interest, or the middle.',
      }),
    ),
    ...outputFields,
  },
  { additionalProperties: false, description: 'At least one of width and height, in pixels.' },
);
export type ImageParametersJson = Static<typeof imageParametersSchema>;

export const outputParametersSchema = Type.Object(outputFields, { additionalProperties: false });
export type OutputParametersJson = Static<typeof outputParametersSchema>;

const presetFields = {
  id: idSchema,
  name: Type.String(),
  title: Type.String(),
  approved: Type.Boolean({ description: 'Nothing is listed or rendered from one that is not.' }),
  createdBy: nullable(Type.Object({ id: idSchema, name: Type.String() })),
  createdAt: timeSchema,
  updatedAt: timeSchema,
};

/** One rendition that is made on demand from every picture. */
export const imagePresetSchema = Type.Object({ ...presetFields, parameters: Type.Required(imageParametersSchema) });
export type ImagePresetJson = Static<typeof imagePresetSchema>;
export const imagePresetPageSchema = pageSchema(imagePresetSchema);

const presetName = nameSchema('Lower-case letters, digits and hyphens; the name of the rendition.');

/** Not approved: that is an act of its own. */
export const imagePresetFieldsSchema = Type.Object(
  { name: presetName, title: titleSchema, parameters: imageParametersSchema },
  { additionalProperties: false },
);

const approvedSchema = Type.Boolean({
  description: 'Changed parameters take the approval away, unless the same request gives it.',
});

/** `parameters` are merged into those that are there. */
export const imagePresetChangesSchema = Type.Object(
  {
    name: Type.Optional(presetName),
    title: Type.Optional(titleSchema),
    parameters: Type.Optional(imageParametersSchema),
    approved: Type.Optional(approvedSchema),
  },
  { additionalProperties: false, minProperties: 1 },
);

const cropSizeSchema = Type.Object(
  {
    name: nameSchema('The rendition is named `<profile>-<size>`.'),
    title: Type.Optional(titleSchema),
    width: sideSchema,
    height: sideSchema,
  },
  { additionalProperties: false },
);
export type CropSizeJson = Static<typeof cropSizeSchema>;
const cropSizesSchema = Type.Array(cropSizeSchema, { minItems: 1, maxItems: 50 });

/** Named sizes that every picture is cropped to, around its point of interest. */
export const smartCropProfileSchema = Type.Object({
  ...presetFields,
  sizes: Type.Array(Type.Required(cropSizeSchema)),
  parameters: Type.Required(outputParametersSchema),
});
export type SmartCropProfileJson = Static<typeof smartCropProfileSchema>;
export const smartCropProfilePageSchema = pageSchema(smartCropProfileSchema);

const profileName = nameSchema('Lower-case letters, digits and hyphens.');

export const smartCropProfileFieldsSchema = Type.Object(
  {
    name: profileName,
    title: titleSchema,
    sizes: cropSizesSchema,
    parameters: Type.Optional(outputParametersSchema),
  },
  { additionalProperties: false },
);

/** `sizes` replace those that are there; `parameters` are merged into them. */
export const smartCropProfileChangesSchema = Type.Object(
  {
    name: Type.Optional(profileName),
    title: Type.Optional(titleSchema),
    sizes: Type.Optional(cropSizesSchema),
    parameters: Type.Optional(outputParametersSchema),
    approved: Type.Optional(approvedSchema),
  },
  { additionalProperties: false, minProperties: 1 },
);

export const presetPreviewSchema = Type.Object(
  { assetId: idSchema, parameters: imageParametersSchema },
  { additionalProperties: false },
);

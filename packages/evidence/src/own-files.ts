/** Sheaf's own files in an archive, beside the terms in `licences/`. They follow its content in this order. */
export const manifestFile = 'manifest.json';
export const receiptFile = 'receipt.json';
export const signatureFile = 'signature.json';

/** Folder of the licences' documents: between manifest and receipt, in the order of the receipt. */
export const licencesFolder = 'licences/';

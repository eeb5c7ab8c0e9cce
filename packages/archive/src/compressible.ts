/** Kinds of file that are compressed already: deflating them again costs minutes per gigabyte and saves nothing. */
const compressed = new Set(
  (
    '7z aac apk avi avif br bz2 cr2 cr3 docx epub flac gif gz heic heif idml jar jp2 jpeg jpg jxl lz4 lzma m4a m4v mkv ' +
    'mov mp3 mp4 mpeg mpg nef odp ods odt ogg ogv opus pages png pptx rar tgz webm webp woff woff2 xlsx xz zip zst'
  ).split(' '),
);

/** Whether deflating a file of that name is likely to make it smaller. */
export function isCompressible(path: string): boolean {
  const extension = /\.([^./]+)$/.exec(path)?.[1];
  return extension === undefined || !compressed.has(extension.toLowerCase());
}

/** Whether the text is in the clipboard now: browsers give it to secure pages only, and not to all of these. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

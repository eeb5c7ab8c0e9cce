/**
 * Names of devices that Windows keeps for itself: in any case, with any extension, with spaces before it, and with
 * superscript digits as well.
 */
const device = /^(?:CON|PRN|AUX|NUL|CLOCK\$|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9¹²³]) *(?:\.|$)/i;

/** Whether Windows would take a file name for a device. */
export function isReservedName(name: string): boolean {
  return device.test(name);
}

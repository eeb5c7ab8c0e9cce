/** The reversed polynomial of the CRC-32 of ZIP. */
const polynomial = 0xedb88320;

/** Product of two polynomials modulo that of the CRC-32; the highest bit stands for 1. */
function multiply(a: number, b: number): number {
  let product = 0;
  let factor = b;
  for (let bit = 0x80000000; bit !== 0; bit >>>= 1) {
    if ((a & bit) !== 0) product ^= factor;
    factor = (factor & 1) === 0 ? factor >>> 1 : (factor >>> 1) ^ polynomial;
  }
  return product >>> 0;
}

/** x to the power of 8, 16, 32 and so on. */
const shifts: number[] = [0x00800000];
for (let i = 1; i < 53; i++) shifts.push(multiply(shifts[i - 1]!, shifts[i - 1]!));

/** CRC-32 of two runs of bytes after each other, of the CRC-32 of each and the length of the second in bytes. */
export function combineCrc32(first: number, second: number, secondLength: number): number {
  let shifted = first;
  let rest = secondLength;
  for (const shift of shifts) {
    if (rest === 0) break;
    if (rest % 2 === 1) shifted = multiply(shift, shifted);
    rest = Math.floor(rest / 2);
  }
  return (shifted ^ second) >>> 0;
}
